/* freeze.c - what stops at once, and what goes on again; see access.h. */
#include "share/access.h"

#include "base/clock.h"
#include "share/admin.h"

#include <string.h>

static const struct {
    const char *name;
    const char *exists; /* finds a thing of the kind; NULL: it is always there */
} kinds[] = {
#define X(id, name, exists, zh, en) {name, exists},
    LL_FREEZE_KINDS(X)
#undef X
};

static int check(struct ll_txn *tx, struct ll_str kind, struct ll_str id, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    size_t at = 0;
    int rc;

    while (at < LL_COUNT(kinds) && !ll_str_is(kind, kinds[at].name))
        at++;
    if (at == LL_COUNT(kinds))
        return ll_fail(err, LL_USAGE, "可冻结的是 gateway、organisation、client、resource，不是 %.*s",
                       "gateway, organisation, client and resource can be frozen, not %.*s",
                       LL_STR_ARG(kind));
    if (!kinds[at].exists)
        return ll_str_is(id, "*") ? LL_OK
                                  : ll_fail(err, LL_USAGE, "冻结全部接口时编号写 *", "the gateway's id is *");
    if ((rc = ll_sql(tx, kinds[at].exists, &s, err)) < 0)
        return rc;
    ll_bind_text(s, 1, id);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有 %.*s %.*s", "there is no %.*s %.*s", LL_STR_ARG(kind),
                     LL_STR_ARG(id));
    return rc < 0 ? rc : LL_OK;
}

int ll_freeze_in(struct ll_txn *tx, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
                 struct ll_str reason, struct ll_err *err)
{
    const struct ll_admin_note note = {LL_ADMIN_FROZEN, id, kind, reason};
    int rc = check(tx, kind, id, err);

    if (rc < 0 ||
        (rc = ll_exec(tx, err, "DELETE FROM freeze WHERE kind = $1 AND id = $2", "ss", kind, id)) < 0 ||
        (rc = ll_exec(tx, err,
                      "INSERT INTO freeze (kind, id, reason, made_by, made_at) VALUES ($1, $2, $3, $4, $5)",
                      "ssszi", kind, id, reason, by->account, ll_now_ms())) < 0)
        return rc;
    return ll_admin_note(tx, by, &note, err);
}

int ll_freeze(struct ll_store *st, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
              struct ll_str reason, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_freeze_in(tx, by, kind, id, reason, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_thaw(struct ll_store *st, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
            struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_THAWED, .object = id, .of = kind};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, err, "DELETE FROM freeze WHERE kind = $1 AND id = $2", "ss", kind, id)) == LL_OK)
        rc = ll_txn_changes(tx) ? ll_admin_note(tx, by, &note, err)
                                : ll_fail(err, LL_NOTFOUND, "%.*s %.*s 没有被冻结", "%.*s %.*s is not frozen",
                                          LL_STR_ARG(kind), LL_STR_ARG(id));
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_freeze_list(struct ll_store *st, struct ll_arena *arena, struct ll_frozen **ret, size_t *ret_n,
                   struct ll_err *err)
{
    enum { MOST = 10000 };
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int64_t n = 0;
    int rc = ll_txn_begin(st, false, &tx, err);

    *ret_n = 0;
    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT count(*) FROM freeze", &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0) < MOST ? ll_col_int(s, 0) : MOST;
    ll_stmt_done(s);
    s = NULL;
    if (rc >= 0 && !(*ret = ll_arena_array(arena, (size_t)n + 1, sizeof **ret)))
        rc = ll_no_memory(err);
    if (rc >= 0 &&
        (rc = ll_sql(
             tx, "SELECT kind, id, reason, made_by, made_at FROM freeze ORDER BY made_at, kind, id LIMIT $1",
             &s, err)) == LL_OK) {
        ll_bind_int(s, 1, n);
        while ((rc = ll_step(s, err)) > 0)
            (*ret)[(*ret_n)++] = (struct ll_frozen){.kind = ll_col_dup(s, 0, arena, &nomem),
                                                    .id = ll_col_dup(s, 1, arena, &nomem),
                                                    .reason = ll_col_dup(s, 2, arena, &nomem),
                                                    .made_by = ll_col_dup(s, 3, arena, &nomem),
                                                    .made_at = ll_col_int(s, 4)};
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

void ll_frozen_json(const struct ll_frozen *f, struct ll_json *j)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "kind", f->kind);
    ll_json_kz(j, "id", f->id);
    ll_json_kz(j, "reason", f->reason);
    ll_json_kz(j, "made_by", f->made_by);
    ll_json_kz(j, "made_at", ll_time_text(f->made_at, when));
    ll_json_end_obj(j);
}
