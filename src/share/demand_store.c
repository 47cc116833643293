/* demand_store.c - demands as rows and as JSON; the two standing lists. */
#include "share/demand_impl.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <string.h>

enum { DAY_MS = 86400000, IDLE_MAX = 1000 };

#define COLUMNS                                                                                                          \
    "id, organisation, title, what, purpose, scenario, legal_basis, urgency, items, provider, resource, list, progress," \
    " state, due_at, created_at, changed_at"

int ll_demand_insert(struct ll_txn *tx, const struct ll_demand *d, const char *id, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "INSERT INTO demand (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL, NULL,"
        " $11, NULL, $12, $12)",
        "zzzzzzzzzzzi", id, d->organisation, d->title, d->what, d->purpose, d->scenario, d->legal_basis,
        d->urgency, d->items, d->provider, ll_state_word(LL_STATE_OPEN), ll_now_ms());
}

int ll_demand_enter(struct ll_txn *tx, const struct ll_demand *d, enum ll_state to, struct ll_err *err)
{
    int64_t now = ll_now_ms();

    if (to == d->state)
        return LL_OK;
    return ll_exec(tx, err,
                   "UPDATE demand SET state = $1, due_at = nullif($2, 0), changed_at = $3 WHERE id = $4",
                   "ziiz", ll_state_word(to), ll_flow_due(to, now), now, d->id);
}

static int read_row(struct ll_stmt *s, struct ll_arena *a, struct ll_demand *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_demand){
        .id = ll_col_dup(s, 0, a, &nomem),
        .organisation = ll_col_dup(s, 1, a, &nomem),
        .title = ll_col_dup(s, 2, a, &nomem),
        .what = ll_col_dup(s, 3, a, &nomem),
        .purpose = ll_col_dup(s, 4, a, &nomem),
        .scenario = ll_col_dup(s, 5, a, &nomem),
        .legal_basis = ll_col_dup(s, 6, a, &nomem),
        .urgency = ll_col_dup(s, 7, a, &nomem),
        .items = ll_col_dup(s, 8, a, &nomem),
        .provider = ll_col_dup(s, 9, a, &nomem),
        .resource = ll_col_dup(s, 10, a, &nomem),
        .list = ll_col_dup(s, 11, a, &nomem),
        .progress = ll_col_dup(s, 12, a, &nomem),
        .state = ll_state_parse(LL_FLOW_DEMAND, ll_col_text(s, 13)),
        .due_at = ll_col_int(s, 14),
        .created_at = ll_col_int(s, 15),
        .changed_at = ll_col_int(s, 16),
    };
    if (nomem)
        return ll_no_memory(err);
    return ret->state < LL_STATE_COUNT ? LL_OK
                                       : ll_fail(err, LL_INTERNAL, "需求 %s 的状态无法识别",
                                                 "demand %s has an unknown state", ret->id);
}

int ll_demand_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_demand *ret,
                  struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT " COLUMNS " FROM demand WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        rc = read_row(s, arena, ret, err);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的需求", "there is no demand %s", id);
    ll_stmt_done(s);
    return rc;
}

#define WHERE                                                                                                \
    " FROM demand WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR provider = $2)"                 \
    " AND ($3 IS NULL OR list = $3) AND ($4 IS NULL OR state = $4)"                                          \
    " AND ($5 = 0 OR state NOT IN ('settled', 'withdrawn'))"

static void bind_query(struct ll_stmt *s, const struct ll_demand_query *q)
{
    ll_bind_z(s, 1, q->organisation);
    ll_bind_z(s, 2, q->provider);
    ll_bind_z(s, 3, q->list);
    ll_bind_z(s, 4, q->state);
    ll_bind_int(s, 5, q->waiting);
}

static int count(struct ll_txn *tx, const struct ll_demand_query *q, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT count(*)" WHERE, &s, err);

    if (rc < 0)
        return rc;
    bind_query(s, q);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_demand_list(struct ll_txn *tx, const struct ll_demand_query *q, struct ll_arena *arena,
                   struct ll_demand **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    struct ll_demand *list = ll_arena_array(arena, q->limit ? q->limit : 1, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int more = 0, rc = list ? count(tx, q, ret_total, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_sql(tx,
                               "SELECT " COLUMNS WHERE
                               " ORDER BY CASE WHEN $5 = 0 THEN -created_at ELSE created_at END, id"
                               " LIMIT $6 OFFSET $7",
                               &s, err)) < 0)
        return rc;
    bind_query(s, q);
    ll_bind_int(s, 6, (int64_t)q->limit);
    ll_bind_int(s, 7, (int64_t)q->offset);
    while (rc == LL_OK && n < q->limit && (more = ll_step(s, err)) > 0)
        rc = read_row(s, arena, &list[n++], err);
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

int ll_idle_list(struct ll_txn *tx, struct ll_arena *arena, struct ll_idle **ret, size_t *ret_n,
                 struct ll_err *err)
{
    struct ll_idle *list = ll_arena_array(arena, IDLE_MAX, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = false;
    size_t n = 0;
    int more = 0,
        rc =
            list
                ? ll_sql(
                      tx,
                      "SELECT b.resource, min(b.published_at),"
                      " (SELECT count(*) FROM access_grant g WHERE g.resource = b.resource AND g.state = 'active')"
                      " FROM batch b WHERE b.published_at IS NOT NULL AND b.state = 'published' AND NOT EXISTS"
                      " (SELECT 1 FROM usage u WHERE u.resource = b.resource AND u.outcome = 'answered')"
                      " GROUP BY b.resource ORDER BY 2, 1 LIMIT 1000",
                      &s, err)
                : ll_no_memory(err);

    if (rc < 0)
        return rc;
    while (n < IDLE_MAX && (more = ll_step(s, err)) > 0)
        list[n++] = (struct ll_idle){ll_col_dup(s, 0, arena, &nomem), ll_col_int(s, 1), ll_col_int(s, 2)};
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return more < 0 ? more : nomem ? ll_no_memory(err) : LL_OK;
}

/* --- JSON --------------------------------------------------------------------------------------------------------------- */

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

void ll_demand_put(struct ll_json *j, const struct ll_demand *d)
{
    int64_t end = ll_flow_states[d->state].end ? d->changed_at : ll_now_ms();

    ll_json_kz(j, "id", d->id);
    ll_json_kz(j, "organisation", d->organisation);
    ll_json_kz(j, "title", d->title);
    ll_json_kz(j, "what", d->what);
    ll_json_kz(j, "purpose", d->purpose);
    ll_json_kz(j, "scenario", d->scenario);
    ll_json_kz(j, "legal_basis", d->legal_basis);
    ll_json_kz(j, "urgency", d->urgency);
    ll_json_kz(j, "items", d->items);
    ll_state_put(j, d->state);
    ll_json_kz(j, "provider", d->provider);
    ll_json_kz(j, "resource", d->resource);
    ll_json_kz(j, "list", d->list);
    ll_json_kz(j, "progress", d->progress);
    put_time(j, "due_at", d->due_at);
    put_time(j, "created_at", d->created_at);
    put_time(j, "changed_at", d->changed_at);
    ll_json_ki(j, "age_days", (end - d->created_at) / DAY_MS);
    ll_json_ki(j, "working_days", ll_workdays_between(ll_workday_of(d->created_at), ll_workday_of(end)));
}

int ll_demand_put_candidates(struct ll_txn *tx, const char *id, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more,
        rc = ll_sql(
            tx,
            "SELECT resource, score, reasons FROM demand_candidate WHERE demand = $1 ORDER BY score DESC, resource",
            &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_json_key(j, "candidates");
    ll_json_arr(j);
    while ((more = ll_step(s, err)) > 0) {
        ll_json_obj(j);
        ll_json_ks(j, "resource", ll_col_text(s, 0));
        ll_json_ki(j, "score", ll_col_int(s, 1));
        ll_json_key(j, "reasons");
        ll_json_raw(j, ll_col_text(s, 2));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_stmt_done(s);
    return more;
}
