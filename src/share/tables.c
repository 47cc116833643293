/* tables.c - see tables.h.  One entry a resource: the generation of its list that was seen last, when it was seen, and the idle
 * handles of that generation.  Handles of an older one are closed when they come back, and their readers return to the cache,
 * where the next handle finds those that are still listed. */
#include "share/tables.h"

#include "base/clock.h"
#include "share/table_impl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256 };

struct entry {
    struct entry *chain;
    char *resource;
    int64_t generation;
    uint64_t seen_us;
    struct ll_table *idle; /* linked by ->next_idle */
};

struct ll_tables {
    struct ll_store *store;
    struct ll_segcache *cache;
    char *data_dir;
    uint64_t fresh_us;
    unsigned max_files, idle_files;
    struct ll_vault *vault;
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
};

int ll_tables_open(struct ll_store *st, const struct ll_tables_opts *o, struct ll_tables **ret,
                   struct ll_err *err)
{
    struct ll_tables *ts = calloc(1, sizeof *ts);
    int rc;

    if (!ts || !(ts->data_dir = strdup(o->data_dir)) || pthread_mutex_init(&ts->lock, NULL) != 0) {
        if (ts)
            free(ts->data_dir);
        free(ts);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    ts->store = st;
    ts->fresh_us = (uint64_t)o->fresh_ms * 1000;
    ts->max_files = o->max_files;
    ts->vault = o->vault;
    if ((rc = ll_segcache_new(o->max_files, &ts->cache, err)) < 0) {
        ll_tables_close(ts);
        return rc;
    }
    *ret = ts;
    return LL_OK;
}

/* --- entries; the caller holds the lock ------------------------------------------------------------------------------ */

static struct entry *entry_of(struct ll_tables *ts, const char *resource)
{
    struct entry **bucket = &ts->buckets[ll_str_hash(ll_str(resource)) % BUCKETS], *e;

    for (e = *bucket; e; e = e->chain)
        if (strcmp(e->resource, resource) == 0)
            return e;
    if (!(e = calloc(1, sizeof *e)) || !(e->resource = strdup(resource))) {
        free(e);
        return NULL;
    }
    e->chain = *bucket;
    return *bucket = e;
}

/* Takes all idle handles off the entry, to be closed outside the lock. */
static struct ll_table *drain(struct ll_tables *ts, struct entry *e)
{
    struct ll_table *list = e->idle;

    for (struct ll_table *t = list; t; t = t->next_idle)
        ts->idle_files -= (unsigned)t->files;
    e->idle = NULL;
    return list;
}

static void close_all(struct ll_table *list)
{
    while (list) {
        struct ll_table *next = list->next_idle;
        ll_table_close(list);
        list = next;
    }
}

static struct ll_table *pop_idle(struct ll_tables *ts, struct entry *e)
{
    struct ll_table *t = e->idle;

    if (t) {
        e->idle = t->next_idle;
        t->next_idle = NULL;
        ts->idle_files -= (unsigned)t->files;
    }
    return t;
}

/* --- taking and giving ------------------------------------------------------------------------------------------------ */

static int read_generation(struct ll_tables *ts, const char *resource, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ts->store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_table_list_generation(tx, resource, ret, err);
    ll_txn_end(tx);
    return rc;
}

/* What was learnt of the store is written to the entry; idle handles of another generation go. */
static int refresh(struct ll_tables *ts, const char *resource, struct ll_err *err)
{
    struct ll_table *old = NULL;
    uint64_t now = ll_mono_us();
    int64_t generation = 0;
    int rc = read_generation(ts, resource, &generation, err);

    if (rc < 0)
        return rc;
    pthread_mutex_lock(&ts->lock);
    struct entry *e = entry_of(ts, resource);
    if (e && generation > e->generation)
        old = drain(ts, e);
    if (e && generation >= e->generation) {
        e->generation = generation;
        e->seen_us = now;
    }
    pthread_mutex_unlock(&ts->lock);
    if (old) {
        close_all(old);
        ll_segcache_sweep(ts->cache);
    }
    return e ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static bool is_fresh(struct ll_tables *ts, const char *resource)
{
    if (ts->fresh_us == 0)
        return false;
    pthread_mutex_lock(&ts->lock);
    const struct entry *e = entry_of(ts, resource);
    bool fresh = e && e->seen_us && ll_mono_us() - e->seen_us <= ts->fresh_us;
    pthread_mutex_unlock(&ts->lock);
    return fresh;
}

static int take(struct ll_tables *ts, const char *resource, struct ll_table **ret, struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc;

    pthread_mutex_lock(&ts->lock);
    struct entry *e = entry_of(ts, resource);
    if (e)
        t = pop_idle(ts, e);
    pthread_mutex_unlock(&ts->lock);
    if (!t && (rc = ll_table_open(ts->store, ts->cache, ts->data_dir, resource, &t, err)) < 0)
        return rc;
    ll_table_use(t, ts->vault);
    *ret = t;
    return LL_OK;
}

int ll_tables_take_now(struct ll_tables *ts, const char *resource, struct ll_table **ret, struct ll_err *err)
{
    int rc = refresh(ts, resource, err);

    return rc < 0 ? rc : take(ts, resource, ret, err);
}

int ll_tables_take(struct ll_tables *ts, const char *resource, struct ll_table **ret, struct ll_err *err)
{
    return is_fresh(ts, resource) ? take(ts, resource, ret, err) : ll_tables_take_now(ts, resource, ret, err);
}

void ll_tables_give(struct ll_tables *ts, struct ll_table *t)
{
    struct ll_table *old = NULL;

    if (!t)
        return;
    ll_table_rewind(t);
    pthread_mutex_lock(&ts->lock);
    struct entry *e = entry_of(ts, t->resource);
    if (e && t->generation > e->generation) {
        old = drain(ts, e);
        e->generation = t->generation;
        e->seen_us = 0;
    }
    if (e && t->generation == e->generation && ts->idle_files + t->files <= ts->max_files) {
        t->next_idle = e->idle;
        e->idle = t;
        ts->idle_files += (unsigned)t->files;
        t = NULL;
    }
    pthread_mutex_unlock(&ts->lock);
    close_all(old);
    ll_table_close(t);
}

struct ll_tables *ll_tables_close(struct ll_tables *ts)
{
    if (!ts)
        return NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        while (ts->buckets[i]) {
            struct entry *e = ts->buckets[i];
            ts->buckets[i] = e->chain;
            close_all(drain(ts, e));
            free(e->resource);
            free(e);
        }
    ll_segcache_free(ts->cache);
    pthread_mutex_destroy(&ts->lock);
    free(ts->data_dir);
    free(ts);
    return NULL;
}
