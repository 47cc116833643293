/* deed_file.c - writes the file of a deed; see deed_file.h. */
#include "apps/finance/deed_file.h"

#include "crypto/jwk.h"
#include "journal/tlogproof.h"

#include <inttypes.h>

/* Public keys of those who signed, each once. */
struct keys {
    struct ll_txn *tx;
    struct ll_arena *arena;
    struct ll_json *j;
    const char **seen;
    size_t n, room;
};

static int put_key(struct keys *k, const char *kid, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc;

    for (size_t i = 0; i < k->n; i++)
        if (ll_str_is(ll_str(kid), k->seen[i]))
            return LL_OK;
    LL_ASSERT(k->n < k->room);
    if (!(k->seen[k->n++] = ll_arena_dup(k->arena, ll_str(kid))))
        return ll_no_memory(err);
    if ((rc = ll_sql(k->tx, "SELECT jwk FROM client_key WHERE kid = $1 ORDER BY client LIMIT 1", &s, err)) <
        0)
        return rc;
    ll_bind_z(s, 1, kid);
    if ((rc = ll_step(s, err)) > 0)
        ll_json_raw(k->j, ll_col_text(s, 0));
    else if (rc == 0)
        rc = ll_fail(err, LL_INTERNAL, "公钥 %s 不见了", "the public key %s is gone", kid);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int put_keys(struct keys *k, const struct ll_deed_step_row *steps, size_t n, struct ll_err *err)
{
    struct ll_str lines, organisation, jws, payload;
    char kid[LL_DEED_KID + 1];
    int rc = LL_OK;

    k->room = n * LL_DEED_ROLE_COUNT + 1;
    if (!(k->seen = ll_arena_array(k->arena, k->room, sizeof *k->seen)))
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        lines = ll_str(steps[i].signatures);
        while (rc == LL_OK && ll_deed_signature_next(&lines, &organisation, &jws))
            if ((rc = ll_deed_open(jws, k->arena, kid, &payload, err)) == LL_OK)
                rc = put_key(k, kid, err);
    }
    return rc;
}

static int put_proof(struct ll_journal *journal, const struct ll_deed_step_row *step, struct ll_json *j,
                     struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), proof = LL_BUF_INIT(LL_TLOGPROOF_MAX);
    int rc = step->journal >= 0
                 ? ll_journal_entry(journal, (uint64_t)step->journal, &entry, NULL, err)
                 : ll_fail(err, LL_BUSY, "第 %" PRId64 " 步尚未存证，请稍后再取",
                           "step %" PRId64 " is not in the journal yet; come again", step->seq);

    if (rc == LL_OK && (rc = ll_journal_proof(journal, (uint64_t)step->journal, &proof, err)) == LL_OK) {
        ll_json_ks(j, "entry", ll_buf_view(&entry));
        ll_json_ks(j, "proof", ll_buf_view(&proof));
    }
    ll_buf_free(&entry);
    ll_buf_free(&proof);
    return rc;
}

static int put_step(struct ll_journal *journal, const struct ll_deed_step_row *step, struct ll_json *j,
                    struct ll_err *err)
{
    struct ll_str lines = ll_str(step->signatures), organisation, jws;

    ll_json_obj(j);
    ll_json_key(j, "signatures");
    ll_json_arr(j);
    while (ll_deed_signature_next(&lines, &organisation, &jws)) {
        ll_json_obj(j);
        ll_json_ks(j, "organisation", organisation);
        ll_json_ks(j, "jws", jws);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    int rc = put_proof(journal, step, j, err);
    ll_json_end_obj(j);
    return rc;
}

int ll_deed_file_put(struct ll_txn *tx, struct ll_journal *journal, const struct ll_deed_row *row,
                     struct ll_arena *arena, struct ll_json *j, struct ll_err *err)
{
    struct keys keys = {.tx = tx, .arena = arena, .j = j};
    struct ll_deed_step_row *steps = NULL;
    size_t n = 0;
    int rc = ll_deed_steps(tx, &row->d, arena, &steps, &n, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "format", "luling-deed/v1");
    ll_json_kz(j, "ledger", ll_journal_origin(journal));
    ll_json_kz(j, "document", row->d.document);
    ll_json_kz(j, "state", row->state);
    ll_json_kz(j, "holder", row->d.holder);
    ll_json_key(j, "keys");
    ll_json_arr(j);
    rc = put_keys(&keys, steps, n, err);
    ll_json_end_arr(j);
    ll_json_key(j, "steps");
    ll_json_arr(j);
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = put_step(journal, &steps[i], j, err);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return rc < 0 ? rc : j->out->failed ? ll_no_memory(err) : LL_OK;
}
