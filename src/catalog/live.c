/* live.c - the snapshot that a long-running process shares: whoever asks gets a reference; when the store has changed, the first who
 * notices reads it anew while the others go on with the old one. */
#include "catalog/catalog.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>

enum { MAGIC = 0x6c6c6c76, ASK_EVERY_US = 1000000 };

struct ll_catalog_live {
    unsigned magic;
    struct ll_store *st;
    pthread_mutex_t lock; /* of now and asked_at; held for moments only */
    pthread_mutex_t reading;
    struct ll_catalog *now;
    uint64_t asked_at;
};

int ll_catalog_live_open(struct ll_store *st, struct ll_catalog_live **ret, struct ll_err *err)
{
    struct ll_catalog_live *live = calloc(1, sizeof *live);

    if (!live)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    live->magic = MAGIC;
    live->st = st;
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->reading, NULL);
    int rc = ll_catalog_load(st, &live->now, err);
    if (rc < 0) {
        ll_catalog_live_close(live);
        return rc;
    }
    live->asked_at = ll_mono_us();
    *ret = live;
    return LL_OK;
}

struct ll_catalog_live *ll_catalog_live_close(struct ll_catalog_live *live)
{
    if (!live)
        return NULL;
    LL_CHECK(live, MAGIC);
    ll_catalog_unref(live->now);
    pthread_mutex_destroy(&live->lock);
    pthread_mutex_destroy(&live->reading);
    live->magic = 0;
    free(live);
    return NULL;
}

static struct ll_catalog *current(struct ll_catalog_live *live)
{
    pthread_mutex_lock(&live->lock);
    struct ll_catalog *cat = ll_catalog_ref(live->now);
    pthread_mutex_unlock(&live->lock);
    return cat;
}

static bool due(struct ll_catalog_live *live)
{
    pthread_mutex_lock(&live->lock);
    bool yes = ll_mono_us() - live->asked_at >= ASK_EVERY_US;
    pthread_mutex_unlock(&live->lock);
    return yes;
}

/* 1: the store has another generation than the snapshot. */
static int changed(struct ll_catalog_live *live, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    uint64_t now = 0;
    int rc = ll_txn_begin(live->st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_catalog_store_generation(tx, &now, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : now != ll_catalog_generation(live->now);
}

/* Under `reading`, so only one thread replaces `now`. */
static int refresh(struct ll_catalog_live *live, struct ll_err *err)
{
    struct ll_catalog *fresh = NULL;
    int rc = changed(live, err);

    if (rc > 0)
        rc = ll_catalog_load(live->st, &fresh, err);
    if (rc < 0)
        return rc;
    pthread_mutex_lock(&live->lock);
    struct ll_catalog *old = fresh ? live->now : NULL;
    if (fresh)
        live->now = fresh;
    live->asked_at = ll_mono_us();
    pthread_mutex_unlock(&live->lock);
    ll_catalog_unref(old);
    return LL_OK;
}

int ll_catalog_live_get(struct ll_catalog_live *live, bool sure, struct ll_catalog **ret, struct ll_err *err)
{
    int rc = LL_OK;

    LL_CHECK(live, MAGIC);
    if (sure) {
        pthread_mutex_lock(&live->reading);
        rc = refresh(live, err);
        pthread_mutex_unlock(&live->reading);
    } else if (due(live) && pthread_mutex_trylock(&live->reading) == 0) {
        rc = refresh(live, err);
        pthread_mutex_unlock(&live->reading);
    }
    if (rc == LL_OK)
        *ret = current(live);
    return rc;
}
