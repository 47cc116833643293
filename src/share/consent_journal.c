/* consent_journal.c - events of consents into the journal.
 *
 * An event waits in the control database from the transaction that made it, so that none is lost; the journal may see one twice when
 * the program dies between appending and marking, which its readers tell by the consent's id and act. */
#include "share/consent_impl.h"

#include "crypto/base64.h"
#include "crypto/random.h"
#include "journal/canon.h"
#include "journal/journal.h"

#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_MAX = 60000, BATCH_MAX = 256 };

struct event {
    int64_t seq;
    const char *consent, *act, *account, *client, *organisation;
};

static int pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct event **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct event *list = ll_arena_array(arena, limit, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc = ll_sql(
        tx,
        "SELECT seq, consent, act, account, client, organisation FROM consent_event WHERE journal IS NULL ORDER BY seq LIMIT $1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)limit);
    while (!nomem && n < limit && (rc = ll_step(s, err)) == 1) {
        list[n] = (struct event){ll_col_int(s, 0),
                                 ll_col_dup(s, 1, arena, &nomem),
                                 ll_col_dup(s, 2, arena, &nomem),
                                 ll_col_dup(s, 3, arena, &nomem),
                                 ll_col_dup(s, 4, arena, &nomem),
                                 ll_col_dup(s, 5, arena, &nomem)};
        n++;
    }
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static void put_hash(struct ll_json *j, const char *key, struct ll_str text)
{
    struct ll_buf b = LL_BUF_INIT(64);
    unsigned char digest[LL_DIGEST];

    ll_sha256(text.p, text.n, digest);
    ll_base64_put(&b, LL_BASE64_URL, digest, sizeof digest);
    ll_json_ks(j, key, ll_buf_view(&b));
    ll_buf_free(&b);
}

/* The hash of the evidence of this act; none where an officer withdrew. */
static int put_evidence(struct ll_txn *tx, const struct event *e, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT evidence FROM consent_evidence WHERE consent = $1 AND act = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, e->consent);
    ll_bind_z(s, 2, e->act);
    if ((rc = ll_step(s, err)) == 1)
        put_hash(j, "evidence", ll_col_text(s, 0));
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_consent_pseudonym(const struct ll_consent_env *env, const char *subject, char name[LL_PSEUDONYM_TEXT],
                         struct ll_err *err)
{
    unsigned char secret[LL_RING_SECRET];
    struct ll_buf value = LL_BUF_INIT(LL_ID_MAX);
    enum ll_scheme scheme = LL_ID_USCC;
    int rc = ll_keyring_secret(env->keys, LL_FOR_PSEUDONYM, secret, err);

    if (rc == LL_OK &&
        (rc = ll_consent_subject_open(env->tx, env->keys, subject, &scheme, &value, err)) == LL_OK)
        rc = ll_pseudonym((struct ll_str){(const char *)secret, sizeof secret},
                          ll_str(ll_scheme_name(scheme)), ll_buf_view(&value), name, err);
    ll_wipe(secret, sizeof secret);
    ll_buf_wipe(&value);
    return rc;
}

int ll_consent_put_pseudonym(const struct ll_consent_env *env, const char *subject, struct ll_json *j,
                             struct ll_err *err)
{
    char name[LL_PSEUDONYM_TEXT];
    int rc = ll_consent_pseudonym(env, subject, name, err);

    if (rc == LL_OK)
        ll_json_kz(j, "subject", name);
    return rc;
}

static int put_payload(const struct ll_consent_env *env, const struct event *e, const struct ll_consent *c,
                       struct ll_json *j, struct ll_err *err)
{
    int rc;

    ll_json_obj(j);
    ll_json_kz(j, "act", e->act);
    ll_json_kz(j, "consent", e->consent);
    ll_json_kz(j, "by_account", e->account);
    ll_json_kz(j, "by_client", e->client);
    ll_json_kz(j, "by_organisation", e->organisation);
    ll_json_kz(j, "kind", ll_consent_kind_word(c->kind));
    ll_json_kz(j, "organisation", c->organisation);
    ll_json_kz(j, "purpose", c->purpose);
    ll_json_ki(j, "from", c->from_at);
    ll_json_ki(j, "until", c->until_at);
    ll_json_ki(j, "uses", c->uses);
    put_hash(j, "text", ll_str(c->text));
    if ((rc = put_evidence(env->tx, e, j, err)) == LL_OK)
        rc = ll_consent_put_pseudonym(env, c->subject, j, err);
    ll_json_end_obj(j);
    return rc;
}

static int payload_of(const struct ll_consent_env *env, const struct event *e, struct ll_buf *out,
                      struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_consent c;
    struct ll_json j;
    int rc = ll_consent_get(env, e->consent, &c, err);

    if (rc < 0)
        return rc;
    ll_json_init(&j, &text);
    rc = put_payload(env, e, &c, &j, err);
    if (rc == LL_OK)
        rc = text.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&text), out, err);
    ll_buf_free(&text);
    return rc;
}

/* The journal waits for its disk: no transaction is open meanwhile. */
static int append(struct ll_store *st, struct ll_keyring *keys, struct ll_arena *arena,
                  struct ll_journal *journal, const struct event *e, struct ll_err *err)
{
    struct ll_consent_env env = {.keys = keys, .arena = arena};
    struct ll_buf payload = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_receipt receipt;
    int rc = ll_txn_begin(st, false, &env.tx, err);

    if (rc == LL_OK)
        rc = payload_of(&env, e, &payload, err);
    ll_txn_end(env.tx);
    env.tx = NULL;
    if (rc == LL_OK &&
        (rc = ll_journal_append(journal, LL_ENTRY_CONSENT, ll_buf_view(&payload), &receipt, err)) == LL_OK &&
        (rc = ll_txn_begin(st, true, &env.tx, err)) == LL_OK &&
        (rc = ll_exec(env.tx, err, "UPDATE consent_event SET journal = $2 WHERE seq = $1", "ii", e->seq,
                      (int64_t)receipt.index)) == LL_OK)
        rc = ll_txn_commit(env.tx, err);
    ll_txn_end(env.tx);
    ll_buf_free(&payload);
    return rc;
}

int ll_consent_journal(struct ll_store *st, struct ll_keyring *keys, struct ll_journal *journal, size_t limit,
                       size_t *ret_n, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_txn *tx = NULL;
    struct event *list = NULL;
    size_t n = 0;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = pending(tx, limit < BATCH_MAX ? limit : BATCH_MAX, arena, &list, &n, err);
    ll_txn_end(tx);
    for (*ret_n = 0; rc == LL_OK && *ret_n < n; ++*ret_n)
        if ((rc = append(st, keys, arena, journal, &list[*ret_n], err)) < 0)
            break;
    ll_arena_free(arena);
    return rc;
}
