/* figures.c - see figures.h. */
#include "http/figures.h"

#include "base/log.h"
#include "intake/batch.h"
#include "share/tables.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct entry {
    struct entry *next;
    int64_t generation; /* -1: not counted yet */
    struct ll_figure figure;
    char resource[];
};

struct ll_figures {
    struct ll_data *data;
    struct ll_tables *tables;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct entry *first; /* entries are added, never removed: pointers stay good */
    atomic_bool stopping;
    pthread_t thread;
};

static struct entry *find(struct ll_figures *c, const char *resource)
{
    for (struct entry *e = c->first; e; e = e->next)
        if (strcmp(e->resource, resource) == 0)
            return e;
    return NULL;
}

static struct entry *find_or_add(struct ll_figures *c, struct ll_str resource)
{
    char name[64];
    struct entry *e;

    if (resource.n >= sizeof(name))
        return NULL;
    memcpy(name, resource.p, resource.n);
    name[resource.n] = 0;
    pthread_mutex_lock(&c->lock);
    e = find(c, name);
    if (!e && (e = calloc(1, sizeof(*e) + resource.n + 1))) {
        memcpy(e->resource, name, resource.n + 1);
        e->generation = -1;
        e->figure = (struct ll_figure){.records = -1, .quality = -1};
        e->next = c->first;
        c->first = e;
    }
    pthread_mutex_unlock(&c->lock);
    return e;
}

/* Gives up between two records when the server stops. */
static int count_table(struct ll_figures *c, struct ll_table *t, int64_t *ret, struct ll_err *err)
{
    int64_t n = 0;
    int rc = ll_table_scan(t, NULL, err);

    while (rc == LL_OK && !atomic_load(&c->stopping)) {
        if ((rc = ll_table_next(t, err)) <= 0)
            break;
        n++;
        rc = LL_OK;
    }
    ll_table_rewind(t);
    *ret = n;
    return rc;
}

/* When the newest published batch came, and its quality. */
static int newest_batch(struct ll_figures *c, const char *resource, struct ll_figure *ret, struct ll_err *err)
{
    enum { LOOK_BACK = 100 };
    struct ll_arena *arena = ll_arena_new(64 << 20);
    struct ll_batch *list;
    int64_t total;
    size_t n;
    int rc;

    if (!arena)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    rc = ll_batch_list(c->data, resource, 0, LOOK_BACK, arena, &list, &n, &total, err);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (strcmp(list[i].state, "published") == 0) {
            ret->published_at = list[i].published_at;
            ret->quality = ll_quality_mean(list[i].quality);
            break;
        }
    ll_arena_free(arena);
    return rc;
}

static int count_again(struct ll_figures *c, struct entry *e, struct ll_err *err)
{
    struct ll_figure figure = {.quality = -1};
    struct ll_table *t = NULL;
    int64_t generation;
    int rc = ll_tables_take(c->tables, e->resource, &t, err);

    if (rc < 0)
        return rc;
    generation = ll_table_generation(t);
    rc = count_table(c, t, &figure.records, err);
    ll_tables_give(c->tables, t);
    if (rc < 0 || (rc = newest_batch(c, e->resource, &figure, err)) < 0 || atomic_load(&c->stopping))
        return rc;
    pthread_mutex_lock(&c->lock);
    e->figure = figure;
    e->generation = generation;
    pthread_mutex_unlock(&c->lock);
    return rc;
}

/* The resources whose segments changed since they were counted, at most `max` of them. */
static int changed(struct ll_figures *c, struct entry **ret, size_t max, size_t *n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    struct entry *e;
    int rc;

    *n = 0;
    if ((rc = ll_txn_begin(ll_data_store(c->data), false, &tx, err)) < 0 ||
        (rc = ll_sql(tx, "SELECT resource, n FROM segment_generation", &s, err)) < 0)
        goto done;
    while (*n < max && (rc = ll_step(s, err)) > 0) {
        e = find_or_add(c, ll_col_text(s, 0));
        if (e && e->generation != ll_col_int(s, 1))
            ret[(*n)++] = e;
    }
done:
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static void *watch(void *cls)
{
    enum { AT_ONCE = 256 };
    struct ll_figures *c = cls;
    struct entry *due[AT_ONCE];
    struct timespec until;
    size_t n;

    while (!atomic_load(&c->stopping)) {
        struct ll_err err = {0};
        int rc = changed(c, due, AT_ONCE, &n, &err);
        for (size_t i = 0; i < n && rc >= 0 && !atomic_load(&c->stopping); i++)
            rc = count_again(c, due[i], &err);
        if (rc < 0)
            ll_log(LL_WARN, "serve", "counting records: %s", err.en);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&c->lock);
        if (!atomic_load(&c->stopping))
            pthread_cond_timedwait(&c->wake, &c->lock, &until);
        pthread_mutex_unlock(&c->lock);
    }
    return NULL;
}

int ll_figures_open(struct ll_data *d, struct ll_tables *tables, struct ll_figures **ret, struct ll_err *err)
{
    struct ll_figures *c = calloc(1, sizeof(*c));

    if (!c)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    c->data = d;
    c->tables = tables;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wake, NULL);
    if (pthread_create(&c->thread, NULL, watch, c) != 0) {
        free(c);
        return ll_fail_errno(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    }
    *ret = c;
    return LL_OK;
}

struct ll_figures *ll_figures_close(struct ll_figures *c)
{
    struct entry *next;

    if (!c)
        return NULL;
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->stopping, true);
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    for (struct entry *e = c->first; e; e = next) {
        next = e->next;
        free(e);
    }
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

struct ll_figure ll_figures_get(struct ll_figures *c, const char *resource)
{
    struct ll_figure figure = {.quality = -1}; /* no segments: no records */
    const struct entry *e;

    pthread_mutex_lock(&c->lock);
    if ((e = find(c, resource)))
        figure = e->figure;
    pthread_mutex_unlock(&c->lock);
    return figure;
}

int ll_figures_all(struct ll_figures *c, struct ll_arena *arena, struct ll_figure_of **ret, size_t *ret_n,
                   struct ll_err *err)
{
    size_t n = 0;

    *ret_n = 0;
    pthread_mutex_lock(&c->lock);
    for (const struct entry *e = c->first; e; e = e->next)
        n++;
    *ret = ll_arena_array(arena, n + 1, sizeof **ret);
    for (const struct entry *e = *ret ? c->first : NULL; e; e = e->next)
        (*ret)[(*ret_n)++] = (struct ll_figure_of){e->resource, e->figure};
    pthread_mutex_unlock(&c->lock);
    return *ret ? LL_OK : ll_no_memory(err);
}

double ll_quality_mean(const char *quality)
{
    json_t *q = quality ? json_loads(quality, 0, NULL) : NULL, *value;
    const char *name;
    double sum = 0;
    unsigned n = 0;

    json_object_foreach(json_object_get(q, "dimensions"), name, value)
    {
        if (!json_is_number(value))
            continue;
        sum += json_number_value(value);
        n++;
    }
    json_decref(q);
    return n ? sum / n : -1;
}
