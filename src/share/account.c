/* account.c - see account.h. */
#include "share/account.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "share/account_key.h"
#include "share/admin.h"
#include "store/rows.h"

#include <string.h>

enum { FREE_TRIES = 5, LOCK_FIRST_MS = 60000, INVITATION_MS = 72 * 3600 * 1000 };
enum { LOCK_DOUBLINGS = 11 }; /* a minute doubled eleven times is more than a day */
#define LOCK_MOST_MS INT64_C(86400000)

#define COLUMNS "id, organisation, name, state, duties, locked_until, made_at, coalesce(seen_at, 0)"

/* What an id may look like: it stands in paths, in the journal and on paper. */
static int check_id(struct ll_str id, struct ll_err *err)
{
    if (!id.n || id.n > LL_ACCOUNT_ID_MOST)
        return ll_fail(err, LL_INVALID, "账号应为 1 到 %d 个字符", "an account id has 1 to %d characters",
                       LL_ACCOUNT_ID_MOST);
    for (size_t i = 0; i < id.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-", id.p[i]) ||
            !id.p[i])
            return ll_fail(err, LL_INVALID, "账号只能由字母、数字和 . _ @ - 组成，第 %zu 个字节不是",
                           "an account id is made of letters, digits and . _ @ -; byte %zu is not", i + 1);
    return LL_OK;
}

static int check_password(struct ll_str id, struct ll_str password, struct ll_err *err)
{
    size_t n = ll_utf8_count(password);

    if (n < LL_PASSWORD_LEAST || password.n > LL_PASSWORD_MOST)
        return ll_fail(err, LL_INVALID, "密码至少 %d 个字符，至多 %d 个字节",
                       "a password has at least %d characters and at most %d bytes", LL_PASSWORD_LEAST,
                       LL_PASSWORD_MOST);
    if (id.n && memmem(password.p, password.n, id.p, id.n))
        return ll_fail(err, LL_INVALID, "密码不能包含账号", "a password may not contain the account's id");
    for (size_t i = 1; i < password.n; i++)
        if (password.p[i] != password.p[0])
            return LL_OK;
    return ll_fail(err, LL_INVALID, "密码不能是同一个字符的重复", "a password may not repeat one character");
}

static int no_account(struct ll_str id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有账号 %.*s", "there is no account %.*s", LL_STR_ARG(id));
}

/* Ends a transaction that was to change one account: notes what was done, or says that there is none of this id. */
static int settle(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, struct ll_str id,
                  struct ll_str detail, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = act, .object = id, .detail = detail};
    int rc = ll_txn_changes(tx) ? ll_admin_note(tx, by, &note, err) : no_account(id, err);

    return rc < 0 ? rc : ll_txn_commit(tx, err);
}

int ll_account_add(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                   struct ll_str organisation, struct ll_str name, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = check_id(id, err);

    if (rc < 0 || (rc = ll_txn_begin(st, true, &tx, err)) < 0 ||
        (rc = ll_sql(
             tx,
             "SELECT (SELECT count(*) FROM organisation WHERE code = $1), (SELECT count(*) FROM account WHERE id = $2)",
             &s, err)) < 0)
        goto done;
    ll_bind_text(s, 1, organisation);
    ll_bind_text(s, 2, id);
    if ((rc = ll_step(s, err)) < 0)
        goto done;
    if (!ll_col_int(s, 0))
        rc = ll_fail(err, LL_NOTFOUND, "没有机构 %.*s", "there is no organisation %.*s",
                     LL_STR_ARG(organisation));
    else if (ll_col_int(s, 1))
        rc = ll_fail(err, LL_CONFLICT, "账号 %.*s 已存在", "the account %.*s is there already",
                     LL_STR_ARG(id));
    ll_stmt_done(s);
    s = NULL;
    if (rc >= 0 &&
        (rc = ll_exec(
             tx, err,
             "INSERT INTO account (id, organisation, name, duties, state, failures, locked_until, made_by, made_at)"
             " VALUES ($1, $2, $3, 0, 'invited', 0, 0, $4, $5)",
             "ssszi", id, organisation, name, by->account, ll_now_ms())) == LL_OK)
        rc = settle(tx, by, LL_ADMIN_ACCOUNT_MADE, id, organisation, err);
done:
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

int ll_account_invite(struct ll_store *st, const struct ll_actor *by, struct ll_str id, char token[44],
                      struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    char hash[LL_SHA256_HEX];
    int rc = ll_random_token(token, err);

    if (rc < 0 || (rc = ll_hash_str(ll_str(token), hash, err)) < 0 ||
        (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    if ((rc = ll_exec(tx, err, "DELETE FROM invitation WHERE account = $1 OR expires_at < $2", "si", id,
                      ll_now_ms())) == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "INSERT INTO invitation (token, account, expires_at) SELECT $1, id, $3 FROM account WHERE id = $2",
             "zsi", hash, id, ll_now_ms() + INVITATION_MS)) == LL_OK)
        rc = settle(tx, by, LL_ADMIN_ACCOUNT_INVITED, id, LL_STR(""), err);
    ll_txn_end(tx);
    return rc;
}

/* by: who did it; NULL: the owner, with an invitation. */
static int store_password(struct ll_txn *tx, const struct ll_actor *by, const char *id, const char *phc,
                          struct ll_err *err)
{
    const struct ll_actor owner = {.account = id};
    const struct ll_admin_note note = {.act = LL_ADMIN_PASSWORD_SET, .object = ll_str(id)};
    int rc = ll_exec(tx, err,
                     "UPDATE account SET password = $2, failures = 0, locked_until = 0,"
                     " state = CASE state WHEN 'invited' THEN 'active' ELSE state END WHERE id = $1",
                     "zz", id, phc);

    if (rc == LL_OK && !ll_txn_changes(tx))
        return no_account(ll_str(id), err);
    if (rc == LL_OK)
        rc = ll_exec(tx, err, "DELETE FROM session WHERE account = $1", "z", id);
    if (rc == LL_OK)
        rc = ll_exec(tx, err, "DELETE FROM invitation WHERE account = $1", "z", id);
    return rc == LL_OK ? ll_admin_note(tx, by ? by : &owner, &note, err) : rc;
}

int ll_account_accept(struct ll_store *st, struct ll_str token, struct ll_str password, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    char phc[LL_PASSWORD_TEXT];
    struct ll_txn *tx = NULL;
    const char *id = NULL;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    /* Looked up first without the writer's lock: hashing a password takes long. */
    if (rc == LL_OK)
        rc = ll_account_invited(tx, token, arena, &id, err);
    ll_txn_end(tx);
    tx = NULL;
    if (rc == LL_OK && (rc = check_password(ll_str(id), password, err)) == LL_OK &&
        (rc = ll_password_hash(password, LL_COST_LOGIN, phc, err)) == LL_OK &&
        (rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = ll_account_invited(tx, token, arena, &id, err)) == LL_OK &&
        (rc = store_password(tx, NULL, id, phc, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc;
}

int ll_account_set_password(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                            struct ll_str password, struct ll_err *err)
{
    char phc[LL_PASSWORD_TEXT], name[LL_ACCOUNT_ID_MOST + 1];
    struct ll_txn *tx = NULL;
    int rc = check_id(id, err);

    if (rc < 0 || (rc = check_password(id, password, err)) < 0 ||
        (rc = ll_password_hash(password, LL_COST_LOGIN, phc, err)) < 0 ||
        (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    memcpy(name, id.p, id.n);
    name[id.n] = 0;
    if ((rc = store_password(tx, by, name, phc, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int read_account(struct ll_stmt *s, struct ll_arena *arena, struct ll_account *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_account){.id = ll_col_dup(s, 0, arena, &nomem),
                               .organisation = ll_col_dup(s, 1, arena, &nomem),
                               .name = ll_col_dup(s, 2, arena, &nomem),
                               .state = ll_col_dup(s, 3, arena, &nomem),
                               .duties = (unsigned)ll_col_int(s, 4),
                               .locked_until = ll_col_int(s, 5),
                               .made_at = ll_col_int(s, 6),
                               .seen_at = ll_col_int(s, 7)};
    return nomem ? ll_no_memory(err) : LL_OK;
}

/* What a sign-in needs; password is empty when there is none. */
struct stored {
    struct ll_account a;
    const char *password;
    int64_t failures;
};

/* 1: found; 0: not. */
static int find(struct ll_store *st, struct ll_str id, struct ll_arena *arena, struct stored *ret,
                struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT " COLUMNS ", password, failures FROM account WHERE id = $1",
                                    &s, err)) == LL_OK) {
        ll_bind_text(s, 1, id);
        if ((rc = ll_step(s, err)) > 0) {
            int read = read_account(s, arena, &ret->a, err);
            ret->password = ll_col_dup(s, 8, arena, &nomem);
            ret->failures = ll_col_int(s, 9);
            rc = nomem ? ll_no_memory(err) : read < 0 ? read : 1;
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

static int64_t lock_for(int64_t failures)
{
    int64_t ms, over = failures - FREE_TRIES;

    if (over < 0)
        return 0;
    ms = (int64_t)LOCK_FIRST_MS << (over < LOCK_DOUBLINGS ? over : LOCK_DOUBLINGS);
    return ms < LOCK_MOST_MS ? ms : LOCK_MOST_MS;
}

/* Counted in SQL, so that guesses made side by side all count. */
static int note_failure(struct ll_store *st, const struct stored *who, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_ACCOUNT_LOCKED, .object = ll_str(who->a.id)};
    struct ll_txn *tx = NULL;
    int64_t ms = lock_for(who->failures + 1);
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE account SET failures = failures + 1, locked_until = $2 WHERE id = $1",
                      "zi", who->a.id, ms ? ll_now_ms() + ms : INT64_C(0))) == LL_OK &&
        (!ms || (rc = ll_admin_note(tx, NULL, &note, err)) == LL_OK))
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int note_success(struct ll_store *st, const struct stored *who, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, err,
                      "UPDATE account SET failures = 0, locked_until = 0, seen_at = $2 WHERE id = $1", "zi",
                      who->a.id, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int locked(const struct ll_account *a, struct ll_err *err)
{
    int64_t seconds = (a->locked_until - ll_now_ms() + 999) / 1000;

    return ll_fail(
        err, LL_TOOMANY, "密码错误次数过多，请在 %lld 秒后再试，或请安全管理员解除锁定",
        "too many wrong passwords; try again in %lld seconds, or ask the security administrator to lift the lock",
        (long long)seconds);
}

/* The same work whether the account is there, has a password yet, or neither. */
static int check_secret(const struct stored *who, struct ll_str password, bool *right, struct ll_err *err)
{
    int rc = who->password ? ll_password_verify(password, ll_str(who->password), err)
                           : ll_password_refuse(password, err);

    *right = rc == LL_OK;
    return rc == LL_SIGNIN ? LL_OK : rc;
}

int ll_account_check(struct ll_store *st, struct ll_str id, struct ll_str password, struct ll_arena *arena,
                     struct ll_account *ret, struct ll_err *err)
{
    struct stored who = {.a = {.id = "", .state = ""}};
    int rc = find(st, id, arena, &who, err);
    bool there = rc > 0, right;

    if (rc < 0)
        return rc;
    if (there && who.a.locked_until > ll_now_ms())
        return locked(&who.a, err);
    if ((rc = check_secret(&who, password, &right, err)) < 0)
        return rc;
    if (!right || !there || strcmp(who.a.state, "active") != 0) {
        if (there && !right && (rc = note_failure(st, &who, err)) < 0)
            return rc;
        return ll_fail(err, LL_SIGNIN, "账号或密码不对，或账号已停用",
                       "wrong account or password, or the account is disabled");
    }
    *ret = who.a;
    return note_success(st, &who, err);
}

static void put_duties(struct ll_buf *out, unsigned duties)
{
    for (unsigned i = 0; i < LL_DUTY_COUNT; i++)
        if (duties & 1u << i)
            ll_buf_printf(out, "%s%s", out->n ? " " : "", ll_duty_name(i));
}

int ll_account_empower(struct ll_store *st, const struct ll_actor *by, struct ll_str id, unsigned duties,
                       struct ll_err *err)
{
    struct ll_buf words = LL_BUF_INIT(512);
    struct ll_txn *tx = NULL;
    int rc = ll_duties_check(duties, err);

    if (rc < 0)
        return rc;
    if (by->account && ll_str_is(id, by->account))
        return ll_fail(err, LL_DENIED, "不能改自己的职责", "nobody changes their own duties");
    put_duties(&words, duties);
    if ((rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE account SET duties = $2 WHERE id = $1", "si", id, (int64_t)duties)) ==
            LL_OK)
        rc = settle(tx, by, LL_ADMIN_ACCOUNT_EMPOWERED, id, ll_buf_view(&words), err);
    ll_txn_end(tx);
    ll_buf_free(&words);
    return rc;
}

int ll_account_enable(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool enabled,
                      struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc < 0)
        return rc;
    if (!enabled)
        rc = ll_exec(tx, err, "DELETE FROM session WHERE account = $1", "s", id);
    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE account SET state = CASE WHEN $2 = 0 THEN 'disabled' WHEN password IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM account_key WHERE account = $1 AND ended_at IS NULL) THEN 'invited' ELSE 'active' END"
            " WHERE id = $1",
            "si", id, (int64_t)enabled);
    if (rc == LL_OK)
        rc = settle(tx, by, enabled ? LL_ADMIN_ACCOUNT_ENABLED : LL_ADMIN_ACCOUNT_DISABLED, id, LL_STR(""),
                    err);
    ll_txn_end(tx);
    return rc;
}

int ll_account_unlock(struct ll_store *st, const struct ll_actor *by, struct ll_str id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE account SET failures = 0, locked_until = 0 WHERE id = $1", "s", id)) ==
            LL_OK)
        rc = settle(tx, by, LL_ADMIN_ACCOUNT_UNLOCKED, id, LL_STR(""), err);
    ll_txn_end(tx);
    return rc;
}

int ll_account_get(struct ll_store *st, struct ll_str id, struct ll_arena *arena, struct ll_account *ret,
                   struct ll_err *err)
{
    struct stored who;
    int rc = find(st, id, arena, &who, err);

    if (rc > 0)
        *ret = who.a;
    return rc < 0 ? rc : rc ? LL_OK : no_account(id, err);
}

static int read_row(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_account(s, arena, row, err);
}

#define FITS                                                                                                 \
    " FROM account WHERE ($1 IS NULL OR instr(lower(id), lower($1)) > 0 OR instr(name, $1) > 0)"             \
    " AND ($2 IS NULL OR organisation = $2) AND ($3 = 0 OR duties & $3 <> 0)"                                \
    " AND ($4 IS NULL OR state = $4 OR ($4 = 'locked' AND locked_until > $5))"

int ll_account_list(struct ll_store *st, const struct ll_account_query *q, struct ll_arena *arena,
                    struct ll_account **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_account), read_row};
    static const struct ll_row_order list[] = {{"name", "name"},
                                               {"id", "id"},
                                               {"organisation", "organisation"},
                                               {"state", "state"},
                                               {"seen", "coalesce(seen_at, 0)"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "organisation", "id"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->text), LL_ARG_Z(q->organisation), LL_ARG_I(q->duty),
                                      LL_ARG_Z(q->state), LL_ARG_I(ll_now_ms())};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list_of(st, &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

void ll_account_json(const struct ll_account *a, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", a->id);
    ll_json_kz(j, "organisation", a->organisation);
    ll_json_kz(j, "name", a->name);
    ll_json_kz(j, "state", a->state);
    ll_json_key(j, "duties");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_DUTY_COUNT; i++)
        if (a->duties & 1u << i)
            ll_json_z(j, ll_duty_name(i));
    ll_json_end_arr(j);
    put_time(j, "locked_until", a->locked_until > ll_now_ms() ? a->locked_until : 0);
    put_time(j, "made_at", a->made_at);
    put_time(j, "seen_at", a->seen_at);
    ll_json_end_obj(j);
}
