/* looktree.c - see looktree.h. */
#include "share/looktree.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "crypto/base64.h"
#include "share/lookrow.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = LL_LOOK_BUCKET * 6, BUCKETS = 1 << BITS, AT_ONCE = 4096, PAYLOAD_MAX = 512, SHARE = 10 };
static const int64_t DAY_MS = 86400000;

struct ll_looktree {
    struct ll_store *st;
    struct ll_journal *journal;
    struct ll_ledger *ledger;
    unsigned every_s;
    pthread_mutex_t one;   /* a single commitment at a time */
    pthread_rwlock_t tree; /* what follows, as the last commitment has it */
    struct ll_node *node;  /* [1] is the root, [2 i] and [2 i + 1] are below [i] */
    bool known;
    int64_t entry, entries, made_at;
    struct ll_ticker *ticker; /* NULL: nobody commits by itself */
    bool complained;
};

/* A part of the tree that has changed. */
struct change {
    char bucket[LL_LOOK_BUCKET + 1];
    struct ll_node hash;
};

struct changes {
    struct change *list;
    size_t n, room;
    int64_t entries, looks, subjects; /* what the ledger has */
};

/* --- a part of the tree ----------------------------------------------------------------------------------------------- */

static int number_of(const char *bucket)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int n = 0;

    for (size_t i = 0; i < LL_LOOK_BUCKET; i++) {
        const char *at = bucket[i] ? strchr(letters, bucket[i]) : NULL;
        if (!at)
            return -1;
        n = n << 6 | (int)(at - letters);
    }
    return n;
}

struct heads {
    struct ll_look_head *list;
    size_t n, room;
};

/* A run that goes on after the entries that are asked for (the ledger has it whole, or not) is read look by look. */
static int add_head(struct heads *h, struct ll_txn *tx, struct ll_stmt *s, int64_t entries,
                    struct ll_err *err)
{
    struct ll_look_head head = {.looks = (uint64_t)ll_col_int(s, 1)};

    if (!ll_look_subject(ll_col_text(s, 0), head.subject) ||
        !ll_base64_exact(ll_col_text(s, 2), LL_BASE64_URL, head.head.b, sizeof head.head.b))
        return ll_fail(err, LL_INVALID, "表 look 有误：请由日志重建",
                       "table look is damaged: rebuild it from the journal");
    if (ll_col_int(s, 3) >= entries) {
        int rc = ll_look_chain_at(tx, ll_col_text(s, 0).p, entries, UINT64_MAX, &head, err);
        if (rc < 0)
            return rc;
    }
    if (h->n && ll_look_order(&h->list[h->n - 1], &head) == 0) { /* a later look of the same subject */
        h->list[h->n - 1] = head;
        return LL_OK;
    }
    if (h->n == h->room) {
        size_t more = h->room ? h->room * 2 : 64;
        void *fresh = realloc(h->list, more * sizeof *h->list);
        if (!fresh)
            return ll_no_memory(err);
        h->list = fresh;
        h->room = more;
    }
    h->list[h->n++] = head;
    return LL_OK;
}

/* Where the chains of a part stood when the journal had so many entries, in the order of the tree. */
static int read_heads(struct ll_txn *tx, const char *bucket, int64_t entries, struct heads *h,
                      struct ll_err *err)
{
    char past[LL_LOOK_BUCKET + 2];
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT subject, nth, head, last FROM look WHERE subject >= $1 AND subject < $2 AND entry < $3"
        " ORDER BY subject, entry",
        &s, err);

    h->n = 0;
    if (rc < 0)
        return rc;
    memcpy(past, bucket, LL_LOOK_BUCKET);
    memcpy(past + LL_LOOK_BUCKET, "~", 2); /* above all letters of a pseudonym */
    ll_bind_z(s, 1, bucket);
    ll_bind_z(s, 2, past);
    ll_bind_int(s, 3, entries);
    while (rc >= 0 && (rc = ll_step(s, err)) > 0)
        rc = add_head(h, tx, s, entries, err);
    ll_stmt_done(s);
    if (rc == LL_OK && h->n) /* letters are not in the order of their bits */
        qsort(h->list, h->n, sizeof *h->list, ll_look_order);
    return rc;
}

/* --- what changed ------------------------------------------------------------------------------------------------------ */

static int add_change(struct changes *c, struct ll_txn *tx, const char *bucket, struct heads *h,
                      struct ll_err *err)
{
    int rc = read_heads(tx, bucket, c->entries, h, err);

    if (rc == LL_OK && c->n == c->room) {
        size_t more = c->room ? c->room * 2 : 256;
        void *fresh = realloc(c->list, more * sizeof *c->list);
        if (!fresh)
            return ll_no_memory(err);
        c->list = fresh;
        c->room = more;
    }
    if (rc == LL_OK) {
        memcpy(c->list[c->n].bucket, bucket, sizeof c->list[c->n].bucket);
        ll_look_node(h->list, h->n, BITS, &c->list[c->n++].hash);
    }
    return rc;
}

static int read_ledger(struct ll_txn *tx, struct changes *c, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT entries, looks, subjects FROM ledger", &s, err);

    if (rc == LL_OK && (rc = ll_step(s, err)) > 0) {
        c->entries = ll_col_int(s, 0);
        c->looks = ll_col_int(s, 1);
        c->subjects = ll_col_int(s, 2);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int find_changes(struct ll_looktree *t, struct changes *c, struct ll_err *err)
{
    char bucket[LL_LOOK_BUCKET + 1];
    struct heads h = {.list = NULL};
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(t->st, false, &tx, err);

    if (rc == LL_OK && (rc = read_ledger(tx, c, err)) == LL_OK &&
        (rc = ll_sql(tx, "SELECT bucket FROM look_bucket WHERE changed >= hashed ORDER BY bucket", &s,
                     err)) == LL_OK)
        while (rc >= 0 && (rc = ll_step(s, err)) > 0) {
            struct ll_str name = ll_col_text(s, 0);
            if (name.n != LL_LOOK_BUCKET)
                continue;
            memcpy(bucket, name.p, LL_LOOK_BUCKET + 1);
            if (number_of(bucket) >= 0)
                rc = add_change(c, tx, bucket, &h, err);
        }
    ll_stmt_done(s);
    ll_txn_end(tx);
    free(h.list);
    return rc;
}

/* --- the tree above ------------------------------------------------------------------------------------------------------ */

static void set_above(struct ll_node *node, size_t i)
{
    while ((i /= 2) > 0)
        ll_look_join(&node[2 * i], &node[2 * i + 1], &node[i]);
}

/* The root that the changes make; what they overwrite comes back with undo. */
static void apply(struct ll_looktree *t, struct changes *c)
{
    for (size_t i = 0; i < c->n; i++) {
        size_t at = (size_t)BUCKETS + (size_t)number_of(c->list[i].bucket);
        struct ll_node before = t->node[at];
        t->node[at] = c->list[i].hash;
        c->list[i].hash = before;
        set_above(t->node, at);
    }
}

static int read_parts(struct ll_looktree *t, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT bucket, hash FROM look_bucket WHERE hash IS NOT NULL", &s, err);

    while (rc >= 0 && (rc = ll_step(s, err)) > 0) {
        int at = ll_col_text(s, 0).n == LL_LOOK_BUCKET ? number_of(ll_col_text(s, 0).p) : -1;
        if (at < 0 || !ll_base64_exact(ll_col_text(s, 1), LL_BASE64_URL, t->node[BUCKETS + at].b, LL_DIGEST))
            rc = ll_fail(err, LL_INVALID, "表 look_bucket 有误", "table look_bucket is damaged");
    }
    ll_stmt_done(s);
    for (size_t i = BUCKETS; rc == LL_OK && --i > 0;)
        ll_look_join(&t->node[2 * i], &t->node[2 * i + 1], &t->node[i]);
    return rc;
}

/* The last commitment, if the parts are as it has them: a crash may have come between. */
static int read_commitment(struct ll_looktree *t, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_node root;
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT entry, entries, root, made_at FROM look_commitment ORDER BY entry DESC LIMIT 1", &s, err);

    t->known = false;
    if (rc == LL_OK && (rc = ll_step(s, err)) > 0 &&
        ll_base64_exact(ll_col_text(s, 2), LL_BASE64_URL, root.b, sizeof root.b) &&
        ll_node_eq(&root, &t->node[1])) {
        t->entry = ll_col_int(s, 0);
        t->entries = ll_col_int(s, 1);
        t->made_at = ll_col_int(s, 3);
        t->known = true;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int load(struct ll_looktree *t, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(t->st, false, &tx, err);

    pthread_rwlock_wrlock(&t->tree);
    memset(t->node, 0, 2 * (size_t)BUCKETS * sizeof *t->node);
    if (rc == LL_OK && (rc = read_parts(t, tx, err)) == LL_OK)
        rc = read_commitment(t, tx, err);
    pthread_rwlock_unlock(&t->tree);
    ll_txn_end(tx);
    return rc;
}

/* --- committing ------------------------------------------------------------------------------------------------------------ */

static void put_hash(struct ll_buf *out, const struct ll_node *hash)
{
    ll_base64_put(out, LL_BASE64_URL, hash->b, sizeof hash->b);
}

static int append(struct ll_looktree *t, const struct changes *c, const struct ll_node *root,
                  struct ll_receipt *receipt, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(PAYLOAD_MAX), text = LL_BUF_INIT(64);
    struct ll_json j;

    put_hash(&text, root);
    ll_json_init(&j, &payload);
    ll_json_obj(&j); /* in the order of their names */
    ll_json_ki(&j, "entries", c->entries);
    ll_json_ki(&j, "looks", c->looks);
    ll_json_ks(&j, "root", ll_buf_view(&text));
    ll_json_ki(&j, "subjects", c->subjects);
    ll_json_end_obj(&j);
    int rc = payload.failed || text.failed
                 ? ll_no_memory(err)
                 : ll_journal_append(t->journal, LL_ENTRY_LOOKS, ll_buf_view(&payload), receipt, err);
    ll_buf_free(&payload);
    ll_buf_free(&text);
    return rc;
}

/* Piece by piece, so that no other writer waits for long. */
static int keep_parts(struct ll_looktree *t, const struct changes *c, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(64);
    struct ll_txn *tx = NULL;
    int rc = LL_OK;

    for (size_t at = 0; rc == LL_OK && at < c->n;) {
        rc = ll_txn_begin(t->st, true, &tx, err);
        for (size_t i = 0; rc == LL_OK && i < AT_ONCE && at < c->n; i++, at++) {
            ll_buf_clear(&text);
            put_hash(&text, &c->list[at].hash);
            rc = ll_exec(tx, err, "UPDATE look_bucket SET hash = $2, hashed = $3 WHERE bucket = $1", "zsi",
                         c->list[at].bucket, ll_buf_view(&text), c->entries);
        }
        if (rc == LL_OK)
            rc = ll_txn_commit(tx, err);
        ll_txn_end(tx);
        tx = NULL;
    }
    ll_buf_free(&text);
    return rc;
}

static int keep_commitment(struct ll_looktree *t, const struct changes *c, const struct ll_node *root,
                           int64_t entry, int64_t now, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(64);
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(t->st, true, &tx, err);

    put_hash(&text, root);
    if (rc == LL_OK &&
        (rc = ll_exec(tx, err, "INSERT INTO look_commitment VALUES ($1, $2, $3, $4, $5, $6)", "iisiii", entry,
                      c->entries, ll_buf_view(&text), c->looks, c->subjects, now)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_buf_free(&text);
    return rc;
}

/* A copy of the tree with the changes; the root goes into the journal, then into the store, and only then to who asks for paths. */
static int commit_changes(struct ll_looktree *t, struct changes *c, struct ll_err *err)
{
    struct ll_receipt receipt;
    struct ll_node root;
    int64_t now = ll_now_ms();
    int rc;

    pthread_rwlock_wrlock(&t->tree);
    apply(t, c);
    root = t->node[1];
    apply(t, c); /* backwards: places differ, so the order does not matter */
    pthread_rwlock_unlock(&t->tree);
    if ((rc = append(t, c, &root, &receipt, err)) < 0)
        return rc;
    if ((rc = keep_parts(t, c, err)) == LL_OK)
        rc = keep_commitment(t, c, &root, (int64_t)receipt.index, now, err);
    pthread_rwlock_wrlock(&t->tree);
    apply(t, c);
    t->known = rc == LL_OK; /* otherwise the next round reads again what the store has */
    t->entry = (int64_t)receipt.index;
    t->entries = c->entries;
    t->made_at = now;
    pthread_rwlock_unlock(&t->tree);
    return rc;
}

int ll_looktree_commit(struct ll_looktree *t, struct ll_err *err)
{
    struct changes c = {.list = NULL};
    int rc;

    pthread_mutex_lock(&t->one);
    rc = t->known ? LL_OK : load(t, err);
    if (rc == LL_OK && (rc = ll_ledger_catch_up(t->ledger, err)) == LL_OK &&
        (rc = find_changes(t, &c, err)) == LL_OK && (c.n || !t->known || ll_now_ms() - t->made_at > DAY_MS))
        rc = commit_changes(t, &c, err);
    free(c.list);
    pthread_mutex_unlock(&t->one);
    return rc;
}

static unsigned commit_round(void *ctx)
{
    struct ll_looktree *t = ctx;
    uint64_t from = ll_mono_us(), every_ms = (uint64_t)t->every_s * 1000, rest_ms;
    struct ll_err err;
    int rc = ll_looktree_commit(t, &err);

    if (rc < 0 && !t->complained)
        ll_log(LL_WARN, "looks", "%s", err.en);
    t->complained = rc < 0;
    rest_ms = (ll_mono_us() - from) * SHARE / 1000;
    return (unsigned)(rest_ms > every_ms ? rest_ms : every_ms);
}

int ll_looktree_open(struct ll_store *st, struct ll_journal *journal, struct ll_ledger *ledger,
                     unsigned every_s, struct ll_looktree **ret, struct ll_err *err)
{
    struct ll_looktree *t = calloc(1, sizeof *t);
    int rc;

    if (!t)
        return ll_no_memory(err);
    *t = (struct ll_looktree){.st = st, .journal = journal, .ledger = ledger, .every_s = every_s};
    pthread_mutex_init(&t->one, NULL);
    pthread_rwlock_init(&t->tree, NULL);
    t->node = calloc(2 * (size_t)BUCKETS, sizeof *t->node);
    rc = t->node ? load(t, err) : ll_no_memory(err);
    if (rc == LL_OK && every_s)
        rc = ll_ticker_open_in(every_s * 1000, commit_round, t, &t->ticker, err);
    if (rc < 0)
        ll_looktree_close(t);
    else
        *ret = t;
    return rc;
}

struct ll_looktree *ll_looktree_close(struct ll_looktree *t)
{
    if (!t)
        return NULL;
    ll_ticker_close(t->ticker);
    pthread_rwlock_destroy(&t->tree);
    pthread_mutex_destroy(&t->one);
    free(t->node);
    free(t);
    return NULL;
}

/* --- a place ---------------------------------------------------------------------------------------------------------------- */

/* The upper part of the path; the lower one is there. */
static void climb(const struct ll_looktree *t, const char *bucket, struct ll_node sibling[LL_LOOK_HEIGHT])
{
    size_t at = (size_t)BUCKETS + (size_t)number_of(bucket);

    for (unsigned i = LL_LOOK_HEIGHT - BITS; i < LL_LOOK_HEIGHT; i++, at /= 2)
        sibling[i] = t->node[at ^ 1];
}

static int split_place(struct heads *h, size_t at, size_t n, struct ll_arena *arena,
                       struct ll_look_place *ret, struct ll_err *err)
{
    if (!(ret->others = ll_arena_array(arena, n + 1, sizeof *ret->others)))
        return ll_no_memory(err);
    LL_ASSERT(n == 0 || h->list);
    for (size_t i = at; i < at + n; i++)
        if (ll_look_order(&h->list[i], &ret->own) == 0)
            ret->own = h->list[i];
        else
            ret->others[ret->n_others++] = h->list[i];
    return LL_OK;
}

int ll_looktree_place(struct ll_looktree *t, const char *subject, struct ll_arena *arena,
                      struct ll_look_place *ret, struct ll_err *err)
{
    char bucket[LL_LOOK_BUCKET + 1] = "";
    struct heads h = {.list = NULL};
    struct ll_txn *tx = NULL;
    struct ll_node part;
    size_t at = 0, n = 0;
    int rc;

    *ret = (struct ll_look_place){.n_others = 0};
    LL_ASSERT(ll_look_subject(ll_str(subject), ret->own.subject));
    ll_look_start(&ret->own);
    memcpy(bucket, subject, LL_LOOK_BUCKET);
    pthread_rwlock_rdlock(&t->tree);
    ret->entry = t->entry;
    ret->entries = t->entries;
    rc = t->known ? ll_txn_begin(t->st, false, &tx, err)
                  : ll_fail(err, LL_BUSY, "日志里还没有查看清单的承诺，请稍后再试",
                            "the journal has no commitment to the lists of looks yet; try again in a moment");
    if (rc == LL_OK && (rc = read_heads(tx, bucket, t->entries, &h, err)) == LL_OK) {
        ll_look_path(h.list, h.n, BITS, ret->own.subject, ret->sibling, &at, &n, &part);
        climb(t, bucket, ret->sibling);
        rc = ll_node_eq(&part, &t->node[(size_t)BUCKETS + (size_t)number_of(bucket)])
                 ? split_place(&h, at, n, arena, ret, err)
                 : ll_fail(err, LL_INTERNAL, "查看清单与日志中的承诺不符",
                           "the list of looks is not the one that the journal commits to");
    }
    pthread_rwlock_unlock(&t->tree);
    ll_txn_end(tx);
    free(h.list);
    return rc;
}
