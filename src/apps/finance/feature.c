/* feature.c - reads indicators.csv and enterprise_fields.csv (feature.h); the form of their cells was checked when the pack was loaded. */
#include "apps/finance/feature_basis.h"

#include "base/clock.h"
#include "catalog/name.h"
#include "catalog/pack.h"
#include "share/workdays.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHERE_MAX = 128, NAME_SHOWN = 64, BATCHES_SHOWN = 20 };
#define BASE_FIELD "uscc"

static const struct {
    const char *word;
    bool same;
} combines[] = {
#define X(id, word, same) {word, same},
    LL_COMBINES(X)
#undef X
};

enum column {
    INDICATOR,
    TITLE,
    TITLE_EN,
    CATEGORY,
    TYPE,
    UNIT,
    RESOURCE,
    COMBINE,
    VALUE,
    WHERE,
    DATE,
    MONTHS,
    MISSING,
    CODES,
    BASIS,
    SOURCE,
    COLUMNS
};
static const char *const columns[COLUMNS] = {"indicator", "title",   "title_en", "category", "type", "unit",
                                             "resource",  "combine", "value",    "where",    "date", "months",
                                             "missing",   "codes",   "basis",    "source"};

enum field_column { F_FIELD, F_RESOURCE, F_ITEM, F_N };
static const char *const field_columns[F_N] = {"field", "resource", "item"};

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_feature_set *set;
};

const char *ll_combine_word(enum ll_combine c)
{
    return combines[c].word;
}

int ll_feature_at(const struct ll_feature_set *set, struct ll_str name)
{
    for (size_t i = 0; i < set->n; i++)
        if (ll_str_is(name, set->features[i].name))
            return (int)i;
    return -1;
}

/* ---- indicators ---- */

static int wrong(struct ll_str name, const char *zh, const char *en, struct ll_err *err)
{
    char where[WHERE_MAX];

    ll_fail_texts(err, LL_INVALID, zh, en);
    snprintf(where, sizeof where, "indicators.csv, %.*s", (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN),
             name.p);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

static size_t group_of(struct ll_feature_set *set, const struct ll_resource *r)
{
    size_t g = 0;

    while (g < set->n_groups && set->groups[g] != r)
        g++;
    if (g == set->n_groups && g < LL_FEATURE_GROUPS_MAX)
        set->groups[set->n_groups++] = r;
    return g;
}

static bool can_be_dated(const struct ll_item *item)
{
    enum ll_type t = item->element->type;

    return t == LL_TYPE_DATE || t == LL_TYPE_DATETIME || t == LL_TYPE_INTEGER || t == LL_TYPE_TEXT;
}

/* What the row names is looked up; a resource that is not there leaves the indicator unconnected. */
static int connect(struct reading *r, struct ll_feature *f, const struct ll_str *cells, struct ll_err *err)
{
    f->group = LL_FEATURE_GROUPS_MAX;
    if ((f->combine == LL_COMBINE_OF) != (cells[RESOURCE].n == 0))
        return wrong(cells[INDICATOR], "由其他指标得出的（combine 为 of）不写 resource，其余的必须写",
                     "one over other indicators (combine of) names no resource, any other does", err);
    if (f->combine == LL_COMBINE_OF || !(f->resource = ll_catalog_resource(r->cat, cells[RESOURCE])))
        return LL_OK;
    if (cells[DATE].n && (!(f->date = ll_resource_item(f->resource, cells[DATE])) || !can_be_dated(f->date)))
        return wrong(cells[INDICATOR], "date 不是该资源的日期、月份或年度信息项",
                     "date is no item of the resource that holds a day, a month or a year", err);
    if ((f->group = group_of(r->set, f->resource)) == LL_FEATURE_GROUPS_MAX)
        return wrong(cells[INDICATOR], "指标所用的数据资源过多", "indicators are over too many resources",
                     err);
    return LL_OK;
}

static int check_row(const struct reading *r, const struct ll_feature *f, const struct ll_str *cells,
                     struct ll_err *err)
{
    double number;
    char *end = NULL;

    if (r->set->n == LL_FEATURES_MAX || ll_feature_at(r->set, cells[INDICATOR]) >= 0)
        return wrong(cells[INDICATOR], "名称重复，或指标过多", "its name stands twice, or there are too many",
                     err);
    if (!f->value[0] && f->combine != LL_COMBINE_COUNT)
        return wrong(cells[INDICATOR], "缺少 value", "value is missing", err);
    if (f->months && !cells[DATE].n)
        return wrong(cells[INDICATOR], "写了 months 就要写 date", "months needs a date", err);
    if (f->code && !combines[f->combine].same)
        return wrong(cells[INDICATOR], "这样合并的结果是数，type 应为 number",
                     "what is combined so is a number", err);
    number = strtod(f->missing, &end);
    if (f->missing[0] && !f->code && (*end || !isfinite(number)))
        return wrong(cells[INDICATOR], "missing 应为数", "missing is a number", err);
    return LL_OK;
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_feature f = {.months = (unsigned)strtoul(cells[MONTHS].n ? cells[MONTHS].p : "0", NULL, 10),
                           .code = ll_str_is(cells[TYPE], "code")};
    const struct {
        const char **to;
        enum column from;
    } texts[] = {{&f.name, INDICATOR},    {&f.title[LL_ZH], TITLE}, {&f.title[LL_EN], TITLE_EN},
                 {&f.category, CATEGORY}, {&f.unit, UNIT},          {&f.resource_name, RESOURCE},
                 {&f.value, VALUE},       {&f.where, WHERE},        {&f.missing, MISSING},
                 {&f.basis, BASIS},       {&f.source, SOURCE}};
    int rc;

    (void)pack;
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (!(*texts[i].to = ll_arena_dup(r->arena, cells[texts[i].from])))
            return ll_no_memory(err);
    while (f.combine + 1 < LL_COMBINE_COUNT_ && !ll_str_is(cells[COMBINE], combines[f.combine].word))
        f.combine++;
    f.codes = cells[CODES].n ? ll_catalog_codeset(r->cat, cells[CODES]) : NULL;
    if ((rc = check_row(r, &f, cells, err)) < 0 || (rc = connect(r, &f, cells, err)) < 0)
        return rc;
    r->set->features[r->set->n++] = f;
    return LL_OK;
}

/* ---- the firms ---- */

static int take_field(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    const struct ll_resource *res = ll_catalog_resource(r->cat, cells[F_RESOURCE]);
    const struct ll_item *item = res ? ll_resource_item(res, cells[F_ITEM]) : NULL;

    (void)pack;
    if (!ll_str_is(cells[F_FIELD], BASE_FIELD) || !item)
        return LL_OK;
    if (r->set->n_bases == LL_FEATURE_BASES_MAX)
        return ll_fail(err, LL_TOOBIG, "enterprise_fields.csv 的基础资源超过 %d 个",
                       "enterprise_fields.csv has more than %d base resources", LL_FEATURE_BASES_MAX);
    r->set->base_resources[r->set->n_bases] = res;
    r->set->bases[r->set->n_bases++] = item;
    return LL_OK;
}

int ll_features_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_feature_set **ret, struct ll_err *err)
{
    struct ll_feature_set *set = ll_arena_alloc(arena, sizeof *set);
    struct reading r = {.cat = cat, .arena = arena, .set = set};
    int rc;

    if (!set || !(set->features = ll_arena_array(arena, LL_FEATURES_MAX, sizeof *set->features)))
        return ll_no_memory(err);
    if ((rc = ll_pack_use_each(tx, NULL, "indicators.csv", columns, COLUMNS, take, &r, err)) < 0 ||
        (rc = ll_pack_use_each(tx, NULL, "enterprise_fields.csv", field_columns, F_N, take_field, &r, err)) <
            0)
        return rc;
    if (!set->n)
        return ll_fail(err, LL_NOTFOUND, "没有指标：先装载场景包 finance",
                       "there are no indicators: load pack finance");
    if ((rc = ll_feature_define(set, err)) == LL_OK)
        *ret = set;
    return rc;
}

/* ---- as of ---- */

static void day_of(int64_t ms, char out[LL_DAY_CHARS])
{
    unsigned m, d;
    int y;

    ll_civil_from_days(ll_workday_of(ms), &y, &m, &d);
    snprintf(out, LL_DAY_CHARS, "%04d-%02u-%02u", y, m, d);
}

int ll_as_of_read(const char *text, struct ll_as_of *ret, struct ll_err *err)
{
    enum { DATE_CHARS = 10, DAY_MS = 86400000 };
    int64_t now = ll_now_ms(), at = now;

    if (text && !ll_time_parse(text, &at))
        return ll_fail(err, LL_USAGE, "“%s”不是日期（如 2026-05-31）", "'%s' is no date (2026-05-31)", text);
    if (text && strlen(text) == DATE_CHARS)
        at = ll_workday_end((int32_t)(at / DAY_MS)) - 1;
    if (at > now && ll_workday_of(at) > ll_workday_of(now))
        return ll_fail(err, LL_USAGE, "%s 还没有到", "%s is not yet", text);
    ret->ms = at < now ? at : now;
    day_of(ret->ms, ret->day);
    return LL_OK;
}

/* ---- writing ---- */

void ll_feature_put(struct ll_json *j, const struct ll_feature *f)
{
    ll_json_kz(j, "indicator", f->name);
    ll_json_kz(j, "title", f->title[LL_ZH]);
    ll_json_kz(j, "title_en", f->title[LL_EN]);
    ll_json_kz(j, "category", f->category);
    ll_json_kz(j, "type", f->code ? "code" : "number");
    ll_json_kz(j, "unit", f->unit[0] ? f->unit : NULL);
    ll_json_kz(j, "resource", f->resource_name[0] ? f->resource_name : NULL);
    ll_json_kz(j, "combine", combines[f->combine].word);
    ll_json_kz(j, "value", f->value[0] ? f->value : NULL);
    ll_json_kz(j, "where", f->where[0] ? f->where : NULL);
    ll_json_kz(j, "date", f->date ? f->date->name : NULL);
    ll_json_key(j, "months");
    if (f->months)
        ll_json_int(j, f->months);
    else
        ll_json_null(j);
    ll_json_kz(j, "missing", f->missing[0] ? f->missing : NULL);
    ll_json_kz(j, "basis", f->basis);
}

/* The newest are told one by one. */
void ll_feature_put_rows(struct ll_json *j, const struct ll_feature_rows *rows)
{
    size_t from = rows->n > BATCHES_SHOWN ? rows->n - BATCHES_SHOWN : 0;
    char at[LL_TIME_TEXT];

    ll_json_ki(j, "total", (int64_t)rows->n);
    ll_json_key(j, "batches");
    ll_json_arr(j);
    for (size_t i = rows->n; i > from; i--) {
        const struct ll_batch *b = &rows->batches[i - 1];
        ll_json_obj(j);
        ll_json_kz(j, "id", b->id);
        ll_json_ki(j, "rows", b->rows);
        ll_json_kz(j, "published_at", ll_time_text(b->published_at, at));
        ll_json_kz(j, "manifest_sha256", b->manifest_sha256);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_features_put_known(struct ll_json *j, const struct ll_feature_set *set,
                           const struct ll_feature_rows *rows)
{
    ll_json_key(j, "resources");
    ll_json_arr(j);
    for (size_t g = 0; g < set->n_groups; g++) {
        ll_json_obj(j);
        ll_json_kz(j, "resource", set->groups[g]->name);
        ll_json_kz(j, "title", set->groups[g]->title);
        ll_json_kz(j, "title_en", set->groups[g]->title_en);
        ll_feature_put_rows(j, &rows[g]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_feature_put_value(struct ll_json *j, const struct ll_feature *f, const struct ll_feature_value *v)
{
    const struct ll_code *c = v->kind == LL_FV_CODE && f->codes ? ll_codeset_by_code(f->codes, v->code)
                                                                : NULL;

    ll_json_key(j, "number");
    ll_json_num(j, v->kind == LL_FV_NUMBER ? v->number : NAN);
    ll_json_key(j, "code");
    if (v->kind == LL_FV_CODE)
        ll_json_str(j, v->code);
    else
        ll_json_null(j);
    ll_json_kz(j, "code_title", c ? c->title.p : NULL);
    ll_json_kz(j, "code_title_en", c && c->title_en.n ? c->title_en.p : NULL);
}
