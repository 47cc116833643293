/* signin.c - see signin.h. */
#include "share/signin.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <string.h>

enum { LIST_MAX = 100 };
enum { IDLE_MS = 30 * 60000, RENEW_MS = 15 * 60000, OVERLAP_MS = 60000, SEEN_MS = 60000 };

/* Printable ASCII of it: it came from outside, and is shown to its owner. */
static void put_agent(const char *agent, char out[LL_SESSION_AGENT + 1])
{
    size_t n = 0;

    for (; agent && agent[n] && n < LL_SESSION_AGENT; n++)
        out[n] = (char)(agent[n] >= ' ' && agent[n] < 0x7f ? agent[n] : '?');
    out[n] = 0;
}

int ll_signin_open(struct ll_store *st, struct ll_str account, const struct ll_signin_from *from,
                   char token[LL_SESSION_TOKEN], struct ll_err *err)
{
    char hash[LL_SHA256_HEX], id[LL_SESSION_TOKEN], agent[LL_SESSION_AGENT + 1];
    struct ll_txn *tx = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_random_token(token, err);

    put_agent(from->agent, agent);
    if (rc < 0 || (rc = ll_random_token(id, err)) < 0 || (rc = ll_hash_str(ll_str(token), hash, err)) < 0 ||
        (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    if ((rc = ll_exec(tx, err, "DELETE FROM session WHERE expires_at < $1 OR seen_at < $2", "ii", now,
                      now - IDLE_MS)) == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "INSERT INTO session (token, earlier_until, account, made_at, seen_at, rotated_at, expires_at, id, agent, remote)"
             " VALUES ($1, 0, $2, $3, $3, $3, $4, $5, $6, $7)",
             "zsiizzz", hash, account, now, now + LL_SESSION_S * INT64_C(1000), id, agent, from->remote)) ==
            LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* What has to be written about a session that was used. */
struct use {
    bool current; /* by its newest token */
    int64_t seen_at, rotated_at;
};

static int find(struct ll_store *st, const char *hash, struct ll_arena *arena, struct ll_session *ret,
                struct use *use, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int64_t now = ll_now_ms();
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc < 0 ||
        (rc = ll_sql(
             tx,
             "SELECT a.id, a.organisation, a.name, a.state, a.duties, s.token = $1, s.seen_at, s.rotated_at"
             " FROM session s JOIN account a ON a.id = s.account"
             " WHERE (s.token = $1 OR (s.earlier = $1 AND s.earlier_until >= $2))"
             " AND s.expires_at >= $2 AND s.seen_at >= $3 AND a.state = 'active'",
             &s, err)) < 0)
        goto done;
    ll_bind_z(s, 1, hash);
    ll_bind_int(s, 2, now);
    ll_bind_int(s, 3, now - IDLE_MS);
    if ((rc = ll_step(s, err)) <= 0)
        goto done;
    ret->account = (struct ll_account){.id = ll_col_dup(s, 0, arena, &nomem),
                                       .organisation = ll_col_dup(s, 1, arena, &nomem),
                                       .name = ll_col_dup(s, 2, arena, &nomem),
                                       .state = ll_col_dup(s, 3, arena, &nomem),
                                       .duties = (unsigned)ll_col_int(s, 4)};
    *use = (struct use){
        .current = ll_col_int(s, 5) != 0, .seen_at = ll_col_int(s, 6), .rotated_at = ll_col_int(s, 7)};
    if (nomem)
        rc = ll_no_memory(err);
done:
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

/* The statement is bound to the token it replaces, so that of two requests at once one renews and the other keeps what it has. */
static int renew(struct ll_store *st, const char *hash, char token[LL_SESSION_TOKEN], struct ll_err *err)
{
    char next[LL_SHA256_HEX];
    struct ll_txn *tx = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_random_token(token, err);

    if (rc < 0 || (rc = ll_hash_str(ll_str(token), next, err)) < 0 ||
        (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    if ((rc = ll_exec(
             tx, err,
             "UPDATE session SET token = $2, earlier = $1, earlier_until = $4, seen_at = $3, rotated_at = $3 WHERE token = $1",
             "zzii", hash, next, now, now + OVERLAP_MS)) == LL_OK) {
        if (!ll_txn_changes(tx))
            token[0] = 0;
        rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    return rc;
}

static int note_use(struct ll_store *st, const char *hash, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, "UPDATE session SET seen_at = $2 WHERE token = $1", "zi", hash,
                                     ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_signin_check(struct ll_store *st, struct ll_str token, struct ll_arena *arena, struct ll_session *ret,
                    struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    struct use use = {.current = false};
    int64_t now = ll_now_ms();
    int rc;

    memset(ret, 0, sizeof(*ret));
    if (token.n != LL_SESSION_TOKEN - 1)
        return 0;
    if ((rc = ll_hash_str(token, hash, err)) < 0 || (rc = find(st, hash, arena, ret, &use, err)) <= 0)
        return rc;
    ret->actor = (struct ll_actor){
        .account = ret->account.id, .organisation = ret->account.organisation, .roles = ret->account.duties};
    if (use.current && now - use.rotated_at >= RENEW_MS)
        rc = renew(st, hash, ret->renewed, err);
    else if (use.current && now - use.seen_at >= SEEN_MS)
        rc = note_use(st, hash, err);
    return rc < 0 ? rc : 1;
}

int ll_signin_close(struct ll_store *st, struct ll_str token, struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    struct ll_txn *tx = NULL;
    int rc = ll_hash_str(token, hash, err);

    if (rc < 0 || (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    if ((rc = ll_exec(tx, err, "DELETE FROM session WHERE token = $1 OR earlier = $1", "z", hash)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_signin_list(struct ll_store *st, struct ll_str account, struct ll_str token, struct ll_arena *arena,
                   struct ll_session_row **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_session_row *list = ll_arena_array(arena, LIST_MAX, sizeof *list);
    char hash[LL_SHA256_HEX];
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int64_t now = ll_now_ms();
    int rc = list ? ll_hash_str(token, hash, err) : ll_no_memory(err);

    *ret = list;
    *ret_n = 0;
    if (rc < 0 || (rc = ll_txn_begin(st, false, &tx, err)) < 0)
        return rc;
    if ((rc = ll_sql(
             tx,
             "SELECT id, agent, remote, made_at, seen_at, token = $2 OR coalesce(earlier = $2, FALSE) FROM session"
             " WHERE account = $1 AND expires_at >= $3 AND seen_at >= $4 ORDER BY seen_at DESC, id LIMIT $5",
             &s, err)) == LL_OK) {
        ll_bind_text(s, 1, account);
        ll_bind_z(s, 2, hash);
        ll_bind_int(s, 3, now);
        ll_bind_int(s, 4, now - IDLE_MS);
        ll_bind_int(s, 5, LIST_MAX);
        while (*ret_n < LIST_MAX && (rc = ll_step(s, err)) > 0)
            list[(*ret_n)++] = (struct ll_session_row){.id = ll_col_dup(s, 0, arena, &nomem),
                                                       .agent = ll_col_dup(s, 1, arena, &nomem),
                                                       .remote = ll_col_dup(s, 2, arena, &nomem),
                                                       .made_at = ll_col_int(s, 3),
                                                       .seen_at = ll_col_int(s, 4),
                                                       .current = ll_col_int(s, 5) != 0};
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

int ll_signin_end(struct ll_store *st, struct ll_str account, struct ll_str id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, "DELETE FROM session WHERE account = $1 AND id = $2", "ss",
                                     account, id)) == LL_OK) {
        rc = ll_txn_changes(tx)
                 ? LL_OK
                 : ll_fail(err, LL_NOTFOUND, "没有这处登录，或已结束", "no such session, or it has ended");
        if (rc == LL_OK)
            rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    return rc;
}
