/* link_events.c - acts and their events (link_store.h): runs, decisions, splits, undoing; and clusters, which follow from them. */
#include "apps/credit/link_store.h"

#include "base/clock.h"
#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

enum { REASON_MIN = 2, REASON_MAX = 2000 };

/* ---- acts ---- */

struct act {
    const char *model, *kind, *pair_was, *run, *reason;
    int64_t pair, undoes;
};

static int one_int(struct ll_txn *tx, const char *sql, int64_t at, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, sql, &s, err);

    *ret = 0;
    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, at);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int add_act(struct ll_txn *tx, const struct act *a, const struct ll_actor *actor, int64_t *ret,
                   struct ll_err *err)
{
    int rc = ll_exec(
        tx, err,
        "INSERT INTO link_act (model, kind, pair, pair_was, run, undoes, account, organisation, reason, at)"
        " VALUES ($1, $2, nullif($3, 0), $4, $5, nullif($6, 0), $7, $8, $9, $10)",
        "zzizzizzzi", a->model, a->kind, a->pair, a->pair_was, a->run, a->undoes, actor->account,
        actor->organisation, a->reason, ll_now_ms());

    return rc < 0 ? rc : one_int(tx, "SELECT max(id) FROM link_act WHERE $1 = 0", 0, ret, err);
}

static int check_reason(const char *reason, struct ll_err *err)
{
    size_t n = ll_utf8_count(ll_str(reason));

    return reason && n >= REASON_MIN && n <= REASON_MAX
               ? LL_OK
               : ll_fail(err, LL_INVALID, "请写明理由（%d 到 %d 个字符）",
                         "give a reason (%d to %d characters)", REASON_MIN, REASON_MAX);
}

/* The pair's state from now on, with what it was. */
static int add_event(struct ll_txn *tx, int64_t act, const char *model, const char *a, const char *b,
                     bool linked, bool person, struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO link_event (act, model, a, b, linked, person, was_linked, was_person)"
                   " SELECT $1, $2, $3, $4, $5, $6,"
                   " coalesce((SELECT linked FROM link_edge WHERE model = $2 AND a = $3 AND b = $4), 0),"
                   " coalesce((SELECT person FROM link_edge WHERE model = $2 AND a = $3 AND b = $4), 0)",
                   "izzzii", act, model, a, b, (int64_t)linked, (int64_t)person);
}

/* ---- a run's end ---- */

/* The run of this name in state writing: its model and when it began. */
static int run_model(struct ll_txn *tx, const char *run, char model[256], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT model FROM link_run WHERE id = $1 AND state = 'writing'", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, run);
    if ((rc = ll_step(s, err)) > 0) {
        struct ll_str name = ll_col_text(s, 0);
        memcpy(model, name.p, name.n < 255 ? name.n : 255);
        model[name.n < 255 ? name.n : 255] = 0;
        rc = LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(err, LL_CONFLICT, "关联运行 %s 已经结束", "linkage run %s has ended", run);
    }
    ll_stmt_done(s);
    return rc;
}

int ll_link_run_end(struct ll_txn *tx, const char *run, const char *report, const struct ll_actor *actor,
                    struct ll_err *err)
{
    char model[256];
    int64_t act = 0;
    int rc = run_model(tx, run, model, err);
    struct act a = {.model = model, .kind = "run", .run = run};

    if (rc < 0 || (rc = add_act(tx, &a, actor, &act, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO link_event (act, model, a, b, linked, person, was_linked, was_person)"
             " SELECT $1, e.model, e.a, e.b, 0, 0, 1, 0 FROM link_edge e WHERE e.model = $2 AND e.linked = 1 AND e.person = 0"
             " AND NOT EXISTS (SELECT 1 FROM link_pair p WHERE p.model = e.model AND p.a = e.a AND p.b = e.b"
             " AND p.run = $3 AND p.state = 'matched')",
             "izz", act, model, run)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO link_event (act, model, a, b, linked, person, was_linked, was_person)"
             " SELECT $1, p.model, p.a, p.b, 1, 0, 0, 0 FROM link_pair p LEFT JOIN link_edge e ON e.model = p.model AND e.a = p.a"
             " AND e.b = p.b WHERE p.model = $2 AND p.run = $3 AND p.state = 'matched' AND coalesce(e.linked, 0) = 0"
             " AND coalesce(e.person, 0) = 0",
             "izz", act, model, run)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "DELETE FROM link_pair WHERE model = $1 AND run <> $2 AND state NOT IN ('accepted', 'rejected')",
             "zz", model, run)) < 0)
        return rc;
    return ll_exec(tx, err, "UPDATE link_run SET state = 'done', report = $1, ended_at = $2 WHERE id = $3",
                   "ziz", report, ll_now_ms(), run);
}

/* ---- decisions ---- */

int ll_link_decide(struct ll_txn *tx, int64_t pair, bool accept, const char *reason,
                   const struct ll_actor *actor, int64_t *ret_act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(1 << 20);
    const char *to = accept ? "accepted" : "rejected";
    struct ll_link_pair p;
    int rc = arena ? check_reason(reason, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_link_pair_get(tx, pair, arena, &p, err)) < 0)
        goto done;
    if (strcmp(p.state, to) == 0) {
        rc = ll_fail(err, LL_CONFLICT, "记录对 %lld 已经这样决定过", "pair %lld has been decided so",
                     (long long)pair);
        goto done;
    }
    const struct act a = {.model = p.model,
                          .kind = accept ? "accept" : "reject",
                          .pair = pair,
                          .pair_was = p.state,
                          .reason = reason};
    if ((rc = add_act(tx, &a, actor, ret_act, err)) == LL_OK &&
        (rc = add_event(tx, *ret_act, p.model, p.a, p.b, accept, true, err)) == LL_OK)
        rc = ll_exec(tx, err, "UPDATE link_pair SET state = $1 WHERE id = $2", "zi", to, pair);
done:
    ll_arena_free(arena);
    return rc;
}

int ll_link_split(struct ll_txn *tx, const char *model, const char *record, const char *reason,
                  const struct ll_actor *actor, int64_t *ret_act, struct ll_err *err)
{
    const struct act a = {.model = model, .kind = "split", .reason = reason};
    int rc = check_reason(reason, err);

    if (rc < 0 || (rc = add_act(tx, &a, actor, ret_act, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO link_event (act, model, a, b, linked, person, was_linked, was_person)"
             " SELECT $1, model, a, b, 0, 1, 1, person FROM link_edge WHERE model = $2 AND linked = 1 AND (a = $3 OR b = $3)",
             "izz", *ret_act, model, record)) < 0)
        return rc;
    return ll_txn_changes(tx) ? LL_OK
                              : ll_fail(err, LL_NOTFOUND, "记录 %s 没有与任何记录关联",
                                        "record %s is linked with nothing", record);
}

/* ---- undoing ---- */

struct undone {
    char model[256], kind[32], pair_was[32];
    int64_t pair, undone_by;
};

static void text_of(struct ll_stmt *s, int at, char *out, size_t room)
{
    struct ll_str v = ll_col_text(s, at);
    size_t n = v.p && v.n < room ? v.n : 0;

    memcpy(out, n ? v.p : "", n);
    out[n] = 0;
}

static int act_of(struct ll_txn *tx, int64_t id, struct undone *u, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT model, kind, pair_was, coalesce(pair, 0), coalesce(undone_by, 0) FROM link_act WHERE id = $1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, id);
    if ((rc = ll_step(s, err)) > 0) {
        text_of(s, 0, u->model, sizeof u->model);
        text_of(s, 1, u->kind, sizeof u->kind);
        text_of(s, 2, u->pair_was, sizeof u->pair_was);
        u->pair = ll_col_int(s, 3);
        u->undone_by = ll_col_int(s, 4);
        rc = LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %lld 的操作", "there is no act %lld", (long long)id);
    }
    ll_stmt_done(s);
    return rc;
}

/* What the pair is now, to come back to when this undoing is undone. */
static int pair_state(struct ll_txn *tx, int64_t pair, char out[32], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT state FROM link_pair WHERE id = $1", &s, err);

    out[0] = 0;
    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, pair);
    if ((rc = ll_step(s, err)) > 0)
        text_of(s, 0, out, 32);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* The latest act that changed a pair of this one after it, and was not undone; 0: none. */
static int later_act(struct ll_txn *tx, int64_t act, int64_t *ret, struct ll_err *err)
{
    return one_int(
        tx,
        "SELECT coalesce(max(g.act), 0) FROM link_event e JOIN link_edge g ON g.model = e.model AND g.a = e.a AND g.b = e.b"
        " WHERE e.act = $1 AND (g.linked <> e.linked OR g.person <> e.person)",
        act, ret, err);
}

int ll_link_undo(struct ll_txn *tx, int64_t act, const char *reason, const struct ll_actor *actor,
                 int64_t *ret_act, struct ll_err *err)
{
    struct undone u;
    char now[32] = "";
    int64_t later = 0;
    int rc = check_reason(reason, err);

    if (rc < 0 || (rc = act_of(tx, act, &u, err)) < 0)
        return rc;
    if (u.undone_by)
        return ll_fail(err, LL_CONFLICT, "操作 %lld 已被操作 %lld 撤销", "act %lld was undone by act %lld",
                       (long long)act, (long long)u.undone_by);
    if ((rc = later_act(tx, act, &later, err)) < 0 || (u.pair && (rc = pair_state(tx, u.pair, now, err)) < 0))
        return rc;
    if (later)
        return ll_fail(err, LL_CONFLICT, "操作 %lld 之后又有操作 %lld 改变了同一记录对，请先撤销后者",
                       "act %lld was followed by act %lld on the same pair: undo that one first",
                       (long long)act, (long long)later);
    const struct act a = {.model = u.model,
                          .kind = "undo",
                          .pair = u.pair,
                          .pair_was = u.pair ? now : NULL,
                          .undoes = act,
                          .reason = reason};
    if ((rc = add_act(tx, &a, actor, ret_act, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO link_event (act, model, a, b, linked, person, was_linked, was_person)"
             " SELECT $1, model, a, b, was_linked, was_person, linked, person FROM link_event WHERE act = $2 ORDER BY seq DESC",
             "ii", *ret_act, act)) < 0 ||
        (rc = ll_exec(tx, err, "UPDATE link_act SET undone_by = $1 WHERE id = $2", "ii", *ret_act, act)) < 0)
        return rc;
    return u.pair
               ? ll_exec(tx, err, "UPDATE link_pair SET state = $1 WHERE id = $2", "zi", u.pair_was, u.pair)
               : LL_OK;
}

/* ---- lists ---- */

#define ACT_WHERE " FROM link_act WHERE ($1 IS NULL OR model = $1) AND ($2 = 0 OR pair = $2)"

static int read_act(struct ll_stmt *s, struct ll_arena *a, struct ll_link_act *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_link_act){.id = ll_col_int(s, 0),
                                .pair = ll_col_int(s, 1),
                                .undoes = ll_col_int(s, 2),
                                .undone_by = ll_col_int(s, 3),
                                .at = ll_col_int(s, 4),
                                .events = ll_col_int(s, 5),
                                .model = ll_col_dup(s, 6, a, &nomem),
                                .kind = ll_col_dup(s, 7, a, &nomem),
                                .run = ll_col_dup(s, 8, a, &nomem),
                                .account = ll_col_dup(s, 9, a, &nomem),
                                .organisation = ll_col_dup(s, 10, a, &nomem),
                                .reason = ll_col_dup(s, 11, a, &nomem)};
    return nomem ? ll_no_memory(err) : LL_OK;
}

#define ACT                                                                                                  \
    "id, coalesce(pair, 0), coalesce(undoes, 0), coalesce(undone_by, 0), at,"                                \
    " (SELECT count(*) FROM link_event e WHERE e.act = link_act.id), model, kind, run, account,"             \
    " organisation, reason"

static int read_any_act(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_act(s, arena, row, err);
}

int ll_link_act_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                     struct ll_link_act **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_link_act), read_any_act};
    static const struct ll_row_order list[] = {
        {"at", "at"}, {"kind", "kind"}, {"model", "model"}, {"account", "coalesce(account, '')"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "id DESC", "id DESC"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->model), LL_ARG_I(q->pair)};
    const struct ll_row_page page = LL_ROW_PAGE(ACT, ACT_WHERE, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list(tx, &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

/* ---- clusters ---- */

static bool among(const char *const *list, size_t n, const char *record)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], record) == 0)
            return true;
    return false;
}

static int add_near(struct ll_stmt *s, struct ll_arena *arena, const char **list, size_t *n,
                    struct ll_err *err)
{
    int rc;

    while ((rc = ll_step(s, err)) > 0 && *n < LL_LINK_CLUSTER_SHOWN) {
        bool nomem = false;
        const char *other = ll_col_dup(s, 0, arena, &nomem);
        if (nomem)
            return ll_no_memory(err);
        if (!among(list, *n, other))
            list[(*n)++] = other;
    }
    return rc < 0 ? rc : LL_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int ll_link_cluster(struct ll_txn *tx, const char *model, const char *record, struct ll_arena *arena,
                    const char ***ret, size_t *ret_n, struct ll_err *err)
{
    const char **list = ll_arena_array(arena, LL_LINK_CLUSTER_SHOWN, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc = LL_OK;

    if (!list || !(list[n++] = ll_arena_dup(arena, ll_str(record))))
        return ll_no_memory(err);
    for (size_t at = 0; at < n && rc == LL_OK; at++) {
        if ((rc = ll_sql(tx,
                         "SELECT b FROM link_edge WHERE model = $1 AND a = $2 AND linked = 1"
                         " UNION ALL SELECT a FROM link_edge WHERE model = $1 AND b = $2 AND linked = 1",
                         &s, err)) < 0)
            break;
        ll_bind_z(s, 1, model);
        ll_bind_z(s, 2, list[at]);
        rc = add_near(s, arena, list, &n, err);
        ll_stmt_done(s);
    }
    qsort(list, n, sizeof *list, by_text);
    *ret = list;
    *ret_n = n;
    return rc;
}
