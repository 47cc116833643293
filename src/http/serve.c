/* serve.c - see serve.h. */
#include "http/serve.h"

#include "base/log.h"
#include "http/app.h"
#include "http/post.h"
#include "http/route.h"
#include "http/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { GRACE_MS = 10000, FRESH_MS = 100, ADDRESSES = 4096 };

/* Jobs of deliveries are heavy and use every core on their own; more at once only compete. */
enum { JOBS_AT_ONCE = 2 };

/* False when a job still runs: then nothing that it uses may go away. */
static bool app_close(struct ll_app *app)
{
    app->figures = ll_figures_close(app->figures);
    if (!ll_runner_close(app->runner, GRACE_MS))
        return false;
    app->runner = NULL;
    app->gateway = ll_gateway_close(app->gateway);
    app->sweeper = ll_sweeper_close(app->sweeper);
    app->journaling = ll_journaling_close(app->journaling);
    app->access = ll_access_close(app->access);
    app->tokens = ll_tokens_free(app->tokens);
    app->attempts = ll_throttle_free(app->attempts);
    app->visitors = ll_throttle_free(app->visitors);
    app->tables = ll_tables_close(app->tables);
    app->catalog = ll_catalog_live_close(app->catalog);
    app->data = ll_data_close(app->data);
    app->metrics = ll_metrics_free(app->metrics);
    return true;
}

static int gateway_open(struct ll_app *app, struct ll_err *err)
{
    const struct ll_gateway_opts o = {.store = ll_data_store(app->data),
                                      .vault = ll_data_vault(app->data),
                                      .catalog = app->catalog,
                                      .tables = app->tables,
                                      .access = app->access,
                                      .journaling = app->journaling,
                                      .data = app->data,
                                      .data_dir = ll_data_dir(app->data)};

    return ll_gateway_open(&o, &app->gateway, err);
}

/* Reminders and expiries are events for the journal. */
static void swept(void *ctx)
{
    ll_journaling_wake(ctx);
}

static int app_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    struct ll_tables_opts tables = LL_TABLES_OPTS_INIT;
    int rc;

    *app = (struct ll_app){.attempt_rate = {.per_1000_s = (uint32_t)set->signin_rate * 1000 / 60,
                                            .burst = (uint32_t)set->signin_rate},
                           .public_rate = {.per_1000_s = (uint32_t)set->public_rate * 1000 / 60,
                                           .burst = (uint32_t)set->public_rate},
                           .metrics = ll_metrics_new(ll_route_count)};
    if (!app->metrics)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    tables.data_dir = set->data_dir;
    tables.fresh_ms = FRESH_MS;
    if ((rc = ll_data_open(set, &app->data, err)) == LL_OK)
        tables.vault = ll_data_vault(app->data);
    if (rc < 0 || (rc = ll_catalog_live_open(ll_data_store(app->data), &app->catalog, err)) < 0 ||
        (rc = ll_tables_open(ll_data_store(app->data), &tables, &app->tables, err)) < 0 ||
        (rc = ll_journaling_open(set, ll_data_store(app->data), ll_http_post_checkpoint, NULL,
                                 &app->journaling, err)) < 0 ||
        (rc = ll_sweeper_open(ll_data_store(app->data), swept, app->journaling, &app->sweeper, err)) < 0 ||
        (rc = ll_access_open(ll_data_store(app->data), &app->access, err)) < 0 ||
        (rc = gateway_open(app, err)) < 0 || (rc = ll_tokens_new(&app->tokens, err)) < 0 ||
        (rc = ll_throttle_new(ADDRESSES, &app->attempts, err)) < 0 ||
        (rc = ll_throttle_new(ADDRESSES, &app->visitors, err)) < 0 ||
        (rc = ll_figures_open(app->data, app->tables, &app->figures, err)) < 0 ||
        (rc = ll_runner_open(app->data, JOBS_AT_ONCE, &app->runner, err)) < 0)
        (void)app_close(app);
    return rc;
}

static struct ll_server_opts server_opts(const struct ll_settings *set)
{
    struct ll_server_opts o = LL_SERVER_OPTS_INIT;

    o.address = set->listen_address;
    o.port = (unsigned)set->listen_port;
    o.threads = (unsigned)set->http_threads;
    o.max_conns = (unsigned)set->http_conns;
    o.idle_s = (unsigned)set->http_idle_s;
    o.upload_max = (int64_t)set->max_upload;
    return o;
}

/* Without anybody who may sign in, the server makes the three administrators; their links are told to whoever started it. */
static void tell_ready(const struct ll_serve *o, const struct ll_server *server, struct ll_app *app)
{
    struct ll_first first[LL_FIRST_COUNT];
    struct ll_err err;
    bool made = false;
    bool v6 = strchr(o->set->listen_address, ':') != NULL;
    char url[128];

    snprintf(url, sizeof(url), "http://%s%s%s:%u/", v6 ? "[" : "", o->set->listen_address, v6 ? "]" : "",
             ll_server_port(server));
    ll_log(LL_INFO, "serve", "listening on %s", url);
    if (ll_account_first(ll_data_store(app->data), first, &made, &err) < 0)
        ll_log(LL_ERROR, "serve", "the first accounts could not be made: %s", err.en);
    if (o->ready)
        o->ready(o->ctx, url, first, made ? LL_FIRST_COUNT : 0);
    explicit_bzero(first, sizeof(first));
}

int ll_serve(const struct ll_serve *o, struct ll_err *err)
{
    struct ll_server_opts opts = server_opts(o->set);
    struct ll_server *server = NULL;
    struct ll_app app;
    sigset_t ends, before;
    int rc, signal_no = 0;

    /* Blocked before any thread starts, so that none but this one is interrupted. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    if ((rc = app_open(&app, o->set, err)) < 0)
        goto unblock;
    if ((rc = ll_server_start(&server, &opts, &app, err)) < 0)
        goto close;
    if ((rc = ll_site_settle(&app, ll_server_port(server), err)) == LL_OK) {
        tell_ready(o, server, &app);
        while (sigwait(&ends, &signal_no) != 0)
            continue;
        ll_log(LL_INFO, "serve", "stopping on %s", strsignal(signal_no));
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    atomic_store(&app.stopping, true);
    server = ll_server_stop(server, GRACE_MS);
close:
    if (!app_close(&app)) {
        ll_log(LL_WARN, "serve", "a delivery is still being worked on; the next start carries it on");
        _exit(rc < 0 ? ll_rc_exit(rc)
                     : 0); /* no exit handlers under a running job; its steps are whole or absent */
    }
unblock:
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
