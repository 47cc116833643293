/* ticker.c - see ticker.h.  Waits by the monotonic clock: setting the time neither hurries nor delays a round. */
#include "base/ticker.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct ll_ticker {
    unsigned (*round)(void *ctx);
    void *ctx;
    unsigned first_ms;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool runs, stop, called; /* called: by ll_ticker_wake */
};

static bool next_round(struct ll_ticker *t, unsigned in_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += in_ms / 1000;
    until.tv_nsec += in_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&t->lock);
    while (!t->stop && !t->called && pthread_cond_timedwait(&t->wake, &t->lock, &until) == 0)
        ;
    t->called = false;
    bool go_on = !t->stop;
    pthread_mutex_unlock(&t->lock);
    return go_on;
}

static void *run(void *ctx)
{
    struct ll_ticker *t = ctx;

    for (unsigned in_ms = t->first_ms; next_round(t, in_ms);)
        in_ms = t->round(t->ctx);
    return NULL;
}

int ll_ticker_open_in(unsigned first_ms, unsigned (*round)(void *ctx), void *ctx, struct ll_ticker **ret,
                      struct ll_err *err)
{
    struct ll_ticker *t = calloc(1, sizeof *t);
    pthread_condattr_t monotonic;

    if (!t)
        return ll_no_memory(err);
    t->round = round;
    t->ctx = ctx;
    t->first_ms = first_ms;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!(t->runs = pthread_create(&t->thread, NULL, run, t) == 0)) {
        ll_ticker_close(t);
        return ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    }
    *ret = t;
    return LL_OK;
}

int ll_ticker_open(unsigned (*round)(void *ctx), void *ctx, struct ll_ticker **ret, struct ll_err *err)
{
    return ll_ticker_open_in(0, round, ctx, ret, err);
}

void ll_ticker_wake(struct ll_ticker *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->called = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
}

struct ll_ticker *ll_ticker_close(struct ll_ticker *t)
{
    if (!t)
        return NULL;
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
    if (t->runs)
        pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    free(t);
    return NULL;
}
