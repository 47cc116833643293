/* licence_cost.c - what bought data cost in a month (licence.h, 3). */
#include "base/clock.h"
#include "share/licence.h"
#include "share/workdays.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A day's price is that of the terms which held at its end. */
static const char lines_sql[] =
    "WITH priced AS (SELECT u.resource, u.organisation, u.keys, (SELECT l.call_fen FROM licence l WHERE l.resource = u.resource"
    " AND l.made_day <= u.day ORDER BY l.seq DESC LIMIT 1) AS fen FROM usage u WHERE u.day BETWEEN $1 AND $2 AND u.outcome = 'answered'),"
    " held AS (SELECT l.resource, max(l.seq) AS seq FROM licence l WHERE l.made_day <= $2 GROUP BY l.resource),"
    " lines AS (SELECT resource, organisation, sum(keys) AS keys, sum(keys * fen) AS fen FROM priced WHERE fen IS NOT NULL"
    " GROUP BY resource, organisation)"
    " SELECT h.resource, (SELECT r.title FROM resource r WHERE r.name = h.resource AND r.current = 1), l.supplier, x.organisation,"
    " (SELECT o.name FROM organisation o WHERE o.code = x.organisation), coalesce(x.keys, 0), coalesce(x.fen, 0),"
    " CASE WHEN l.from_at < $4 AND l.until_at > $3 THEN l.month_fen ELSE 0 END"
    " FROM held h JOIN licence l ON l.seq = h.seq LEFT JOIN lines x ON x.resource = h.resource"
    " ORDER BY h.resource, x.organisation LIMIT $5";

struct reading {
    struct ll_licence_cost *lines;
    size_t n, room;
};

static int read_lines(struct ll_txn *tx, const struct ll_month_span *span, struct ll_arena *arena,
                      struct reading *r, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx, lines_sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, span->from_day);
    ll_bind_int(s, 2, span->to_day);
    ll_bind_int(s, 3, ll_workday_end(span->from_day - 1));
    ll_bind_int(s, 4, ll_workday_end(span->to_day));
    ll_bind_int(s, 5, (int64_t)r->room + 1);
    while (r->n <= r->room && (rc = ll_step(s, err)) > 0)
        r->lines[r->n++] = (struct ll_licence_cost){.resource = ll_col_dup(s, 0, arena, &nomem),
                                                    .title = ll_col_dup(s, 1, arena, &nomem),
                                                    .supplier = ll_col_dup(s, 2, arena, &nomem),
                                                    .organisation = ll_col_dup(s, 3, arena, &nomem),
                                                    .organisation_name = ll_col_dup(s, 4, arena, &nomem),
                                                    .keys = ll_col_int(s, 5),
                                                    .call_fen = ll_col_int(s, 6),
                                                    .month_fen = ll_col_int(s, 7)};
    ll_stmt_done(s);
    if (rc >= 0 && r->n > r->room)
        return ll_fail(err, LL_TOOBIG, "超过 %zu 行", "more than %zu lines", r->room);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

/* Never more than is left, however the division rounds. */
static int64_t part_of(int64_t price, int64_t keys, int64_t of, int64_t left)
{
    const int64_t part = (int64_t)((double)price * ((double)keys / (double)of));

    return part < left ? part : left;
}

/* The month's price of each resource, shared by keys; lines of a resource stand together.  ret has room for a line more a resource. */
static size_t share_out(const struct reading *r, struct ll_licence_cost *ret)
{
    size_t n = 0;

    for (size_t i = 0, k; i < r->n; i = k) {
        const int64_t price = r->lines[i].month_fen;
        int64_t keys = 0, left = price;
        for (k = i; k < r->n && strcmp(r->lines[k].resource, r->lines[i].resource) == 0; k++)
            keys += r->lines[k].keys;
        for (size_t at = i; at < k; at++) {
            if (!r->lines[at].organisation)
                continue;
            ret[n] = r->lines[at];
            ret[n].month_fen = keys ? part_of(price, r->lines[at].keys, keys, left) : 0;
            left -= ret[n++].month_fen;
        }
        if (left)
            ret[n++] = (struct ll_licence_cost){.resource = r->lines[i].resource,
                                                .title = r->lines[i].title,
                                                .supplier = r->lines[i].supplier,
                                                .month_fen = left};
    }
    return n;
}

int ll_licence_costs_read(struct ll_txn *tx, struct ll_str month, const char *only, struct ll_arena *arena,
                          struct ll_licence_costs *ret, struct ll_err *err)
{
    struct reading r = {.lines = ll_arena_array(arena, LL_LICENCE_LINES + 1, sizeof *r.lines),
                        .room = LL_LICENCE_LINES};
    struct ll_licence_cost *shared;
    size_t n, kept = 0;
    int rc;

    *ret = (struct ll_licence_costs){.n = 0};
    if ((rc = ll_month_span(month, &ret->span, err)) < 0)
        return rc;
    if (!r.lines)
        return ll_no_memory(err);
    if ((rc = read_lines(tx, &ret->span, arena, &r, err)) < 0)
        return rc;
    if (!(shared = ll_arena_array(arena, r.n * 2 + 1, sizeof *shared)))
        return ll_no_memory(err);
    n = share_out(&r, shared);
    for (size_t i = 0; i < n; i++)
        if (!only || (shared[i].organisation && strcmp(shared[i].organisation, only) == 0)) {
            shared[kept++] = shared[i];
            ret->keys += shared[i].keys;
            ret->fen += shared[i].call_fen + shared[i].month_fen;
        }
    ret->lines = shared;
    ret->n = kept;
    return LL_OK;
}

int ll_licence_spent(struct ll_txn *tx, const char *resource, int64_t *ret_fen, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_licence_costs c = {.n = 0};
    char month[LL_TIME_TEXT];
    int y, rc;
    unsigned m, d;

    ll_civil_from_days(ll_today(), &y, &m, &d);
    snprintf(month, sizeof month, "%04d-%02u", y, m);
    rc = arena ? ll_licence_costs_read(tx, ll_str(month), NULL, arena, &c, err) : ll_no_memory(err);
    *ret_fen = 0;
    for (size_t i = 0; rc == LL_OK && i < c.n; i++)
        if (strcmp(c.lines[i].resource, resource) == 0)
            *ret_fen += c.lines[i].call_fen + c.lines[i].month_fen;
    ll_arena_free(arena);
    return rc;
}

/* ---- writing ---- */

void ll_licence_costs_put(const struct ll_licence_costs *c, struct ll_json *j)
{
    char month[LL_TIME_TEXT];

    snprintf(month, sizeof month, "%04d-%02u", c->span.year, c->span.month);
    ll_json_obj(j);
    ll_json_kz(j, "month", month);
    ll_json_kb(j, "over", c->span.over);
    ll_json_ki(j, "keys", c->keys);
    ll_json_ki(j, "fen", c->fen);
    ll_json_key(j, "lines");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n; i++) {
        const struct ll_licence_cost *l = &c->lines[i];
        ll_json_obj(j);
        ll_json_kz(j, "resource", l->resource);
        ll_json_kz(j, "title", l->title);
        ll_json_kz(j, "supplier", l->supplier);
        ll_json_kz(j, "organisation", l->organisation);
        ll_json_kz(j, "organisation_name", l->organisation_name);
        ll_json_ki(j, "keys", l->keys);
        ll_json_ki(j, "call_fen", l->call_fen);
        ll_json_ki(j, "month_fen", l->month_fen);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static const char *const titles[LL_LICENCE_COLUMNS][2] = {
    {"数据资源", "resource"},
    {"资源名称", "title"},
    {"供应方", "supplier"},
    {"机构代码", "organisation"},
    {"机构", "organisation name"},
    {"计费查询数", "keys charged"},
    {"按次费用（分）", "by call (fen)"},
    {"月费分摊（分）", "share of the month's price (fen)"},
    {"合计（分）", "in all (fen)"}};

static int put_row(const struct ll_licence_cost *l, ll_month_row_fn *put, void *ctx, struct ll_err *err)
{
    const char *texts[] = {l->resource, l->title, l->supplier, l->organisation, l->organisation_name};
    const int64_t numbers[] = {l->keys, l->call_fen, l->month_fen, l->call_fen + l->month_fen};
    char written[LL_COUNT(numbers)][24];
    struct ll_str cells[LL_LICENCE_COLUMNS];

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        cells[i] = ll_str(texts[i] ? texts[i] : "");
    for (size_t i = 0; i < LL_COUNT(numbers); i++) {
        snprintf(written[i], sizeof written[i], "%" PRId64, numbers[i]);
        cells[LL_COUNT(texts) + i] = ll_str(written[i]);
    }
    return put(ctx, cells, LL_LICENCE_COLUMNS, err);
}

int ll_licence_costs_rows(const struct ll_licence_costs *c, enum ll_lang lang, ll_month_row_fn *put,
                          void *ctx, struct ll_err *err)
{
    struct ll_licence_cost sum = {.resource = lang == LL_ZH ? "合计" : "sum", .keys = c->keys};
    struct ll_str cells[LL_LICENCE_COLUMNS];
    int rc;

    for (size_t i = 0; i < LL_LICENCE_COLUMNS; i++)
        cells[i] = ll_str(titles[i][lang == LL_ZH ? 0 : 1]);
    rc = put(ctx, cells, LL_LICENCE_COLUMNS, err);
    for (size_t i = 0; rc == LL_OK && i < c->n; i++) {
        sum.call_fen += c->lines[i].call_fen;
        sum.month_fen += c->lines[i].month_fen;
        rc = put_row(&c->lines[i], put, ctx, err);
    }
    return rc < 0 ? rc : put_row(&sum, put, ctx, err);
}
