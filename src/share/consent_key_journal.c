/* consent_key_journal.c - passkeys of subjects into the journal: when one was bound, by whom and on what proof, and when one was ended.
 *
 * A key waits in the control database until both of its acts have their entry; an entry may come twice when the program dies between
 * appending and marking, which its readers tell by key and act. */
#include "share/consent_impl.h"

#include "journal/canon.h"
#include "journal/journal.h"

enum { PAYLOAD_MAX = 16384, BATCH_MAX = 256 };

struct act {
    const char *key, *subject, *capacity, *proof, *account, *organisation;
    bool ended;
};

static int pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct act **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct act *list = ll_arena_array(arena, limit, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc = ll_sql(
        tx,
        "SELECT id, subject, capacity, proof, made_by, organisation, ended_by, bound_entry IS NOT NULL"
        " FROM subject_key WHERE bound_entry IS NULL OR (ended_at IS NOT NULL AND ended_entry IS NULL)"
        " LIMIT $1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)limit);
    while (!nomem && n < limit && (rc = ll_step(s, err)) == 1) {
        bool ended = ll_col_int(s, 7) != 0;
        list[n++] = (struct act){ll_col_dup(s, 0, arena, &nomem),
                                 ll_col_dup(s, 1, arena, &nomem),
                                 ll_col_dup(s, 2, arena, &nomem),
                                 ll_col_dup(s, 3, arena, &nomem),
                                 ll_col_dup(s, ended ? 6 : 4, arena, &nomem),
                                 ll_col_dup(s, 5, arena, &nomem),
                                 ended};
    }
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static int payload_of(const struct ll_consent_env *env, const struct act *a, struct ll_buf *out,
                      struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_json j;
    int rc;

    ll_json_init(&j, &text);
    ll_json_obj(&j);
    ll_json_kz(&j, "act", a->ended ? "passkey-ended" : "passkey-bound");
    ll_json_kz(&j, "account", a->account);
    ll_json_kz(&j, "organisation", a->organisation);
    ll_json_kz(&j, "key", a->key);
    ll_json_kz(&j, "capacity", a->capacity);
    ll_json_kz(&j, "proof", a->proof);
    rc = ll_consent_put_pseudonym(env, a->subject, &j, err);
    ll_json_end_obj(&j);
    if (rc == LL_OK)
        rc = text.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&text), out, err);
    ll_buf_free(&text);
    return rc;
}

static int mark(struct ll_store *st, const struct act *a, int64_t entry, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err,
                                     a->ended ? "UPDATE subject_key SET ended_entry = $2 WHERE id = $1"
                                              : "UPDATE subject_key SET bound_entry = $2 WHERE id = $1",
                                     "zi", a->key, entry)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* The journal waits for its disk: no transaction is open meanwhile. */
static int append(struct ll_store *st, struct ll_consent_env *env, struct ll_journal *journal,
                  const struct act *a, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_receipt receipt;
    int rc = ll_txn_begin(st, false, &env->tx, err);

    if (rc == LL_OK)
        rc = payload_of(env, a, &payload, err);
    ll_txn_end(env->tx);
    env->tx = NULL;
    if (rc == LL_OK && (rc = ll_journal_append(journal, LL_ENTRY_ADMINISTRATION, ll_buf_view(&payload),
                                               &receipt, err)) == LL_OK)
        rc = mark(st, a, (int64_t)receipt.index, err);
    ll_buf_free(&payload);
    return rc;
}

int ll_consent_key_journal(struct ll_store *st, struct ll_keyring *keys, struct ll_journal *journal,
                           size_t limit, size_t *ret_n, struct ll_err *err)
{
    struct ll_consent_env env = {.keys = keys, .arena = ll_arena_new(0)};
    struct ll_txn *tx = NULL;
    struct act *list = NULL;
    size_t n = 0;
    int rc = env.arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = pending(tx, limit < BATCH_MAX ? limit : BATCH_MAX, env.arena, &list, &n, err);
    ll_txn_end(tx);
    for (*ret_n = 0; rc == LL_OK && *ret_n < n; ++*ret_n)
        if ((rc = append(st, &env, journal, &list[*ret_n], err)) < 0)
            break;
    ll_arena_free(env.arena);
    return rc;
}
