/* disputes.c - see disputes.h. */
#include "share/disputes.h"

#include "share/objection.h"
#include "share/subject.h"
#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DISPUTES_MAX = 100000 };

struct dispute {
    const char *resource, *record, *item; /* record and item may be NULL: any */
};

struct ll_disputes {
    struct ll_store *st;
    struct ll_vault *vault;
    pthread_rwlock_t lock;
    struct ll_store_stamp stamp;
    bool read;
    struct ll_arena *arena;
    struct dispute *list; /* by resource */
    size_t n;
};

int ll_disputes_open(struct ll_store *st, struct ll_vault *v, struct ll_disputes **ret, struct ll_err *err)
{
    struct ll_disputes *d = calloc(1, sizeof *d);

    if (!d)
        return ll_no_memory(err);
    d->st = st;
    d->vault = v;
    pthread_rwlock_init(&d->lock, NULL);
    *ret = d;
    return LL_OK;
}

struct ll_disputes *ll_disputes_close(struct ll_disputes *d)
{
    if (!d)
        return NULL;
    ll_arena_free(d->arena);
    pthread_rwlock_destroy(&d->lock);
    free(d);
    return NULL;
}

static int read_rows(struct ll_txn *tx, struct ll_arena *arena, struct dispute **ret, size_t *ret_n,
                     struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    size_t n = 0, room = 0;
    int rc = ll_sql(
        tx,
        "SELECT resource, record, item, count(*) OVER () FROM objection WHERE state NOT IN ('settled', 'withdrawn')"
        " ORDER BY resource LIMIT 100000",
        &s, err);

    if (rc < 0)
        return rc;
    while (!nomem && (rc = ll_step(s, err)) > 0) {
        if (!*ret) {
            room = (size_t)ll_col_int(s, 3);
            room = room < DISPUTES_MAX ? room : DISPUTES_MAX;
            *ret = ll_arena_array(arena, room, sizeof **ret);
            nomem = !*ret;
        }
        if (!nomem && n < room)
            (*ret)[n++] = (struct dispute){ll_col_dup(s, 0, arena, &nomem), ll_col_dup(s, 1, arena, &nomem),
                                           ll_col_dup(s, 2, arena, &nomem)};
    }
    ll_stmt_done(s);
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

/* Under the writer's lock.  The stamp is older than what is read: what is committed between is asked for again. */
static int refresh(struct ll_disputes *d, struct ll_err *err)
{
    struct ll_store_stamp stamp;
    struct ll_arena *arena = ll_arena_new(0);
    struct dispute *list = NULL;
    struct ll_txn *tx = NULL;
    size_t n = 0;
    int rc = arena ? LL_OK : ll_no_memory(err);

    ll_store_stamp(d->st, &stamp);
    if (rc == LL_OK && (rc = ll_txn_begin(d->st, false, &tx, err)) == LL_OK)
        rc = read_rows(tx, arena, &list, &n, err);
    ll_txn_end(tx);
    for (size_t i = 0; i < n; i++)
        list[i].record = ll_objection_record(d->vault, list[i].resource, list[i].record, arena);
    if (rc < 0) {
        ll_arena_free(arena);
        return rc;
    }
    ll_arena_free(d->arena);
    d->arena = arena;
    d->list = list;
    d->n = n;
    d->stamp = stamp;
    d->read = true;
    return LL_OK;
}

/* The first of the resource; d->n when there is none. */
static size_t first_of(const struct ll_disputes *d, const char *resource)
{
    size_t low = 0, high = d->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(d->list[mid].resource, resource) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static size_t count_of(const struct ll_disputes *d, const char *resource)
{
    size_t n = 0;

    for (size_t i = first_of(d, resource); i < d->n && strcmp(d->list[i].resource, resource) == 0; i++)
        n++;
    return n;
}

int ll_disputes_of(struct ll_disputes *d, const char *resource, size_t *ret, struct ll_err *err)
{
    struct ll_store_stamp now;
    int rc = LL_OK;

    ll_store_stamp(d->st, &now);
    pthread_rwlock_rdlock(&d->lock);
    bool current = d->read && memcmp(&now, &d->stamp, sizeof now) == 0;
    if (current)
        *ret = count_of(d, resource);
    pthread_rwlock_unlock(&d->lock);
    if (current)
        return LL_OK;
    pthread_rwlock_wrlock(&d->lock);
    if ((rc = refresh(d, err)) == LL_OK)
        *ret = count_of(d, resource);
    pthread_rwlock_unlock(&d->lock);
    return rc;
}

/* A record is named by its key as a JSON array, or, with one part, by that part alone. */
static bool same_record(const char *record, struct ll_str key)
{
    size_t n = strlen(record);

    return ll_str_is(key, record) ||
           (key.n == n + 4 && memcmp(key.p, "[\"", 2) == 0 && memcmp(key.p + 2, record, n) == 0);
}

static bool is_of(const struct dispute *x, struct ll_str key, const char *item)
{
    return (!x->record || same_record(x->record, key)) &&
           (!x->item || !item || ll_str_has_word(ll_str(x->item), ll_str(item)));
}

bool ll_disputes_has(struct ll_disputes *d, const char *resource, struct ll_str key, const char *item)
{
    bool has = false;

    pthread_rwlock_rdlock(&d->lock);
    for (size_t i = first_of(d, resource); !has && i < d->n && strcmp(d->list[i].resource, resource) == 0;
         i++)
        has = is_of(&d->list[i], key, item);
    pthread_rwlock_unlock(&d->lock);
    return has;
}

int ll_disputes_mark(void *ctx, const struct ll_resource *r, struct ll_str key, unsigned *ret,
                     struct ll_err *err)
{
    size_t n = 0;
    int rc = ll_disputes_of(ctx, r->name, &n, err);

    if (rc == LL_OK && n && ll_disputes_has(ctx, r->name, key, NULL))
        *ret |= LL_RECORD_DISPUTED;
    return rc;
}
