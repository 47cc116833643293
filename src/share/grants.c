/* grants.c - see grants.h.
 *
 * Grants that were read together share an arena that is counted: every snapshot holds each of its grants' arenas once.  A new
 * snapshot takes over the grants that did not change and reads those whose revision is higher than it knew, so that one
 * change among ten thousand grants costs one row and a new table of pointers. */
#include "share/grants.h"

#include "share/grant_impl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x6c6c6772 };

struct batch {
    atomic_size_t refs;
    struct ll_arena *arena;
};

struct held {
    struct ll_grant g; /* first */
    struct batch *batch;
    uint64_t hash, pair; /* of the id; of organisation and resource */
};

/* Grants of one organisation for one resource: a run of `grouped`. */
struct group {
    uint32_t first, n; /* n 0: an empty place */
};

struct ll_grants {
    atomic_size_t refs;
    uint64_t generation;
    size_t n, places; /* places: a power of two, at least twice n */
    struct held **list;
    uint32_t *by_id; /* place -> index in list + 1 */
    struct group *groups;
    const struct ll_grant **grouped;
};

struct ll_grants_live {
    unsigned magic;
    struct ll_store *st;
    pthread_mutex_t lock; /* of now and stamp; held for moments only */
    pthread_mutex_t reading;
    struct ll_grants *now;
    struct ll_store_stamp stamp; /* as it was before `now` was known to be current */
};

static uint64_t pair_hash(struct ll_str organisation, struct ll_str resource)
{
    return ll_str_hash(organisation) * 0x9e3779b97f4a7c15u ^ ll_str_hash(resource);
}

/* --- batches -------------------------------------------------------------------------------------------------------- */

static struct batch *batch_new(void)
{
    struct batch *b = calloc(1, sizeof *b);

    if (b && !(b->arena = ll_arena_new(0))) {
        free(b);
        return NULL;
    }
    if (b)
        atomic_init(&b->refs, 1);
    return b;
}

static void batch_unref(struct batch *b)
{
    if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
        return;
    ll_arena_free(b->arena);
    free(b);
}

/* --- snapshots ------------------------------------------------------------------------------------------------------ */

struct ll_grants *ll_grants_unref(struct ll_grants *gs)
{
    if (!gs || atomic_fetch_sub(&gs->refs, 1) != 1)
        return NULL;
    for (size_t i = 0; i < gs->n; i++)
        batch_unref(gs->list[i]->batch);
    free(gs->list);
    free(gs->by_id);
    free(gs->groups);
    free(gs->grouped);
    free(gs);
    return NULL;
}

/* Room for n grants; the caller fills the list, then index_all. */
static struct ll_grants *grants_new(size_t n)
{
    struct ll_grants *gs = calloc(1, sizeof *gs);

    if (!gs)
        return NULL;
    atomic_init(&gs->refs, 1);
    for (gs->places = 16; gs->places < n * 2; gs->places *= 2)
        ;
    gs->list = calloc(n ? n : 1, sizeof *gs->list);
    gs->by_id = calloc(gs->places, sizeof *gs->by_id);
    gs->groups = calloc(gs->places, sizeof *gs->groups);
    gs->grouped = calloc(n ? n : 1, sizeof *gs->grouped);
    return gs->list && gs->by_id && gs->groups && gs->grouped ? gs : ll_grants_unref(gs);
}

static void put(struct ll_grants *gs, struct held *h)
{
    size_t at = h->hash & (gs->places - 1);

    while (gs->by_id[at])
        at = (at + 1) & (gs->places - 1);
    gs->by_id[at] = (uint32_t)gs->n + 1;
    gs->list[gs->n++] = h;
    atomic_fetch_add(&h->batch->refs, 1);
}

static bool same_pair(const struct ll_grant *g, struct ll_str organisation, struct ll_str resource)
{
    return ll_str_is(organisation, g->organisation) && ll_str_is(resource, g->resource);
}

/* The sort puts the grants of a pair beside each other, newest first. */
static int by_pair(const void *a, const void *b)
{
    const struct held *x = *(struct held *const *)a, *y = *(struct held *const *)b;
    int c = x->pair < y->pair ? -1 : x->pair > y->pair;

    if (!c)
        c = strcmp(x->g.organisation, y->g.organisation);
    if (!c)
        c = strcmp(x->g.resource, y->g.resource);
    if (!c)
        c = x->g.created_at > y->g.created_at ? -1 : x->g.created_at < y->g.created_at;
    return c ? c : strcmp(y->g.id, x->g.id);
}

static void put_group(struct ll_grants *gs, uint64_t pair, size_t first, size_t n)
{
    size_t at = pair & (gs->places - 1);

    while (gs->groups[at].n)
        at = (at + 1) & (gs->places - 1);
    gs->groups[at] = (struct group){(uint32_t)first, (uint32_t)n};
}

static bool group_all(struct ll_grants *gs)
{
    struct held **sorted = malloc((gs->n ? gs->n : 1) * sizeof *sorted);
    size_t first = 0;

    if (!sorted)
        return false;
    memcpy(sorted, gs->list, gs->n * sizeof *sorted);
    qsort(sorted, gs->n, sizeof *sorted, by_pair);
    for (size_t i = 0; i < gs->n; i++) {
        const struct ll_grant *g = &sorted[i]->g, *head = &sorted[first]->g;
        gs->grouped[i] = g;
        if (!same_pair(g, ll_str(head->organisation), ll_str(head->resource))) {
            put_group(gs, sorted[first]->pair, first, i - first);
            first = i;
        }
    }
    if (gs->n)
        put_group(gs, sorted[first]->pair, first, gs->n - first);
    free(sorted);
    return true;
}

static const struct held *find(const struct ll_grants *gs, struct ll_str id)
{
    size_t at = ll_str_hash(id) & (gs->places - 1);

    for (; gs->by_id[at]; at = (at + 1) & (gs->places - 1)) {
        const struct held *h = gs->list[gs->by_id[at] - 1];
        if (ll_str_is(id, h->g.id))
            return h;
    }
    return NULL;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

/* Grants read after `since`, linked in an array of their own. */
struct fresh {
    struct batch *batch;
    struct held **list;
    size_t n, cap;
};

static int fresh_row(struct fresh *f, struct ll_stmt *s, struct ll_err *err)
{
    struct held *h = ll_arena_alloc(f->batch->arena, sizeof *h);
    int rc = h ? ll_grant_read(s, f->batch->arena, &h->g, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    if (f->n == f->cap) {
        struct held **more = realloc(f->list, (f->cap ? f->cap * 2 : 64) * sizeof *more);
        if (!more)
            return ll_no_memory(err);
        f->list = more;
        f->cap = f->cap ? f->cap * 2 : 64;
    }
    h->batch = f->batch;
    h->hash = ll_str_hash(ll_str(h->g.id));
    h->pair = pair_hash(ll_str(h->g.organisation), ll_str(h->g.resource));
    f->list[f->n++] = h;
    return LL_OK;
}

static int read_fresh(struct ll_txn *tx, uint64_t since, struct fresh *f, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more = 0,
        rc = ll_sql(tx, "SELECT " LL_GRANT_COLUMNS " FROM access_grant WHERE revision > $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)since);
    while (rc == LL_OK && (more = ll_step(s, err)) > 0)
        rc = fresh_row(f, s, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : more;
}

static int read_generation(struct ll_txn *tx, uint64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT n FROM grant_generation", &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_step(s, err)) > 0)
        *ret = (uint64_t)ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* What is fresh, and of the old snapshot (may be NULL) what is not replaced by it. */
static struct ll_grants *merge(const struct ll_grants *old, const struct fresh *f, uint64_t generation)
{
    struct ll_grants *gs = grants_new(f->n + (old ? old->n : 0));

    if (!gs)
        return NULL;
    gs->generation = generation;
    for (size_t i = 0; i < f->n; i++)
        put(gs, f->list[i]);
    for (size_t i = 0; old && i < old->n; i++)
        if (!find(gs, ll_str(old->list[i]->g.id)))
            put(gs, old->list[i]);
    return group_all(gs) ? gs : ll_grants_unref(gs);
}

/* The snapshot of what the store has now; NULL in *ret when old is that. */
static int load(struct ll_store *st, const struct ll_grants *old, struct ll_grants **ret, struct ll_err *err)
{
    struct fresh f = {.batch = batch_new()};
    struct ll_txn *tx = NULL;
    uint64_t generation = 0;
    int rc = f.batch ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    *ret = NULL;
    if (rc == LL_OK && (rc = read_generation(tx, &generation, err)) == LL_OK &&
        (!old || generation != old->generation) &&
        (rc = read_fresh(tx, old ? old->generation : 0, &f, err)) == LL_OK &&
        !(*ret = merge(old, &f, generation)))
        rc = ll_no_memory(err);
    ll_txn_end(tx);
    batch_unref(f.batch);
    free(f.list);
    return rc;
}

/* --- the live one --------------------------------------------------------------------------------------------------- */

int ll_grants_open(struct ll_store *st, struct ll_grants_live **ret, struct ll_err *err)
{
    struct ll_grants_live *live = calloc(1, sizeof *live);

    if (!live)
        return ll_no_memory(err);
    live->magic = MAGIC;
    live->st = st;
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->reading, NULL);
    ll_store_stamp(st, &live->stamp);
    int rc = load(st, NULL, &live->now, err);
    if (rc < 0) {
        ll_grants_close(live);
        return rc;
    }
    *ret = live;
    return LL_OK;
}

struct ll_grants_live *ll_grants_close(struct ll_grants_live *live)
{
    if (!live)
        return NULL;
    LL_CHECK(live, MAGIC);
    ll_grants_unref(live->now);
    pthread_mutex_destroy(&live->lock);
    pthread_mutex_destroy(&live->reading);
    live->magic = 0;
    free(live);
    return NULL;
}

/* The snapshot, if nothing was committed since it was read; otherwise NULL. */
static struct ll_grants *unchanged(struct ll_grants_live *live, const struct ll_store_stamp *stamp)
{
    struct ll_grants *gs = NULL;

    pthread_mutex_lock(&live->lock);
    if (memcmp(stamp, &live->stamp, sizeof *stamp) == 0) {
        gs = live->now;
        atomic_fetch_add(&gs->refs, 1);
    }
    pthread_mutex_unlock(&live->lock);
    return gs;
}

/* Under `reading`, so only one thread replaces `now`.  The stamp was taken before the store is asked: what is committed
 * in between is asked for once more. */
static int refresh(struct ll_grants_live *live, struct ll_grants **ret, struct ll_err *err)
{
    struct ll_store_stamp stamp;
    struct ll_grants *fresh, *old;
    int rc;

    ll_store_stamp(live->st, &stamp);
    if ((*ret = unchanged(live, &stamp)))
        return LL_OK;
    if ((rc = load(live->st, live->now, &fresh, err)) < 0)
        return rc;
    pthread_mutex_lock(&live->lock);
    old = fresh ? live->now : NULL;
    if (fresh)
        live->now = fresh;
    live->stamp = stamp;
    *ret = live->now;
    atomic_fetch_add(&live->now->refs, 1);
    pthread_mutex_unlock(&live->lock);
    ll_grants_unref(old);
    return LL_OK;
}

int ll_grants_current(struct ll_grants_live *live, struct ll_grants **ret, struct ll_err *err)
{
    struct ll_store_stamp stamp;

    LL_CHECK(live, MAGIC);
    ll_store_stamp(live->st, &stamp);
    if ((*ret = unchanged(live, &stamp)))
        return LL_OK;
    pthread_mutex_lock(&live->reading);
    int rc = refresh(live, ret, err);
    pthread_mutex_unlock(&live->reading);
    return rc;
}

/* --- looking up ------------------------------------------------------------------------------------------------------ */

uint64_t ll_grants_generation(const struct ll_grants *gs)
{
    return gs->generation;
}

size_t ll_grants_count(const struct ll_grants *gs)
{
    return gs->n;
}

const struct ll_grant *ll_grants_at(const struct ll_grants *gs, size_t i)
{
    LL_ASSERT(i < gs->n);
    return &gs->list[i]->g;
}

const struct ll_grant *ll_grants_by_id(const struct ll_grants *gs, struct ll_str id)
{
    const struct held *h = find(gs, id);

    return h ? &h->g : NULL;
}

const struct ll_grant *const *ll_grants_of(const struct ll_grants *gs, struct ll_str organisation,
                                           struct ll_str resource, size_t *n)
{
    size_t at = pair_hash(organisation, resource) & (gs->places - 1);

    for (; gs->groups[at].n; at = (at + 1) & (gs->places - 1)) {
        const struct group *group = &gs->groups[at];
        if (!same_pair(gs->grouped[group->first], organisation, resource))
            continue;
        *n = group->n;
        return &gs->grouped[group->first];
    }
    *n = 0;
    return NULL;
}
