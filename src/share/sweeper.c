/* sweeper.c - see sweeper.h. */
#include "share/sweeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "share/flow_sweep.h"
#include "share/webhook.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { EVERY_S = 60 };

struct ll_sweeper {
    struct ll_store *st;
    int64_t keep_ms;
    void (*done)(void *ctx);
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stop, complained;
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

static bool next_round(struct ll_sweeper *w)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += EVERY_S;
    pthread_mutex_lock(&w->lock);
    while (!w->stop && pthread_cond_timedwait(&w->wake, &w->lock, &until) == 0)
        ;
    bool go_on = !w->stop;
    pthread_mutex_unlock(&w->lock);
    return go_on;
}

static void *run(void *ctx)
{
    struct ll_sweeper *w = ctx;

    do {
        sweep(w);
        prune(w);
    } while (next_round(w));
    return NULL;
}

int ll_sweeper_open(struct ll_store *st, int64_t keep_ms, void (*done)(void *ctx), void *ctx,
                    struct ll_sweeper **ret, struct ll_err *err)
{
    struct ll_sweeper *w = calloc(1, sizeof *w);
    pthread_condattr_t attr;

    if (!w)
        return ll_no_memory(err);
    w->st = st;
    w->keep_ms = keep_ms;
    w->done = done;
    w->ctx = ctx;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        pthread_cond_destroy(&w->wake);
        pthread_mutex_destroy(&w->lock);
        free(w);
        return ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    }
    *ret = w;
    return LL_OK;
}

struct ll_sweeper *ll_sweeper_close(struct ll_sweeper *w)
{
    if (!w)
        return NULL;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}
