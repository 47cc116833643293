/* sweeper.c - see sweeper.h. */
#include "share/sweeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "share/flow_sweep.h"
#include "share/webhook.h"

#include <stdlib.h>

enum { EVERY_MS = 60000 };

struct ll_sweeper {
    struct ll_store *st;
    int64_t keep_ms;
    void (*done)(void *ctx);
    void *ctx;
    struct ll_ticker *ticker;
    bool complained;
};

static void sweep(struct ll_sweeper *w)
{
    struct ll_swept n;
    struct ll_err err;
    int rc = ll_flow_sweep(w->st, ll_now_ms(), &n, &err);

    if (rc < 0 && !w->complained)
        ll_log(LL_ERROR, "sweep", "%s", err.en);
    w->complained = rc < 0;
    if (rc < 0 || n.reminded + n.escalated + n.lapsed + n.expired == 0)
        return;
    ll_log(LL_INFO, "sweep", "reminded %zu, escalated %zu, lapsed %zu, grants expired %zu", n.reminded,
           n.escalated, n.lapsed, n.expired);
    if (w->done)
        w->done(w->ctx);
}

static void prune(struct ll_sweeper *w)
{
    int64_t n = 0;
    struct ll_err err;
    int rc = ll_webhook_prune(w->st, ll_now_ms() - w->keep_ms, &n, &err);

    if (rc < 0)
        ll_log(LL_ERROR, "sweep", "events of webhooks are not pruned: %s", err.en);
    else if (n)
        ll_log(LL_INFO, "sweep", "%lld old events of webhooks removed", (long long)n);
}

static unsigned round_of(void *ctx)
{
    struct ll_sweeper *w = ctx;

    sweep(w);
    prune(w);
    return EVERY_MS;
}

int ll_sweeper_open(struct ll_store *st, int64_t keep_ms, void (*done)(void *ctx), void *ctx,
                    struct ll_sweeper **ret, struct ll_err *err)
{
    struct ll_sweeper *w = calloc(1, sizeof *w);
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->st = st;
    w->keep_ms = keep_ms;
    w->done = done;
    w->ctx = ctx;
    if ((rc = ll_ticker_open(round_of, w, &w->ticker, err)) < 0) {
        free(w);
        return rc;
    }
    *ret = w;
    return LL_OK;
}

struct ll_sweeper *ll_sweeper_close(struct ll_sweeper *w)
{
    if (!w)
        return NULL;
    ll_ticker_close(w->ticker);
    free(w);
    return NULL;
}
