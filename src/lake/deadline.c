/* deadline.c - ends statements that are past their time.
 *
 * Between two tasks of the engine who runs a statement looks at the clock itself (query.c), but one task of a join without a condition may take
 * hours.  Within it the engine heeds an interrupt, which must come from another thread: this one, which starts with the first statement that has
 * a time and sleeps until the earliest is over. */
#include "lake/internal.h"

#include "base/clock.h"

#include <time.h>

/* An interrupt that comes before the engine has begun is lost: it is said again. */
enum { AGAIN_US = 100000 };

/* Under the lock.  When to look again; 0: nothing runs. */
static uint64_t interrupt_all(struct ll_lake *lake, uint64_t now)
{
    uint64_t next = 0;

    for (struct ll_deadline *d = lake->deadlines; d; d = d->next) {
        uint64_t at = d->until_us > now ? d->until_us : now + AGAIN_US;
        if (d->until_us <= now) {
            d->over = true;
            duckdb_interrupt(d->c);
        }
        next = !next || at < next ? at : next;
    }
    return next;
}

static void *watch(void *ctx)
{
    struct ll_lake *lake = ctx;

    pthread_mutex_lock(&lake->time_lock);
    while (!lake->closing) {
        uint64_t next = interrupt_all(lake, ll_mono_us());
        const struct timespec until = {.tv_sec = (time_t)(next / 1000000),
                                       .tv_nsec = (long)(next % 1000000) * 1000};
        if (next)
            pthread_cond_timedwait(&lake->time_wake, &lake->time_lock, &until);
        else
            pthread_cond_wait(&lake->time_wake, &lake->time_lock);
    }
    pthread_mutex_unlock(&lake->time_lock);
    return NULL;
}

void ll_deadlines_init(struct ll_lake *lake)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&lake->time_lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&lake->time_wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void ll_deadlines_close(struct ll_lake *lake)
{
    pthread_mutex_lock(&lake->time_lock);
    LL_ASSERT(!lake->deadlines);
    lake->closing = true;
    pthread_cond_signal(&lake->time_wake);
    pthread_mutex_unlock(&lake->time_lock);
    if (lake->watching)
        pthread_join(lake->watcher, NULL);
    pthread_cond_destroy(&lake->time_wake);
    pthread_mutex_destroy(&lake->time_lock);
}

int ll_deadline_begin(struct ll_lake *lake, duckdb_connection c, uint64_t until_us, struct ll_deadline *d,
                      struct ll_err *err)
{
    int rc = LL_OK;

    *d = (struct ll_deadline){.c = c, .until_us = until_us};
    if (!until_us)
        return LL_OK;
    pthread_mutex_lock(&lake->time_lock);
    if (!lake->watching)
        lake->watching = pthread_create(&lake->watcher, NULL, watch, lake) == 0;
    if (!lake->watching)
        rc = ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    else {
        d->next = lake->deadlines;
        lake->deadlines = d;
        pthread_cond_signal(&lake->time_wake);
    }
    pthread_mutex_unlock(&lake->time_lock);
    return rc;
}

bool ll_deadline_end(struct ll_lake *lake, struct ll_deadline *d)
{
    struct ll_deadline **at = &lake->deadlines;

    if (!d->until_us)
        return false;
    pthread_mutex_lock(&lake->time_lock);
    while (*at && *at != d)
        at = &(*at)->next;
    if (*at)
        *at = d->next;
    pthread_mutex_unlock(&lake->time_lock);
    return d->over;
}
