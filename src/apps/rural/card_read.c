/* card_read.c - the tables of a rating, read and checked as a whole (card.h). */
#include "apps/rural/card.h"

#include "apps/rural/settle.h"
#include "catalog/pack.h"

#include <stdlib.h>
#include <string.h>

enum card_column { C_CARD, C_LIST, C_TITLE, C_TITLE_EN, C_QUORUM, C_BLACK, C_BASIS, C_SOURCE, C_N };
static const char *const card_columns[C_N] = {"card",   "list",        "title", "title_en",
                                              "quorum", "black_needs", "basis", "source"};
enum indicator_column { I_CARD, I_NAME, I_TITLE, I_TITLE_EN, I_ITEM, I_WEIGHT, I_EVIDENCE, I_BASIS, I_N };
static const char *const indicator_columns[I_N] = {"card", "indicator", "title",    "title_en",
                                                   "item", "weight",    "evidence", "basis"};
enum band_column {
    B_CARD,
    B_INDICATOR,
    B_KIND,
    B_FROM,
    B_TO,
    B_CODE,
    B_POINTS,
    B_CAP,
    B_WHAT,
    B_WHAT_EN,
    B_N
};
static const char *const band_columns[B_N] = {"card", "indicator", "kind", "from", "to",
                                              "code", "points",    "cap",  "what", "what_en"};
enum grade_column { G_CARD, G_MARK, G_FROM, G_GRADE, G_TITLE, G_TITLE_EN, G_LIMIT, G_N };
static const char *const grade_columns[G_N] = {"card",  "mark",     "from",      "grade",
                                               "title", "title_en", "limit_yuan"};
enum area_column { A_CARD, A_LEVEL, A_TITLE, A_TITLE_EN, A_GOOD, A_RATED, A_GOODS, A_BLACKS, A_N };
static const char *const area_columns[A_N] = {
    "card", "level", "title", "title_en", "good_grades", "rated_percent", "good_percent", "black_percent"};
static const char *const kinds[] = {"range", "code", "any", "yes", "no", "absent", "unknown"};

struct reading {
    struct ll_rural_card *card;
    struct ll_arena *arena;
    struct ll_buf rows; /* all cells: what the definition is a hash of */
    bool found;
};

static int wrong(const char *file, struct ll_str what, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "%s：“%.*s”不对（评级规则）", "%s: '%.*s' is wrong (rating rule)", file,
                   LL_STR_ARG(what));
}

static int number_of(struct ll_str s)
{
    int64_t v = 0;

    return ll_str_i64(s, 0, INT32_MAX, &v) ? (int)v : 0;
}

/* Whether the row is of the card that is read; it counts for the definition. */
static bool is_ours(struct reading *r, const struct ll_str *cells, size_t n)
{
    if (!r->found || !ll_str_is(cells[0], r->card->name))
        return false;
    for (size_t i = 0; i < n; i++) {
        ll_buf_str(&r->rows, cells[i]);
        ll_buf_c(&r->rows, '\x1f');
    }
    return true;
}

static const char *keep(struct reading *r, struct ll_str s)
{
    return ll_arena_dup(r->arena, s);
}

static int take_card(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_rural_card *c = r->card;

    (void)pack;
    if (r->found || !ll_str_is(cells[C_LIST], c->list->name))
        return LL_OK;
    c->name = keep(r, cells[C_CARD]);
    c->title[LL_ZH] = keep(r, cells[C_TITLE]);
    c->title[LL_EN] = keep(r, cells[C_TITLE_EN]);
    c->basis = keep(r, cells[C_BASIS]);
    c->source = keep(r, cells[C_SOURCE]);
    c->quorum = number_of(cells[C_QUORUM]);
    c->black_needs = number_of(cells[C_BLACK]);
    if (!c->name || !c->title[LL_ZH] || !c->title[LL_EN] || !c->basis || !c->source)
        return ll_no_memory(err);
    r->found = true;
    (void)is_ours(r, cells, C_N);
    return LL_OK;
}

static int take_indicator(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_rural_card *c = r->card;

    (void)pack;
    if (!is_ours(r, cells, I_N))
        return LL_OK;
    if (c->n == LL_CARD_INDICATORS_MAX)
        return wrong("rural_indicators.csv", cells[I_NAME], err);
    struct ll_rural_indicator *x = &c->indicators[c->n++];
    *x = (struct ll_rural_indicator){.name = keep(r, cells[I_NAME]),
                                     .title = {keep(r, cells[I_TITLE]), keep(r, cells[I_TITLE_EN])},
                                     .evidence = keep(r, cells[I_EVIDENCE]),
                                     .basis = keep(r, cells[I_BASIS]),
                                     .item = ll_rural_item(c->list, cells[I_ITEM]),
                                     .weight = number_of(cells[I_WEIGHT]),
                                     .bands = ll_arena_array(r->arena, LL_CARD_BANDS_MAX, sizeof *x->bands)};
    if (!x->name || !x->title[0] || !x->title[1] || !x->evidence || !x->basis || !x->bands)
        return ll_no_memory(err);
    return x->item ? LL_OK : wrong("rural_indicators.csv", cells[I_ITEM], err);
}

static struct ll_rural_indicator *indicator_of(const struct ll_rural_card *c, struct ll_str name)
{
    for (size_t i = 0; i < c->n; i++)
        if (ll_str_is(name, c->indicators[i].name))
            return &c->indicators[i];
    return NULL;
}

static int take_band(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    size_t kind = 0;

    (void)pack;
    if (!is_ours(r, cells, B_N))
        return LL_OK;
    struct ll_rural_indicator *x = indicator_of(r->card, cells[B_INDICATOR]);
    while (kind < LL_COUNT(kinds) && !ll_str_is(cells[B_KIND], kinds[kind]))
        kind++;
    if (!x || x->n == LL_CARD_BANDS_MAX || kind == LL_COUNT(kinds))
        return wrong("rural_bands.csv", cells[B_INDICATOR], err);
    struct ll_rural_band *b = &x->bands[x->n++];
    *b = (struct ll_rural_band){.kind = (enum ll_band_kind)kind,
                                .has_from = cells[B_FROM].n > 0,
                                .has_to = cells[B_TO].n > 0,
                                .code = keep(r, cells[B_CODE]),
                                .what = {keep(r, cells[B_WHAT]), keep(r, cells[B_WHAT_EN])},
                                .points = number_of(cells[B_POINTS]),
                                .cap = cells[B_CAP].n ? number_of(cells[B_CAP]) : LL_CARD_NO_CAP};
    if (!b->code || !b->what[0] || !b->what[1])
        return ll_no_memory(err);
    return (!b->has_from || ll_micro_of(cells[B_FROM], &b->from)) &&
                   (!b->has_to || ll_micro_of(cells[B_TO], &b->to))
               ? LL_OK
               : wrong("rural_bands.csv", cells[B_FROM].n ? cells[B_FROM] : cells[B_TO], err);
}

static int grade_of(struct reading *r, const struct ll_str *cells, size_t *ret, struct ll_err *err)
{
    struct ll_rural_card *c = r->card;

    for (*ret = 0; *ret < c->n_grades; (*ret)++)
        if (ll_str_is(cells[G_GRADE], c->grades[*ret].name))
            return LL_OK;
    if (c->n_grades == LL_CARD_GRADES_MAX)
        return wrong("rural_grades.csv", cells[G_GRADE], err);
    struct ll_rural_grade *g = &c->grades[c->n_grades++];
    *g = (struct ll_rural_grade){keep(r, cells[G_GRADE]),
                                 {keep(r, cells[G_TITLE]), keep(r, cells[G_TITLE_EN])}};
    return g->name && g->title[0] && g->title[1] ? LL_OK : ll_no_memory(err);
}

static int take_grade(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_rural_card *c = r->card;
    struct ll_rural_grade_row *row = &c->rows[c->n_rows];

    (void)pack;
    if (!is_ours(r, cells, G_N))
        return LL_OK;
    if (c->n_rows == LL_CARD_ROWS_MAX || !ll_review_mark_of(cells[G_MARK], &row->mark))
        return wrong("rural_grades.csv", cells[G_MARK], err);
    row->from = number_of(cells[G_FROM]);
    row->limit = number_of(cells[G_LIMIT]);
    c->n_rows++;
    return grade_of(r, cells, &row->grade, err);
}

static int take_area(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_rural_card *c = r->card;

    (void)pack;
    if (!is_ours(r, cells, A_N))
        return LL_OK;
    if (c->n_areas == LL_COUNT(c->areas))
        return wrong("rural_credit_areas.csv", cells[A_LEVEL], err);
    struct ll_rural_area_rule *a = &c->areas[c->n_areas++];
    *a = (struct ll_rural_area_rule){.town = ll_str_is(cells[A_LEVEL], "town"),
                                     .title = {keep(r, cells[A_TITLE]), keep(r, cells[A_TITLE_EN])},
                                     .good = keep(r, cells[A_GOOD]),
                                     .rated = number_of(cells[A_RATED]),
                                     .goods = number_of(cells[A_GOODS]),
                                     .blacks = number_of(cells[A_BLACKS])};
    return a->title[0] && a->title[1] && a->good ? LL_OK : ll_no_memory(err);
}

static bool has_kind(const struct ll_rural_indicator *x, enum ll_band_kind kind)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->bands[i].kind == kind)
            return true;
    return false;
}

/* What the rows cannot tell one by one. */
static int check_card(const struct ll_rural_card *c, struct ll_err *err)
{
    int weights = 0;

    for (size_t i = 0; i < c->n; i++) {
        weights += c->indicators[i].weight;
        if (!has_kind(&c->indicators[i], LL_BAND_ABSENT) || !has_kind(&c->indicators[i], LL_BAND_UNKNOWN))
            return ll_fail(err, LL_INVALID, "rural_bands.csv：指标 %s 缺少 absent 或 unknown 一行",
                           "rural_bands.csv: indicator %s lacks its row absent or unknown",
                           c->indicators[i].name);
    }
    if (weights != LL_CARD_POINTS)
        return ll_fail(err, LL_INVALID, "rural_indicators.csv：权重合计为 %d，应为 %d",
                       "rural_indicators.csv: weights come to %d instead of %d", weights, LL_CARD_POINTS);
    for (int m = 0; m < LL_MARK_COUNT; m++) {
        bool zero = false;
        for (size_t i = 0; i < c->n_rows; i++)
            zero = zero || ((int)c->rows[i].mark == m && c->rows[i].from == 0);
        if (!zero)
            return ll_fail(err, LL_INVALID, "rural_grades.csv：评议结果 %s 缺少从 0 分起的一行",
                           "rural_grades.csv: mark %s lacks a row from 0",
                           ll_review_mark_word((enum ll_review_mark)m));
    }
    return LL_OK;
}

static int read_files(struct ll_txn *tx, struct reading *r, struct ll_err *err)
{
    static const struct {
        const char *file;
        const char *const *columns;
        size_t n;
        ll_pack_use_fn *take;
    } files[] = {{"rural_cards.csv", card_columns, C_N, take_card},
                 {"rural_indicators.csv", indicator_columns, I_N, take_indicator},
                 {"rural_bands.csv", band_columns, B_N, take_band},
                 {"rural_grades.csv", grade_columns, G_N, take_grade},
                 {"rural_credit_areas.csv", area_columns, A_N, take_area}};
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(files) && rc == LL_OK; i++)
        rc = ll_pack_use_each(tx, NULL, files[i].file, files[i].columns, files[i].n, files[i].take, r, err);
    if (rc == LL_OK && !r->found)
        rc = ll_fail(err, LL_NOTFOUND, "清单 %s 没有评级规则（rural_cards.csv）",
                     "list %s has no rating (rural_cards.csv)", r->card->list->name);
    return rc;
}

int ll_rural_card_read(struct ll_txn *tx, const struct ll_rural_list *list, struct ll_arena *arena,
                       const struct ll_rural_card **ret, struct ll_err *err)
{
    struct ll_rural_card *c = ll_arena_alloc(arena, sizeof *c);
    struct reading r = {.card = c, .arena = arena, .rows = LL_BUF_INIT(1 << 20)};
    int rc;

    if (!c)
        return ll_no_memory(err);
    *c = (struct ll_rural_card){
        .list = list,
        .indicators = ll_arena_array(arena, LL_CARD_INDICATORS_MAX, sizeof *c->indicators),
        .rows = ll_arena_array(arena, LL_CARD_ROWS_MAX + 1, sizeof *c->rows),
        .grades = ll_arena_array(arena, LL_CARD_GRADES_MAX, sizeof *c->grades)};
    rc = c->indicators && c->rows && c->grades ? read_files(tx, &r, err) : ll_no_memory(err);
    if (rc == LL_OK && (rc = check_card(c, err)) == LL_OK)
        rc = r.rows.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&r.rows), c->sha256, err);
    ll_buf_free(&r.rows);
    *ret = c;
    return rc;
}
