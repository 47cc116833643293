/* delivering.c - see delivering.h. */
#include "http/delivering.h"

#include "base/log.h"
#include "base/ticker.h"
#include "http/runner.h"

#include <pthread.h>
#include <stdlib.h>

enum { HOUR_MS = 3600000, FIRST_MS = 60000 };

struct ll_delivering {
    struct ll_data *data;
    struct ll_keyring *keys;
    struct ll_runner *runner;
    struct ll_ticker *ticker;
    pthread_mutex_t lock; /* one delivery at a time: the mark is read and moved on */
};

int ll_delivering_now(struct ll_delivering *w, struct ll_event_delivered *ret, struct ll_err *err)
{
    pthread_mutex_lock(&w->lock);
    int rc = ll_event_deliver(w->data, w->keys, ret, err);
    pthread_mutex_unlock(&w->lock);
    return rc == LL_OK && ret->delivery[0]
               ? ll_runner_submit(w->runner, ret->delivery, LL_EVENT_RESOURCE, false, err)
               : rc;
}

static unsigned round_(void *ctx)
{
    struct ll_delivering *w = ctx;
    struct ll_event_delivered done = {.more = false};
    struct ll_err err;

    int rc = ll_delivering_now(w, &done, &err);
    if (rc < 0 && rc != LL_NOTFOUND)
        ll_log(LL_ERROR, "finance", "%s", err.en);
    else if (done.events)
        ll_log(LL_INFO, "finance", "%lld events delivered", (long long)done.events);
    return done.more ? 1 : HOUR_MS;
}

int ll_delivering_open(struct ll_data *d, struct ll_keyring *keys, struct ll_runner *runner,
                       struct ll_delivering **ret, struct ll_err *err)
{
    struct ll_delivering *w = calloc(1, sizeof *w);
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->data = d;
    w->keys = keys;
    w->runner = runner;
    pthread_mutex_init(&w->lock, NULL);
    if ((rc = ll_ticker_open_in(FIRST_MS, round_, w, &w->ticker, err)) < 0) {
        ll_delivering_close(w);
        return rc;
    }
    *ret = w;
    return LL_OK;
}

struct ll_delivering *ll_delivering_close(struct ll_delivering *w)
{
    if (!w)
        return NULL;
    w->ticker = ll_ticker_close(w->ticker);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}
