/* meter.c - see meter.h.  One count a grant that was ever used since the start; grants are few beside calls, so one lock over a table
 * that is looked at for some hundred nanoseconds does. */
#include "share/meter.h"

#include "base/clock.h"
#include "share/ledger.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

struct count {
    struct count *chain;
    char id[LL_FLOW_ID_TEXT];
    int64_t day, of_day, total;
    uint64_t
        due_us; /* when the next call is due at the steady rate (as in throttle.c, with room for one second's calls) */
};

struct ll_meter {
    struct ll_store *st;
    pthread_mutex_t lock;
    struct count *buckets[BUCKETS];
};

int ll_meter_open(struct ll_store *st, struct ll_meter **ret, struct ll_err *err)
{
    struct ll_meter *m = calloc(1, sizeof *m);

    if (!m)
        return ll_no_memory(err);
    m->st = st;
    pthread_mutex_init(&m->lock, NULL);
    *ret = m;
    return LL_OK;
}

struct ll_meter *ll_meter_close(struct ll_meter *m)
{
    if (!m)
        return NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct count *c = m->buckets[i], *next; c; c = next) {
            next = c->chain;
            free(c);
        }
    pthread_mutex_destroy(&m->lock);
    free(m);
    return NULL;
}

static struct count **place(struct ll_meter *m, const char *id)
{
    struct count **at = &m->buckets[ll_str_hash(ll_str(id)) % BUCKETS];

    while (*at && strcmp((*at)->id, id) != 0)
        at = &(*at)->chain;
    return at;
}

/* Under the lock, once a grant: nothing of it can have been used meanwhile. */
static int load(struct ll_meter *m, const char *id, int64_t day, struct count **ret, struct ll_err *err)
{
    struct count *c = calloc(1, sizeof *c);
    struct ll_txn *tx = NULL;
    int rc = c ? ll_txn_begin(m->st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_usage_of_grant(tx, ll_str(id), day, &c->total, &c->of_day, err);
    ll_txn_end(tx);
    if (rc < 0) {
        free(c);
        return rc;
    }
    memcpy(c->id, id, strlen(id) + 1);
    c->day = day;
    *place(m, id) = c;
    *ret = c;
    return LL_OK;
}

/* Whole seconds of calls may come at once, no more. */
static uint64_t rate_wait(struct count *c, int64_t per_second, size_t calls)
{
    uint64_t now = ll_mono_us(), interval = per_second ? 1000000u / (uint64_t)per_second : 0;
    uint64_t due = c->due_us > now ? c->due_us : now;

    if (!interval)
        return 0;
    if (due - now > 1000000u - interval && due > now)
        return (due - now - (1000000u - interval)) / 1000 + 1;
    c->due_us = due + interval * calls;
    return 0;
}

/* wait NULL: the rate does not matter. */
static enum ll_meter_answer decide(struct count *c, const struct ll_grant *g, size_t calls, uint64_t *wait)
{
    int64_t n = (int64_t)calls;

    if (g->total && c->total + n > g->total)
        return LL_METER_TOTAL;
    if (g->per_day && c->of_day + n > g->per_day)
        return LL_METER_DAY;
    if (wait && (*wait = rate_wait(c, g->per_second, calls)) > 0)
        return LL_METER_RATE;
    c->total += n;
    c->of_day += n;
    return LL_METER_OK;
}

static int take(struct ll_meter *m, const struct ll_grant *g, size_t calls, int64_t now_ms,
                enum ll_meter_answer *ret, uint64_t *ret_wait_ms, struct ll_err *err)
{
    int64_t day = ll_local_day(now_ms);
    int rc = LL_OK;

    pthread_mutex_lock(&m->lock);
    struct count *c = *place(m, g->id);
    if (!c)
        rc = load(m, g->id, day, &c, err);
    if (rc == LL_OK) {
        if (c->day != day) {
            c->day = day;
            c->of_day = 0;
        }
        *ret = decide(c, g, calls, ret_wait_ms);
    }
    pthread_mutex_unlock(&m->lock);
    return rc;
}

int ll_meter_take(struct ll_meter *m, const struct ll_grant *g, size_t calls, int64_t now_ms,
                  enum ll_meter_answer *ret, uint64_t *ret_wait_ms, struct ll_err *err)
{
    *ret_wait_ms = 0;
    return take(m, g, calls, now_ms, ret, ret_wait_ms, err);
}

int ll_meter_reserve(struct ll_meter *m, const struct ll_grant *g, size_t calls, int64_t now_ms,
                     enum ll_meter_answer *ret, struct ll_err *err)
{
    return take(m, g, calls, now_ms, ret, NULL, err);
}

void ll_meter_give_back(struct ll_meter *m, const struct ll_grant *g, size_t calls)
{
    pthread_mutex_lock(&m->lock);
    struct count *c = *place(m, g->id);
    if (c) {
        c->total -= (int64_t)calls;
        c->of_day -= c->of_day < (int64_t)calls ? c->of_day : (int64_t)calls;
    }
    pthread_mutex_unlock(&m->lock);
}
