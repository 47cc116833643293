/* throttle.c - see throttle.h.  A fixed table of sets of eight buckets: a name lives in the set of its hash, where the one unused
 * longest makes room.  The time at which a bucket was last empty says how full it is (a virtual scheduling clock), so that nothing has
 * to fill it. */
#include "share/throttle.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 8, NAME = 48 };

struct bucket {
    char name[NAME];  /* cut: names are ids and addresses */
    uint64_t next_us; /* when the next one is due at the steady rate */
    uint64_t used_us; /* 0: free */
};

struct ll_throttle {
    pthread_mutex_t lock;
    size_t sets;
    struct bucket *buckets; /* sets * WAYS */
};

int ll_throttle_new(size_t names, struct ll_throttle **ret, struct ll_err *err)
{
    struct ll_throttle *t = calloc(1, sizeof(*t));

    if (!t)
        return ll_no_memory(err);
    t->sets = names / WAYS + 1;
    t->buckets = calloc(t->sets * WAYS, sizeof(*t->buckets));
    if (!t->buckets) {
        free(t);
        return ll_no_memory(err);
    }
    pthread_mutex_init(&t->lock, NULL);
    *ret = t;
    return LL_OK;
}

struct ll_throttle *ll_throttle_free(struct ll_throttle *t)
{
    if (!t)
        return NULL;
    pthread_mutex_destroy(&t->lock);
    free(t->buckets);
    free(t);
    return NULL;
}

/* The name's bucket, or the one of its set that is full again or unused longest. */
static struct bucket *bucket_of(struct ll_throttle *t, const char *name, uint64_t now)
{
    struct bucket *set = &t->buckets[ll_str_hash(ll_str(name)) % t->sets * WAYS], *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used_us && strcmp(set[i].name, name) == 0)
            return &set[i];
        if (set[i].used_us < oldest->used_us)
            oldest = &set[i];
    }
    if (oldest->next_us <= now) { /* nothing is owed: its name may be forgotten */
        memset(oldest, 0, sizeof(*oldest));
        memcpy(oldest->name, name, strlen(name) + 1);
    }
    return oldest;
}

uint64_t ll_throttle_take(struct ll_throttle *t, struct ll_str name, struct ll_rate rate)
{
    return ll_throttle_take_all(t, name, rate, 1);
}

uint64_t ll_throttle_take_all(struct ll_throttle *t, struct ll_str name, struct ll_rate rate, size_t n)
{
    uint64_t now = ll_mono_us() + 1, burst = rate.burst ? rate.burst : 1, wait = 0,
             interval = UINT64_C(1000000000) / (rate.per_1000_s ? rate.per_1000_s : 1),
             spare = interval * (burst - (n < burst ? n : burst)); /* what may be owed already */
    char key[NAME] = "";
    struct bucket *b;

    memcpy(key, name.p, name.n < NAME - 1 ? name.n : NAME - 1);
    pthread_mutex_lock(&t->lock);
    b = bucket_of(t, key, now);
    b->used_us = now;
    if (b->next_us < now)
        b->next_us = now;
    if (b->next_us - now > spare)
        wait = (b->next_us - now - spare) / 1000 + 1;
    else
        b->next_us += interval * n;
    pthread_mutex_unlock(&t->lock);
    return wait;
}
