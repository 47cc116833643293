/* month.c - see month.h. */
#include "share/month.h"

#include "base/clock.h"
#include "share/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WHERE                                                                                                \
    " WHERE u.day BETWEEN $1 AND $2 AND ($3 IS NULL OR u.organisation = $3"                                  \
    " OR u.resource IN (SELECT name FROM resource WHERE provider = $3))"
#define SUMS                                                                                                 \
    "sum(CASE WHEN u.outcome = 'answered' THEN u.calls ELSE 0 END),"                                         \
    " sum(CASE WHEN u.outcome = 'answered' THEN u.keys ELSE 0 END), sum(u.records),"                         \
    " sum(CASE WHEN u.outcome = 'answered' THEN u.subjects ELSE 0 END),"                                     \
    " sum(CASE WHEN u.outcome = 'answered' THEN 0 ELSE u.calls END)"

static const char lines_sql[] =
    "WITH days AS (SELECT access_grant, day, sum(keys) AS k FROM usage WHERE day BETWEEN $1 AND $2"
    " AND outcome = 'answered' GROUP BY access_grant, day),"
    " peaks AS (SELECT access_grant, max(k) AS k FROM days GROUP BY access_grant)"
    " SELECT u.access_grant, u.organisation, (SELECT o.name FROM organisation o WHERE o.code = u.organisation),"
    " u.resource, (SELECT r.title FROM resource r WHERE r.name = u.resource AND r.current = 1),"
    " (SELECT r.provider FROM resource r WHERE r.name = u.resource AND r.current = 1),"
    " (SELECT g.purpose FROM access_grant g WHERE g.id = u.access_grant), " SUMS ","
    " coalesce((SELECT p.k FROM peaks p WHERE p.access_grant = u.access_grant), 0),"
    " coalesce((SELECT g.per_day FROM access_grant g WHERE g.id = u.access_grant), 0),"
    " coalesce((SELECT g.total FROM access_grant g WHERE g.id = u.access_grant), 0),"
    " coalesce((SELECT sum(x.keys) FROM usage x WHERE x.access_grant = u.access_grant AND x.day <= $2"
    " AND x.outcome = 'answered'), 0)"
    " FROM usage u" WHERE " GROUP BY u.access_grant, u.organisation, u.resource"
    " ORDER BY u.organisation, u.resource, u.access_grant LIMIT $4";
static const char refusals_sql[] =
    "SELECT u.organisation, u.resource, u.access_grant, u.outcome, sum(u.calls) FROM usage u" WHERE
    " AND u.outcome <> 'answered' GROUP BY u.organisation, u.resource, u.access_grant, u.outcome"
    " ORDER BY u.organisation, u.resource, u.access_grant, u.outcome LIMIT $4";
static const char all_refusals_sql[] =
    "SELECT u.outcome, sum(u.calls) FROM usage u" WHERE
    " AND u.outcome <> 'answered' GROUP BY u.outcome ORDER BY 2 DESC, 1 LIMIT $4";
static const char purposes_sql[] =
    "SELECT g.purpose, sum(u.calls) FROM usage u JOIN access_grant g ON g.id = u.access_grant" WHERE
    " AND u.outcome = 'answered' GROUP BY g.purpose ORDER BY 2 DESC, 1 LIMIT $4";

/* --- reading ---------------------------------------------------------------------------------------------------------- */

struct reading {
    struct ll_txn *tx;
    struct ll_arena *arena;
    const char *either;
    struct ll_month *m;
    bool nomem;
};

static int ask(struct reading *r, const char *sql, int64_t most, struct ll_stmt **ret, struct ll_err *err)
{
    int rc = ll_sql(r->tx, sql, ret, err);

    if (rc < 0)
        return rc;
    ll_bind_int(*ret, 1, r->m->from_day);
    ll_bind_int(*ret, 2, r->m->to_day);
    ll_bind_z(*ret, 3, r->either);
    ll_bind_int(*ret, 4, most);
    return LL_OK;
}

static void read_line(struct reading *r, struct ll_stmt *s, struct ll_month_line *l)
{
    *l = (struct ll_month_line){
        .grant = ll_col_dup(s, 0, r->arena, &r->nomem),
        .organisation = ll_col_dup(s, 1, r->arena, &r->nomem),
        .organisation_name = ll_col_dup(s, 2, r->arena, &r->nomem),
        .resource = ll_col_dup(s, 3, r->arena, &r->nomem),
        .resource_title = ll_col_dup(s, 4, r->arena, &r->nomem),
        .provider = ll_col_dup(s, 5, r->arena, &r->nomem),
        .purpose = ll_col_dup(s, 6, r->arena, &r->nomem),
        .sums = {ll_col_int(s, 7), ll_col_int(s, 8), ll_col_int(s, 9), ll_col_int(s, 10), ll_col_int(s, 11)},
        .peak = ll_col_int(s, 12),
        .per_day = ll_col_int(s, 13),
        .total = ll_col_int(s, 14),
        .used = ll_col_int(s, 15)};
}

static void add(struct ll_month_sums *to, const struct ll_month_sums *more)
{
    to->calls += more->calls;
    to->keys += more->keys;
    to->records += more->records;
    to->subjects += more->subjects;
    to->refused += more->refused;
}

static int read_lines(struct reading *r, struct ll_month_line **ret, struct ll_err *err)
{
    struct ll_month_line *list = ll_arena_array(r->arena, LL_MONTH_LINES + 1, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc = list ? ask(r, lines_sql, LL_MONTH_LINES + 1, &s, err) : ll_no_memory(err);

    while (rc >= 0 && n <= LL_MONTH_LINES && (rc = ll_step(s, err)) > 0) {
        read_line(r, s, &list[n]);
        add(&r->m->sums, &list[n++].sums);
    }
    ll_stmt_done(s);
    if (rc >= 0 && n > LL_MONTH_LINES)
        return ll_fail(err, LL_TOOBIG, "超过 %d 行，请由各机构分别出具",
                       "more than %d lines; let each organisation make its own", LL_MONTH_LINES);
    *ret = list;
    r->m->lines = list;
    r->m->n_lines = n;
    return rc < 0 ? rc : r->nomem ? ll_no_memory(err) : LL_OK;
}

/* Both are in the same order: each refusal is that of the present line or of one further on. */
static int read_refusals(struct reading *r, struct ll_month_line *lines, struct ll_err *err)
{
    enum { MOST = LL_MONTH_LINES * 4 };
    struct ll_month_refusal *list = ll_arena_array(r->arena, MOST, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0, at = 0;
    int rc = list ? ask(r, refusals_sql, MOST, &s, err) : ll_no_memory(err);

    while (rc >= 0 && n < MOST && (rc = ll_step(s, err)) > 0) {
        while (at < r->m->n_lines && !(ll_str_is(ll_col_text(s, 0), lines[at].organisation) &&
                                       ll_str_is(ll_col_text(s, 1), lines[at].resource) &&
                                       ll_str_is(ll_col_text(s, 2), lines[at].grant)))
            at++;
        if (at == r->m->n_lines)
            break;
        list[n] = (struct ll_month_refusal){ll_col_dup(s, 3, r->arena, &r->nomem), ll_col_int(s, 4)};
        if (!lines[at].n_refusals++)
            lines[at].refusals = &list[n];
        n++;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : r->nomem ? ll_no_memory(err) : LL_OK;
}

static int read_pairs(struct reading *r, const char *sql, size_t most, const struct ll_month_refusal **ret,
                      size_t *ret_n, struct ll_err *err)
{
    struct ll_month_refusal *list = ll_arena_array(r->arena, most, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc = list ? ask(r, sql, (int64_t)most, &s, err) : ll_no_memory(err);

    while (rc >= 0 && n < most && (rc = ll_step(s, err)) > 0)
        list[n++] = (struct ll_month_refusal){ll_col_dup(s, 0, r->arena, &r->nomem), ll_col_int(s, 1)};
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : r->nomem ? ll_no_memory(err) : LL_OK;
}

/* "2026-11" */
int ll_month_span(struct ll_str text, struct ll_month_span *ret, struct ll_err *err)
{
    int64_t year, month;

    if (text.n != 7 || text.p[4] != '-' || !ll_str_i64((struct ll_str){text.p, 4}, 2000, 9998, &year) ||
        !ll_str_i64((struct ll_str){text.p + 5, 2}, 1, 12, &month))
        return ll_fail(err, LL_USAGE, "月份写作 2026-11，收到 %.*s", "a month is written 2026-11, got %.*s",
                       LL_STR_ARG(text));
    *ret = (struct ll_month_span){.year = (int)year, .month = (unsigned)month};
    ret->from_day = ll_days_from_civil(ret->year, ret->month, 1);
    ret->to_day = ll_days_from_civil(ret->year + (month == 12), ret->month % 12 + 1, 1) - 1;
    ret->over = ll_today() > ret->to_day;
    return LL_OK;
}

static int read_text(struct ll_str text, struct ll_month *m, struct ll_err *err)
{
    struct ll_month_span span;
    int rc = ll_month_span(text, &span, err);

    if (rc < 0)
        return rc;
    m->year = span.year;
    m->month = span.month;
    m->from_day = span.from_day;
    m->to_day = span.to_day;
    m->over = span.over;
    return LL_OK;
}

int ll_month_read(struct ll_txn *tx, struct ll_str text, const char *either, struct ll_arena *arena,
                  struct ll_month *ret, struct ll_err *err)
{
    enum { CONDITIONS = 64 };
    struct reading r = {.tx = tx, .arena = arena, .either = either, .m = ret};
    struct ll_month_line *lines = NULL;
    int rc;

    *ret = (struct ll_month){.n_lines = 0};
    if ((rc = read_text(text, ret, err)) < 0 || (rc = ll_ledger_read(tx, &ret->entries, err)) < 0 ||
        (rc = read_lines(&r, &lines, err)) < 0 || (rc = read_refusals(&r, lines, err)) < 0 ||
        (rc = read_pairs(&r, all_refusals_sql, CONDITIONS, &ret->refusals, &ret->n_refusals, err)) < 0)
        return rc;
    return read_pairs(&r, purposes_sql, LL_MONTH_PURPOSES, &ret->purposes, &ret->n_purposes, err);
}

/* --- as JSON ------------------------------------------------------------------------------------------------------------- */

static void put_sums(struct ll_json *j, const struct ll_month_sums *s)
{
    ll_json_ki(j, "calls", s->calls);
    ll_json_ki(j, "keys", s->keys);
    ll_json_ki(j, "records", s->records);
    ll_json_ki(j, "subjects", s->subjects);
    ll_json_ki(j, "refused", s->refused);
}

static void put_pairs(struct ll_json *j, const char *key, const char *name,
                      const struct ll_month_refusal *list, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, name, list[i].condition);
        ll_json_ki(j, "calls", list[i].calls);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_line(struct ll_json *j, const struct ll_month_line *l)
{
    ll_json_obj(j);
    ll_json_kz(j, "grant", l->grant[0] ? l->grant : NULL);
    ll_json_kz(j, "organisation", l->organisation);
    ll_json_kz(j, "organisation_name", l->organisation_name);
    ll_json_kz(j, "resource", l->resource);
    ll_json_kz(j, "resource_title", l->resource_title);
    ll_json_kz(j, "provider", l->provider);
    ll_json_kz(j, "purpose", l->purpose);
    put_sums(j, &l->sums);
    ll_json_ki(j, "peak", l->peak);
    ll_json_ki(j, "per_day", l->per_day);
    ll_json_ki(j, "total", l->total);
    ll_json_ki(j, "used", l->used);
    put_pairs(j, "refusals", "condition", l->refusals, l->n_refusals);
    ll_json_end_obj(j);
}

/* Lines of one organisation stand together. */
static void put_organisations(const struct ll_month *m, struct ll_json *j)
{
    ll_json_key(j, "organisations");
    ll_json_arr(j);
    for (size_t i = 0, k; i < m->n_lines; i = k) {
        struct ll_month_sums sums = {0};
        for (k = i; k < m->n_lines && strcmp(m->lines[k].organisation, m->lines[i].organisation) == 0; k++)
            add(&sums, &m->lines[k].sums);
        ll_json_obj(j);
        ll_json_kz(j, "organisation", m->lines[i].organisation);
        ll_json_kz(j, "organisation_name", m->lines[i].organisation_name);
        put_sums(j, &sums);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_month_put(const struct ll_month *m, struct ll_json *j)
{
    char month[32];

    snprintf(month, sizeof month, "%04d-%02u", m->year, m->month);
    ll_json_obj(j);
    ll_json_kz(j, "month", month);
    ll_json_kb(j, "over", m->over);
    ll_json_ki(j, "entries", m->entries);
    ll_json_key(j, "lines");
    ll_json_arr(j);
    for (size_t i = 0; i < m->n_lines; i++)
        put_line(j, &m->lines[i]);
    ll_json_end_arr(j);
    put_organisations(m, j);
    put_pairs(j, "purposes", "purpose", m->purposes, m->n_purposes);
    put_pairs(j, "refusals", "condition", m->refusals, m->n_refusals);
    ll_json_key(j, "sums");
    ll_json_obj(j);
    put_sums(j, &m->sums);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
}

/* --- as a table ------------------------------------------------------------------------------------------------------------ */

static const char *const titles[LL_MONTH_COLUMNS][2] = {{"机构代码", "organisation"},
                                                        {"机构", "organisation name"},
                                                        {"数据资源", "resource"},
                                                        {"资源名称", "resource title"},
                                                        {"提供方", "provider"},
                                                        {"授权", "grant"},
                                                        {"用途", "purpose"},
                                                        {"答复次数", "calls answered"},
                                                        {"查询数", "keys"},
                                                        {"记录数", "records"},
                                                        {"涉及主体次数", "looks at subjects"},
                                                        {"拒绝次数", "calls refused"},
                                                        {"拒绝原因", "refused by"},
                                                        {"最多一日查询数", "keys of the busiest day"},
                                                        {"每日限额", "keys a day granted"},
                                                        {"累计查询数", "keys in all"},
                                                        {"总限额", "keys granted in all"}};

static void fill_line(const struct ll_month_line *l, struct ll_buf out[LL_MONTH_COLUMNS])
{
    const char *texts[] = {l->organisation,   l->organisation_name, l->resource,
                           l->resource_title, l->provider,          l->grant,
                           l->purpose};
    const int64_t numbers[] = {l->sums.calls, l->sums.keys, l->sums.records, l->sums.subjects,
                               l->sums.refused};
    const int64_t quotas[] = {l->peak, l->per_day, l->used, l->total};
    size_t at = 0;

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        ll_buf_z(&out[at++], texts[i] ? texts[i] : "");
    for (size_t i = 0; i < LL_COUNT(numbers); i++)
        ll_buf_printf(&out[at++], "%" PRId64, numbers[i]);
    for (size_t i = 0; i < l->n_refusals; i++)
        ll_buf_printf(&out[at], "%s%s %" PRId64, i ? "; " : "", l->refusals[i].condition,
                      l->refusals[i].calls);
    at++;
    for (size_t i = 0; i < LL_COUNT(quotas); i++) /* no quota, no number */
        if (l->grant[0] && (quotas[i] || i % 2 == 0))
            ll_buf_printf(&out[at + i], "%" PRId64, quotas[i]);
}

static int put_row(const struct ll_month_line *l, ll_month_row_fn *put, void *ctx, struct ll_err *err)
{
    struct ll_buf text[LL_MONTH_COLUMNS];
    struct ll_str cells[LL_MONTH_COLUMNS];
    bool failed = false;

    for (size_t i = 0; i < LL_MONTH_COLUMNS; i++)
        text[i] = LL_BUF_INIT(8192);
    fill_line(l, text);
    for (size_t i = 0; i < LL_MONTH_COLUMNS; i++) {
        cells[i] = ll_buf_view(&text[i]);
        failed = failed || text[i].failed;
    }
    int rc = failed ? ll_no_memory(err) : put(ctx, cells, LL_MONTH_COLUMNS, err);
    for (size_t i = 0; i < LL_MONTH_COLUMNS; i++)
        ll_buf_free(&text[i]);
    return rc;
}

int ll_month_rows(const struct ll_month *m, enum ll_lang lang, ll_month_row_fn *put, void *ctx,
                  struct ll_err *err)
{
    const struct ll_month_line sum = {.organisation = lang == LL_ZH ? "合计" : "sum",
                                      .grant = "",
                                      .sums = m->sums,
                                      .refusals = m->refusals,
                                      .n_refusals = m->n_refusals};
    struct ll_str cells[LL_MONTH_COLUMNS];
    int rc;

    for (size_t i = 0; i < LL_MONTH_COLUMNS; i++)
        cells[i] = ll_str(titles[i][lang == LL_ZH ? 0 : 1]);
    rc = put(ctx, cells, LL_MONTH_COLUMNS, err);
    for (size_t i = 0; rc == LL_OK && i < m->n_lines; i++)
        rc = put_row(&m->lines[i], put, ctx, err);
    return rc < 0 ? rc : put_row(&sum, put, ctx, err);
}
