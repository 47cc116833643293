/* client.c - see client.h. */
#include "share/client.h"

#include "base/clock.h"
#include "crypto/jwk.h"
#include "share/admin.h"
#include "store/rows.h"

#include <string.h>

#define COLUMNS "id, organisation, title, state, made_at, signed"

static int no_client(struct ll_str id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有系统 %.*s", "there is no client %.*s", LL_STR_ARG(id));
}

static int check_id(struct ll_str id, struct ll_err *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";

    if (!id.n || id.n > LL_CLIENT_ID_MOST)
        return ll_fail(err, LL_INVALID, "系统编号应为 1 到 %d 个字符", "a client id has 1 to %d characters",
                       LL_CLIENT_ID_MOST);
    for (size_t i = 0; i < id.n; i++)
        if (!id.p[i] || !strchr(allowed, id.p[i]))
            return ll_fail(err, LL_INVALID, "系统编号只能由小写字母、数字和 . - _ 组成，第 %zu 个字节不是",
                           "a client id is made of small letters, digits and . - _; byte %zu is not", i + 1);
    return LL_OK;
}

/* Ends a transaction that was to change something of a client: notes what was done, or says that there is no such client. */
static int settle(struct ll_txn *tx, const struct ll_actor *by, const struct ll_admin_note *note,
                  struct ll_err *err)
{
    int rc = ll_txn_changes(tx) ? ll_admin_note(tx, by, note, err)
                                : no_client(note->of.n ? note->of : note->object, err);

    return rc < 0 ? rc : ll_txn_commit(tx, err);
}

int ll_client_add(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                  struct ll_str organisation, struct ll_str title, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = check_id(id, err);

    if (rc < 0 || (rc = ll_txn_begin(st, true, &tx, err)) < 0 ||
        (rc = ll_sql(
             tx,
             "SELECT (SELECT count(*) FROM organisation WHERE code = $1), (SELECT count(*) FROM client WHERE id = $2)",
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
        rc = ll_fail(err, LL_CONFLICT, "系统 %.*s 已登记", "the client %.*s is registered already",
                     LL_STR_ARG(id));
    ll_stmt_done(s);
    s = NULL;
    if (rc >= 0 && (rc = ll_exec(tx, err,
                                 "INSERT INTO client (id, organisation, title, state, made_by, made_at)"
                                 " VALUES ($1, $2, $3, 'waiting', $4, $5)",
                                 "ssszi", id, organisation, title, by->account, ll_now_ms())) == LL_OK)
        rc = settle(tx, by, &(struct ll_admin_note){LL_ADMIN_CLIENT_MADE, id, {0}, organisation}, err);
done:
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

/* A key in either form, to its public JWK and thumbprint.  A private key is refused: whoever sent it has given it away. */
static int canonical(struct ll_str text, struct ll_buf *jwk, char kid[LL_THUMBPRINT], struct ll_err *err)
{
    struct ll_key *k = NULL;
    struct ll_json j;
    int rc = text.n && text.p[0] == '{' ? ll_jwk_parse(text, LL_JWK_PUBLIC, &k, err)
                                        : ll_key_from_pem(text, &k, err);

    if (rc == LL_OK && ll_key_is_private(k))
        rc = ll_fail(
            err, LL_INVALID, "这是私钥：只登记公钥，私钥请留在本系统，这一把应视为已泄露",
            "this is a private key: register the public one only; keep the private one, and take this one for disclosed");
    if (rc == LL_OK) {
        ll_jwk_thumbprint(k, kid);
        ll_json_init(&j, jwk);
        ll_jwk_put(k, kid, &j);
        rc = jwk->failed ? ll_no_memory(err) : LL_OK;
    }
    ll_key_free(k);
    return rc;
}

static int insert_key(struct ll_txn *tx, struct ll_str id, struct ll_str jwk, const char *kid,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx,
                    "SELECT (SELECT count(*) FROM client WHERE id = $1),"
                    " (SELECT count(*) FROM client_key WHERE client = $1 AND kid <> $2)",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, id);
    ll_bind_z(s, 2, kid);
    if ((rc = ll_step(s, err)) > 0)
        rc = !ll_col_int(s, 0) ? no_client(id, err)
             : ll_col_int(s, 1) >= LL_CLIENT_KEYS_MOST
                 ? ll_fail(err, LL_TOOBIG, "一个系统至多 %d 把公钥，请先停用旧的",
                           "a client has at most %d keys; retire one first", LL_CLIENT_KEYS_MOST)
                 : LL_OK;
    ll_stmt_done(s);
    if (rc < 0 ||
        (rc = ll_exec(tx, err, "DELETE FROM client_key WHERE client = $1 AND kid = $2", "sz", id, kid)) < 0)
        return rc;
    return ll_exec(
        tx, err,
        "INSERT INTO client_key (client, kid, jwk, state, added_at) VALUES ($1, $2, $3, 'active', $4)",
        "szsi", id, kid, jwk, ll_now_ms());
}

int ll_client_add_key(struct ll_store *st, const struct ll_actor *by, struct ll_str id, struct ll_str key,
                      char kid[44], struct ll_err *err)
{
    struct ll_buf jwk = LL_BUF_INIT(4096);
    struct ll_txn *tx = NULL;
    int rc = canonical(key, &jwk, kid, err);

    if (rc == LL_OK && (rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = insert_key(tx, id, ll_buf_view(&jwk), kid, err)) == LL_OK)
        rc = settle(tx, by, &(struct ll_admin_note){LL_ADMIN_CLIENT_KEY_ADDED, ll_str(kid), id, {0}}, err);
    ll_txn_end(tx);
    ll_buf_free(&jwk);
    return rc;
}

/* One changing statement in a transaction of its own. */
static int change(struct ll_store *st, const struct ll_actor *by, const char *sql, struct ll_str id,
                  struct ll_str second, const struct ll_admin_note *note, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, sql, "ss", id, second)) == LL_OK)
        rc = settle(tx, by, note, err);
    ll_txn_end(tx);
    return rc;
}

int ll_client_retire_key(struct ll_store *st, const struct ll_actor *by, struct ll_str id, struct ll_str kid,
                         struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_CLIENT_KEY_RETIRED, .object = kid, .of = id};

    return change(st, by, "UPDATE client_key SET state = 'retired' WHERE client = $1 AND kid = $2", id, kid,
                  &note, err);
}

int ll_client_enable(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool enabled,
                     struct ll_err *err)
{
    const struct ll_admin_note note = {.act = enabled ? LL_ADMIN_CLIENT_ENABLED : LL_ADMIN_CLIENT_DISABLED,
                                       .object = id};

    return change(st, by, "UPDATE client SET state = $2 WHERE id = $1", id,
                  enabled ? LL_STR("active") : LL_STR("disabled"), &note, err);
}

int ll_client_require_signing(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool must,
                              struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_CLIENT_SIGNING,
                                       .object = id,
                                       .detail = must ? LL_STR("required") : LL_STR("optional")};

    return change(st, by, "UPDATE client SET signed = ($2 = 'required') WHERE id = $1", id, note.detail,
                  &note, err);
}

static int read_keys(struct ll_txn *tx, struct ll_arena *arena, struct ll_client *c, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        tx, "SELECT kid, jwk, state, added_at FROM client_key WHERE client = $1 ORDER BY added_at, kid", &s,
        err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, c->id);
    while ((rc = ll_step(s, err)) > 0 && c->n_keys < LL_CLIENT_KEYS_MOST)
        c->keys[c->n_keys++] = (struct ll_client_key){ll_col_dup(s, 0, arena, &nomem),
                                                      ll_col_dup(s, 1, arena, &nomem),
                                                      ll_col_dup(s, 2, arena, &nomem), ll_col_int(s, 3)};
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static int read_client(struct ll_stmt *s, struct ll_arena *arena, struct ll_client *c, struct ll_err *err)
{
    bool nomem = false;

    *c = (struct ll_client){.id = ll_col_dup(s, 0, arena, &nomem),
                            .organisation = ll_col_dup(s, 1, arena, &nomem),
                            .title = ll_col_dup(s, 2, arena, &nomem),
                            .state = ll_col_dup(s, 3, arena, &nomem),
                            .made_at = ll_col_int(s, 4),
                            .must_sign = ll_col_int(s, 5) != 0};
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_client_get(struct ll_store *st, struct ll_str id, struct ll_arena *arena, struct ll_client *ret,
                  struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc < 0 || (rc = ll_sql(tx, "SELECT " COLUMNS " FROM client WHERE id = $1", &s, err)) < 0)
        goto done;
    ll_bind_text(s, 1, id);
    if ((rc = ll_step(s, err)) == 0)
        rc = no_client(id, err);
    else if (rc > 0)
        rc = read_client(s, arena, ret, err);
    ll_stmt_done(s);
    s = NULL;
    if (rc >= 0)
        rc = read_keys(tx, arena, ret, err);
done:
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

static int read_row(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_client(s, arena, row, err);
}

#define FITS                                                                                                 \
    " FROM client WHERE ($1 IS NULL OR instr(id, lower($1)) > 0 OR instr(title, $1) > 0)"                    \
    " AND ($2 IS NULL OR organisation = $2) AND ($3 IS NULL OR state = $3)"

int ll_client_list(struct ll_store *st, const struct ll_client_query *q, struct ll_arena *arena,
                   struct ll_client **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_client), read_row};
    static const struct ll_row_order list[] = {{"title", "title"},
                                               {"id", "id"},
                                               {"organisation", "organisation"},
                                               {"state", "state"},
                                               {"made", "made_at"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "organisation", "id"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->text), LL_ARG_Z(q->organisation), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    struct ll_txn *tx = NULL;
    void *rows = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK && (rc = ll_row_list(tx, &form, &page, arena, &rows, ret_n, ret_total, err)) == LL_OK) {
        *ret = rows;
        for (size_t i = 0; i < *ret_n && rc == LL_OK; i++)
            rc = read_keys(tx, arena, &(*ret)[i], err);
    }
    ll_txn_end(tx);
    return rc;
}

void ll_client_json(const struct ll_client *c, struct ll_json *j)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", c->id);
    ll_json_kz(j, "organisation", c->organisation);
    ll_json_kz(j, "title", c->title);
    ll_json_kz(j, "state", c->state);
    ll_json_kz(j, "made_at", ll_time_text(c->made_at, when));
    ll_json_kb(j, "signed", c->must_sign);
    ll_json_key(j, "keys");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n_keys; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "kid", c->keys[i].kid);
        ll_json_kz(j, "state", c->keys[i].state);
        ll_json_key(j, "jwk");
        ll_json_raw(j, ll_str(c->keys[i].jwk));
        ll_json_kz(j, "added_at", ll_time_text(c->keys[i].added_at, when));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

int ll_client_use_jti(struct ll_store *st, struct ll_str id, struct ll_str jti, int64_t expires_at,
                      struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_exec(tx, err, "DELETE FROM assertion WHERE expires_at < $1", "i", ll_now_ms())) == LL_OK &&
        (rc = ll_exec(tx, err, "INSERT INTO assertion (client, jti, expires_at) VALUES ($1, $2, $3)", "ssi",
                      id, jti, expires_at)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc == LL_CONFLICT
               ? ll_fail(err, LL_DENIED, "断言的 jti 已用过", "the assertion's jti was used before")
               : rc;
}
