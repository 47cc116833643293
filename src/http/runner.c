/* runner.c - see runner.h.  One lock over one list: there are tens of entries, not thousands, and jobs take seconds. */
#include "http/runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "intake/job.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS_MAX = 16, RETRY_US = 500000 };

struct entry {
    struct entry *next;
    char id[LL_ID_TEXT], resource[64];
    bool confirm, running;
    uint64_t not_before; /* monotonic; 0: at once */
    struct ll_run_state state;
    uint64_t stage_began;
    struct ll_runner *runner;
};

struct ll_runner {
    struct ll_data *data;
    pthread_mutex_t lock;
    pthread_cond_t work; /* something was queued, or an entry ended, or stopping */
    struct entry *first;
    bool stopping, recovered;
    unsigned workers, busy;
    pthread_t threads[WORKERS_MAX];
};

static bool resource_runs(const struct ll_runner *r, const char *resource)
{
    for (const struct entry *e = r->first; e; e = e->next)
        if (e->running && strcmp(e->resource, resource) == 0)
            return true;
    return false;
}

static struct entry *find(struct ll_runner *r, const char *id)
{
    for (struct entry *e = r->first; e; e = e->next)
        if (strcmp(e->id, id) == 0)
            return e;
    return NULL;
}

/* The first entry that may run now; an earlier one of the same resource goes first even while it waits. */
static struct entry *take(struct ll_runner *r)
{
    uint64_t now = ll_mono_us();

    for (struct entry *e = r->first; e; e = e->next) {
        bool first = true;
        for (const struct entry *before = r->first; before != e; before = before->next)
            first &= strcmp(before->resource, e->resource) != 0;
        if (first && !e->running && e->not_before <= now && !resource_runs(r, e->resource))
            return e;
    }
    return NULL;
}

static void drop(struct ll_runner *r, struct entry *gone)
{
    struct entry **at = &r->first;

    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    free(gone);
}

static void progress(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
    struct entry *e = ctx;

    pthread_mutex_lock(&e->runner->lock);
    if (strcmp(e->state.stage, stage) != 0) {
        snprintf(e->state.stage, sizeof(e->state.stage), "%s", stage);
        e->stage_began = ll_mono_us();
    }
    e->state.done = done;
    e->state.total = total;
    pthread_mutex_unlock(&e->runner->lock);
}

static int run_one(struct ll_runner *r, struct entry *e)
{
    struct ll_job_opts o = {.confirm = e->confirm, .progress = progress, .ctx = e};
    struct ll_err err = {0};
    int rc = ll_job_run(r->data, e->id, &o, &err);

    if (rc < 0 && rc != LL_BUSY)
        ll_log(rc == LL_WAITING ? LL_INFO : LL_WARN, "intake", "delivery %s: %s: %s", e->id, ll_rc_name(rc),
               err.en);
    else if (rc == LL_OK)
        ll_log(LL_INFO, "intake", "delivery %s published", e->id);
    return rc;
}

static void wait_for_work(struct ll_runner *r)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += RETRY_US * 1000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&r->work, &r->lock, &until);
}

/* Whichever worker comes first; the others wait, so that what was left over goes before what is new. */
static void recover(struct ll_runner *r)
{
    struct ll_job_opts o = {0};
    struct ll_err err = {0};
    unsigned n = 0;

    r->busy++;
    pthread_mutex_unlock(&r->lock);
    if (ll_job_recover(r->data, &o, &n, &err) < 0)
        ll_log(LL_ERROR, "intake", "carrying on what was cut short: %s", err.en);
    else if (n)
        ll_log(LL_INFO, "intake", "carried on %u deliveries that were cut short", n);
    pthread_mutex_lock(&r->lock);
    r->busy--;
    r->recovered = true;
    pthread_cond_broadcast(&r->work);
}

static void *work(void *cls)
{
    struct ll_runner *r = cls;
    struct entry *e;

    pthread_mutex_lock(&r->lock);
    if (!r->recovered && r->busy == 0)
        recover(r);
    while (!r->stopping) {
        if (!r->recovered || !(e = take(r))) {
            wait_for_work(r);
            continue;
        }
        e->running = true;
        e->stage_began = ll_mono_us();
        r->busy++;
        pthread_mutex_unlock(&r->lock);
        int rc = run_one(r, e);
        pthread_mutex_lock(&r->lock);
        r->busy--;
        e->running = false;
        e->not_before = ll_mono_us() + RETRY_US;
        if (rc != LL_BUSY)
            drop(r, e);
        pthread_cond_broadcast(&r->work);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

int ll_runner_open(struct ll_data *d, unsigned workers, struct ll_runner **ret, struct ll_err *err)
{
    struct ll_runner *r = calloc(1, sizeof(*r));
    pthread_condattr_t attr;

    if (!r)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    r->data = d;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->work, &attr);
    pthread_condattr_destroy(&attr);
    workers = workers < WORKERS_MAX ? workers : WORKERS_MAX;
    while (r->workers < workers && pthread_create(&r->threads[r->workers], NULL, work, r) == 0)
        r->workers++;
    if (r->workers == 0) {
        ll_runner_close(r, 0);
        return ll_fail_errno(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    }
    *ret = r;
    return LL_OK;
}

bool ll_runner_close(struct ll_runner *r, unsigned grace_ms)
{
    uint64_t until = ll_mono_us() + (uint64_t)grace_ms * 1000;
    bool idle;

    if (!r)
        return true;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->work);
    while (r->busy && ll_mono_us() < until)
        wait_for_work(r);
    idle = r->busy == 0;
    pthread_mutex_unlock(&r->lock);
    if (!idle)
        return false;
    for (unsigned i = 0; i < r->workers; i++)
        pthread_join(r->threads[i], NULL);
    while (r->first)
        drop(r, r->first);
    pthread_cond_destroy(&r->work);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return true;
}

int ll_runner_submit(struct ll_runner *r, const char *delivery, const char *resource, bool confirm,
                     struct ll_err *err)
{
    struct entry *e = calloc(1, sizeof(*e)), **at = &r->first;

    if (!e)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    snprintf(e->id, sizeof(e->id), "%s", delivery);
    snprintf(e->resource, sizeof(e->resource), "%s", resource);
    e->confirm = confirm;
    e->runner = r;
    pthread_mutex_lock(&r->lock);
    if (find(r, delivery)) {
        free(e);
    } else {
        while (*at)
            at = &(*at)->next;
        *at = e;
        pthread_cond_signal(&r->work);
    }
    pthread_mutex_unlock(&r->lock);
    return LL_OK;
}

bool ll_runner_busy(struct ll_runner *r)
{
    pthread_mutex_lock(&r->lock);
    const bool busy = r->busy || r->first;
    pthread_mutex_unlock(&r->lock);
    return busy;
}

struct ll_run_state ll_runner_state(struct ll_runner *r, const char *delivery)
{
    struct ll_run_state state = {0};
    const struct entry *e;

    pthread_mutex_lock(&r->lock);
    if ((e = find(r, delivery))) {
        uint64_t us = ll_mono_us() - e->stage_began;
        state = e->state;
        state.running = e->running;
        state.queued = !e->running;
        if (e->running && us)
            state.per_second = (double)state.done * 1e6 / (double)us;
    }
    pthread_mutex_unlock(&r->lock);
    return state;
}
