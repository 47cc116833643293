/* ledger_read.c - what the ledger's tables tell (ledger.h). */
#include "share/ledger.h"
#include "share/lookrow.h"

#include "base/clock.h"

int ll_usage_of_grant(struct ll_txn *tx, struct ll_str grant, int64_t day, int64_t *ret_total,
                      int64_t *ret_day, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT coalesce(sum(keys), 0), coalesce(sum(CASE WHEN day = $2 THEN keys ELSE 0 END), 0) FROM usage"
        " WHERE access_grant = $1 AND outcome = 'answered'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, grant);
    ll_bind_int(s, 2, day);
    if ((rc = ll_step(s, err)) > 0) {
        *ret_total = ll_col_int(s, 0);
        *ret_day = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- usage ---------------------------------------------------------------------------------------------------------- */

#define SUMS                                                                                                                        \
    " sum(CASE WHEN u.outcome = 'answered' THEN u.calls ELSE 0 END), sum(CASE WHEN u.outcome = 'answered' THEN u.keys ELSE 0 END)," \
    " sum(u.records), sum(CASE WHEN u.outcome = 'answered' THEN 0 ELSE u.calls END), max(u.last_at)"
#define WHERE                                                                                                   \
    " FROM usage u WHERE u.day BETWEEN $1 AND $2 AND ($3 IS NULL OR u.organisation = $3)"                       \
    " AND ($4 IS NULL OR u.organisation = $4 OR u.resource IN (SELECT name FROM resource WHERE provider = $4))" \
    " AND ($5 IS NULL OR u.resource = $5) AND ($6 IS NULL OR u.access_grant = $6)"
#define BY(column) "SELECT " column "," SUMS WHERE " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000"

static const char *const by_sql[] = {
    [LL_USAGE_BY_GRANT] = BY("u.access_grant"),
    [LL_USAGE_BY_RESOURCE] = BY("u.resource"),
    [LL_USAGE_BY_ORGANISATION] = BY("u.organisation"),
    [LL_USAGE_BY_DAY] = "SELECT u.day," SUMS WHERE " GROUP BY 1 ORDER BY 1 LIMIT 1000",
};
static const char total_sql[] = "SELECT NULL," SUMS WHERE;

static void put_sums(struct ll_stmt *s, struct ll_json *j)
{
    char when[LL_TIME_TEXT];

    ll_json_ki(j, "calls", ll_col_int(s, 1));
    ll_json_ki(j, "keys", ll_col_int(s, 2));
    ll_json_ki(j, "records", ll_col_int(s, 3));
    ll_json_ki(j, "refused", ll_col_int(s, 4));
    ll_json_kz(j, "last_at", ll_col_null(s, 5) ? NULL : ll_time_text(ll_col_int(s, 5), when));
}

static void put_day(struct ll_json *j, int64_t day)
{
    int y;
    unsigned m, d;
    struct ll_buf text = LL_BUF_INIT(32);

    ll_civil_from_days((int32_t)day, &y, &m, &d);
    ll_buf_printf(&text, "%04d-%02u-%02u", y, m, d);
    ll_json_ks(j, "what", ll_buf_view(&text));
    ll_buf_free(&text);
}

static int ask(struct ll_txn *tx, const char *sql, const struct ll_usage_query *q, struct ll_stmt **ret,
               struct ll_err *err)
{
    int rc = ll_sql(tx, sql, ret, err);

    if (rc < 0)
        return rc;
    ll_bind_int(*ret, 1, q->from_day);
    ll_bind_int(*ret, 2, q->to_day);
    ll_bind_z(*ret, 3, q->organisation);
    ll_bind_z(*ret, 4, q->either);
    ll_bind_z(*ret, 5, q->resource);
    ll_bind_z(*ret, 6, q->grant);
    return LL_OK;
}

int ll_usage_put(struct ll_txn *tx, const struct ll_usage_query *q, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ask(tx, by_sql[q->by], q, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0) {
        ll_json_obj(j);
        if (q->by == LL_USAGE_BY_DAY)
            put_day(j, ll_col_int(s, 0));
        else
            ll_json_ks(j, "what", ll_col_text(s, 0));
        put_sums(s, j);
        ll_json_end_obj(j);
    }
    ll_stmt_done(s);
    ll_json_end_arr(j);
    if (rc < 0 || (rc = ask(tx, total_sql, q, &s, err)) < 0)
        return rc;
    ll_json_key(j, "total");
    ll_json_obj(j);
    if ((rc = ll_step(s, err)) > 0)
        put_sums(s, j);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- looks ---------------------------------------------------------------------------------------------------------- */

int ll_looks_of(struct ll_txn *tx, const char *subject, int64_t before, int64_t *ret, size_t room,
                size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    struct ll_look_head end;
    struct ll_stmt *s = NULL;
    int rc = ll_look_chain_end(tx, subject, &end, err);

    *ret_n = 0;
    *ret_total = rc == LL_OK ? (int64_t)end.looks : 0;
    if (rc < 0 ||
        (rc = ll_sql(tx, "SELECT entries FROM look WHERE subject = $1 AND entry < $2 ORDER BY entry DESC", &s,
                     err)) < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_int(s, 2, before);
    while (*ret_n < room && (rc = ll_step(s, err)) > 0) {
        struct ll_str run = ll_col_text(s, 0);
        int64_t list[LL_LOOK_RUN];
        size_t n = 0;
        bool given;
        while (n < LL_LOOK_RUN && ll_look_run_next(&run, &list[n], &given) && list[n] < before)
            n++;
        while (n > 0 && *ret_n < room)
            ret[(*ret_n)++] = list[--n];
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}
