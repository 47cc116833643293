/* exporter.c - see exporter.h. */
#include "http/exporter.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "report/export_write.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { WORKERS = 2, LOOK_MS = 5000 };

struct ll_exporter {
    struct ll_gateway *g;
    struct ll_data *d;
    struct ll_ticker *workers[WORKERS];
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
static unsigned round_of(void *ctx)
{
    struct ll_exporter *x = ctx;

    expire(x);
    while (!atomic_load(&x->stop) && work(x) > 0)
        ;
    return LOOK_MS;
}

int ll_exporter_open(struct ll_gateway *g, struct ll_data *d, struct ll_exporter **ret, struct ll_err *err)
{
    struct ll_exporter *x = calloc(1, sizeof *x);
    int rc;

    if (!x)
        return ll_no_memory(err);
    x->g = g;
    x->d = d;
    rc = ll_export_recover(d, err);
    for (unsigned i = 0; rc == LL_OK && i < WORKERS; i++)
        rc = ll_ticker_open(round_of, x, &x->workers[i], err);
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
    atomic_store(&x->stop, true);
    for (unsigned i = 0; i < WORKERS; i++)
        ll_ticker_close(x->workers[i]);
    free(x);
    return NULL;
}

void ll_exporter_wake(struct ll_exporter *x)
{
    for (unsigned i = 0; i < WORKERS; i++)
        ll_ticker_wake(x->workers[i]);
}
