/* statistic.c - see statistic.h. */
#include "apps/finance/statistic.h"

#include "apps/finance/event_deliver.h"
#include "catalog/segschema.h"
#include "intake/stored.h"
#include "lake/lake.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 16 << 20 };

static const struct {
    const char *word, *key;
} dimensions[] = {
#define X(id, word, key, zh, en) {word, key},
    LL_STAT_DIMENSIONS(X)
#undef X
};

struct computing {
    const struct ll_stat_ask *ask;
    struct ll_arena *arena;
    struct ll_stat *to;
    struct ll_lake *lake;
    struct ll_lake_conn *c;
    const enum ll_stat_by *by; /* by[i] goes to to[i] */
    size_t n;
    struct ll_stat_row *rows; /* of the dimension that is read */
    size_t n_rows;
};

bool ll_stat_by_of(struct ll_str word, enum ll_stat_by *ret)
{
    for (size_t i = 0; i < LL_STAT_BY_COUNT; i++)
        if (ll_str_is(word, dimensions[i].word)) {
            *ret = (enum ll_stat_by)i;
            return true;
        }
    return false;
}

const char *ll_stat_by_word(enum ll_stat_by by)
{
    return dimensions[by].word;
}

/* ---- statements ---- */

static int find_source(struct computing *k, const char *name, struct ll_stat_source *ret, struct ll_err *err)
{
    struct ll_batch *batches = NULL;
    int rc = LL_OK;

    *ret = (struct ll_stat_source){.resource = ll_catalog_resource(k->ask->cat, ll_str(name))};
    if (ret->resource)
        rc = ll_batch_live(k->ask->data, ret->resource->name, ret->resource->version, k->ask->as_of.ms, NULL,
                           k->arena, &batches, &ret->batches.n, err);
    ret->batches.batches = batches;
    return rc;
}

static int put_rows(struct computing *k, const struct ll_stat_source *s, struct ll_buf *sql,
                    struct ll_err *err)
{
    return ll_batch_current_sql(k->ask->data, s->resource, s->batches.batches, s->batches.n, sql, err);
}

/* TABLE x: the events that count, each with the days from the demand where it is the first loan of its financing. */
static int put_events(struct computing *k, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    ll_buf_z(
        sql,
        "CREATE TABLE x AS WITH e AS (SELECT event_no AS no, event_ms AS ms, CAST(event_day AS DATE) AS day, event_kind AS kind,"
        " event_financing AS f, event_case AS c, firm_key AS firm, handling_organisation AS org, event_product AS product,"
        " CAST(event_amount AS DECIMAL(20,2)) AS amount, CAST(event_rate AS DECIMAL(9,6)) AS rate, event_reason AS reason,"
        " coalesce(first_loan, false) AS first, coalesce(renewed_without_repayment, false) AS renewal, event_region AS region,"
        " event_industry AS industry, event_size AS size FROM (");
    rc = put_rows(k, &k->to->events, sql, err);
    ll_buf_printf(sql, ") WHERE event_ms <= %" PRId64, k->ask->as_of.ms);
    if (k->ask->organisation) {
        ll_buf_z(sql, " AND handling_organisation = ");
        ll_buf_sql(sql, ll_str(k->ask->organisation));
    }
    ll_buf_z(
        sql,
        "), w AS (SELECT f, min(ms) FILTER (WHERE kind = 'published') AS published, min(ms) FILTER (WHERE kind = 'drawn') AS drawn"
        " FROM e WHERE f IS NOT NULL GROUP BY f), nth AS (SELECT no, row_number() OVER (PARTITION BY f ORDER BY ms, no) AS n FROM e"
        " WHERE kind = 'drawn') SELECT e.*, CASE WHEN nth.n = 1 AND w.published IS NOT NULL THEN (w.drawn - w.published) // 86400000 END"
        " AS days FROM e LEFT JOIN w ON w.f = e.f LEFT JOIN nth ON nth.no = e.no");
    return rc;
}

static void put_figures(struct ll_buf *sql, const char *key)
{
    ll_buf_printf(sql, "SELECT %s AS k", key);
#define X(name, counts, zh, en) ll_buf_z(sql, ", " counts);
    LL_STAT_COUNTS(X)
#undef X
#define X(name, zh, en) ll_buf_z(sql, ", count(DISTINCT f) FILTER (WHERE kind = '" #name "')");
    LL_STAT_FUNNEL(X)
#undef X
    ll_buf_z(
        sql,
        ", CAST(sum(amount * rate) FILTER (WHERE kind = 'drawn' AND rate IS NOT NULL) AS DOUBLE)"
        ", CAST(sum(amount) FILTER (WHERE kind = 'drawn' AND rate IS NOT NULL) AS DOUBLE)"
        ", CAST(quantile_disc(days, 0.5) AS BIGINT), CAST(quantile_disc(days, 0.9) AS BIGINT) FROM x GROUP BY 1 ORDER BY 1");
}

/* ---- rows ---- */

static int64_t whole(const struct ll_lake_value *v, int64_t none)
{
    return v->kind == LL_LV_INT ? v->i : none;
}

static int read_row(const struct ll_lake_value *v, struct ll_arena *arena, struct ll_stat_row *r,
                    struct ll_err *err)
{
    size_t at = 1;

    *r = (struct ll_stat_row){.key = ll_arena_dup(arena, v[0].kind == LL_LV_TEXT ? v[0].s : LL_STR(""))};
    if (!r->key)
        return ll_no_memory(err);
#define X(name, ...) r->name = whole(&v[at++], 0);
    LL_STAT_COUNTS(X)
#undef X
#define X(name, ...) r->f_##name = whole(&v[at++], 0);
    LL_STAT_FUNNEL(X)
#undef X
    r->rate = v[at].kind == LL_LV_NUM && v[at + 1].kind == LL_LV_NUM && v[at + 1].num > 0
                  ? v[at].num / v[at + 1].num
                  : NAN;
    r->days_mid = whole(&v[at + 2], -1);
    r->days_p90 = whole(&v[at + 3], -1);
    return LL_OK;
}

static int take_total(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct computing *k = ctx;

    (void)n;
    return read_row(v, k->arena, &k->to->total, err);
}

static int take_row(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct computing *k = ctx;

    (void)n;
    if (k->n_rows == LL_STAT_ROWS_MAX)
        return ll_fail(err, LL_TOOBIG, "分组超过 %d 个", "more than %d groups", LL_STAT_ROWS_MAX);
    return read_row(v, k->arena, &k->rows[k->n_rows++], err);
}

static int take_last(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct computing *k = ctx;
    struct ll_stat_event *list = (struct ll_stat_event *)k->to->last, *e = &list[k->to->n_last++];

    (void)n;
    *e = (struct ll_stat_event){.ms = v[0].i,
                                .kind = ll_arena_dup(k->arena, v[1].s),
                                .region = ll_arena_dup(k->arena, v[2].s),
                                .fen = whole(&v[3], -1)};
    return e->kind && e->region ? LL_OK : ll_no_memory(err);
}

static int take_reason(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct computing *k = ctx;
    struct ll_stat_reason *list = (struct ll_stat_reason *)k->to->reasons;

    (void)n;
    if (k->ask->public_cells && v[2].i < LL_STAT_LEAST)
        return LL_OK;
    list[k->to->n_reasons] = (struct ll_stat_reason){ll_arena_dup(k->arena, v[0].s), v[1].i};
    return list[k->to->n_reasons++].code ? LL_OK : ll_no_memory(err);
}

static int each(struct computing *k, struct ll_buf *sql, ll_lake_fn *fn, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_each(k->c, sql->p, fn, k, err);

    ll_buf_clear(sql);
    return rc;
}

/* ---- what institutions report ---- */

struct reported {
    const char *amount, *day;
    struct ll_stat_source *source;
};

static int take_reported(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct ll_stat_source *s = ctx;

    (void)n;
    (void)err;
    s->n = v[0].i;
    s->fen = whole(&v[1], 0);
    return LL_OK;
}

static int read_reported(struct computing *k, const struct reported *what, struct ll_buf *sql,
                         struct ll_err *err)
{
    const struct ll_resource *r = what->source->resource;
    const struct ll_item *amount = r ? ll_resource_item(r, ll_str(what->amount)) : NULL,
                         *day = r ? ll_resource_item(r, ll_str(what->day)) : NULL,
                         *who = r ? ll_resource_item(r, LL_STR("institution_code")) : NULL;
    int rc;

    if (!amount || !day || !who || !what->source->batches.n)
        return LL_OK;
    ll_buf_z(
        sql,
        "SELECT count(*), CAST(coalesce(sum(CAST(a AS DECIMAL(20,2))), 0) * 100 AS BIGINT) FROM (SELECT ");
    if (ll_item_sealed(amount))
        ll_stored_opened(sql, r, amount);
    else
        ll_stored_value(sql, r, amount);
    ll_buf_z(sql, " AS a, ");
    ll_stored_value(sql, r, day);
    ll_buf_z(sql, " AS d, ");
    ll_stored_value(sql, r, who);
    ll_buf_z(sql, " AS o FROM (");
    rc = put_rows(k, what->source, sql, err);
    ll_buf_printf(sql, ")) WHERE CAST(d AS DATE) <= DATE '%s'", k->ask->as_of.day);
    if (k->ask->organisation) {
        ll_buf_z(sql, " AND o = ");
        ll_buf_sql(sql, ll_str(k->ask->organisation));
    }
    if (rc == LL_OK)
        rc = sql->failed ? ll_no_memory(err) : ll_lake_each(k->c, sql->p, take_reported, what->source, err);
    ll_buf_clear(sql);
    return rc;
}

/* ---- order, and what is held back ---- */

static int by_number(int64_t a, int64_t b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

/* The declared rule of the league: amount lent, loans, amount granted, then the code; nothing else enters. */
static int by_league(const void *x, const void *y)
{
    const struct ll_stat_row *a = x, *b = y;
    int c = by_number(a->lent_fen, b->lent_fen);

    if (!c)
        c = by_number(a->lent, b->lent);
    if (!c)
        c = by_number(a->granted_fen, b->granted_fen);
    return c ? c : strcmp(a->key, b->key);
}

/* The row to be held back next: the one of the fewest firms that is still told; n: none. */
static size_t fewest(const struct ll_stat_row *rows, size_t n)
{
    size_t least = n;

    for (size_t i = 0; i < n; i++)
        if (!rows[i].held_back && rows[i].firms > 0 && (least == n || rows[i].firms < rows[least].firms))
            least = i;
    return least;
}

void ll_stat_hold_back(struct ll_stat_row *rows, size_t n)
{
    size_t held = 0, next;
    int64_t firms = 0;

    for (size_t i = 0; i < n; i++)
        rows[i].held_back = false;
    while ((next = fewest(rows, n)) < n &&
           (rows[next].firms < LL_STAT_LEAST || (held > 0 && (held == 1 || firms < LL_STAT_LEAST)))) {
        rows[next].held_back = true;
        firms += rows[next].firms;
        held++;
    }
}

static void keep_key(struct ll_stat *s, const char *key)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->rows[i].key, key) == 0)
            s->rows[n++] = s->rows[i];
    s->n = n;
}

static void settle(const struct ll_stat_ask *a, struct ll_stat *s)
{
    if (s->by == LL_STAT_INSTITUTION || s->by == LL_STAT_PRODUCT)
        qsort(s->rows, s->n, sizeof *s->rows, by_league);
    if (a->only_key)
        keep_key(s, a->only_key);
    else if (a->public_cells && s->by != LL_STAT_TOTAL)
        ll_stat_hold_back(s->rows, s->n);
    if (a->public_cells)
        ll_stat_hold_back(&s->total, 1);
}

static bool told(const struct ll_stat *s, size_t n, const char *region)
{
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; s[i].by == LL_STAT_REGION && r < s[i].n; r++)
            if (strcmp(s[i].rows[r].key, region) == 0)
                return !s[i].rows[r].held_back;
    return false;
}

/* What all of them have alike; of the last events, where only what (3) lets be told. */
static void share(const struct ll_stat_ask *a, struct ll_stat *s, size_t n)
{
    struct ll_stat_event *last = (struct ll_stat_event *)s->last;

    if (a->public_cells && s->total.held_back)
        s->n_last = 0;
    for (size_t i = 0; a->public_cells && i < s->n_last; i++)
        if (!told(s, n, last[i].region))
            last[i].region = "";
    for (size_t i = 1; i < n; i++) {
        struct ll_stat one = s[0];
        one.by = s[i].by;
        one.rows = s[i].rows;
        one.n = s[i].n;
        s[i] = one;
    }
}

/* ---- all of it ---- */

static const char reasons_sql[] =
    "SELECT coalesce(reason, ''), count(*), count(DISTINCT firm) FROM x WHERE kind = 'refused' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100";

static int read_dimension(struct computing *k, size_t at, struct ll_buf *sql, struct ll_err *err)
{
    struct ll_stat *to = &k->to[at];
    int rc;

    if (to->by == LL_STAT_TOTAL)
        return LL_OK;
    k->n_rows = 0;
    put_figures(sql, dimensions[to->by].key);
    if ((rc = each(k, sql, take_row, err)) < 0)
        return rc;
    if (!(to->rows = ll_arena_array(k->arena, k->n_rows, sizeof *to->rows)))
        return ll_no_memory(err);
    memcpy(to->rows, k->rows, k->n_rows * sizeof *to->rows);
    to->n = k->n_rows;
    return LL_OK;
}

static int read_events(struct computing *k, struct ll_buf *sql, struct ll_err *err)
{
    int rc = put_events(k, sql, err);

    if (rc == LL_OK)
        rc = sql->failed ? ll_no_memory(err) : ll_lake_exec(k->c, sql->p, err);
    ll_buf_clear(sql);
    put_figures(sql, dimensions[LL_STAT_TOTAL].key);
    if (rc == LL_OK)
        rc = each(k, sql, take_total, err);
    for (size_t i = 0; rc == LL_OK && i < k->n; i++)
        rc = read_dimension(k, i, sql, err);
    ll_buf_clear(sql);
    ll_buf_z(sql, reasons_sql);
    if (rc == LL_OK)
        rc = each(k, sql, take_reason, err);
    if (rc < 0 || !k->ask->last)
        return rc;
    ll_buf_printf(sql,
                  "SELECT ms, kind, coalesce(left(region, 6), ''), CAST(amount * 100 AS BIGINT) FROM x"
                  " WHERE firm IS NOT NULL ORDER BY ms DESC, no DESC LIMIT %zu",
                  k->ask->last < LL_STAT_LAST_MAX ? k->ask->last : LL_STAT_LAST_MAX);
    return each(k, sql, take_last, err);
}

static int compute(struct computing *k, struct ll_buf *sql, struct ll_err *err)
{
    const struct reported reported[] = {{"granted_amount", "grant_date", &k->to->reported_grants},
                                        {"loan_amount", "loan_from", &k->to->reported_loans}};
    int rc = ll_feature_engine(k->ask->data, "statistics", &k->lake, &k->c, err);

    if (rc == LL_OK && k->to->events.batches.n)
        rc = read_events(k, sql, err);
    for (size_t i = 0; rc == LL_OK && i < LL_COUNT(reported); i++)
        rc = read_reported(k, &reported[i], sql, err);
    return rc;
}

static int make_room(struct computing *k, struct ll_err *err)
{
    for (size_t i = 0; i < k->n; i++)
        k->to[i] = (struct ll_stat){.as_of = k->ask->as_of,
                                    .by = k->by[i],
                                    .total = {.key = "", .rate = NAN, .days_mid = -1, .days_p90 = -1}};
    k->rows = ll_arena_array(k->arena, LL_STAT_ROWS_MAX, sizeof *k->rows);
    k->to->reasons = ll_arena_array(k->arena, LL_STAT_REASONS_MAX, sizeof *k->to->reasons);
    k->to->last = ll_arena_array(k->arena, LL_STAT_LAST_MAX, sizeof *k->to->last);
    return k->rows && k->to->reasons && k->to->last ? LL_OK : ll_no_memory(err);
}

int ll_stat_read_each(const struct ll_stat_ask *a, const enum ll_stat_by *by, size_t n,
                      struct ll_arena *arena, struct ll_stat *ret, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct computing k = {.ask = a, .arena = arena, .to = ret, .by = by, .n = n};
    int rc = make_room(&k, err);

    if (rc < 0 || (rc = find_source(&k, LL_EVENT_RESOURCE, &ret->events, err)) < 0 ||
        (rc = find_source(&k, "finance_grant", &ret->reported_grants, err)) < 0 ||
        (rc = find_source(&k, "finance_loan", &ret->reported_loans, err)) < 0)
        return rc;
    if (!ret->events.resource)
        return ll_fail(err, LL_NOTFOUND, "没有数据资源 %s：先装载场景包 finance",
                       "there is no resource %s: load pack finance", LL_EVENT_RESOURCE);
    rc = compute(&k, &sql, err);
    ll_lake_disconnect(k.c);
    ll_lake_close(k.lake);
    ll_buf_free(&sql);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        ret[i].total = ret->total;
        settle(a, &ret[i]);
    }
    if (rc == LL_OK)
        share(a, ret, n);
    return rc;
}

int ll_stat_read(const struct ll_stat_ask *a, struct ll_arena *arena, struct ll_stat *ret, struct ll_err *err)
{
    return ll_stat_read_each(a, &a->by, 1, arena, ret, err);
}
