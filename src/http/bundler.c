/* bundler.c - see bundler.h. */
#include "http/bundler.h"

#include "apps/credit/bundle.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "http/app.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { LOOK_MS = 5000, SOON_MS = 200 };

struct ll_bundler {
    struct ll_app *app;
    struct ll_ticker *ticker;
    atomic_bool stop;
};

static bool stopping(void *ctx)
{
    return atomic_load(&((struct ll_bundler *)ctx)->stop);
}

static int one_slice(struct ll_bundler *b, struct ll_err *err)
{
    struct ll_app *app = b->app;
    const struct ll_site *site = NULL;
    int rc = ll_site(app, &site, err);

    if (rc < 0)
        return rc;
    const struct ll_bundling how = {.g = app->gateway,
                                    .access = app->access,
                                    .d = app->data,
                                    .issuer = app->issuer,
                                    .tables = app->tables,
                                    .catalog = app->catalog,
                                    .origin = site->origin,
                                    .stop = stopping,
                                    .ctx = b};
    rc = ll_bundle_round(&how, err);
    ll_journaling_wake(app->journaling);
    return rc;
}

static unsigned round_of(void *ctx)
{
    struct ll_bundler *b = ctx;
    struct ll_err err;
    int rc = 0;

    if (ll_bundle_expire(b->app->data, ll_now_ms(), &err) < 0)
        ll_log(LL_WARN, "bundle", "files that have expired could not be removed: %s", err.en);
    while (!atomic_load(&b->stop) && (rc = one_slice(b, &err)) > 0)
        ;
    if (rc == LL_BUSY) /* the address is not settled yet */
        return SOON_MS;
    if (rc < 0)
        ll_log(LL_ERROR, "bundle", "%s", err.en);
    return LOOK_MS;
}

int ll_bundler_open(struct ll_app *app, struct ll_bundler **ret, struct ll_err *err)
{
    struct ll_bundler *b = calloc(1, sizeof *b);
    int rc;

    if (!b)
        return ll_no_memory(err);
    b->app = app;
    if ((rc = ll_bundle_recover(app->data, err)) == LL_OK)
        rc = ll_ticker_open(round_of, b, &b->ticker, err);
    if (rc < 0)
        free(b);
    else
        *ret = b;
    return rc;
}

struct ll_bundler *ll_bundler_close(struct ll_bundler *b)
{
    if (!b)
        return NULL;
    atomic_store(&b->stop, true);
    ll_ticker_close(b->ticker);
    free(b);
    return NULL;
}

void ll_bundler_wake(struct ll_bundler *b)
{
    ll_ticker_wake(b->ticker);
}
