/* deeds.c - see deeds.h.
 *
 * Signatures are verified by the thread that brings them; then it queues.  Whoever finds nobody at work takes everybody who waits: one transaction,
 * one wait for the journal, one transaction that notes the entries.  The others sleep meanwhile, and the next group gathers. */
#include "apps/finance/deeds_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/base64.h"
#include "crypto/jwk.h"
#include "crypto/random.h"
#include "journal/tlogproof.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x4c4c4445, GROUP = 512, KEYS = 1 << 14, PROBES = 8, PENDING = 256, OFFER_ARENA = 8 << 20 };

/* A thumbprint names its key for good, so that nothing here ever becomes stale: whether it is registered is asked in the transaction. */
struct known_key {
    char kid[LL_DEED_KID + 1];
    struct ll_key *key;
};

struct ll_deeds {
    unsigned magic;
    struct ll_store *st;
    struct ll_journal *journal;
    unsigned char asset_key[LL_RING_SECRET];
    pthread_mutex_t lock, keys_lock;
    pthread_cond_t turn;
    struct ll_deed_work *first, **last; /* those who wait */
    bool busy, stuck; /* busy: a group is under way; stuck: rule (3) has to be seen to first */
    struct known_key *keys;
};

/* --- keys ------------------------------------------------------------------------------------------------------------------ */

static struct known_key *slot(struct ll_deeds *d, const char *kid)
{
    size_t at = ll_str_hash(ll_str(kid)) % KEYS;

    for (size_t i = 0; i < PROBES; i++) {
        struct known_key *k = &d->keys[(at + i) % KEYS];
        if (!k->key || strcmp(k->kid, kid) == 0)
            return k;
    }
    return NULL;
}

static int load_key(struct ll_deeds *d, const char *kid, struct ll_key **ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(d->st, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT jwk FROM client_key WHERE kid = $1 ORDER BY client LIMIT 1",
                                    &s, err)) == LL_OK) {
        ll_bind_z(s, 1, kid);
        rc = ll_step(s, err);
        if (rc > 0)
            rc = ll_jwk_parse(ll_col_text(s, 0), LL_JWK_PUBLIC, ret, err);
        else if (rc == 0)
            rc = ll_fail(err, LL_DENIED, "密钥 %s 没有登记", "the key %s is not registered", kid);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

/* *ret_own: to be freed by the caller, since there is no room to keep it. */
static int find_key(struct ll_deeds *d, const char *kid, const struct ll_key **ret, struct ll_key **ret_own,
                    struct ll_err *err)
{
    struct known_key *k;
    int rc;

    *ret = *ret_own = NULL;
    pthread_mutex_lock(&d->keys_lock);
    if ((k = slot(d, kid)) && k->key)
        *ret = k->key;
    pthread_mutex_unlock(&d->keys_lock);
    if (*ret)
        return LL_OK;
    if ((rc = load_key(d, kid, ret_own, err)) < 0)
        return rc;
    *ret = *ret_own;
    pthread_mutex_lock(&d->keys_lock);
    if ((k = slot(d, kid)) && !k->key) {
        memcpy(k->kid, kid, sizeof k->kid);
        k->key = *ret_own;
        *ret_own = NULL;
    }
    pthread_mutex_unlock(&d->keys_lock);
    return LL_OK;
}

static int verify(struct ll_deeds *d, const struct ll_deed_signature *sig, struct ll_err *err)
{
    const struct ll_key *key;
    struct ll_key *own;
    int rc = find_key(d, sig->kid, &key, &own, err);

    if (rc == LL_OK)
        rc = ll_deed_verify(sig->jws, key, err);
    ll_key_free(own);
    return rc;
}

/* --- rule (3) -------------------------------------------------------------------------------------------------------------- */

static int is_entry(struct ll_journal *j, uint64_t index, const char *data, bool *ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_entry e;
    int rc = ll_journal_entry(j, index, &text, NULL, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK)
        *ret = e.type == LL_ENTRY_LEDGER_STEP && ll_str_is(e.data, data);
    ll_buf_free(&text);
    return rc;
}

/* A step that says from which entry on it may be found: it is looked for there, and appended if it is not there. */
static int bring_in(struct ll_deeds *d, const struct ll_deed_step_row *step, struct ll_err *err)
{
    struct ll_journal_status now;
    struct ll_txn *tx = NULL;
    struct ll_receipt receipt = {.index = (uint64_t)(-1 - step->journal)};
    bool found = false;
    int rc = LL_OK;

    ll_journal_status(d->journal, &now);
    for (; rc == LL_OK && !found && receipt.index < now.size; receipt.index += !found)
        rc = is_entry(d->journal, receipt.index, step->entry, &found, err);
    if (rc == LL_OK && !found)
        rc = ll_journal_append(d->journal, LL_ENTRY_LEDGER_STEP, ll_str(step->entry), &receipt, err);
    if (rc == LL_OK && (rc = ll_txn_begin(d->st, true, &tx, err)) == LL_OK &&
        (rc = ll_deed_step_entered(tx, step->id, (int64_t)receipt.index, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int catch_up(struct ll_deeds *d, struct ll_err *err)
{
    struct ll_deed_step_row *list = NULL;
    struct ll_arena *arena;
    struct ll_txn *tx;
    size_t n;
    int rc;

    do {
        if (!(arena = ll_arena_new(64 << 20)))
            return ll_no_memory(err);
        tx = NULL;
        n = 0;
        if ((rc = ll_txn_begin(d->st, false, &tx, err)) == LL_OK)
            rc = ll_deed_steps_pending(tx, PENDING, arena, &list, &n, err);
        ll_txn_end(tx);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = bring_in(d, &list[i], err);
        ll_arena_free(arena);
    } while (rc == LL_OK && n == PENDING);
    return rc;
}

/* --- a group --------------------------------------------------------------------------------------------------------------- */

static int decide_all(struct ll_deeds *d, struct ll_deed_work *first, struct ll_err *err)
{
    struct ll_deed_deciding c = {.ledger = ll_deeds_ledger(d),
                                 .asset_key = {(const char *)d->asset_key, sizeof d->asset_key},
                                 .now = ll_now_ms()};
    struct ll_journal_status size;
    int rc = ll_txn_begin(d->st, true, &c.tx, err);

    ll_journal_status(d->journal, &size);
    c.journal_size = (int64_t)size.size;
    for (struct ll_deed_work *w = first; rc == LL_OK && w; w = w->next)
        rc = ll_deed_decide(&c, w, err);
    if (rc == LL_OK)
        rc = ll_txn_commit(c.tx, err);
    ll_txn_end(c.tx);
    return rc;
}

static int note_entries(struct ll_deeds *d, struct ll_deed_work *const *list, const struct ll_receipt *r,
                        size_t n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(d->st, true, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = ll_deed_step_entered(tx, list[i]->step, (int64_t)r[i].index, err);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* What was decided is written; from here on a failure leaves it pending, and rule (3) sees to it. */
static int enter_all(struct ll_deeds *d, struct ll_deed_work *first, struct ll_err *err)
{
    static const enum ll_entry_type type = LL_ENTRY_LEDGER_STEP;
    struct ll_deed_work *list[GROUP];
    struct ll_str entry[GROUP];
    struct ll_receipt receipt[GROUP];
    struct ll_err note;
    size_t n = 0;
    int rc;

    for (struct ll_deed_work *w = first; w; w = w->next)
        if (w->rc == LL_OK && w->step) {
            entry[n] = w->entry;
            list[n++] = w;
        }
    if (!n)
        return LL_OK;
    if ((rc = ll_journal_append_all(d->journal, type, entry, n, receipt, err)) < 0) {
        d->stuck = true;
        return rc;
    }
    for (size_t i = 0; i < n; i++)
        list[i]->out->journal = receipt[i].index;
    if (note_entries(d, list, receipt, n, &note) < 0) {
        ll_log(LL_WARN, "ledger", "%s", note.en);
        d->stuck = true;
    }
    return LL_OK;
}

/* Every step of a group that could not be entered fails; what was refused stays refused. */
static void fail_all(struct ll_deed_work *first, int rc, const struct ll_err *err, bool steps_only)
{
    for (struct ll_deed_work *w = first; w; w = w->next)
        if (!steps_only || (w->rc == LL_OK && w->step)) {
            *w->err = *err;
            w->rc = rc;
        }
}

static void run_group(struct ll_deeds *d, struct ll_deed_work *first)
{
    struct ll_err err;
    int rc = LL_OK;

    if (d->stuck && (rc = catch_up(d, &err)) == LL_OK)
        d->stuck = false;
    if (rc == LL_OK)
        rc = decide_all(d, first, &err);
    if (rc < 0)
        fail_all(first, rc, &err, false);
    else if ((rc = enter_all(d, first, &err)) < 0)
        fail_all(first, rc, &err, true);
}

/* Takes at most GROUP of those who wait; the lock is held. */
static struct ll_deed_work *take_group(struct ll_deeds *d)
{
    struct ll_deed_work *first = d->first, *w = first;

    for (size_t n = 1; w->next && n < GROUP; n++)
        w = w->next;
    d->first = w->next;
    if (!d->first)
        d->last = &d->first;
    w->next = NULL;
    return first;
}

static void queue(struct ll_deeds *d, struct ll_deed_work *mine)
{
    pthread_mutex_lock(&d->lock);
    *d->last = mine;
    d->last = &mine->next;
    while (!mine->done) {
        if (d->busy) {
            pthread_cond_wait(&d->turn, &d->lock);
            continue;
        }
        struct ll_deed_work *group = take_group(d);
        d->busy = true;
        pthread_mutex_unlock(&d->lock);
        run_group(d, group);
        pthread_mutex_lock(&d->lock);
        for (struct ll_deed_work *w = group, *next; w;
             w = next) { /* gone as soon as it is done and the lock free */
            next = w->next;
            w->done = true;
        }
        d->busy = false;
        pthread_cond_broadcast(&d->turn);
    }
    pthread_mutex_unlock(&d->lock);
}

/* --- an offer -------------------------------------------------------------------------------------------------------------- */

static int open_offer(struct ll_deeds *d, const struct ll_str *jws, size_t n, struct ll_deed_work *w,
                      struct ll_err *err)
{
    struct ll_str payload = {NULL, 0}, other;
    int rc;

    if (!n || n > LL_DEED_ROLE_COUNT)
        return ll_fail(err, LL_USAGE, "签名应为 1 到 %d 个", "1 to %d signatures", (int)LL_DEED_ROLE_COUNT);
    for (size_t i = 0; i < n; i++) {
        w->signature[i].jws = jws[i];
        if ((rc = ll_deed_open(jws[i], w->arena, w->signature[i].kid, &other, err)) < 0)
            return rc;
        if (payload.p && !ll_str_eq(payload, other))
            return ll_fail(err, LL_INVALID, "各签名须签署同一份声明",
                           "the signatures are not of one statement");
        payload = other;
    }
    w->n = n;
    if (!(w->s = ll_arena_alloc(w->arena, sizeof *w->s)))
        return ll_no_memory(err);
    if ((rc = ll_deed_read(payload, w->arena, w->s, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if ((rc = verify(d, &w->signature[i], err)) < 0)
            return rc;
    return LL_OK;
}

int ll_deeds_offer(struct ll_deeds *d, const char *organisation, const struct ll_str *jws, size_t n,
                   struct ll_arena *arena, struct ll_deed_outcome *ret, struct ll_err *err)
{
    struct ll_deed_work w = {.organisation = organisation, .arena = arena, .out = ret, .err = err};
    int rc;

    LL_CHECK(d, MAGIC);
    *ret = (struct ll_deed_outcome){.seq = 0};
    if ((rc = open_offer(d, jws, n, &w, err)) < 0)
        return rc;
    memcpy(ret->statement, w.s->id, sizeof ret->statement);
    ret->document = w.s->document;
    ret->seq = w.s->seq;
    queue(d, &w);
    return w.rc;
}

int ll_deeds_withdraw(struct ll_deeds *d, const char *organisation, const char *statement, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(d->st, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "UPDATE deed_proposal SET state = 'withdrawn', changed_at = $3 WHERE statement = $1 AND state = 'waiting'"
             " AND EXISTS (SELECT 1 FROM deed_signer s WHERE s.statement = $1 AND s.organisation = $2 AND s.signed = 1)",
             "zzi", statement, organisation, ll_now_ms())) == LL_OK)
        rc = ll_txn_changes(tx)
                 ? ll_txn_commit(tx, err)
                 : ll_fail(err, LL_NOTFOUND, "没有本机构签署而仍在等待的声明 %s",
                           "there is no statement %s that your organisation signed and that still waits",
                           statement);
    ll_txn_end(tx);
    return rc;
}

/* --- proof ----------------------------------------------------------------------------------------------------------------- */

int ll_deeds_put_encumbrance(struct ll_deeds *d, const struct ll_deed_encumbrance *e, struct ll_json *j,
                             struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), proof = LL_BUF_INIT(LL_TLOGPROOF_MAX);
    int rc = LL_OK;

    if (e->journal >= 0 &&
        (rc = ll_journal_entry(d->journal, (uint64_t)e->journal, &entry, NULL, err)) == LL_OK &&
        (rc = ll_journal_proof(d->journal, (uint64_t)e->journal, &proof, err)) == LL_BUSY)
        rc = LL_OK; /* witnesses have not cosigned it yet: the proof can be had later */
    if (rc == LL_OK) {
        ll_json_obj(j);
        ll_json_kz(j, "format", "luling-encumbrance/v1");
        ll_json_key(j, "identity");
        ll_json_raw(j, ll_str(e->asset.identity));
        ll_json_kz(j, "opening", e->asset.opening);
        ll_json_kz(j, "asset", e->asset.tag);
        ll_json_kz(j, "entry", entry.n ? entry.p : NULL);
        ll_json_kz(j, "proof", proof.n ? proof.p : NULL);
        ll_json_end_obj(j);
    }
    ll_buf_free(&entry);
    ll_buf_free(&proof);
    return rc;
}

/* --- open and close -------------------------------------------------------------------------------------------------------- */

int ll_deeds_open(struct ll_store *st, struct ll_journal *journal, struct ll_keyring *keys,
                  struct ll_deeds **ret, struct ll_err *err)
{
    struct ll_deeds *d = calloc(1, sizeof *d);
    int rc;

    if (!d)
        return ll_no_memory(err);
    *d = (struct ll_deeds){.magic = MAGIC, .st = st, .journal = journal};
    pthread_mutex_init(&d->lock, NULL);
    pthread_mutex_init(&d->keys_lock, NULL);
    pthread_cond_init(&d->turn, NULL);
    d->last = &d->first;
    d->keys = calloc(KEYS, sizeof *d->keys);
    rc = d->keys ? ll_keyring_secret(keys, LL_FOR_PSEUDONYM, d->asset_key, err) : ll_no_memory(err);
    if (rc < 0 || (rc = catch_up(d, err)) < 0)
        ll_deeds_close(d);
    else
        *ret = d;
    return rc;
}

struct ll_deeds *ll_deeds_close(struct ll_deeds *d)
{
    if (!d)
        return NULL;
    LL_CHECK(d, MAGIC);
    for (size_t i = 0; d->keys && i < KEYS; i++)
        ll_key_free(d->keys[i].key);
    free(d->keys);
    ll_wipe(d->asset_key, sizeof d->asset_key);
    pthread_cond_destroy(&d->turn);
    pthread_mutex_destroy(&d->keys_lock);
    pthread_mutex_destroy(&d->lock);
    d->magic = 0;
    free(d);
    return NULL;
}

const char *ll_deeds_ledger(const struct ll_deeds *d)
{
    return ll_journal_origin(d->journal);
}
