/* complaint_figures.c - see complaint_figures.h. */
#include "apps/finance/complaint_figures.h"

#include "share/workdays.h"
#include "standard/codes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Working days are counted up to here; the rest counts as that many. */
enum { DAYS_MOST = 250, MONTH_TEXT = 7 };

static const struct {
    const char *word, *title[2], *sql;
} dimensions[] = {
#define MONTH_OF "strftime('%Y-%m', (created_at + 28800000) / 1000, 'unixepoch')"
#define FITS                                                                                                 \
    " FROM complaint WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR " MONTH_OF " >= $2)"         \
    " AND ($3 IS NULL OR " MONTH_OF " <= $3) ORDER BY 1"
#define COUNT(name, sql, zh, en) ", " sql
#define X(id, word, key, zh, en)                                                                             \
    {word, {zh, en}, "SELECT " key ", created_at, answered_at, rating" LL_COMPLAINT_COUNTS(COUNT) FITS},
    LL_COMPLAINT_DIMENSIONS(X)
#undef X
#undef COUNT
};

bool ll_complaint_by_of(struct ll_str word, enum ll_complaint_by *ret)
{
    for (unsigned i = 0; i < LL_COMPLAINT_BY_COUNT; i++)
        if (ll_str_is(word, dimensions[i].word)) {
            *ret = (enum ll_complaint_by)i;
            return true;
        }
    return false;
}

const char *ll_complaint_by_word(enum ll_complaint_by by)
{
    return dimensions[by].word;
}

/* ---- counting ---- */

/* Of one key: how many were answered within how many working days, and the sum of ratings. */
struct heap {
    uint32_t days[DAYS_MOST + 1];
    int64_t stars;
};
struct counting {
    const struct ll_complaint_env *env;
    struct ll_complaint_figures *to;
    struct heap all, one;
};

static int64_t median(const struct heap *h, int64_t n)
{
    int64_t at = 0;

    for (int d = 0; n > 0 && d <= DAYS_MOST; d++)
        if ((at += h->days[d]) * 2 >= n)
            return d;
    return -1;
}

static void finish(struct ll_complaint_row *r, const struct heap *h)
{
    r->days = median(h, r->answered);
    r->rating = r->rated ? (double)h->stars / (double)r->rated : (double)NAN;
}

static void add(struct ll_complaint_row *r, struct heap *h, struct ll_stmt *s)
{
    int at = 4, days;

#define X(name, ...) r->name += ll_col_int(s, at++);
    LL_COMPLAINT_COUNTS(X)
#undef X
    if (!ll_col_null(s, 2)) {
        days = ll_workdays_between(ll_workday_of(ll_col_int(s, 1)), ll_workday_of(ll_col_int(s, 2)));
        h->days[days < 0 ? 0 : days > DAYS_MOST ? DAYS_MOST : days]++;
    }
    h->stars += ll_col_int(s, 3);
}

/* The row of the key that the statement stands on; rows come in the order of their keys. */
static int row_of(struct counting *k, struct ll_str key, struct ll_complaint_row **ret, struct ll_err *err)
{
    struct ll_complaint_figures *f = k->to;

    if (!f->n || !ll_str_is(key, f->rows[f->n - 1].key)) {
        if (f->n)
            finish(&f->rows[f->n - 1], &k->one);
        if (f->n == LL_COMPLAINT_ROWS)
            return ll_fail(err, LL_TOOBIG, "统计超过 %d 行", "more than %d rows of figures",
                           LL_COMPLAINT_ROWS);
        memset(&k->one, 0, sizeof k->one);
        f->rows[f->n] = (struct ll_complaint_row){.key = ll_arena_dup(k->env->arena, key)};
        if (!f->rows[f->n++].key)
            return ll_no_memory(err);
    }
    *ret = &f->rows[f->n - 1];
    return LL_OK;
}

static int count(struct counting *k, const struct ll_complaint_ask *a, struct ll_err *err)
{
    struct ll_complaint_row *row = NULL;
    struct ll_stmt *s = NULL;
    int more = 0, rc = ll_sql(k->env->tx, dimensions[a->by].sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, a->organisation);
    ll_bind_z(s, 2, a->from);
    ll_bind_z(s, 3, a->to);
    while (rc == LL_OK && (more = ll_step(s, err)) > 0) {
        add(&k->to->total, &k->all, s);
        if (a->by != LL_COMPLAINT_BY_TOTAL && (rc = row_of(k, ll_col_text(s, 0), &row, err)) == LL_OK)
            add(row, &k->one, s);
    }
    ll_stmt_done(s);
    if (k->to->n)
        finish(&k->to->rows[k->to->n - 1], &k->one);
    finish(&k->to->total, &k->all);
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

/* ---- what is held back ---- */

void ll_complaint_hold_back(struct ll_complaint_row *rows, size_t n)
{
    size_t held = 0, least = n;

    for (size_t i = 0; i < n; i++) {
        rows[i].held_back = rows[i].received > 0 && rows[i].received < LL_COMPLAINT_LEAST;
        held += rows[i].held_back;
    }
    for (size_t i = 0; held == 1 && i < n; i++)
        if (!rows[i].held_back && rows[i].received > 0 &&
            (least == n || rows[i].received < rows[least].received))
            least = i;
    if (least < n)
        rows[least].held_back = true;
}

static void keep_key(struct ll_complaint_figures *f, const char *key)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->rows[i].key, key) == 0)
            f->rows[n++] = f->rows[i];
    f->n = n;
}

static int check_month(const char *name, const char *text, struct ll_err *err)
{
    bool fine = !text || (strlen(text) == MONTH_TEXT && text[4] == '-' && strspn(text, "0123456789") == 4 &&
                          strspn(text + 5, "0123456789") == 2);

    return fine ? LL_OK
                : ll_fail(err, LL_USAGE, "%s：应为月份，如 2026-05", "%s: a month, such as 2026-05", name);
}

int ll_complaint_figures_read(const struct ll_complaint_env *env, const struct ll_complaint_ask *a,
                              struct ll_complaint_figures *ret, struct ll_err *err)
{
    struct counting *k = ll_arena_array(env->arena, 1, sizeof *k);
    int rc;

    *ret = (struct ll_complaint_figures){
        .by = a->by,
        .few = a->few,
        .total = {.key = ""},
        .rows = ll_arena_array(env->arena, LL_COMPLAINT_ROWS, sizeof *ret->rows)};
    if (!k || !ret->rows)
        return ll_no_memory(err);
    memset(k, 0, sizeof *k);
    k->env = env;
    k->to = ret;
    if ((rc = check_month("from", a->from, err)) < 0 || (rc = check_month("to", a->to, err)) < 0 ||
        (rc = count(k, a, err)) < 0)
        return rc;
    if (a->few) {
        ll_complaint_hold_back(ret->rows, ret->n);
        ll_complaint_hold_back(&ret->total, 1);
    }
    if (a->only_key)
        keep_key(ret, a->only_key);
    return LL_OK;
}

/* ---- names of keys ---- */

/* NULL: as the key stands. */
static const char *title_of(const struct ll_complaint_env *env, enum ll_complaint_by by, const char *key,
                            enum ll_lang lang)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(env->cat, LL_STR(LL_COMPLAINT_KINDS));
    const struct ll_code *code;
    const struct ll_organisation *o;
    enum ll_state state;

    switch (by) {
    case LL_COMPLAINT_BY_INSTITUTION:
        if (!key[0])
            return lang == LL_ZH ? "平台" : "the platform";
        o = ll_catalog_organisation(env->cat, ll_str(key));
        return !o ? NULL : lang == LL_EN && o->name_en ? o->name_en : o->name;
    case LL_COMPLAINT_BY_KIND:
        code = kinds ? ll_codeset_by_code(kinds, ll_str(key)) : NULL;
        return !code ? NULL : lang == LL_EN && code->title_en.n ? code->title_en.p : code->title.p;
    case LL_COMPLAINT_BY_STATE:
        state = ll_state_parse(LL_FLOW_COMPLAINT, ll_str(key));
        return state < LL_STATE_COUNT ? ll_state_title(state, lang) : NULL;
    default:
        return NULL;
    }
}

/* ---- as answers and files have them ---- */

enum {
#define X(...) +1
    COUNTS = 0 LL_COMPLAINT_COUNTS(X),
#undef X
    BEFORE = 2,
    COLUMNS = BEFORE + COUNTS + 2
};

static const char *const count_titles[COUNTS][2] = {
#define X(name, sql, zh, en) {zh, en},
    LL_COMPLAINT_COUNTS(X)
#undef X
};
static const char *const count_names[COUNTS] = {
#define X(name, ...) #name,
    LL_COMPLAINT_COUNTS(X)
#undef X
};

/* What of a row is told, promise (2) kept: -1 and NAN are not. */
struct shown {
    int64_t counts[COUNTS], days;
    double rating;
};

static bool too_few(const struct ll_complaint_figures *f, int64_t n)
{
    return f->few && n > 0 && n < LL_COMPLAINT_LEAST;
}

static struct shown show(const struct ll_complaint_figures *f, const struct ll_complaint_row *r)
{
    struct shown out = {.counts = {
#define X(name, ...) r->name,
                            LL_COMPLAINT_COUNTS(X)
#undef X
                        }};

    for (size_t i = 0; i < COUNTS; i++)
        if (r->held_back || too_few(f, out.counts[i]))
            out.counts[i] = -1;
    out.days = r->held_back || too_few(f, r->answered) ? -1 : r->days;
    out.rating = r->held_back || too_few(f, r->rated) ? (double)NAN : r->rating;
    return out;
}

static void put_number(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n < 0)
        ll_json_null(j);
    else
        ll_json_int(j, n);
}

static void put_figures(struct ll_json *j, const struct ll_complaint_figures *f,
                        const struct ll_complaint_row *r)
{
    const struct shown s = show(f, r);

    for (size_t i = 0; i < COUNTS; i++)
        put_number(j, count_names[i], s.counts[i]);
    put_number(j, "days_median", s.days);
    ll_json_kn(j, "rating", s.rating);
    ll_json_kb(j, "held_back", r->held_back);
}

void ll_complaint_figures_put(const struct ll_complaint_env *env, const struct ll_complaint_figures *f,
                              struct ll_json *j)
{
    ll_json_kz(j, "by", dimensions[f->by].word);
    ll_json_ki(j, "least", f->few ? LL_COMPLAINT_LEAST : 0);
    ll_json_key(j, "total");
    ll_json_obj(j);
    put_figures(j, f, &f->total);
    ll_json_end_obj(j);
    ll_json_key(j, "rows");
    ll_json_arr(j);
    for (size_t i = 0; i < f->n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "key", f->rows[i].key);
        ll_json_kz(j, "title", title_of(env, f->by, f->rows[i].key, LL_ZH));
        ll_json_kz(j, "title_en", title_of(env, f->by, f->rows[i].key, LL_EN));
        put_figures(j, f, &f->rows[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static int put_table_row(const struct ll_complaint_figures *f, const struct ll_complaint_row *r,
                         const char *title, ll_complaint_row_fn *put, void *ctx, struct ll_err *err)
{
    const struct shown s = show(f, r);
    char text[COLUMNS][32];
    struct ll_str cells[COLUMNS];

    memset(text, 0, sizeof text);
    for (size_t i = 0; i < COUNTS; i++)
        if (s.counts[i] >= 0)
            snprintf(text[BEFORE + i], sizeof text[0], "%" PRId64, s.counts[i]);
    if (s.days >= 0)
        snprintf(text[BEFORE + COUNTS], sizeof text[0], "%" PRId64, s.days);
    if (!isnan(s.rating))
        snprintf(text[BEFORE + COUNTS + 1], sizeof text[0], "%.2f", s.rating);
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = ll_str(text[i]);
    cells[0] = ll_str(r->key);
    cells[1] = ll_str(title);
    return put(ctx, cells, COLUMNS, err);
}

int ll_complaint_figures_rows(const struct ll_complaint_env *env, const struct ll_complaint_figures *f,
                              enum ll_lang lang, ll_complaint_row_fn *put, void *ctx, struct ll_err *err)
{
    struct ll_str cells[COLUMNS] = {ll_str(lang == LL_ZH ? "代码" : "code"),
                                    ll_str(dimensions[f->by].title[lang])};
    int rc;

    for (size_t i = 0; i < COUNTS; i++)
        cells[BEFORE + i] = ll_str(count_titles[i][lang]);
    cells[BEFORE + COUNTS] = ll_str(lang == LL_ZH ? "答复工作日（中位）"
                                                  : "working days to the answer (median)");
    cells[BEFORE + COUNTS + 1] = ll_str(lang == LL_ZH ? "平均评分" : "mean rating");
    rc = put(ctx, cells, COLUMNS, err);
    for (size_t i = 0; rc == LL_OK && i < f->n; i++) {
        const char *title = title_of(env, f->by, f->rows[i].key, lang);
        rc = put_table_row(f, &f->rows[i], title ? title : f->rows[i].key, put, ctx, err);
    }
    return rc < 0 ? rc : put_table_row(f, &f->total, lang == LL_ZH ? "合计" : "in all", put, ctx, err);
}
