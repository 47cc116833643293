/* freeze.c - what stops at once, and what goes on again; see access.h. */
#include "share/access.h"

#include "base/clock.h"
#include "share/admin.h"
#include "store/rows.h"

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

#define FITS " FROM freeze WHERE ($1 IS NULL OR kind = $1)"

int ll_freeze_list(struct ll_store *st, const struct ll_freeze_query *q, struct ll_arena *arena,
                   struct ll_frozen **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_column columns[] = {
        LL_ROW(TEXT, ll_frozen, kind), LL_ROW(TEXT, ll_frozen, id), LL_ROW(TEXT, ll_frozen, reason),
        LL_ROW(TEXT, ll_frozen, made_by), LL_ROW(INT, ll_frozen, made_at)};
    static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_frozen), NULL};
    static const struct ll_row_order list[] = {
        {"made", "made_at"}, {"kind", "kind"}, {"id", "id"}, {"by", "coalesce(made_by, '')"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "made_at DESC", "kind, id"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->kind)};
    const struct ll_row_page page = LL_ROW_PAGE("kind, id, reason, made_by, made_at", FITS, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list_of(st, &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
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
