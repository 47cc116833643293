/* timeliness.c - see timeliness.h.  Table `timely` of the connection holds one row a decision that is reported; all else is asked of it. */
#include "apps/credit/timeliness_impl.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 64 << 20, BATCHES_MAX = 100000, FIRST_YEAR = 2000 };

struct reading {
    struct ll_data *d;
    const struct ll_timely_ask *ask;
    struct ll_arena *arena;
    struct ll_lake_conn *conn;
    struct ll_timely_batch *batches;
    size_t n_batches;
    int32_t until; /* the first day after the months asked for */
    int32_t today,
        last; /* the calendar ends with the later of them: a delivery may have come by another clock */
};

/* --- months ---------------------------------------------------------------------------------------------------------------- */

int32_t ll_timely_month_of(int32_t day)
{
    unsigned m, d;
    int y;

    ll_civil_from_days(day, &y, &m, &d);
    return ll_days_from_civil(y, m, 1);
}

int ll_timely_month(struct ll_str text, int32_t *ret, struct ll_err *err)
{
    int64_t y = 0, m = 0;

    if (text.n != 7 || text.p[4] != '-' || !ll_str_i64((struct ll_str){text.p, 4}, FIRST_YEAR, 9998, &y) ||
        !ll_str_i64((struct ll_str){text.p + 5, 2}, 1, 12, &m))
        return ll_fail(err, LL_USAGE, "月份应写作 2026-05", "a month is written 2026-05");
    *ret = ll_days_from_civil((int)y, (unsigned)m, 1);
    return LL_OK;
}

static int check_months(struct reading *r, struct ll_err *err)
{
    const struct ll_timely_ask *ask = r->ask;

    if (ask->from > ask->to)
        return ll_fail(err, LL_USAGE, "起始月份晚于截止月份", "the first month lies after the last");
    if (ll_public_months_later(ask->from, LL_TIMELY_MONTHS) <= ask->to)
        return ll_fail(err, LL_USAGE, "一次最多看 %d 个月", "at most %d months at once", LL_TIMELY_MONTHS);
    r->until = ll_public_months_later(ask->to, 1);
    return LL_OK;
}

/* --- batches --------------------------------------------------------------------------------------------------------------- */

static int take_batch(struct reading *r, struct ll_stmt *s, struct ll_err *err)
{
    struct ll_timely_batch *b = &r->batches[r->n_batches];
    bool nomem = false;

    *b = (struct ll_timely_batch){.batch = {.id = ll_col_dup(s, 0, r->arena, &nomem),
                                            .resource = r->ask->resource->name,
                                            .seq = ll_col_int(s, 1),
                                            .quarantined = ll_col_int(s, 2)},
                                  .day = ll_workday_of(ll_col_int(s, 3))};
    if (b->day > r->last)
        r->last = b->day;
    r->n_batches++;
    return nomem ? ll_no_memory(err) : LL_OK;
}

static int read_batches(struct reading *r, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc;

    if ((rc = ll_txn_begin(ll_data_store(r->d), false, &tx, err)) == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT b.id, b.seq, b.quarantined, d.received_at, count(*) OVER () FROM batch b JOIN delivery d ON d.id = b.id"
             " WHERE b.resource = $1 AND b.version = $2 AND b.state = 'published' ORDER BY b.seq LIMIT 100000",
             &s, err)) == LL_OK) {
        ll_bind_z(s, 1, r->ask->resource->name);
        ll_bind_int(s, 2, r->ask->resource->version);
        while ((rc = ll_step(s, err)) > 0) {
            if (!r->batches &&
                !(r->batches = ll_arena_array(r->arena, (size_t)ll_col_int(s, 4) + 1, sizeof *r->batches)))
                rc = ll_no_memory(err);
            else if (r->n_batches < BATCHES_MAX)
                rc = take_batch(r, s, err);
            if (rc < 0)
                break;
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* --- the statement --------------------------------------------------------------------------------------------------------- */

static void item_as(struct ll_buf *sql, const char *item, const char *as)
{
    if (*item)
        ll_buf_sql_name(sql, ll_str(item));
    else
        ll_buf_z(sql, "NULL::VARCHAR");
    ll_buf_printf(sql, " AS %s, ", as);
}

/* hash("a", "b", ...) of what is not sealed: a sealed value differs each time it is sealed. */
static void content(struct ll_buf *sql, const struct ll_resource *res)
{
    const char *comma = "hash(";

    for (size_t i = 0; i < res->n_items; i++) {
        if (ll_item_sealed(&res->items[i]))
            continue;
        ll_buf_z(sql, comma);
        ll_buf_sql_name(sql, ll_str(res->items[i].name));
        comma = ", ";
    }
    ll_buf_z(sql, ") AS content, ");
}

static int put_versions(struct reading *r, struct ll_buf *sql, struct ll_err *err)
{
    const struct ll_public_kind *k = r->ask->kind;
    int rc = LL_OK;

    for (size_t i = 0; i < r->n_batches && rc == LL_OK; i++) {
        ll_buf_z(sql, i ? " UNION ALL SELECT " : "SELECT ");
        item_as(sql, k->department_code, "code");
        item_as(sql, k->department, "name");
        item_as(sql, k->number, "number");
        item_as(sql, k->party, "party");
        item_as(sql, k->party_class, "class");
        item_as(sql, k->party_code, "party_code");
        item_as(sql, k->decided, "decided");
        item_as(sql, k->grounds, "grounds");
        content(sql, r->ask->resource);
        ll_buf_printf(sql, "coalesce(ll_deleted, false) AS deleted, %lld AS seq, %d AS day FROM (",
                      (long long)r->batches[i].batch.seq, r->batches[i].day);
        rc = ll_batch_versions_sql(r->d, r->ask->resource, &r->batches[i].batch, sql, err);
        ll_buf_c(sql, ')');
    }
    return rc;
}

/* workdays(day, nth): how many working days there were up to and with each day, from the first month on. */
static void put_calendar(const struct reading *r, struct ll_buf *sql)
{
    int32_t end = r->today > r->last ? r->today : r->last;
    int nth = 0;

    ll_buf_printf(sql, "workdays AS (SELECT unnest(range(%d, %d)) AS day, unnest([", r->ask->from, end + 1);
    for (int32_t day = r->ask->from; day <= end; day++) {
        nth += ll_workday_is(day);
        ll_buf_printf(sql, "%s%d", day > r->ask->from ? "," : "", nth);
    }
    ll_buf_z(sql, "]) AS nth)");
}

/* One row a decision that is reported and was not taken back; in_range: it was made in the months asked for, and days is known. */
static int put_statement(struct reading *r, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    ll_buf_z(sql, "CREATE TEMP TABLE timely AS WITH versions AS (");
    if ((rc = put_versions(r, sql, err)) < 0)
        return rc;
    ll_buf_z(
        sql,
        "), told AS (SELECT *, lag(content) OVER w AS content_before, lag(deleted) OVER w AS gone_before FROM versions"
        " WINDOW w AS (PARTITION BY code, number, party ORDER BY seq)),"
        " reports AS (SELECT code, number, party, arg_max(name, seq) AS name, arg_max(class, seq) AS class,"
        " arg_max(party_code, seq) AS party_code,"
        " arg_max(decided, seq) AS decided, arg_max(grounds, seq) AS grounds, min(day) FILTER (WHERE NOT deleted) AS reported,"
        " count(*) FILTER (WHERE NOT deleted) AS told,"
        " count(*) FILTER (WHERE NOT deleted AND NOT gone_before AND content = content_before) AS repeated,"
        " arg_max(deleted, seq) AS gone FROM told GROUP BY code, number, party),"
        " kept AS (SELECT *, date_diff('day', DATE '1970-01-01', decided) AS made FROM reports WHERE NOT gone),"
        " numbers AS (SELECT number, count(DISTINCT code) AS departments, list(DISTINCT name) AS names FROM kept GROUP BY number"
        " HAVING count(DISTINCT code) > 1), ");
    put_calendar(r, sql);
    ll_buf_printf(
        sql,
        " SELECT k.code, k.name, k.number, k.party, k.class, k.party_code, k.made, k.reported, k.told, k.repeated, k.grounds,"
        " k.made >= %d AND k.made < %d AS in_range, n.names AS shared_by, e.nth - b.nth AS days"
        " FROM kept k LEFT JOIN numbers n USING (number) LEFT JOIN workdays b ON b.day = k.made"
        " LEFT JOIN workdays e ON e.day = k.reported",
        r->ask->from, r->until);
    return sql->failed ? ll_no_memory(err) : LL_OK;
}

/* Without a batch there is nothing to read, and the table is left empty. */
static int make_table(struct reading *r, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc = LL_OK;

    if (r->n_batches)
        rc = put_statement(r, &sql, err);
    else
        ll_buf_z(
            &sql,
            "CREATE TEMP TABLE timely (code VARCHAR, name VARCHAR, number VARCHAR, party VARCHAR, class VARCHAR, party_code VARCHAR, made BIGINT,"
            " reported BIGINT, told BIGINT, repeated BIGINT, grounds VARCHAR, in_range BOOLEAN, shared_by VARCHAR[], days BIGINT)");
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_lake_exec(r->conn, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

static int open_reading(struct reading *r, struct ll_err *err)
{
    struct ll_lake *lake = NULL;
    int rc;

    r->today = ll_workday_of(ll_now_ms());
    if ((rc = check_months(r, err)) < 0 || (rc = read_batches(r, err)) < 0 ||
        (rc = ll_data_lake(r->d, &lake, err)) < 0 || (rc = ll_lake_connect(lake, &r->conn, err)) < 0)
        return rc;
    return make_table(r, err);
}

static void put_department(const struct reading *r, struct ll_buf *sql)
{
    if (!r->ask->department)
        return;
    ll_buf_z(sql, " AND (code = ");
    ll_buf_sql(sql, ll_str(r->ask->department));
    if (r->ask->or_named) {
        ll_buf_z(sql, " OR name = ");
        ll_buf_sql(sql, ll_str(r->ask->or_named));
    }
    ll_buf_c(sql, ')');
}

/* Runs a query over `timely`. */
static int each(struct reading *r, struct ll_buf *sql, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_each(r->conn, sql->p, fn, ctx, err);

    ll_buf_free(sql);
    return rc;
}

static const char *text(struct ll_arena *a, const struct ll_lake_value *v)
{
    return ll_arena_dup(a, v->kind == LL_LV_TEXT ? v->s : LL_STR(""));
}

/* --- lines ----------------------------------------------------------------------------------------------------------------- */

struct ll_timely_line *ll_timely_line_of(struct ll_timely_lines *l, const char *code, const char *name,
                                         int32_t month, struct ll_err *err)
{
    for (size_t i = l->n; i-- > 0;)
        if (l->p[i].month == month && strcmp(l->p[i].code, code) == 0)
            return &l->p[i];
    if (l->n == LL_TIMELY_LINES) {
        ll_fail(err, LL_TOOBIG, "部门与月份的组合超过 %d 个，请缩小范围",
                "more than %d departments and months: ask for less", LL_TIMELY_LINES);
        return NULL;
    }
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        struct ll_timely_line *p = ll_arena_array(l->arena, cap, sizeof *p);
        if (!p) {
            ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
            return NULL;
        }
        if (l->n)
            memcpy(p, l->p, l->n * sizeof *p);
        l->p = p;
        l->cap = cap;
    }
    l->p[l->n] = (struct ll_timely_line){.code = code, .name = name, .month = month};
    return &l->p[l->n++];
}

static int take_line(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct ll_timely_lines *l = ctx;
    const char *code = text(l->arena, &v[0]), *name = text(l->arena, &v[1]);
    struct ll_timely_line *line;

    (void)n;
    if (!code || !name)
        return ll_no_memory(err);
    if (!(line = ll_timely_line_of(l, code, name, (int32_t)v[2].i, err)))
        return (int)err->rc;
    line->decided = v[3].i;
    line->in_time = v[4].i;
    line->late = v[5].i;
    line->late_days = v[6].i;
    line->worst = v[7].i;
    line->ungrounded = v[8].i;
    line->repeated = v[9].i;
    line->shared = v[10].i;
    return LL_OK;
}

static int read_lines(struct reading *r, struct ll_timely_lines *l, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);

    ll_buf_printf(
        &sql,
        "SELECT code, arg_max(name, made), date_diff('day', DATE '1970-01-01', date_trunc('month', DATE '1970-01-01' + made::INTEGER))"
        " AS month, count(*), count(*) FILTER (WHERE days <= %u), count(*) FILTER (WHERE days > %u),"
        " coalesce(sum(days - %u) FILTER (WHERE days > %u), 0)::BIGINT, greatest(max(days) - %u, 0)::BIGINT,"
        " count(*) FILTER (WHERE grounds NOT LIKE '%%《%%》%%'), sum(repeated)::BIGINT, count(shared_by)"
        " FROM timely WHERE in_range",
        r->ask->kind->report_days, r->ask->kind->report_days, r->ask->kind->report_days,
        r->ask->kind->report_days, r->ask->kind->report_days);
    put_department(r, &sql);
    ll_buf_z(&sql, " GROUP BY code, month ORDER BY code, month");
    return each(r, &sql, take_line, l, err);
}

/* --- gaps ------------------------------------------------------------------------------------------------------------------- */

enum { GAPS_MAX = 200, SERIES_LEAST = 5 };

struct gaps {
    struct ll_arena *arena;
    struct ll_timely_gap *p;
    size_t n;
};

static int take_gap(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct gaps *g = ctx;
    struct ll_timely_gap *gap = &g->p[g->n];

    (void)n;
    *gap = (struct ll_timely_gap){.code = text(g->arena, &v[0]),
                                  .name = text(g->arena, &v[1]),
                                  .series = text(g->arena, &v[2]),
                                  .lowest = v[3].i,
                                  .highest = v[4].i,
                                  .reported = v[5].i,
                                  .missing = v[6].i,
                                  .first = text(g->arena, &v[7])};
    if (!gap->code || !gap->name || !gap->series || !gap->first)
        return ll_no_memory(err);
    g->n++;
    return LL_OK;
}

/* A series in which more is missing than there is was not numbered by the department alone: nothing follows from its holes. */
static int read_gaps(struct reading *r, struct gaps *g, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);

    if (!(g->p = ll_arena_array(g->arena, GAPS_MAX, sizeof *g->p)))
        return ll_no_memory(err);
    ll_buf_z(
        &sql,
        "WITH parts AS (SELECT code, regexp_extract(number, '^(.*[^0-9])[0-9]{1,9}号?$', 1) AS series,"
        " regexp_extract(number, '([0-9]{1,9})号?$', 1)::BIGINT AS n, any_value(name) AS name, bool_or(in_range) AS wanted FROM timely"
        " WHERE regexp_matches(number, '^.*[^0-9][0-9]{1,9}号?$')");
    put_department(r, &sql);
    ll_buf_printf(
        &sql,
        " GROUP BY ALL), steps AS (SELECT *, lead(n) OVER (PARTITION BY code, series ORDER BY n) AS next FROM parts)"
        " SELECT code, any_value(name), series, min(n), max(n), count(*), sum(coalesce(next - n - 1, 0))::BIGINT AS missing,"
        " array_to_string(flatten(list(range(n + 1, least(next, n + %d)) ORDER BY n) FILTER (WHERE next > n + 1))[1:%d], ', ')"
        " FROM steps GROUP BY code, series HAVING bool_or(wanted) AND count(*) >= %d AND missing BETWEEN 1 AND count(*)"
        " ORDER BY missing DESC, code, series LIMIT %d",
        LL_TIMELY_GAPS + 1, LL_TIMELY_GAPS, SERIES_LEAST, GAPS_MAX);
    return each(r, &sql, take_gap, g, err);
}

/* --- all of it --------------------------------------------------------------------------------------------------------------- */

static int by_code_month(const void *a, const void *b)
{
    const struct ll_timely_line *x = a, *y = b;
    int order = strcmp(x->code, y->code);

    return order ? order : (x->month > y->month) - (x->month < y->month);
}

static void add_up(struct ll_timely *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct ll_timely_line *l = &t->lines[i];
        t->sums.decided += l->decided;
        t->sums.in_time += l->in_time;
        t->sums.late += l->late;
        t->sums.late_days += l->late_days;
        t->sums.worst = l->worst > t->sums.worst ? l->worst : t->sums.worst;
        t->sums.ungrounded += l->ungrounded;
        t->sums.repeated += l->repeated;
        t->sums.shared += l->shared;
        t->sums.refused += l->refused;
    }
}

int ll_timely_read(struct ll_data *d, const struct ll_timely_ask *ask, struct ll_arena *arena,
                   struct ll_timely *ret, struct ll_err *err)
{
    struct reading r = {.d = d, .ask = ask, .arena = arena};
    struct ll_timely_lines lines = {.arena = arena};
    struct gaps gaps = {.arena = arena};
    int rc = open_reading(&r, err);

    if (rc == LL_OK && (rc = read_lines(&r, &lines, err)) == LL_OK &&
        (rc = read_gaps(&r, &gaps, err)) == LL_OK)
        rc = ll_timely_refused(d, ask, r.batches, r.n_batches, &lines, err);
    ll_lake_disconnect(r.conn);
    if (rc < 0)
        return rc;
    if (lines.n)
        qsort(lines.p, lines.n, sizeof *lines.p, by_code_month);
    *ret = (struct ll_timely){.lines = lines.p,
                              .n = lines.n,
                              .gaps = gaps.p,
                              .n_gaps = gaps.n,
                              .sums = {.code = "", .name = "", .month = LL_PUBLIC_NO_DAY},
                              .today = r.today,
                              .calendar_known = ll_workday_known(ask->from) &&
                                                ll_workday_known(r.today < r.until ? r.today : r.until)};
    add_up(ret);
    return LL_OK;
}

/* --- one by one -------------------------------------------------------------------------------------------------------------- */

struct records {
    struct ll_arena *arena;
    const struct ll_public_kind *kind;
    struct ll_timely_record *p;
    size_t n;
    int64_t total;
};

static const char *const conditions[] = {[LL_TIMELY_ALL] = "true",
                                         [LL_TIMELY_LATE] = "days > limit_days",
                                         [LL_TIMELY_UNGROUNDED] = "grounds NOT LIKE '%《%》%'",
                                         [LL_TIMELY_REPEATED] = "repeated > 0",
                                         [LL_TIMELY_SHARED] = "shared_by IS NOT NULL"};

static int take_record(void *ctx, const struct ll_lake_value *v, size_t n, struct ll_err *err)
{
    struct records *k = ctx;
    struct ll_timely_record *rec = &k->p[k->n];

    (void)n;
    *rec = (struct ll_timely_record){.number = text(k->arena, &v[0]),
                                     .party = text(k->arena, &v[1]),
                                     .party_code = text(k->arena, &v[11]),
                                     .person = v[2].i != 0,
                                     .code = text(k->arena, &v[3]),
                                     .name = text(k->arena, &v[4]),
                                     .decided = (int32_t)v[5].i,
                                     .reported = (int32_t)v[6].i,
                                     .days = v[7].i,
                                     .beyond = v[7].i > k->kind->report_days ? v[7].i - k->kind->report_days
                                                                             : 0,
                                     .told = v[8].i,
                                     .others = text(k->arena, &v[9])};
    k->total = v[10].i;
    if (!rec->number || !rec->party || !rec->party_code || !rec->code || !rec->name || !rec->others)
        return ll_no_memory(err);
    k->n++;
    return LL_OK;
}

int ll_timely_records(struct ll_data *d, const struct ll_timely_ask *ask, enum ll_timely_what what,
                      int64_t offset, int64_t limit, struct ll_arena *arena, struct ll_timely_record **ret,
                      size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    struct reading r = {.d = d, .ask = ask, .arena = arena};
    struct records k = {.arena = arena, .kind = ask->kind};
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc;

    if (!(k.p = ll_arena_array(arena, (size_t)limit + 1, sizeof *k.p)))
        return ll_no_memory(err);
    if ((rc = open_reading(&r, err)) == LL_OK) {
        ll_buf_printf(
            &sql,
            "SELECT number, party, coalesce(class = '" LL_PUBLIC_PERSON
            "', false), code, name, made, reported, days, told,"
            " array_to_string(list_sort(list_filter(shared_by, x -> x <> name)), '、'), count(*) OVER (),"
            " party_code FROM (SELECT *, %u AS limit_days FROM timely WHERE in_range",
            ask->kind->report_days);
        put_department(&r, &sql);
        ll_buf_printf(&sql, ") WHERE %s ORDER BY days DESC, code, number, party LIMIT %lld OFFSET %lld",
                      conditions[what], (long long)limit, (long long)offset);
        rc = each(&r, &sql, take_record, &k, err);
    }
    ll_lake_disconnect(r.conn);
    *ret = k.p;
    *ret_n = k.n;
    *ret_total = k.total;
    return rc;
}
