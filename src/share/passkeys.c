/* passkeys.c - see passkeys.h. */
#include "share/passkeys.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "share/admin.h"

enum { TEXT_MAX = 65536 };

static const struct {
    const char *get, *used, *warn, *list;
} sql[LL_PASSKEY_OWNER_COUNT] = {
    [LL_OF_ACCOUNT] =
        {"SELECT id, account, backup, sign_count, cose FROM account_key WHERE id = $1 AND ended_at IS NULL",
         "UPDATE account_key SET sign_count = $2, used_at = $3 WHERE id = $1",
         "UPDATE account_key SET warned_at = $2 WHERE id = $1",
         "SELECT id FROM account_key WHERE account = $1 AND ended_at IS NULL ORDER BY made_at DESC"},
    [LL_OF_SUBJECT] = {
        "SELECT id, subject, backup, sign_count, cose FROM subject_key WHERE id = $1 AND ended_at IS NULL",
        "UPDATE subject_key SET sign_count = $2 WHERE id = $1 AND $3 > 0",
        "UPDATE subject_key SET warned_at = $2 WHERE id = $1",
        "SELECT id FROM subject_key WHERE subject = $1 AND ended_at IS NULL ORDER BY made_at DESC"}};

static int decoded(struct ll_str text, struct ll_arena *arena, struct ll_str *ret, struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT(TEXT_MAX);
    int rc = ll_base64_get(text, LL_BASE64_URL, &b, err);

    if (rc == LL_OK) {
        *ret = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&b)), b.n};
        if (!ret->p)
            rc = ll_no_memory(err);
    }
    ll_buf_free(&b);
    return rc;
}

int ll_passkey_get(struct ll_txn *tx, enum ll_passkey_owner kind, const char *id, struct ll_arena *arena,
                   struct ll_passkey_stored *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx, sql[kind].get, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    rc = ll_step(s, err);
    if (rc == 1) {
        *ret = (struct ll_passkey_stored){.id = ll_col_dup(s, 0, arena, &nomem),
                                          .owner = ll_col_dup(s, 1, arena, &nomem),
                                          .backup = ll_col_int(s, 2) != 0,
                                          .sign_count = (uint32_t)ll_col_int(s, 3)};
        rc = nomem ? ll_no_memory(err) : decoded(ll_col_text(s, 4), arena, &ret->cose, err);
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "这把通行密钥没有登记，或已停用",
                     "this passkey is not registered, or was ended");
    }
    ll_stmt_done(s);
    return rc;
}

int ll_passkey_use(struct ll_txn *tx, enum ll_passkey_owner kind, const struct ll_passkey_stored *k,
                   const struct ll_webauthn_want *want, const struct ll_webauthn_use *use, struct ll_err *err)
{
    const struct ll_webauthn_known known = {k->cose, k->sign_count, k->backup};
    struct ll_webauthn_want strict = *want;
    struct ll_webauthn_seen seen;
    int rc;

    strict.need_uv = true;
    rc = ll_webauthn_verify(&strict, &known, use, &seen, err);
    return rc < 0 ? rc
                  : ll_exec(tx, err, sql[kind].used, "zii", k->id, (int64_t)seen.sign_count, ll_now_ms());
}

int ll_passkey_warn(struct ll_store *st, enum ll_passkey_owner kind, const char *id, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_PASSKEY_WARNED, .object = ll_str(id)};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, sql[kind].warn, "zi", id, ll_now_ms())) == LL_OK &&
        (rc = ll_admin_note(tx, NULL, &note, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_passkey_ids(struct ll_txn *tx, enum ll_passkey_owner kind, const char *owner, struct ll_arena *arena,
                   const char *const **ret, size_t *ret_n, struct ll_err *err)
{
    const char **list = ll_arena_array(arena, LL_PASSKEYS_MOST, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc = ll_sql(tx, sql[kind].list, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, owner);
    for (; !nomem && n < LL_PASSKEYS_MOST && (rc = ll_step(s, err)) == 1; n++)
        list[n] = ll_col_dup(s, 0, arena, &nomem);
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

const char *ll_passkey_text(struct ll_arena *arena, struct ll_str bytes)
{
    struct ll_buf b = LL_BUF_INIT(2 * TEXT_MAX);
    const char *text;

    ll_base64_put(&b, LL_BASE64_URL, bytes.p, bytes.n);
    text = b.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return text;
}
