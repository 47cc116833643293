/* data.c - see data.h. */
#include "intake/data.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#define DATA_MAGIC 0x1a4e0003u

struct ll_data {
    unsigned magic;
    const struct ll_settings *set;
    struct ll_store *store;
    struct ll_vault *vault;
    pthread_mutex_t lock; /* of the two below */
    struct ll_lake *lake, *lanes;
    struct ll_catalog_live *catalog;
    atomic_uint views; /* that run now */
};

int ll_data_path(const struct ll_data *d, char out[LL_PATH], struct ll_err *err, const char *fmt, ...)
{
    char rest[LL_PATH];
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(rest, sizeof rest, fmt, ap);
    va_end(ap);
    if (n < 0 || n >= LL_PATH)
        return ll_fail(err, LL_TOOBIG, "路径过长", "path too long");
    return ll_path(out, err, "%s/%s", d->set->data_dir, rest);
}

static int make_folders(struct ll_data *d, struct ll_err *err)
{
    static const char *const names[] = {"inbox", "work", "lake", "service", "locks"};
    char path[LL_PATH];
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(names) && rc == LL_OK; i++)
        if ((rc = ll_data_path(d, path, err, "%s", names[i])) == LL_OK)
            rc = ll_fs_mkdirs(path, err);
    return rc;
}

static int open_store(struct ll_data *d, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "luling.db");
    struct ll_store_opts o = LL_STORE_OPTS_INIT;

    if (rc < 0)
        return rc;
    o.path = path;
    o.max_conns = (unsigned)d->set->max_conns;
    o.busy_ms = (unsigned)d->set->busy_ms;
    return ll_store_open(&d->store, &o, err);
}

static int open_vault(struct ll_data *d, struct ll_err *err)
{
    static const enum ll_aead_alg algs[] = {LL_AES256_GCM, LL_SM4_GCM}; /* as the setting has them */
    const struct ll_vault_opts o = {d->set->data_dir, d->set->key_passphrase_file, algs[d->set->item_cipher]};

    return ll_vault_open(d->store, &o, &d->vault, err);
}

/* One thread is left for everything else. */
static unsigned views_most(const struct ll_settings *set)
{
    unsigned most = (unsigned)set->views_at_once, threads = (unsigned)set->http_threads;

    return most < threads ? most : threads > 1 ? threads - 1 : 1;
}

int ll_data_view_begin(struct ll_data *d, struct ll_err *err)
{
    unsigned most = views_most(d->set), now = atomic_load(&d->views);

    do {
        if (now >= most)
            return ll_fail(err, LL_BUSY, "正在运行的视图查询已达 %u 个，请稍后再试",
                           "%u queries of views are running, as many as may; try again later", most);
    } while (!atomic_compare_exchange_weak(&d->views, &now, now + 1));
    return LL_OK;
}

void ll_data_view_end(struct ll_data *d)
{
    atomic_fetch_sub(&d->views, 1);
}

int ll_data_open(const struct ll_settings *set, struct ll_data **ret, struct ll_err *err)
{
    struct ll_data *d = calloc(1, sizeof *d);
    int rc;

    if (!d)
        return ll_no_memory(err);
    d->magic = DATA_MAGIC;
    d->set = set;
    pthread_mutex_init(&d->lock, NULL);
    if ((rc = make_folders(d, err)) < 0 || (rc = open_store(d, err)) < 0 || (rc = open_vault(d, err)) < 0) {
        ll_data_close(d);
        return rc;
    }
    *ret = d;
    return LL_OK;
}

struct ll_data *ll_data_close(struct ll_data *d)
{
    if (!d)
        return NULL;
    LL_CHECK(d, DATA_MAGIC);
    ll_catalog_live_close(d->catalog);
    ll_lake_close(d->lanes);
    ll_lake_close(d->lake);
    ll_vault_close(d->vault);
    ll_store_close(d->store);
    pthread_mutex_destroy(&d->lock);
    d->magic = 0;
    free(d);
    return NULL;
}

const char *ll_data_dir(const struct ll_data *d)
{
    return d->set->data_dir;
}

const struct ll_settings *ll_data_settings(const struct ll_data *d)
{
    return d->set;
}

struct ll_store *ll_data_store(struct ll_data *d)
{
    LL_CHECK(d, DATA_MAGIC);
    return d->store;
}

struct ll_vault *ll_data_vault(struct ll_data *d)
{
    LL_CHECK(d, DATA_MAGIC);
    return d->vault;
}

unsigned ll_data_threads(const struct ll_data *d)
{
    return d->set->threads ? (unsigned)d->set->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

static int start_engine(struct ll_data *d, const char *name, unsigned threads, uint64_t memory,
                        struct ll_lake **ret, struct ll_err *err)
{
    char temp[LL_PATH], work[LL_PATH], lake[LL_PATH];
    struct ll_lake_opts o = LL_LAKE_OPTS_INIT;
    int rc;

    if ((rc = ll_data_path(d, temp, err, "work/spill-%d-%s", (int)getpid(), name)) < 0 ||
        (rc = ll_data_path(d, work, err, "work")) < 0 || (rc = ll_data_path(d, lake, err, "lake")) < 0)
        return rc;
    o.memory_mb = (unsigned)(memory >> 20);
    o.threads = threads;
    o.temp_dir = temp;
    o.vault = d->vault;
    o.folders[0] = work;
    o.folders[1] = lake;
    return ll_lake_open(ret, &o, err);
}

int ll_data_lake(struct ll_data *d, struct ll_lake **ret, struct ll_err *err)
{
    int rc = LL_OK;

    pthread_mutex_lock(&d->lock);
    if (!d->lake)
        rc = start_engine(d, "main", ll_data_threads(d), d->set->duckdb_memory, &d->lake, err);
    *ret = d->lake;
    pthread_mutex_unlock(&d->lock);
    return rc;
}

int ll_data_lanes(struct ll_data *d, struct ll_lake **ret, struct ll_err *err)
{
    int rc = LL_OK;

    pthread_mutex_lock(&d->lock);
    if (!d->lanes)
        rc = start_engine(d, "lanes", 1, d->set->duckdb_memory / 2, &d->lanes, err);
    *ret = d->lanes;
    pthread_mutex_unlock(&d->lock);
    return rc;
}

int ll_data_catalog(struct ll_data *d, struct ll_catalog **ret, struct ll_err *err)
{
    int rc = LL_OK;

    pthread_mutex_lock(&d->lock);
    if (!d->catalog)
        rc = ll_catalog_live_open(d->store, &d->catalog, err);
    pthread_mutex_unlock(&d->lock);
    return rc < 0 ? rc : ll_catalog_live_get(d->catalog, true, ret, err);
}

void ll_data_new_id(char out[LL_ID_TEXT])
{
    char when[LL_TIME_TEXT];
    unsigned short random = 0;

    ll_time_text(ll_now_ms(), when);
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (unsigned short)ll_mono_us();
    snprintf(out, LL_ID_TEXT, "%.4s%.2s%.2s-%.2s%.2s%.2s-%04x", when, when + 5, when + 8, when + 11,
             when + 14, when + 17, random);
}
