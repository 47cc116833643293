/* sweeper.c - see sweeper.h. */
#include "share/sweeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "share/flow_sweep.h"
#include "share/watch.h"
#include "share/webhook.h"

#include <stdlib.h>

enum { EVERY_MS = 60000 };

struct ll_sweeper {
    struct ll_sweeper_opts o;
    struct ll_ticker *ticker;
    bool complained;
};

static void sweep(struct ll_sweeper *w)
{
    struct ll_swept n;
    struct ll_err err;
    int rc = ll_flow_sweep(w->o.store, ll_now_ms(), w->o.more, w->o.n_more, &n, &err);

    if (rc < 0 && !w->complained)
        ll_log(LL_ERROR, "sweep", "%s", err.en);
    w->complained = rc < 0;
    if (rc < 0 || n.reminded + n.escalated + n.lapsed + n.expired == 0)
        return;
    ll_log(LL_INFO, "sweep", "reminded %zu, escalated %zu, lapsed %zu, grants expired %zu", n.reminded,
           n.escalated, n.lapsed, n.expired);
    if (w->o.done)
        w->o.done(w->o.ctx);
}

/* What goes by its age. */
static void prune(struct ll_sweeper *w)
{
    const struct {
        int (*fn)(struct ll_store *st, int64_t before, int64_t *ret_n, struct ll_err *err);
        int64_t keep_ms;
        const char *what;
    } olds[] = {{ll_webhook_prune, w->o.webhook_keep_ms, "webhooks"},
                {ll_watch_prune, w->o.watch_keep_ms, "watched subjects"}};

    for (size_t i = 0; i < LL_COUNT(olds); i++) {
        int64_t n = 0;
        struct ll_err err;
        if (olds[i].fn(w->o.store, ll_now_ms() - olds[i].keep_ms, &n, &err) < 0)
            ll_log(LL_ERROR, "sweep", "events of %s are not pruned: %s", olds[i].what, err.en);
        else if (n)
            ll_log(LL_INFO, "sweep", "%lld old events of %s removed", (long long)n, olds[i].what);
    }
}

static unsigned round_of(void *ctx)
{
    struct ll_sweeper *w = ctx;

    sweep(w);
    prune(w);
    return EVERY_MS;
}

int ll_sweeper_open(const struct ll_sweeper_opts *o, struct ll_sweeper **ret, struct ll_err *err)
{
    struct ll_sweeper *w = calloc(1, sizeof *w);
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->o = *o;
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
