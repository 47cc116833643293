/* checker.c - see checker.h.
 *
 * It also looks by itself: what an earlier process left, and what expires. */
#include "http/checker.h"

#include "apps/rural/check_job.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { LOOK_MS = 5000, EXPIRE_MS = 60000, THREADS_MAX = 8 };

struct ll_checker {
    struct ll_check_job_env env;
    struct ll_ticker *ticker;
    int64_t expired_at;
    atomic_bool stop;
};

static bool stopping(void *ctx)
{
    return atomic_load(&((struct ll_checker *)ctx)->stop);
}

static void expire(struct ll_checker *c)
{
    int64_t now = ll_now_ms();
    struct ll_err err;

    if (now - c->expired_at < EXPIRE_MS)
        return;
    c->expired_at = now;
    if (ll_check_job_expire(c->env.data, now, &err) < 0)
        ll_log(LL_WARN, "rural-check", "lists that have expired could not be removed: %s", err.en);
}

static unsigned look(void *ctx)
{
    struct ll_checker *c = ctx;
    char id[LL_CHECK_JOB_ID] = "-";
    struct ll_err err;
    int rc = LL_OK;

    expire(c);
    while (!stopping(c) && (rc = ll_check_job_next(c->env.data, id, &err)) > 0 &&
           (rc = ll_check_job_run(&c->env, id, &err)) == LL_OK)
        ll_log(LL_INFO, "rural-check", "%s is done", id);
    if (rc < 0)
        ll_log(LL_ERROR, "rural-check", "%s: %s", id, err.en);
    return LOOK_MS;
}

int ll_checker_open(struct ll_app *app, struct ll_checker **ret, struct ll_err *err)
{
    struct ll_checker *c = calloc(1, sizeof *c);
    unsigned threads = ll_data_threads(app->data);
    int rc;

    if (!c)
        return ll_no_memory(err);
    c->env = (struct ll_check_job_env){.g = app->gateway,
                                       .catalog = app->catalog,
                                       .tables = app->tables,
                                       .access = app->access,
                                       .journaling = app->journaling,
                                       .data = app->data,
                                       .threads = threads < THREADS_MAX ? threads : THREADS_MAX,
                                       .stop = stopping,
                                       .ctx = c};
    if ((rc = ll_check_job_recover(app->data, err)) < 0 ||
        (rc = ll_ticker_open(look, c, &c->ticker, err)) < 0) {
        free(c);
        return rc;
    }
    *ret = c;
    return LL_OK;
}

struct ll_checker *ll_checker_close(struct ll_checker *c)
{
    if (!c)
        return NULL;
    atomic_store(&c->stop, true);
    ll_ticker_close(c->ticker);
    free(c);
    return NULL;
}

void ll_checker_wake(struct ll_checker *c)
{
    ll_ticker_wake(c->ticker);
}
