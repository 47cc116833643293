/* account_key.c - see account_key.h. */
#include "share/account_key.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "share/admin.h"

#include <string.h>

void ll_account_handle(struct ll_str account, unsigned char out[LL_DIGEST])
{
    const struct ll_str parts[] = {LL_STR("luling-account/v1\n"), account};

    ll_digest(LL_SHA256, parts, LL_COUNT(parts), out);
}

/* One number, from a query about one account. */
static int count(struct ll_txn *tx, const char *sql, struct ll_str account, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, account);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_account_key_add(struct ll_txn *tx, const struct ll_actor *by, const char *account, const char *name,
                       const struct ll_webauthn_credential *credential, struct ll_arena *arena,
                       struct ll_account_key *ret, struct ll_err *err)
{
    const char *id = ll_passkey_text(arena, credential->id), *cose = ll_passkey_text(arena, credential->cose);
    const struct ll_admin_note note = {
        .act = LL_ADMIN_PASSKEY_ADDED, .object = ll_str(account), .of = ll_str(id), .detail = ll_str(name)};
    int64_t n = 0;
    int rc = id && cose
                 ? count(tx, "SELECT count(*) FROM account_key WHERE account = $1 AND ended_at IS NULL",
                         ll_str(account), &n, err)
                 : ll_no_memory(err);

    if (rc < 0)
        return rc;
    if (n >= LL_PASSKEYS_MOST)
        return ll_fail(err, LL_TOOBIG, "一个账号至多 %d 把通行密钥，请先停用不用的",
                       "an account has at most %d passkeys; remove one first", (int)LL_PASSKEYS_MOST);
    *ret = (struct ll_account_key){
        .id = id, .name = name, .backup = credential->flags & LL_WEBAUTHN_BE, .made_at = ll_now_ms()};
    rc = ll_exec(tx, err,
                 "INSERT INTO account_key (id, account, name, cose, backup, sign_count, made_at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                 "zzzziii", id, account, name, cose, (int64_t)ret->backup, (int64_t)credential->sign_count,
                 ret->made_at);
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "这把通行密钥已经登记", "this passkey is registered already");
    return rc < 0 ? rc : ll_admin_note(tx, by, &note, err);
}

int ll_account_key_list(struct ll_txn *tx, struct ll_str account, struct ll_arena *arena,
                        struct ll_account_key **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_account_key *list = ll_arena_array(arena, LL_PASSKEYS_MOST, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc = ll_sql(tx,
                    "SELECT id, name, backup, made_at, coalesce(used_at, 0), coalesce(warned_at, 0)"
                    " FROM account_key WHERE account = $1 AND ended_at IS NULL ORDER BY made_at, id",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, account);
    for (; !nomem && n < LL_PASSKEYS_MOST && (rc = ll_step(s, err)) == 1; n++)
        list[n] = (struct ll_account_key){ll_col_dup(s, 0, arena, &nomem),
                                          ll_col_dup(s, 1, arena, &nomem),
                                          ll_col_int(s, 2) != 0,
                                          ll_col_int(s, 3),
                                          ll_col_int(s, 4),
                                          ll_col_int(s, 5)};
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static int no_key(struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "这个账号没有这把通行密钥", "the account has no such passkey");
}

int ll_account_key_rename(struct ll_txn *tx, struct ll_str account, struct ll_str id, const char *name,
                          struct ll_err *err)
{
    int rc = ll_exec(tx, err,
                     "UPDATE account_key SET name = $3 WHERE account = $1 AND id = $2 AND ended_at IS NULL",
                     "ssz", account, id, name);

    return rc < 0 ? rc : ll_txn_changes(tx) ? LL_OK : no_key(err);
}

int ll_account_key_remove(struct ll_txn *tx, const struct ll_actor *by, struct ll_str account,
                          struct ll_str id, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_PASSKEY_REMOVED, .object = account, .of = id};
    int64_t ways = 0;
    int rc = ll_exec(
        tx, err, "UPDATE account_key SET ended_at = $3 WHERE account = $1 AND id = $2 AND ended_at IS NULL",
        "ssi", account, id, ll_now_ms());

    if (rc < 0)
        return rc;
    if (!ll_txn_changes(tx))
        return no_key(err);
    rc = count(tx,
               "SELECT (SELECT count(*) FROM account WHERE id = $1 AND password IS NOT NULL)"
               " + (SELECT count(*) FROM account_key WHERE account = $1 AND ended_at IS NULL)",
               account, &ways, err);
    if (rc == LL_OK && !ways) /* the caller's transaction is rolled back */
        return ll_fail(
            err, LL_CONFLICT, "这是该账号唯一的登录方式，请先设置密码或登记另一把通行密钥",
            "this is the account's only way to sign in; set a password or register another passkey first");
    return rc < 0 ? rc : ll_admin_note(tx, by, &note, err);
}

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

void ll_account_key_json(const struct ll_account_key *k, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", k->id);
    ll_json_kz(j, "name", k->name);
    ll_json_kb(j, "synced", k->backup);
    put_time(j, "made_at", k->made_at);
    put_time(j, "used_at", k->used_at);
    put_time(j, "warned_at", k->warned_at);
    ll_json_end_obj(j);
}

/* --- signing in ------------------------------------------------------------------------------------------------------- */

static int refuse(struct ll_err *err)
{
    return ll_fail(
        err, LL_SIGNIN, "这把通行密钥不能登录：没有登记、已停用，或账号已停用",
        "this passkey signs nobody in: it is not registered, was removed, or its account is disabled");
}

static int read_owner(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_account *ret,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        tx, "SELECT id, organisation, name, state, duties FROM account WHERE id = $1 AND state = 'active'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        *ret = (struct ll_account){.id = ll_col_dup(s, 0, arena, &nomem),
                                   .organisation = ll_col_dup(s, 1, arena, &nomem),
                                   .name = ll_col_dup(s, 2, arena, &nomem),
                                   .state = ll_col_dup(s, 3, arena, &nomem),
                                   .duties = (unsigned)ll_col_int(s, 4)};
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : rc ? LL_OK : refuse(err);
}

int ll_account_recognise(struct ll_txn *tx, const struct ll_webauthn_want *want, const char *key,
                         const char *handle, const struct ll_webauthn_use *use, struct ll_arena *arena,
                         struct ll_account *ret, struct ll_err *err)
{
    unsigned char expected[LL_DIGEST];
    struct ll_passkey_stored k;
    const char *text;
    int rc = ll_passkey_get(tx, LL_OF_ACCOUNT, key, arena, &k, err);

    if (rc < 0)
        return rc == LL_NOTFOUND ? refuse(err) : rc;
    ll_account_handle(ll_str(k.owner), expected);
    if (!(text = ll_passkey_text(arena, (struct ll_str){(const char *)expected, sizeof expected})))
        return ll_no_memory(err);
    if (handle && strcmp(handle, text) != 0)
        return refuse(err);
    rc = ll_passkey_use(tx, LL_OF_ACCOUNT, &k, want, use, err);
    if (rc == LL_INVALID && err)
        return err->rc = LL_SIGNIN;
    if (rc < 0 || (rc = read_owner(tx, k.owner, arena, ret, err)) < 0)
        return rc;
    return ll_exec(tx, err, "UPDATE account SET seen_at = $2 WHERE id = $1", "zi", k.owner, ll_now_ms());
}

/* --- invitations ------------------------------------------------------------------------------------------------------ */

int ll_account_invited(struct ll_txn *tx, struct ll_str token, struct ll_arena *arena,
                       const char **ret_account, struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_hash_str(token, hash, err);

    if (rc < 0 || (rc = ll_sql(tx, "SELECT account FROM invitation WHERE token = $1 AND expires_at >= $2", &s,
                               err)) < 0)
        return rc;
    ll_bind_z(s, 1, hash);
    ll_bind_int(s, 2, ll_now_ms());
    if ((rc = ll_step(s, err)) > 0)
        *ret_account = ll_col_dup(s, 0, arena, &nomem);
    ll_stmt_done(s);
    if (rc == 0)
        return ll_fail(
            err, LL_NOTFOUND, "邀请链接无效、已用过或已过期，请向系统管理员再要一个",
            "the invitation is not valid, was used or has ended; ask the system administrator for another");
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

int ll_account_accept_key(struct ll_txn *tx, struct ll_str token, const char *name,
                          const struct ll_webauthn_credential *credential, struct ll_arena *arena,
                          struct ll_err *err)
{
    struct ll_actor owner = {.account = NULL};
    struct ll_account_key made;
    int rc = ll_account_invited(tx, token, arena, &owner.account, err);

    if (rc < 0 ||
        (rc = ll_account_key_add(tx, &owner, owner.account, name, credential, arena, &made, err)) < 0 ||
        (rc = ll_exec(tx, err,
                      "UPDATE account SET failures = 0, locked_until = 0,"
                      " state = CASE state WHEN 'invited' THEN 'active' ELSE state END WHERE id = $1",
                      "z", owner.account)) < 0 ||
        (rc = ll_exec(tx, err, "DELETE FROM session WHERE account = $1", "z", owner.account)) < 0)
        return rc;
    return ll_exec(tx, err, "DELETE FROM invitation WHERE account = $1", "z", owner.account);
}
