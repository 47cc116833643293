/* access.c - see access.h.  The snapshot is small (clients and freezes), read whole, and shared by count: who asks holds it for the
 * moment of the question only. */
#include "share/access.h"

#include "crypto/jwk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X(id, ...) KIND_##id,
enum kind { LL_FREEZE_KINDS(X) KIND_COUNT };
#undef X

static const struct {
    const char *name, *zh, *en;
} kinds[KIND_COUNT] = {
#define X(id, name, exists, zh, en) {name, zh, en},
    LL_FREEZE_KINDS(X)
#undef X
};

struct client {
    const char *id, *organisation;
    bool must_sign;
};

struct key {
    const char *client, *kid, *jwk;
};

struct frozen {
    enum kind kind;
    const char *id, *reason;
};

struct snapshot {
    int64_t generation;
    struct ll_arena *arena;
    struct client *clients; /* the active ones, by id */
    struct frozen *frozen;
    struct key *keys;    /* the active ones, by client and kid */
    const char **slowed; /* clients with an open flag, by id */
    size_t n_clients, n_frozen, n_keys, n_slowed;
};

struct ll_access {
    struct ll_store *st;
    pthread_rwlock_t lock;
    struct snapshot now;         /* both replaced under the writer's lock */
    struct ll_store_stamp stamp; /* of the store when it was seen to be current */
};

/* --- reading ------------------------------------------------------------------------------------------------------- */

static int read_generation(struct ll_txn *tx, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT n FROM access_generation", &s, err);

    if (rc == LL_OK && (rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* An array for the rows that a counting query tells of. */
static int room_for(struct ll_txn *tx, struct ll_arena *arena, const char *count, size_t size, void **ret,
                    size_t *n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, count, &s, err);

    if (rc == LL_OK && (rc = ll_step(s, err)) > 0)
        *n = (size_t)ll_col_int(s, 0);
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    return (*ret = ll_arena_array(arena, *n + 1, size)) ? LL_OK : ll_no_memory(err);
}

static int read_clients(struct ll_txn *tx, struct snapshot *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    void *rows = NULL;
    bool nomem = false;
    size_t room = 0;
    int rc = room_for(tx, v->arena, "SELECT count(*) FROM client WHERE state = 'active'", sizeof(*v->clients),
                      &rows, &room, err);

    v->clients = rows;
    if (rc < 0 ||
        (rc = ll_sql(tx, "SELECT id, organisation, signed FROM client WHERE state = 'active' ORDER BY id", &s,
                     err)) < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0 && v->n_clients < room)
        v->clients[v->n_clients++] = (struct client){
            ll_col_dup(s, 0, v->arena, &nomem), ll_col_dup(s, 1, v->arena, &nomem), ll_col_int(s, 2) != 0};
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static int read_keys(struct ll_txn *tx, struct snapshot *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    void *rows = NULL;
    bool nomem = false;
    size_t room = 0;
    int rc = room_for(tx, v->arena, "SELECT count(*) FROM client_key WHERE state = 'active'",
                      sizeof(*v->keys), &rows, &room, err);

    v->keys = rows;
    if (rc < 0 ||
        (rc = ll_sql(tx,
                     "SELECT client, kid, jwk FROM client_key WHERE state = 'active' ORDER BY client, kid",
                     &s, err)) < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0 && v->n_keys < room)
        v->keys[v->n_keys++] = (struct key){ll_col_dup(s, 0, v->arena, &nomem),
                                            ll_col_dup(s, 1, v->arena, &nomem),
                                            ll_col_dup(s, 2, v->arena, &nomem)};
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static int read_frozen(struct ll_txn *tx, struct snapshot *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    void *rows = NULL;
    bool nomem = false;
    size_t room = 0;
    int rc = room_for(tx, v->arena, "SELECT count(*) FROM freeze", sizeof(*v->frozen), &rows, &room, err);

    v->frozen = rows;
    if (rc < 0 || (rc = ll_sql(tx, "SELECT kind, id, reason FROM freeze ORDER BY kind, id", &s, err)) < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0 && v->n_frozen < room) {
        struct frozen *f = &v->frozen[v->n_frozen++];
        while (f->kind < KIND_COUNT - 1 && !ll_str_is(ll_col_text(s, 0), kinds[f->kind].name))
            f->kind++;
        f->id = ll_col_dup(s, 1, v->arena, &nomem);
        f->reason = ll_col_dup(s, 2, v->arena, &nomem);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

#define SLOWED " FROM anomaly WHERE state IN ('raised', 'kept') AND client IS NOT NULL"

static int read_slowed(struct ll_txn *tx, struct snapshot *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    void *rows = NULL;
    bool nomem = false;
    size_t room = 0;
    int rc = room_for(tx, v->arena, "SELECT count(DISTINCT client)" SLOWED, sizeof(*v->slowed), &rows, &room,
                      err);

    v->slowed = rows;
    if (rc < 0 || (rc = ll_sql(tx, "SELECT DISTINCT client" SLOWED " ORDER BY client", &s, err)) < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0 && v->n_slowed < room)
        v->slowed[v->n_slowed++] = ll_col_dup(s, 0, v->arena, &nomem);
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static int snapshot_read(struct ll_txn *tx, struct snapshot *ret, struct ll_err *err)
{
    struct snapshot v = {.arena = ll_arena_new(0)};
    int rc = v.arena ? read_generation(tx, &v.generation, err) : ll_no_memory(err);

    if (rc < 0 || (rc = read_clients(tx, &v, err)) < 0 || (rc = read_keys(tx, &v, err)) < 0 ||
        (rc = read_frozen(tx, &v, err)) < 0 || (rc = read_slowed(tx, &v, err)) < 0) {
        ll_arena_free(v.arena);
        return rc;
    }
    *ret = v;
    return LL_OK;
}

/* The stamp was taken before the store is asked: what is committed in between is asked for once more. */
static int refresh(struct ll_access *a, const struct ll_store_stamp *stamp, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct snapshot fresh = {.arena = NULL};
    int64_t generation = 0;
    int rc = ll_txn_begin(a->st, false, &tx, err);

    if (rc == LL_OK && (rc = read_generation(tx, &generation, err)) == LL_OK) {
        pthread_rwlock_rdlock(&a->lock);
        bool older = a->now.generation < generation;
        pthread_rwlock_unlock(&a->lock);
        if (older)
            rc = snapshot_read(tx, &fresh, err);
    }
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    pthread_rwlock_wrlock(&a->lock);
    if (fresh.arena && fresh.generation > a->now.generation) {
        struct snapshot old = a->now;
        a->now = fresh;
        fresh = old;
    }
    a->stamp = *stamp;
    pthread_rwlock_unlock(&a->lock);
    ll_arena_free(fresh.arena);
    return LL_OK;
}

/* Takes the lock for reading over a snapshot that is of this moment. */
static int hold(struct ll_access *a, struct ll_err *err)
{
    struct ll_store_stamp now;
    int rc;

    ll_store_stamp(a->st, &now);
    pthread_rwlock_rdlock(&a->lock);
    if (memcmp(&now, &a->stamp, sizeof(now)) == 0)
        return LL_OK;
    pthread_rwlock_unlock(&a->lock);
    if ((rc = refresh(a, &now, err)) == LL_OK)
        pthread_rwlock_rdlock(&a->lock);
    return rc;
}

/* --- asking -------------------------------------------------------------------------------------------------------- */

int ll_access_open(struct ll_store *st, struct ll_access **ret, struct ll_err *err)
{
    struct ll_access *a = calloc(1, sizeof(*a));
    struct ll_txn *tx = NULL;
    int rc;

    if (!a)
        return ll_no_memory(err);
    a->st = st;
    pthread_rwlock_init(&a->lock, NULL);
    if ((rc = ll_txn_begin(st, false, &tx, err)) == LL_OK)
        rc = snapshot_read(tx, &a->now, err);
    ll_txn_end(tx);
    if (rc < 0) {
        ll_access_close(a);
        return rc;
    }
    *ret = a;
    return LL_OK;
}

struct ll_access *ll_access_close(struct ll_access *a)
{
    if (!a)
        return NULL;
    ll_arena_free(a->now.arena);
    pthread_rwlock_destroy(&a->lock);
    free(a);
    return NULL;
}

static int by_id(const void *key, const void *member)
{
    return strcmp(key, ((const struct client *)member)->id);
}

int ll_access_client(struct ll_access *a, const char *client, struct ll_arena *arena, struct ll_actor *ret,
                     struct ll_err *err)
{
    const struct client *c;
    int rc = hold(a, err);

    if (rc < 0)
        return rc;
    c = bsearch(client, a->now.clients, a->now.n_clients, sizeof(*c), by_id);
    if (!c)
        rc = ll_fail(err, LL_SIGNIN, "系统 %s 未启用或已停用", "the client %s is not enabled", client);
    else if (!(ret->client = ll_arena_dup(arena, ll_str(c->id))) ||
             !(ret->organisation = ll_arena_dup(arena, ll_str(c->organisation))))
        rc = ll_no_memory(err);
    else
        ret->must_sign = c->must_sign;
    pthread_rwlock_unlock(&a->lock);
    return rc;
}

/* What a key is found by. */
struct key_name {
    const char *client;
    struct ll_str kid;
};

static int by_name(const void *key, const void *member)
{
    const struct key_name *want = key;
    const struct key *k = member;
    int order = strcmp(want->client, k->client);

    return order ? order : ll_str_cmp(want->kid, ll_str(k->kid));
}

int ll_access_key(struct ll_access *a, const char *client, struct ll_str kid, struct ll_key **ret,
                  struct ll_err *err)
{
    const struct key_name want = {client, kid};
    const struct key *k;
    int rc = hold(a, err);

    if (rc < 0)
        return rc;
    k = bsearch(&want, a->now.keys, a->now.n_keys, sizeof(*k), by_name);
    rc = k ? ll_jwk_parse(ll_str(k->jwk), LL_JWK_PUBLIC, ret, err)
           : ll_fail(err, LL_DENIED, "签名的 keyid 不是系统 %s 的在用公钥",
                     "the signature's keyid names no enabled key of the client %s", client);
    pthread_rwlock_unlock(&a->lock);
    return rc;
}

static int by_slowed(const void *key, const void *member)
{
    return strcmp(key, *(const char *const *)member);
}

int ll_access_throttled(struct ll_access *a, const struct ll_actor *who, struct ll_err *err)
{
    int rc = who->client ? hold(a, err) : LL_OK;

    if (rc < 0 || !who->client)
        return rc;
    rc = a->now.n_slowed &&
         bsearch(who->client, a->now.slowed, a->now.n_slowed, sizeof(*a->now.slowed), by_slowed);
    pthread_rwlock_unlock(&a->lock);
    return rc;
}

static bool touches(const struct frozen *f, const struct ll_actor *who, const char *resource)
{
    const char *of[KIND_COUNT] = {[KIND_GATEWAY] = "*",
                                  [KIND_ORGANISATION] = who->organisation,
                                  [KIND_CLIENT] = who->client,
                                  [KIND_RESOURCE] = resource};

    return of[f->kind] && strcmp(of[f->kind], f->id) == 0;
}

int ll_access_frozen(struct ll_access *a, const struct ll_actor *who, const char *resource,
                     struct ll_err *err)
{
    int rc = hold(a, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < a->now.n_frozen && rc == LL_OK; i++) {
        const struct frozen *f = &a->now.frozen[i];
        if (touches(f, who, resource)) {
            rc = ll_fail(err, LL_DENIED, "%s %s 已被冻结：%s", "%s %s is frozen: %s", kinds[f->kind].zh,
                         f->id, f->reason);
            if (err)
                snprintf(err->en, sizeof(err->en), "%s %s is frozen: %s", kinds[f->kind].en, f->id,
                         f->reason);
        }
    }
    pthread_rwlock_unlock(&a->lock);
    return rc;
}
