/* query.c - a SELECT that is not ours: prepared with parameters, refused when it is anything but one reading statement, and stopped when
 * its time is over.  It runs in small tasks on our thread, so that the clock is looked at without a second thread; what it gives is bounded
 * by the LIMIT that its caller puts around it. */
#include "lake/internal.h"

#include "base/clock.h"

#include <string.h>
#include <time.h>

static int prepare(struct ll_lake_conn *c, const char *sql, duckdb_prepared_statement *s, struct ll_err *err)
{
    if (duckdb_prepare(c->c, sql, s) != DuckDBSuccess)
        return ll_lake_fail(err, duckdb_prepare_error(*s));
    if (duckdb_prepared_statement_type(*s) != DUCKDB_STATEMENT_TYPE_SELECT)
        return ll_fail(err, LL_INVALID, "只能是一条 SELECT 查询", "it must be one SELECT and nothing else");
    return LL_OK;
}

static int bind(duckdb_prepared_statement s, const struct ll_lake_query *q, struct ll_err *err)
{
    for (size_t i = 0; i < q->n_params; i++) {
        const struct ll_lake_param *p = &q->params[i];
        idx_t at;
        if (duckdb_bind_parameter_index(s, &at, p->name) != DuckDBSuccess)
            continue; /* declared and not used */
        duckdb_state ok = p->value.p ? duckdb_bind_varchar_length(s, at, p->value.p, p->value.n)
                                     : duckdb_bind_null(s, at);
        if (ok != DuckDBSuccess)
            return ll_fail(err, LL_USAGE, "参数 %s 无法使用", "parameter %s cannot be used", p->name);
    }
    return LL_OK;
}

static bool over(const struct ll_lake_query *q)
{
    return q->until_us && ll_mono_us() > q->until_us;
}

static int too_long(struct ll_err *err)
{
    return ll_fail(err, LL_TOOBIG, "查询在时限内没有完成，请缩小范围",
                   "the query did not finish in its time; ask for less");
}

/* Whatever other threads do for us is waited for a millisecond at a time. */
static int run(struct ll_lake_conn *c, duckdb_pending_result pending, const struct ll_lake_query *q,
               struct ll_err *err)
{
    const struct timespec moment = {0, 1000000};

    for (;;) {
        duckdb_pending_state state = duckdb_pending_execute_task(pending);
        if (state == DUCKDB_PENDING_ERROR)
            return ll_lake_fail(err, duckdb_pending_error(pending));
        if (duckdb_pending_execution_is_finished(state))
            return LL_OK;
        if (over(q)) {
            duckdb_interrupt(c->c);
            return too_long(err);
        }
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            nanosleep(&moment, NULL);
    }
}

static int query(struct ll_lake_conn *c, const struct ll_lake_query *q, ll_lake_fn *fn, void *ctx,
                 struct ll_err *err)
{
    duckdb_prepared_statement s = NULL;
    duckdb_pending_result pending = NULL;
    duckdb_result result = {0};
    int rc = prepare(c, q->sql, &s, err);

    if (rc == LL_OK && (rc = bind(s, q, err)) == LL_OK &&
        duckdb_pending_prepared(s, &pending) != DuckDBSuccess)
        rc = ll_lake_fail(err, duckdb_pending_error(pending));
    if (rc == LL_OK && (rc = run(c, pending, q, err)) == LL_OK &&
        duckdb_execute_pending(pending, &result) != DuckDBSuccess)
        rc = ll_lake_fail(err, duckdb_result_error(&result));
    if (rc == LL_OK)
        rc = ll_lake_result_rows(&result, fn, ctx, err);
    duckdb_destroy_result(&result);
    duckdb_destroy_pending(&pending);
    duckdb_destroy_prepare(&s);
    return rc < 0 ? rc : LL_OK;
}

int ll_lake_query(struct ll_lake_conn *c, const struct ll_lake_query *q, ll_lake_fn *fn, void *ctx,
                  struct ll_err *err)
{
    struct ll_deadline d;
    int rc = ll_deadline_begin(c->lake, c->c, q->until_us, &d, err);

    if (rc < 0)
        return rc;
    rc = query(c, q, fn, ctx, err);
    return ll_deadline_end(c->lake, &d) && rc < 0 ? too_long(err) : rc;
}

int ll_lake_check_select(struct ll_lake_conn *c, const char *sql, struct ll_err *err)
{
    duckdb_prepared_statement s = NULL;
    int rc = prepare(c, sql, &s, err);

    duckdb_destroy_prepare(&s);
    return rc;
}
