/* upward_job.c - see upward_job.h.  One thread: streams take turns, and one that fails holds up all, since all go the same way. */
#include "http/upward_job.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "crypto/random.h"
#include "http/upward_link.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 2000, OPEN_MS = 200, LONGEST_MS = 600000, WISHES = 32, WHO = 64, DOUBLINGS = 16 };
static const int64_t DAY_MS = 86400000;

/* A stream that is to be reconciled. */
struct wish {
    char stream[WHO], account[WHO], organisation[WHO];
    bool there, again; /* again: what differed was sent anew, compare once more */
};

struct ll_upward_job {
    struct ll_upward_job_opts o;
    struct ll_upward *upward;
    struct ll_upward_http *http;
    struct ll_ticker *ticker; /* NULL: there is no upper platform */
    atomic_bool stop;
    unsigned failures; /* of the ticker's rounds */
    pthread_mutex_t lock;
    struct wish wishes[WISHES];
};

/* --- what is wished -------------------------------------------------------------------------------------------------------- */

static struct wish *find_wish(struct ll_upward_job *j, const char *stream)
{
    for (size_t i = 0; i < WISHES; i++)
        if (j->wishes[i].there && strcmp(j->wishes[i].stream, stream) == 0)
            return &j->wishes[i];
    return NULL;
}

static struct wish *add_wish(struct ll_upward_job *j, const char *stream, const struct ll_actor *by)
{
    struct wish *w = find_wish(j, stream);

    for (size_t i = 0; !w && i < WISHES; i++)
        if (!j->wishes[i].there)
            w = &j->wishes[i];
    if (!w)
        return NULL;
    *w = (struct wish){.there = true};
    snprintf(w->stream, WHO, "%.63s", stream);
    snprintf(w->account, WHO, "%.63s", by && by->account ? by->account : "");
    snprintf(w->organisation, WHO, "%.63s", by && by->organisation ? by->organisation : "");
    return w;
}

/* Once a day by itself, where something went up at all. */
static int due(struct ll_upward_job *j, const char *stream, bool *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(ll_data_store(j->o.data), false, &tx, err);

    *ret = false;
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT coalesce((SELECT max(d.at) FROM upward_day d WHERE d.stream = s.id),"
             " (SELECT min(m.made_at) FROM upward_message m WHERE m.stream = s.id)) FROM upward_stream s WHERE s.name = $1",
             &q, err)) == LL_OK) {
        ll_bind_z(q, 1, stream);
        if ((rc = ll_step(q, err)) > 0 && !ll_col_null(q, 0))
            *ret = ll_col_int(q, 0) + DAY_MS < ll_now_ms();
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int reconcile(struct ll_upward_job *j, const char *stream, struct ll_err *err)
{
    const struct ll_upward_link link = ll_upward_http_link(j->http);
    struct ll_actor by = {.account = NULL};
    struct ll_upward_check r;
    bool wished = false, now = false;
    struct wish own, *w;
    int rc;

    pthread_mutex_lock(&j->lock);
    if ((w = find_wish(j, stream))) {
        own = *w;
        wished = true;
    }
    pthread_mutex_unlock(&j->lock);
    if (!wished && ((rc = due(j, stream, &now, err)) < 0 || !now))
        return rc;
    if (wished && own.account[0])
        by = (struct ll_actor){.account = own.account, .organisation = own.organisation};
    if ((rc = ll_upward_reconcile(j->upward, &link, stream, by.account ? &by : NULL, &r, err)) < 0)
        return rc;
    ll_log(r.wrong ? LL_WARN : LL_INFO, "upward", "%s: %lld days compared, %lld differ", stream,
           (long long)r.days, (long long)r.wrong);
    pthread_mutex_lock(&j->lock);
    if ((w = find_wish(j, stream)))
        w->there = false;
    if (r.wrong && !(wished && own.again) && (w = add_wish(j, stream, by.account ? &by : NULL)))
        w->again = true;
    pthread_mutex_unlock(&j->lock);
    return LL_OK;
}

/* --- rounds ---------------------------------------------------------------------------------------------------------------- */

/* 1: there is more to do at once; 2: something is open and will be answered. */
static int one_stream(struct ll_upward_job *j, const char *stream, struct ll_err *err)
{
    const struct ll_upward_link link = ll_upward_http_link(j->http);
    struct ll_upward_done done;
    int rc = ll_upward_round(j->upward, &link, stream, &done, err);

    if (rc < 0)
        return rc;
    if (done.made + done.settled && j->o.done)
        j->o.done(j->o.ctx);
    if (done.returned)
        ll_log(LL_INFO, "upward", "%s: %lld records came back", stream, (long long)done.returned);
    if (!done.open && !done.more && (rc = reconcile(j, stream, err)) < 0)
        return rc;
    return done.more ? 1 : done.open ? 2 : 0;
}

static int all_streams(struct ll_upward_job *j, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const char *const *names = NULL;
    size_t n = 0;
    int most = 0, rc = arena ? ll_upward_stream_names(ll_data_store(j->o.data), arena, &names, &n, err)
                             : ll_no_memory(err);

    for (size_t i = 0; i < n && rc >= 0 && !atomic_load(&j->stop); i++)
        if ((rc = one_stream(j, names[i], err)) > 0)
            most = rc == 1 || most == 1 ? 1 : rc;
    ll_arena_free(arena);
    return rc < 0 ? rc : most;
}

/* Twice as long each time, half of it by chance. */
static int64_t pause_ms(struct ll_upward_job *j)
{
    int64_t ms = (int64_t)j->o.set->upward_retry_ms << (j->failures < DOUBLINGS ? j->failures : DOUBLINGS);
    uint16_t chance = 0;
    struct ll_err ignored;

    ms = ms < LONGEST_MS ? ms : LONGEST_MS;
    if (ll_random(&chance, sizeof chance, &ignored) < 0)
        return ms;
    return ms / 2 + ms * chance / (2 * 65536);
}

static unsigned round_of(void *ctx)
{
    struct ll_upward_job *j = ctx;
    struct ll_err err;
    int rc;

    do
        rc = all_streams(j, &err);
    while (rc == 1 && !atomic_load(&j->stop));
    if (rc < 0 && rc != LL_BUSY && !atomic_load(&j->stop)) {
        if (!j->failures++)
            ll_log(LL_WARN, "upward", "%s", err.en);
        return (unsigned)pause_ms(j);
    }
    if (j->failures && rc >= 0) {
        ll_log(LL_INFO, "upward", "the upper platform is reached again");
        j->failures = 0;
    }
    return rc == 2 ? OPEN_MS : LOOK_MS;
}

/* --- open, close, ask ------------------------------------------------------------------------------------------------------ */

static int start(struct ll_upward_job *j, struct ll_err *err)
{
    const struct ll_upward_opts o = {j->o.data, j->o.keys};
    int rc;

    if ((rc = ll_upward_open(&o, &j->upward, err)) < 0 ||
        (rc = ll_upward_http_open(j->o.set, j->o.keys, &j->stop, &j->http, err)) < 0)
        return rc;
    return ll_ticker_open(round_of, j, &j->ticker, err);
}

int ll_upward_job_open(const struct ll_upward_job_opts *o, struct ll_upward_job **ret, struct ll_err *err)
{
    struct ll_upward_job *j = calloc(1, sizeof *j);
    int rc;

    if (!j)
        return ll_no_memory(err);
    j->o = *o;
    pthread_mutex_init(&j->lock, NULL);
    rc = o->set->upward_url[0] ? start(j, err) : LL_OK;
    if (rc < 0)
        ll_upward_job_close(j);
    else
        *ret = j;
    return rc;
}

struct ll_upward_job *ll_upward_job_close(struct ll_upward_job *j)
{
    if (!j)
        return NULL;
    atomic_store(&j->stop, true);
    ll_ticker_close(j->ticker);
    ll_upward_http_close(j->http);
    ll_upward_close(j->upward);
    pthread_mutex_destroy(&j->lock);
    free(j);
    return NULL;
}

int ll_upward_job_wake(struct ll_upward_job *j, struct ll_err *err)
{
    if (!j->ticker)
        return ll_fail(err, LL_CONFLICT, "没有设置上级平台（upward_url、upward_client）",
                       "no upper platform is set (upward_url, upward_client)");
    ll_ticker_wake(j->ticker);
    return LL_OK;
}

int ll_upward_job_reconcile(struct ll_upward_job *j, const char *stream, const struct ll_actor *by,
                            struct ll_err *err)
{
    bool noted;

    pthread_mutex_lock(&j->lock);
    noted = add_wish(j, stream, by) != NULL;
    pthread_mutex_unlock(&j->lock);
    return noted ? ll_upward_job_wake(j, err)
                 : ll_fail(err, LL_BUSY, "等待对账的过多，请稍后再试",
                           "too many streams wait to be reconciled: try again");
}
