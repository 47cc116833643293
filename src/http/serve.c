/* serve.c - see serve.h. */
#include "http/serve.h"

#include "apps/finance/deal_sweep.h"
#include "apps/finance/feature_now.h"
#include "apps/finance/product_live.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/app.h"
#include "http/bundler.h"
#include "http/checker.h"
#include "http/courier.h"
#include "http/delivering.h"
#include "http/exporter.h"
#include "http/feature_job.h"
#include "http/post.h"
#include "http/route.h"
#include "http/server.h"
#include "http/tls.h"
#include "http/upward_job.h"
#include "share/correction.h"
#include "share/monitor.h"
#include "share/portal.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    GRACE_MS = 10000,
    FRESH_MS = 100,
    OVERVIEW_MS = 3000,
    ADDRESSES = 4096,
    LOOK_S = 2,
    NETWORKS_MAX = 1 << 20,
    URL_MAX_ = 640
};

static const int64_t DAY_MS = 86400000;

/* Jobs of deliveries are heavy and use every core on their own; more at once only compete. */
enum { JOBS_AT_ONCE = 2, STATISTICS_MS = 60000 };

/* False when a job still runs: then nothing that it uses may go away. */
static bool app_close(struct ll_app *app)
{
    app->figures = ll_figures_close(app->figures);
    app->overview = ll_kept_free(app->overview);
    app->statistics = ll_kept_free(app->statistics);
    app->wall = ll_kept_free(app->wall);
    app->wall_told = ll_kept_free(app->wall_told);
    app->feature_job = ll_feature_job_close(app->feature_job);
    app->delivering = ll_delivering_close(app->delivering);
    if (!ll_runner_close(app->runner, GRACE_MS))
        return false;
    app->runner = NULL;
    app->upward = ll_upward_job_close(app->upward);
    app->courier = ll_courier_close(app->courier);
    app->deeds = ll_deeds_close(app->deeds);
    app->features = ll_feature_now_close(app->features);
    app->products = ll_products_live_close(app->products);
    app->monitor = ll_monitor_close(app->monitor);
    app->teller = ll_teller_close(app->teller);
    app->checker = ll_checker_close(app->checker);
    app->exporter = ll_exporter_close(app->exporter);
    app->bundler = ll_bundler_close(app->bundler);
    app->gateway = ll_gateway_close(app->gateway);
    app->sweeper = ll_sweeper_close(app->sweeper);
    app->issuer = ll_issuer_close(app->issuer);
    app->journaling = ll_journaling_close(app->journaling);
    app->access = ll_access_close(app->access);
    app->tokens = ll_tokens_free(app->tokens);
    app->codes = ll_codes_free(app->codes);
    app->nonces = ll_nonces_free(app->nonces);
    app->attempts = ll_throttle_free(app->attempts);
    app->visitors = ll_throttle_free(app->visitors);
    app->tables = ll_tables_close(app->tables);
    app->catalog = ll_catalog_live_close(app->catalog);
    app->data = ll_data_close(app->data);
    app->metrics = ll_metrics_free(app->metrics);
    return true;
}

static int gateway_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    const struct ll_gateway_opts o = {.store = ll_data_store(app->data),
                                      .vault = ll_data_vault(app->data),
                                      .catalog = app->catalog,
                                      .tables = app->tables,
                                      .access = app->access,
                                      .journaling = app->journaling,
                                      .data = app->data,
                                      .data_dir = ll_data_dir(app->data),
                                      .looks_commit_s = (unsigned)set->looks_commit_s,
                                      .anomaly = {.volume_times = set->anomaly_volume_times,
                                                  .volume_min = set->anomaly_volume_min,
                                                  .night_from = set->anomaly_night_from,
                                                  .night_to = set->anomaly_night_to,
                                                  .night_calls = set->anomaly_night_calls,
                                                  .run = set->anomaly_run,
                                                  .miss_percent = set->anomaly_miss_percent,
                                                  .miss_min = set->anomaly_miss_min,
                                                  .officer = set->anomaly_officer},
                                      .slow_percent = (unsigned)set->anomaly_percent,
                                      .slow_rate = (unsigned)set->anomaly_rate};

    return ll_gateway_open(&o, &app->gateway, err);
}

static int courier_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    const struct ll_courier_opts o = {app->gateway, app->journaling, ll_data_store(app->data), set};

    return ll_courier_open(&o, &app->courier, err);
}

static int issuer_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    const struct ll_issuer_opts o = {set, ll_data_store(app->data), app->journaling};

    return ll_issuer_open(&o, &app->issuer, err);
}

/* Reminders, expiries and messages to the upper platform are events for the journal. */
static void swept(void *ctx)
{
    ll_journaling_wake(ctx);
}

static int upward_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    const struct ll_upward_job_opts o = {app->data, ll_journaling_keys(app->journaling), set, swept,
                                         app->journaling};

    return ll_upward_job_open(&o, &app->upward, err);
}

static int data_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    struct ll_tables_opts tables = LL_TABLES_OPTS_INIT;
    int rc;

    tables.data_dir = set->data_dir;
    tables.fresh_ms = FRESH_MS;
    if ((rc = ll_data_open(set, &app->data, err)) == LL_OK)
        tables.vault = ll_data_vault(app->data);
    if (rc < 0 || (rc = ll_catalog_live_open(ll_data_store(app->data), &app->catalog, err)) < 0)
        return rc;
    return ll_tables_open(ll_data_store(app->data), &tables, &app->tables, err);
}

/* What needs the journal, and what is asked before it. */
static int rest_open(struct ll_app *app, const struct ll_settings *set, struct ll_err *err)
{
    const struct ll_sweeper_opts sweeper = {.store = ll_data_store(app->data),
                                            .more = ll_deal_swept,
                                            .n_more = LL_DEAL_SWEPT,
                                            .webhook_keep_ms = (int64_t)set->webhook_keep_days * DAY_MS,
                                            .watch_keep_ms = (int64_t)set->watch_keep_days * DAY_MS,
                                            .done = swept,
                                            .ctx = app->journaling};
    int rc;

    if ((rc = ll_sweeper_open(&sweeper, &app->sweeper, err)) < 0 ||
        (rc = ll_access_open(ll_data_store(app->data), &app->access, err)) < 0 ||
        (rc = gateway_open(app, set, err)) < 0 ||
        (rc = ll_exporter_open(app->gateway, app->data, &app->exporter, err)) < 0 ||
        (rc = ll_checker_open(app, &app->checker, err)) < 0 ||
        (rc = ll_teller_open(app->gateway, app->data, &app->teller, err)) < 0 ||
        (rc = ll_monitor_open(app->gateway, app->data, &app->monitor, err)) < 0 ||
        (rc = courier_open(app, set, err)) < 0 || (rc = upward_open(app, set, err)) < 0 ||
        (rc = issuer_open(app, set, err)) < 0 || (rc = ll_bundler_open(app, &app->bundler, err)) < 0 ||
        (rc = ll_tokens_new(&app->tokens, err)) < 0 || (rc = ll_codes_new(&app->codes, err)) < 0 ||
        (rc = ll_deeds_open(ll_data_store(app->data), ll_journaling_journal(app->journaling),
                            ll_journaling_keys(app->journaling), &app->deeds, err)) < 0 ||
        (rc = ll_products_live_open(ll_data_store(app->data), app->catalog, &app->products, err)) < 0 ||
        (rc = ll_feature_now_open(app->data, ll_gateway_marks(app->gateway), &app->features, err)) < 0 ||
        (rc = ll_nonces_new(ll_now_ms() / 1000, LL_NONCES_MOST, &app->nonces, err)) < 0 ||
        (rc = ll_throttle_new(ADDRESSES, &app->attempts, err)) < 0 ||
        (rc = ll_throttle_new(ADDRESSES, &app->visitors, err)) < 0 ||
        (rc = ll_figures_open(app->data, app->tables, &app->figures, err)) < 0 ||
        (rc = ll_kept_new(OVERVIEW_MS, &app->overview, err)) < 0 ||
        (rc = ll_kept_new(STATISTICS_MS, &app->statistics, err)) < 0 ||
        (rc = ll_kept_new(STATISTICS_MS, &app->wall, err)) < 0 ||
        (rc = ll_kept_new(STATISTICS_MS, &app->wall_told, err)) < 0 ||
        (rc = ll_runner_open(app->data, JOBS_AT_ONCE, &app->runner, err)) < 0 ||
        (rc = ll_feature_job_open(app, (unsigned)set->indicators_run_s, &app->feature_job, err)) < 0)
        return rc;
    return ll_delivering_open(app->data, ll_journaling_keys(app->journaling), app->runner, &app->delivering,
                              err);
}

/* *ret_locked: it failed for want of the keys alone. */
static int app_open(struct ll_app *app, const struct ll_settings *set, bool *ret_locked, struct ll_err *err)
{
    struct ll_err ignored;
    int rc;

    *ret_locked = false;
    *app = (struct ll_app){.attempt_rate = {.per_1000_s = (uint32_t)set->signin_rate * 1000 / 60,
                                            .burst = (uint32_t)set->signin_rate},
                           .public_rate = {.per_1000_s = (uint32_t)set->public_rate * 1000 / 60,
                                           .burst = (uint32_t)set->public_rate},
                           .delay_days = set->looks_delay_max_days,
                           .metrics = ll_metrics_new(ll_route_count)};
    if (!app->metrics)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if ((rc = data_open(app, set, err)) == LL_OK) {
        rc = ll_journaling_open(set, ll_data_store(app->data), ll_http_post_checkpoint, NULL,
                                &app->journaling, err);
        *ret_locked = rc < 0 && ll_journaling_unlocked(set, &ignored) < 0;
        if (rc == LL_OK)
            rc = rest_open(app, set, err);
    }
    if (rc < 0)
        (void)app_close(app);
    return rc;
}

/* networks: what the list of proxies lives in. */
static int server_opts(const struct ll_settings *set, struct ll_arena *networks, struct ll_server_opts *ret,
                       struct ll_err *err)
{
    struct ll_server_opts o = LL_SERVER_OPTS_INIT;
    int rc = ll_networks_parse(ll_str(set->trusted_proxies), networks, &o.proxies.list, &o.proxies.n, err);

    if (rc < 0)
        return ll_fail_in(err, "trusted_proxies", "trusted_proxies");
    o.proxies.header = (enum ll_forwarded)set->forwarded_header;
    o.names = set->server_names;
    o.address = set->listen_address;
    o.port = (unsigned)set->listen_port;
    o.threads = (unsigned)set->http_threads;
    o.max_conns = (unsigned)set->http_conns;
    o.idle_s = (unsigned)set->http_idle_s;
    o.upload_max = (int64_t)set->max_upload;
    *ret = o;
    return LL_OK;
}

static int tls_open(const struct ll_settings *set, struct ll_tls **ret, struct ll_err *err)
{
    struct ll_tls_opts o = {.certificate = set->tls_certificate,
                            .key = set->tls_key,
                            .client_ca = set->tls_client_ca,
                            .keep_s = (unsigned)set->http_idle_s + 60};

    if (!o.certificate[0] && !o.key[0] && !o.client_ca[0])
        return LL_OK;
    if (!o.certificate[0] || !o.key[0])
        return ll_fail(err, LL_USAGE, "tls_certificate 与 tls_key 应一起给出",
                       "tls_certificate and tls_key belong together");
    return ll_tls_open(&o, ret, err);
}

/* The address that people type: the first of the server's names, where it has one. */
static void own_url(const struct ll_settings *set, const struct ll_tls *tls, unsigned port,
                    char out[URL_MAX_])
{
    struct ll_str name, rest;
    bool v6;

    ll_str_cut(ll_str(set->server_names), ',', &name, &rest);
    name = ll_str_trim(name.n ? name : ll_str(set->listen_address));
    v6 = name.n && memchr(name.p, ':', name.n) && name.p[0] != '[';
    snprintf(out, URL_MAX_, "%s://%s%.*s%s:%u/", tls ? "https" : "http", v6 ? "[" : "", LL_STR_ARG(name),
             v6 ? "]" : "", port);
}

/* Without anybody who may sign in, the server makes the three administrators; their links are told to whoever started it. */
static void tell_ready(const struct ll_serve *o, const char *url, struct ll_app *app)
{
    struct ll_first first[LL_FIRST_COUNT];
    struct ll_err err;
    bool made = false;

    ll_log(LL_INFO, "serve", "listening on %s", url);
    if (!app->locked && ll_account_first(ll_data_store(app->data), first, &made, &err) < 0)
        ll_log(LL_ERROR, "serve", "the first accounts could not be made: %s", err.en);
    if (o->ready)
        o->ready(o->ctx, url, first, made ? LL_FIRST_COUNT : 0);
    explicit_bzero(first, sizeof(first));
}

/* Until SIGTERM or SIGINT, whose number it returns; 0: it was locked and its keys can be opened now.  Files of certificates are looked at
 * meanwhile, and at once on SIGHUP. */
static int wait_for_end(const struct ll_serve *o, const sigset_t *signals, const struct ll_app *app,
                        struct ll_tls *tls)
{
    const struct timespec look = {.tv_sec = LOOK_S};
    struct ll_err ignored;

    for (;;) {
        int got = sigtimedwait(signals, NULL, &look);
        if (got == SIGTERM || got == SIGINT)
            return got;
        if (tls)
            ll_tls_refresh(tls, got == SIGHUP);
        if (app->locked && ll_journaling_unlocked(o->set, &ignored) == LL_OK)
            return 0;
    }
}

/* app is open, or locked.  Serves until told to stop: LL_OK; 1: it is to be opened now. */
static int serve_app(const struct ll_serve *o, const sigset_t *signals, const sigset_t *before,
                     struct ll_app *app, struct ll_err *err)
{
    struct ll_arena *networks = ll_arena_new(NETWORKS_MAX);
    struct ll_server *server = NULL;
    struct ll_server_opts opts;
    struct ll_tls *tls = NULL;
    char url[URL_MAX_];
    int got, rc = networks ? server_opts(o->set, networks, &opts, err) : ll_no_memory(err);

    if (rc < 0 || (rc = tls_open(o->set, &tls, err)) < 0)
        goto done;
    opts.tls = tls;
    if ((rc = ll_server_start(&server, &opts, app, err)) < 0)
        goto done;
    if (!app->locked && (rc = ll_site_settle(app, tls != NULL, ll_server_port(server), err)) < 0)
        goto done;
    own_url(o->set, tls, ll_server_port(server), url);
    tell_ready(o, url, app);
    if ((got = wait_for_end(o, signals, app, tls))) {
        ll_log(LL_INFO, "serve", "stopping on %s", strsignal(got));
        pthread_sigmask(SIG_SETMASK, before, NULL);
    }
    rc = got ? LL_OK : 1;
    atomic_store(&app->stopping, true);
done:
    ll_server_stop(server, GRACE_MS);
    ll_tls_close(tls);
    ll_arena_free(networks);
    return rc;
}

/* The keys cannot be opened, as why says: refuses everything until they can.  1: they can; LL_OK: told to stop. */
static int serve_locked(const struct ll_serve *o, const sigset_t *signals, const sigset_t *before,
                        const struct ll_err *why, struct ll_err *err)
{
    struct ll_app app = {.locked = true, .metrics = ll_metrics_new(ll_route_count)};
    int rc;

    if (!app.metrics)
        return ll_no_memory(err);
    ll_log(LL_ERROR, "serve", "every request is refused (503) until the keys can be opened: %s", why->en);
    rc = serve_app(o, signals, before, &app, err);
    ll_metrics_free(app.metrics);
    return rc;
}

int ll_serve(const struct ll_serve *o, struct ll_err *err)
{
    bool locked = false;
    struct ll_err why;
    struct ll_app app;
    sigset_t signals, before;
    int rc;

    /* Blocked before any thread starts, so that none but this one is interrupted. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (o->set->tls_certificate[0])
        sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    while ((rc = app_open(&app, o->set, &locked, err)) < 0) {
        if (!locked)
            goto unblock;
        why = *err;
        if ((rc = serve_locked(o, &signals, &before, &why, err)) <= 0)
            goto unblock;
    }
    rc = serve_app(o, &signals, &before, &app, err);
    if (!app_close(&app)) {
        ll_log(LL_WARN, "serve", "a delivery is still being worked on; the next start carries it on");
        _exit(rc < 0 ? ll_rc_exit(rc)
                     : 0); /* no exit handlers under a running job; its steps are whole or absent */
    }
unblock:
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
