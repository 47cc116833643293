/* marks.c - see marks.h. */
#include "share/marks.h"

#include "share/recordname.h"
#include "share/subject.h"
#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DISPUTES_MAX = 100000, WITHHELD_MAX = 1000000 };

struct mark {
    const char *resource, *record, *item; /* record and item may be NULL: any */
};
struct marks {
    struct mark *list; /* by resource; what is withheld by record, too */
    size_t n;
};

struct ll_marks {
    struct ll_store *st;
    struct ll_vault *vault;
    pthread_rwlock_t lock;
    struct ll_store_stamp stamp;
    bool read;
    struct ll_arena *arena;
    struct marks disputed, withheld;
};

int ll_marks_open(struct ll_store *st, struct ll_vault *v, struct ll_marks **ret, struct ll_err *err)
{
    struct ll_marks *m = calloc(1, sizeof *m);

    if (!m)
        return ll_no_memory(err);
    m->st = st;
    m->vault = v;
    pthread_rwlock_init(&m->lock, NULL);
    *ret = m;
    return LL_OK;
}

struct ll_marks *ll_marks_close(struct ll_marks *m)
{
    if (!m)
        return NULL;
    ll_arena_free(m->arena);
    pthread_rwlock_destroy(&m->lock);
    free(m);
    return NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

/* Each with how many there are. */
static const char disputes_sql[] =
    "SELECT resource, record, item, count(*) OVER () FROM objection WHERE state NOT IN ('settled', 'withdrawn')"
    " ORDER BY resource LIMIT 100000";
static const char withheld_sql[] =
    "SELECT resource, record, NULL, count(*) OVER () FROM withheld w WHERE act = 'withheld'"
    " AND NOT EXISTS (SELECT 1 FROM withheld x WHERE x.matter = w.matter AND x.seq > w.seq) ORDER BY resource LIMIT 1000000";

static int read_rows(struct ll_txn *tx, const char *sql, size_t most, struct ll_arena *arena,
                     struct marks *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    size_t room = 0;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    while (!nomem && (rc = ll_step(s, err)) > 0) {
        if (!ret->list) {
            room = (size_t)ll_col_int(s, 3);
            room = room < most ? room : most;
            ret->list = ll_arena_array(arena, room, sizeof *ret->list);
            nomem = !ret->list;
        }
        if (!nomem && ret->n < room)
            ret->list[ret->n++] = (struct mark){ll_col_dup(s, 0, arena, &nomem),
                                                ll_col_dup(s, 1, arena, &nomem),
                                                ll_col_dup(s, 2, arena, &nomem)};
    }
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static int by_record(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    int d = strcmp(x->resource, y->resource);

    return d ? d : strcmp(x->record, y->record);
}

static void open_names(struct ll_marks *m, struct marks *list, struct ll_arena *arena)
{
    for (size_t i = 0; i < list->n; i++)
        list->list[i].record = ll_record_name_open(m->vault, list->list[i].resource, list->list[i].record,
                                                   arena);
}

/* Under the writer's lock.  The stamp is older than what is read: what is committed between is asked for again. */
static int refresh(struct ll_marks *m, struct ll_err *err)
{
    struct ll_store_stamp stamp;
    struct ll_arena *arena = ll_arena_new(0);
    struct marks disputed = {NULL, 0}, withheld = {NULL, 0};
    struct ll_txn *tx = NULL;
    int rc = arena ? LL_OK : ll_no_memory(err);

    ll_store_stamp(m->st, &stamp);
    if (rc == LL_OK && (rc = ll_txn_begin(m->st, false, &tx, err)) == LL_OK &&
        (rc = read_rows(tx, disputes_sql, DISPUTES_MAX, arena, &disputed, err)) == LL_OK)
        rc = read_rows(tx, withheld_sql, WITHHELD_MAX, arena, &withheld, err);
    ll_txn_end(tx);
    if (rc < 0) {
        ll_arena_free(arena);
        return rc;
    }
    open_names(m, &disputed, arena);
    open_names(m, &withheld, arena);
    if (withheld.n)
        qsort(withheld.list, withheld.n, sizeof *withheld.list, by_record);
    ll_arena_free(m->arena);
    m->arena = arena;
    m->disputed = disputed;
    m->withheld = withheld;
    m->stamp = stamp;
    m->read = true;
    return LL_OK;
}

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

/* The first of the resource, or at or behind the record; list->n when there is none. */
static size_t first_of(const struct marks *list, const char *resource, struct ll_str record)
{
    size_t low = 0, high = list->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int d = strcmp(list->list[mid].resource, resource);
        if (d == 0 && record.n)
            d = ll_str_cmp(ll_str(list->list[mid].record), record);
        else if (d == 0)
            d = 1;
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_of(const struct marks *list, size_t at, const char *resource)
{
    return at < list->n && strcmp(list->list[at].resource, resource) == 0;
}

static bool any_of(const struct ll_marks *m, const char *resource)
{
    return is_of(&m->disputed, first_of(&m->disputed, resource, LL_STR("")), resource) ||
           is_of(&m->withheld, first_of(&m->withheld, resource, LL_STR("")), resource);
}

int ll_marks_any(struct ll_marks *m, const char *resource, bool *ret, struct ll_err *err)
{
    struct ll_store_stamp now;
    int rc = LL_OK;

    ll_store_stamp(m->st, &now);
    pthread_rwlock_rdlock(&m->lock);
    bool current = m->read && memcmp(&now, &m->stamp, sizeof now) == 0;
    if (current)
        *ret = any_of(m, resource);
    pthread_rwlock_unlock(&m->lock);
    if (current)
        return LL_OK;
    pthread_rwlock_wrlock(&m->lock);
    if ((rc = refresh(m, err)) == LL_OK)
        *ret = any_of(m, resource);
    pthread_rwlock_unlock(&m->lock);
    return rc;
}

/* A record is named by its key as a JSON array, or, with one part, by that part alone. */
static bool same_record(const char *record, struct ll_str key)
{
    size_t n = strlen(record);

    return ll_str_is(key, record) ||
           (key.n == n + 4 && memcmp(key.p, "[\"", 2) == 0 && memcmp(key.p + 2, record, n) == 0);
}

static bool about_item(const struct mark *x, const char *item)
{
    return !x->item || !item || ll_str_has_word(ll_str(x->item), ll_str(item));
}

static bool covers(const struct mark *x, struct ll_str key, const char *item)
{
    return (!x->record || same_record(x->record, key)) && about_item(x, item);
}

bool ll_marks_disputed(struct ll_marks *m, const char *resource, struct ll_str key, const char *item)
{
    bool has = false;

    pthread_rwlock_rdlock(&m->lock);
    for (size_t i = first_of(&m->disputed, resource, LL_STR("")); !has && is_of(&m->disputed, i, resource);
         i++)
        has = covers(&m->disputed.list[i], key, item);
    pthread_rwlock_unlock(&m->lock);
    return has;
}

bool ll_marks_doubts(struct ll_marks *m, const char *resource, const char *item)
{
    bool has = false;

    pthread_rwlock_rdlock(&m->lock);
    for (size_t i = first_of(&m->disputed, resource, LL_STR("")); !has && is_of(&m->disputed, i, resource);
         i++)
        has = about_item(&m->disputed.list[i], item);
    pthread_rwlock_unlock(&m->lock);
    return has;
}

bool ll_marks_withheld(struct ll_marks *m, const char *resource, struct ll_str key)
{
    pthread_rwlock_rdlock(&m->lock);
    size_t at = first_of(&m->withheld, resource, key);
    bool has = is_of(&m->withheld, at, resource) && ll_str_is(key, m->withheld.list[at].record);
    pthread_rwlock_unlock(&m->lock);
    return has;
}

void ll_marks_each_withheld(struct ll_marks *m, const char *resource,
                            void (*fn)(void *ctx, const char *record), void *ctx)
{
    pthread_rwlock_rdlock(&m->lock);
    for (size_t i = first_of(&m->withheld, resource, LL_STR("")); is_of(&m->withheld, i, resource); i++)
        fn(ctx, m->withheld.list[i].record);
    pthread_rwlock_unlock(&m->lock);
}

int ll_marks_record(void *ctx, const struct ll_resource *r, struct ll_str key, unsigned *ret,
                    struct ll_err *err)
{
    bool any = false;
    int rc = ll_marks_any(ctx, r->name, &any, err);

    if (rc < 0 || !any)
        return rc;
    if (ll_marks_disputed(ctx, r->name, key, NULL))
        *ret |= LL_RECORD_DISPUTED;
    if (ll_marks_withheld(ctx, r->name, key))
        *ret |= LL_RECORD_WITHHELD;
    return LL_OK;
}
