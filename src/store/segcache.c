/* segcache.c - see segcache.h.  Idle readers hang in a hash by path and in a list by age, the latest first. */
#include "store/segcache.h"

#include "base/fs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 512 };

struct entry {
    struct ll_seg *seg;
    uint64_t hash;
    struct entry *chain;         /* same bucket */
    struct entry *newer, *older; /* by age */
};

struct ll_segcache {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    struct entry *newest, *oldest;
    unsigned max_idle, idle, taken;
};

int ll_segcache_new(unsigned max_idle, struct ll_segcache **ret, struct ll_err *err)
{
    struct ll_segcache *c = calloc(1, sizeof *c);

    if (!c || pthread_mutex_init(&c->lock, NULL) != 0) {
        free(c);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    c->max_idle = max_idle;
    *ret = c;
    return LL_OK;
}

static uint64_t hash_of(const char *path)
{
    return ll_str_hash(ll_str(path));
}

/* Takes e out of both structures; the caller holds the lock and owns the entry afterwards. */
static void unlink_entry(struct ll_segcache *c, struct entry *e)
{
    struct entry **p = &c->buckets[e->hash % BUCKETS];

    while (*p != e)
        p = &(*p)->chain;
    *p = e->chain;
    *(e->newer ? &e->newer->older : &c->newest) = e->older;
    *(e->older ? &e->older->newer : &c->oldest) = e->newer;
    c->idle--;
}

static struct entry *find_entry(struct ll_segcache *c, const char *path, uint64_t hash)
{
    for (struct entry *e = c->buckets[hash % BUCKETS]; e; e = e->chain)
        if (e->hash == hash && strcmp(ll_seg_path(e->seg), path) == 0)
            return e;
    return NULL;
}

static void close_entry(struct entry *e)
{
    if (e) {
        ll_seg_close(e->seg);
        free(e);
    }
}

int ll_segcache_take(struct ll_segcache *c, const char *path, struct ll_seg **ret, struct ll_err *err)
{
    uint64_t hash = hash_of(path);
    int rc = LL_OK;

    pthread_mutex_lock(&c->lock);
    struct entry *e = find_entry(c, path, hash);
    if (e)
        unlink_entry(c, e);
    c->taken++;
    pthread_mutex_unlock(&c->lock);
    if (e) {
        *ret = e->seg;
        free(e);
    } else if ((rc = ll_seg_open(path, ret, err)) < 0) {
        pthread_mutex_lock(&c->lock);
        c->taken--;
        pthread_mutex_unlock(&c->lock);
    }
    return rc;
}

static void link_entry(struct ll_segcache *c, struct entry *e)
{
    struct entry **bucket = &c->buckets[e->hash % BUCKETS];

    e->chain = *bucket;
    *bucket = e;
    e->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = e;
    c->newest = e;
    c->idle++;
}

void ll_segcache_give(struct ll_segcache *c, struct ll_seg *s)
{
    struct entry *e, *old = NULL;

    if (!s)
        return;
    ll_seg_rewind(s);
    e = ll_fs_exists(ll_seg_path(s)) ? calloc(1, sizeof *e) : NULL;
    if (e)
        *e = (struct entry){.seg = s, .hash = hash_of(ll_seg_path(s))};
    pthread_mutex_lock(&c->lock);
    c->taken--;
    if (e)
        link_entry(c, e);
    if (c->idle > c->max_idle)
        unlink_entry(c, old = c->oldest);
    pthread_mutex_unlock(&c->lock);
    close_entry(old);
    if (!e)
        ll_seg_close(s);
}

void ll_segcache_sweep(struct ll_segcache *c)
{
    struct entry *gone = NULL;

    pthread_mutex_lock(&c->lock);
    for (struct entry *e = c->newest, *older; e; e = older) {
        older = e->older;
        if (ll_fs_exists(ll_seg_path(e->seg)))
            continue;
        unlink_entry(c, e);
        e->chain = gone;
        gone = e;
    }
    pthread_mutex_unlock(&c->lock);
    while (gone) {
        struct entry *next = gone->chain;
        close_entry(gone);
        gone = next;
    }
}

unsigned ll_segcache_idle(struct ll_segcache *c)
{
    pthread_mutex_lock(&c->lock);
    unsigned n = c->idle;
    pthread_mutex_unlock(&c->lock);
    return n;
}

struct ll_segcache *ll_segcache_free(struct ll_segcache *c)
{
    if (!c)
        return NULL;
    LL_ASSERT(c->taken == 0);
    while (c->oldest) {
        struct entry *e = c->oldest;
        unlink_entry(c, e);
        close_entry(e);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}
