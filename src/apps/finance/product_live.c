/* product_live.c - see product_live.h. */
#include "apps/finance/product_live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct snapshot {
    struct ll_products_held held; /* the first: what is handed out */
    atomic_uint refs;
    struct ll_catalog *cat;
    struct ll_arena *arena;
    uint64_t published; /* ll_products_generation */
};

struct ll_products_live {
    struct ll_store *st;
    struct ll_catalog_live *catalog;
    pthread_mutex_t lock; /* of now and stamp; held for moments only */
    pthread_mutex_t reading;
    struct snapshot *now;
    struct ll_store_stamp stamp; /* when `now` was as new as the store */
};

static struct snapshot *unref(struct snapshot *s)
{
    if (s && atomic_fetch_sub(&s->refs, 1) == 1) {
        ll_catalog_unref(s->cat);
        ll_arena_free(s->arena);
        free(s);
    }
    return NULL;
}

int ll_products_live_open(struct ll_store *st, struct ll_catalog_live *catalog, struct ll_products_live **ret,
                          struct ll_err *err)
{
    struct ll_products_live *live = calloc(1, sizeof *live);

    if (!live)
        return ll_no_memory(err);
    live->st = st;
    live->catalog = catalog;
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->reading, NULL);
    *ret = live;
    return LL_OK;
}

struct ll_products_live *ll_products_live_close(struct ll_products_live *live)
{
    if (!live)
        return NULL;
    unref(live->now);
    pthread_mutex_destroy(&live->lock);
    pthread_mutex_destroy(&live->reading);
    free(live);
    return NULL;
}

/* ---- reading ---- */

/* 1: the store has other packs, or institutions and departments published something else, than `old` was read from. */
static int changed(struct ll_txn *tx, const struct snapshot *old, uint64_t published, struct ll_err *err)
{
    uint64_t packs = 0;
    int rc = old ? ll_catalog_store_generation(tx, &packs, err) : LL_OK;

    if (rc < 0)
        return rc;
    return !old || packs != ll_catalog_generation(old->cat) || published != old->published;
}

/* *ret: one reference; NULL: `old` still stands. */
static int read_newer(struct ll_products_live *live, const struct snapshot *old, struct snapshot **ret,
                      struct ll_err *err)
{
    struct snapshot *s = calloc(1, sizeof *s);
    struct ll_txn *tx = NULL;
    int rc = s && (s->arena = ll_arena_new(0)) ? ll_catalog_live_get(live->catalog, true, &s->cat, err)
                                               : ll_no_memory(err);

    if (s) {
        atomic_init(&s->refs, 1);
        s->held.cat = s->cat;
    }
    if (rc == LL_OK && (rc = ll_txn_begin(live->st, false, &tx, err)) == LL_OK &&
        (rc = ll_products_generation(tx, &s->published, err)) == LL_OK &&
        (rc = changed(tx, old, s->published, err)) > 0 &&
        (rc = ll_products_read(tx, s->cat, s->arena, &s->held.all, err)) == LL_OK)
        rc = ll_policies_read(tx, s->cat, s->arena, &s->held.policies, err);
    ll_txn_end(tx);
    *ret = rc == LL_OK && s->held.policies ? s : unref(s);
    return rc;
}

/* One reference where what is there is as new as the store. */
static struct snapshot *current(struct ll_products_live *live)
{
    struct ll_store_stamp now;
    struct snapshot *s = NULL;

    ll_store_stamp(live->st, &now);
    pthread_mutex_lock(&live->lock);
    if (live->now && memcmp(&now, &live->stamp, sizeof now) == 0) {
        s = live->now;
        atomic_fetch_add(&s->refs, 1);
    }
    pthread_mutex_unlock(&live->lock);
    return s;
}

/* Under `reading`, so that one thread alone replaces `now`.  The stamp is older than what is read: what is committed between is asked for again. */
static int refresh(struct ll_products_live *live, struct snapshot **ret, struct ll_err *err)
{
    struct ll_store_stamp stamp;
    struct snapshot *newer = NULL, *old = NULL;
    int rc;

    ll_store_stamp(live->st, &stamp);
    if ((rc = read_newer(live, live->now, &newer, err)) < 0)
        return rc;
    pthread_mutex_lock(&live->lock);
    if (newer) {
        old = live->now;
        live->now = newer;
    }
    live->stamp = stamp;
    atomic_fetch_add(&live->now->refs, 1);
    *ret = live->now;
    pthread_mutex_unlock(&live->lock);
    unref(old);
    return LL_OK;
}

int ll_products_live_get(struct ll_products_live *live, const struct ll_products_held **ret,
                         struct ll_err *err)
{
    struct snapshot *s = current(live);
    int rc = LL_OK;

    if (!s) {
        pthread_mutex_lock(&live->reading);
        if (!(s = current(live)))
            rc = refresh(live, &s, err);
        pthread_mutex_unlock(&live->reading);
    }
    if (rc == LL_OK)
        *ret = &s->held;
    return rc;
}

void ll_products_let_go(const struct ll_products_held *held)
{
    unref((struct snapshot *)held); /* its first member, and all of it is the snapshot's own */
}
