/* exporter.c - see exporter.h. */
#include "http/exporter.h"

#include "base/clock.h"
#include "base/log.h"
#include "report/export_write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { WORKERS = 2, LOOK_S = 5 };

struct ll_exporter {
    struct ll_gateway *g;
    struct ll_data *d;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t threads[WORKERS];
    unsigned n;
    unsigned calls; /* of ll_exporter_wake, under lock */
    atomic_bool stop;
};

static bool stopping(void *ctx)
{
    return atomic_load(&((struct ll_exporter *)ctx)->stop);
}

static void expire(struct ll_exporter *x)
{
    struct ll_err err;
    size_t n = 0;

    if (ll_export_expire(x->d, ll_now_ms(), &n, &err) < 0)
        ll_log(LL_WARN, "export", "files that have expired could not be removed: %s", err.en);
    else if (n)
        ll_log(LL_INFO, "export", "expired %zu", n);
}

/* 1: there may be more to do; 0: nothing waits; < 0: try again later. */
static int work(struct ll_exporter *x)
{
    const struct ll_export_work w = {.write = ll_export_write, .stop = stopping, .ctx = x};
    char id[LL_EXPORT_ID];
    struct ll_err err;
    int rc = ll_export_next(x->g, id, &err);

    if (rc > 0) {
        ll_log(LL_INFO, "export", "%s begins", id);
        if ((rc = ll_export_run(x->g, id, &w, &err)) == LL_OK)
            rc = 1;
    }
    if (rc < 0)
        ll_log(LL_ERROR, "export", "%s: %s", id[0] ? id : "-", err.en);
    return rc;
}

/* Also looks by itself: what another process cancelled or left, and what expires. */
static void sleep_until_called(struct ll_exporter *x, unsigned *seen)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&x->lock);
    while (!atomic_load(&x->stop) && x->calls == *seen &&
           pthread_cond_timedwait(&x->wake, &x->lock, &until) == 0)
        ;
    *seen = x->calls;
    pthread_mutex_unlock(&x->lock);
}

static void *run(void *ctx)
{
    struct ll_exporter *x = ctx;
    unsigned seen = 0;

    while (!atomic_load(&x->stop)) {
        expire(x);
        while (!atomic_load(&x->stop) && work(x) > 0)
            ;
        sleep_until_called(x, &seen);
    }
    return NULL;
}

int ll_exporter_open(struct ll_gateway *g, struct ll_data *d, struct ll_exporter **ret, struct ll_err *err)
{
    struct ll_exporter *x = calloc(1, sizeof *x);
    pthread_condattr_t monotonic;
    int rc;

    if (!x)
        return ll_no_memory(err);
    x->g = g;
    x->d = d;
    pthread_mutex_init(&x->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&x->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    rc = ll_export_recover(d, err);
    for (; rc == LL_OK && x->n < WORKERS; x->n++)
        if (pthread_create(&x->threads[x->n], NULL, run, x) != 0) {
            rc = ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
            break;
        }
    if (rc < 0)
        ll_exporter_close(x);
    else
        *ret = x;
    return rc;
}

struct ll_exporter *ll_exporter_close(struct ll_exporter *x)
{
    if (!x)
        return NULL;
    pthread_mutex_lock(&x->lock);
    atomic_store(&x->stop, true);
    pthread_cond_broadcast(&x->wake);
    pthread_mutex_unlock(&x->lock);
    for (unsigned i = 0; i < x->n; i++)
        pthread_join(x->threads[i], NULL);
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    free(x);
    return NULL;
}

void ll_exporter_wake(struct ll_exporter *x)
{
    pthread_mutex_lock(&x->lock);
    x->calls++;
    pthread_cond_broadcast(&x->wake);
    pthread_mutex_unlock(&x->lock);
}
