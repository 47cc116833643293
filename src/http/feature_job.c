/* feature_job.c - see feature_job.h. */
#include "http/feature_job.h"

#include "apps/finance/feature_auto.h"
#include "apps/finance/product_live.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "http/app.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 60000, ARENA_MAX = 256 << 20 };

struct ll_feature_job {
    struct ll_app *app;
    uint64_t every_us, made_us; /* made_us 0: none yet */
    char day[LL_DAY_CHARS];     /* of the last */
    struct ll_ticker *ticker;
};

static int make(struct ll_feature_job *j, const struct ll_feature_set *set, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(ARENA_MAX);
    const uint64_t from = ll_mono_us();
    struct ll_feature_run run;
    int rc = arena ? ll_feature_auto_make(j->app->data, ll_gateway_marks(j->app->gateway), set, arena, &run,
                                          err)
                   : ll_no_memory(err);

    j->made_us = ll_mono_us();
    if (rc == LL_OK)
        ll_log(LL_INFO, "finance", "table %s: %" PRIu64 " firms, %" PRIu64 " indicators, %" PRIu64 " ms",
               run.id, run.firms, run.indicators, (j->made_us - from) / 1000);
    ll_arena_free(arena);
    return rc;
}

/* Not sooner than the setting says; the first of a day at once, since nothing of yesterday counts. */
static bool waits(const struct ll_feature_job *j, const struct ll_as_of *at)
{
    return j->made_us && strcmp(j->day, at->day) == 0 && ll_mono_us() - j->made_us < j->every_us;
}

static int look(struct ll_feature_job *j, struct ll_err *err)
{
    const struct ll_products_held *held;
    struct ll_as_of at;
    bool due = false;
    int rc = ll_as_of_read(NULL, &at, err);

    if (rc < 0 || waits(j, &at) || ll_runner_busy(j->app->runner) ||
        (rc = ll_products_live_get(j->app->products, &held, err)) < 0)
        return rc;
    if ((rc = ll_feature_auto_due(j->app->features, held->all->set, &due, err)) == LL_OK && due) {
        memcpy(j->day, at.day, sizeof j->day);
        rc = make(j, held->all->set, err);
    }
    ll_products_let_go(held);
    return rc;
}

static unsigned next_ms(const struct ll_feature_job *j)
{
    return j->every_us < LOOK_MS * UINT64_C(1000) ? (unsigned)(j->every_us / 1000) : LOOK_MS;
}

static unsigned round_(void *ctx)
{
    struct ll_feature_job *j = ctx;
    struct ll_err err;
    int rc = look(j, &err);

    if (rc < 0 && rc != LL_NOTFOUND && rc != LL_CONFLICT)
        ll_log(LL_ERROR, "finance", "%s", err.en);
    return next_ms(j);
}

int ll_feature_job_open(struct ll_app *app, unsigned every_s, struct ll_feature_job **ret, struct ll_err *err)
{
    struct ll_feature_job *j = every_s ? calloc(1, sizeof *j) : NULL;
    int rc;

    *ret = NULL;
    if (!j)
        return every_s ? ll_no_memory(err) : LL_OK;
    j->app = app;
    j->every_us = every_s * UINT64_C(1000000);
    if ((rc = ll_ticker_open_in(next_ms(j), round_, j, &j->ticker, err)) < 0) {
        ll_feature_job_close(j);
        return rc;
    }
    *ret = j;
    return LL_OK;
}

struct ll_feature_job *ll_feature_job_close(struct ll_feature_job *j)
{
    if (!j)
        return NULL;
    j->ticker = ll_ticker_close(j->ticker);
    free(j);
    return NULL;
}
