/* pack_use.c - tables of a pack that the use itself reads (report_sections.csv, ...): their form is checked with the rest of the pack, and they
 * are kept as they stand, loaded and replaced together with it. */
#include "base/csv.h"
#include "catalog/pack_reader.h"

#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column sections[] = {LL_SECTION_COLUMNS(X)};
static const struct ll_pack_column scorecards[] = {LL_SCORECARD_COLUMNS(X)};
static const struct ll_pack_column indicators[] = {LL_SCORE_INDICATOR_COLUMNS(X)};
static const struct ll_pack_column bands[] = {LL_SCORE_BAND_COLUMNS(X)};
static const struct ll_pack_column grades[] = {LL_SCORE_GRADE_COLUMNS(X)};
static const struct ll_pack_column lists[] = {LL_CREDIT_LIST_COLUMNS(X)};
static const struct ll_pack_column measures[] = {LL_CREDIT_MEASURE_COLUMNS(X)};
static const struct ll_pack_column links[] = {LL_CREDIT_LINK_COLUMNS(X)};
static const struct ll_pack_column warnings[] = {LL_WARNING_RULE_COLUMNS(X)};
static const struct ll_pack_column timeline[] = {LL_TIMELINE_COLUMNS(X)};
static const struct ll_pack_column relations[] = {LL_RELATION_COLUMNS(X)};
static const struct ll_pack_column public_kinds[] = {LL_PUBLIC_KIND_COLUMNS(X)};
static const struct ll_pack_column public_periods[] = {LL_PUBLIC_PERIOD_COLUMNS(X)};
static const struct ll_pack_column public_grades[] = {LL_PUBLIC_GRADE_COLUMNS(X)};
static const struct ll_pack_column rural_items[] = {LL_RURAL_ITEM_COLUMNS(X)};
static const struct ll_pack_column rural_sources[] = {LL_RURAL_SOURCE_COLUMNS(X)};
static const struct ll_pack_column collection[] = {LL_COLLECTION_COLUMNS(X)};
static const struct ll_pack_column rural_sections[] = {LL_RURAL_SECTION_COLUMNS(X)};
static const struct ll_pack_column rural_cards[] = {LL_RURAL_CARD_COLUMNS(X)};
static const struct ll_pack_column rural_indicators[] = {LL_RURAL_INDICATOR_COLUMNS(X)};
static const struct ll_pack_column rural_bands[] = {LL_RURAL_BAND_COLUMNS(X)};
static const struct ll_pack_column rural_grades[] = {LL_RURAL_GRADE_COLUMNS(X)};
static const struct ll_pack_column rural_credit_areas[] = {LL_RURAL_CREDIT_AREA_COLUMNS(X)};
static const struct ll_pack_column upward[] = {LL_UPWARD_COLUMNS(X)};
static const struct ll_pack_column upward_items[] = {LL_UPWARD_ITEM_COLUMNS(X)};
static const struct ll_pack_column upward_codes[] = {LL_UPWARD_CODE_COLUMNS(X)};
static const struct ll_pack_column features[] = {LL_INDICATOR_COLUMNS(X)};
static const struct ll_pack_column commercial[] = {LL_COMMERCIAL_SOURCE_COLUMNS(X)};
static const struct ll_pack_column fields[] = {LL_ENTERPRISE_FIELD_COLUMNS(X)};
static const struct ll_pack_column sizes[] = {LL_ENTERPRISE_SIZE_COLUMNS(X)};
static const struct ll_pack_column products[] = {LL_PRODUCT_COLUMNS(X)};
static const struct ll_pack_column product_rules[] = {LL_PRODUCT_RULE_COLUMNS(X)};
static const struct ll_pack_column policies[] = {LL_POLICY_COLUMNS(X)};
static const struct ll_pack_column policy_rules[] = {LL_POLICY_RULE_COLUMNS(X)};
static const struct ll_pack_column refusals[] = {LL_REFUSAL_ADVICE_COLUMNS(X)};
static const struct ll_pack_column region_tiles[] = {LL_REGION_TILE_COLUMNS(X)};
static const struct ll_pack_column sharing_items[] = {LL_SHARING_ITEM_COLUMNS(X)};
static const struct ll_pack_column sharing_sources[] = {LL_SHARING_SOURCE_COLUMNS(X)};
#undef X

static const struct {
    const char *file;
    const struct ll_pack_column *columns;
    size_t n;
} uses[] = {
    {"report_sections.csv", sections, LL_COUNT(sections)},
    {"timeline.csv", timeline, LL_COUNT(timeline)},
    {"relations.csv", relations, LL_COUNT(relations)},
    {"scorecards.csv", scorecards, LL_COUNT(scorecards)},
    {"score_indicators.csv", indicators, LL_COUNT(indicators)},
    {"score_bands.csv", bands, LL_COUNT(bands)},
    {"score_grades.csv", grades, LL_COUNT(grades)},
    {"lists.csv", lists, LL_COUNT(lists)},
    {"measures.csv", measures, LL_COUNT(measures)},
    {"list_measures.csv", links, LL_COUNT(links)},
    {"warning_rules.csv", warnings, LL_COUNT(warnings)},
    {"publicity_kinds.csv", public_kinds, LL_COUNT(public_kinds)},
    {"publicity_periods.csv", public_periods, LL_COUNT(public_periods)},
    {"publicity_grades.csv", public_grades, LL_COUNT(public_grades)},
    {"rural_items.csv", rural_items, LL_COUNT(rural_items)},
    {"rural_sources.csv", rural_sources, LL_COUNT(rural_sources)},
    {"collection.csv", collection, LL_COUNT(collection)},
    {"rural_report_sections.csv", rural_sections, LL_COUNT(rural_sections)},
    {"rural_cards.csv", rural_cards, LL_COUNT(rural_cards)},
    {"rural_indicators.csv", rural_indicators, LL_COUNT(rural_indicators)},
    {"rural_bands.csv", rural_bands, LL_COUNT(rural_bands)},
    {"rural_grades.csv", rural_grades, LL_COUNT(rural_grades)},
    {"rural_credit_areas.csv", rural_credit_areas, LL_COUNT(rural_credit_areas)},
    {"upward.csv", upward, LL_COUNT(upward)},
    {"upward_items.csv", upward_items, LL_COUNT(upward_items)},
    {"upward_codes.csv", upward_codes, LL_COUNT(upward_codes)},
    {"indicators.csv", features, LL_COUNT(features)},
    {"commercial_sources.csv", commercial, LL_COUNT(commercial)},
    {"enterprise_fields.csv", fields, LL_COUNT(fields)},
    {"enterprise_sizes.csv", sizes, LL_COUNT(sizes)},
    {"products.csv", products, LL_COUNT(products)},
    {"product_rules.csv", product_rules, LL_COUNT(product_rules)},
    {"policies.csv", policies, LL_COUNT(policies)},
    {"policy_rules.csv", policy_rules, LL_COUNT(policy_rules)},
    {"refusal_advice.csv", refusals, LL_COUNT(refusals)},
    {"region_tiles.csv", region_tiles, LL_COUNT(region_tiles)},
    {"sharing_items.csv", sharing_items, LL_COUNT(sharing_items)},
    {"sharing_sources.csv", sharing_sources, LL_COUNT(sharing_sources)},
};

/* What the form of the columns cannot tell. */
static const struct {
    const char *file;
    void (*check)(struct ll_pr *pr, const struct ll_pack_table *t);
} checks[] = {
    {"timeline.csv", ll_pr_check_timeline},
    {"relations.csv", ll_pr_check_relations},
    {"warning_rules.csv", ll_pr_check_warnings},
};

static void check_whole(struct ll_pr *pr, const char *file, const struct ll_pack_table *t)
{
    for (size_t i = 0; i < LL_COUNT(checks); i++)
        if (strcmp(checks[i].file, file) == 0)
            checks[i].check(pr, t);
}

int ll_pr_uses(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;

    if (!(p->uses = ll_arena_array(pr->arena, LL_COUNT(uses), sizeof *p->uses)))
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < LL_COUNT(uses); i++) {
        const struct ll_pack_file *f = ll_pr_file(pr, uses[i].file);
        struct ll_pack_table t;
        int rc;
        if (!f)
            continue;
        if ((rc = ll_pr_table(pr, uses[i].file, uses[i].columns, uses[i].n, &t)) < 0)
            return rc;
        check_whole(pr, uses[i].file, &t);
        struct ll_pack_file *kept = &p->uses[p->n_uses++];
        *kept = (struct ll_pack_file){uses[i].file, {ll_arena_dup(pr->arena, f->text), f->text.n}};
        if (!kept->text.p)
            return ll_pr_nomem(pr);
    }
    return LL_OK;
}

/* ---- reading them back ---- */

enum { COLUMNS_MAX = 32 };

struct reading {
    const char *pack;
    const char *const *columns;
    size_t n;
    int at[COLUMNS_MAX]; /* where each stands in the file; -1: nowhere */
    ll_pack_use_fn *fn;
    void *ctx;
};

static void read_head(struct reading *r, const struct ll_csv_record *row)
{
    for (size_t c = 0; c < r->n; c++) {
        r->at[c] = -1;
        for (size_t i = 0; i < row->n; i++)
            if (ll_str_is(ll_str_trim(row->cells[i]), r->columns[c]))
                r->at[c] = (int)i;
    }
}

static int read_row(const struct reading *r, const struct ll_csv_record *row, struct ll_err *err)
{
    struct ll_str cells[COLUMNS_MAX];
    bool any = false;

    for (size_t c = 0; c < r->n; c++) {
        cells[c] = r->at[c] >= 0 && (size_t)r->at[c] < row->n ? ll_str_trim(row->cells[r->at[c]])
                                                              : LL_STR("");
        any = any || cells[c].n;
    }
    return any ? r->fn(r->ctx, r->pack, cells, err) : LL_OK;
}

static int read_text(struct reading *r, struct ll_str text, struct ll_err *err)
{
    struct ll_csv c = {0};
    struct ll_csv_record row = {0};
    bool first = true;
    int rc = LL_OK, more = 0;

    if (ll_str_starts(text, LL_STR("\xef\xbb\xbf")))
        text = (struct ll_str){text.p + 3, text.n - 3};
    ll_csv_init(&c, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    while (rc == LL_OK && (more = ll_csv_next(&c, &row)) > 0) {
        if (first)
            read_head(r, &row);
        else
            rc = read_row(r, &row, err);
        first = false;
    }
    if (rc == LL_OK && more < 0)
        rc = ll_no_memory(err);
    ll_csv_record_free(&row);
    ll_csv_free(&c);
    return rc;
}

static int not_loaded(const char *pack, const char *name, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有装载场景包 %s（缺少 %s）：先执行 luling pack load",
                   "pack %s is not loaded (%s is missing): run luling pack load", pack, name);
}

int ll_pack_use_each(struct ll_txn *tx, const char *pack, const char *name, const char *const *columns,
                     size_t n, ll_pack_use_fn *fn, void *ctx, struct ll_err *err)
{
    struct reading r = {.columns = columns, .n = n < COLUMNS_MAX ? n : COLUMNS_MAX, .fn = fn, .ctx = ctx};
    struct ll_stmt *s = NULL;
    bool any = false;
    int rc = ll_sql(
        tx, "SELECT pack, text FROM pack_use WHERE name = $1 AND ($2 IS NULL OR pack = $2) ORDER BY pack", &s,
        err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, name);
    ll_bind_z(s, 2, pack);
    while ((rc = ll_step(s, err)) > 0) {
        r.pack = ll_col_text(s, 0).p;
        any = true;
        if ((rc = read_text(&r, ll_col_text(s, 1), err)) < 0)
            break;
    }
    ll_stmt_done(s);
    return rc == LL_OK && pack && !any ? not_loaded(pack, name, err) : rc;
}
