/* demand_store.c - demands as rows and as JSON; the two standing lists. */
#include "share/demand_impl.h"

#include "base/clock.h"
#include "share/workdays.h"
#include "store/rows.h"

#include <string.h>

enum { DAY_MS = 86400000 };

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

static int read_state(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_demand *d = row;

    (void)arena;
    d->state = ll_state_parse(LL_FLOW_DEMAND, ll_col_text(s, 13));
    return d->state < LL_STATE_COUNT
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "需求 %s 的状态无法识别", "demand %s has an unknown state", d->id);
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_demand, id),          LL_ROW(TEXT, ll_demand, organisation),
    LL_ROW(TEXT, ll_demand, title),       LL_ROW(TEXT, ll_demand, what),
    LL_ROW(TEXT, ll_demand, purpose),     LL_ROW(TEXT, ll_demand, scenario),
    LL_ROW(TEXT, ll_demand, legal_basis), LL_ROW(TEXT, ll_demand, urgency),
    LL_ROW(TEXT, ll_demand, items),       LL_ROW(TEXT, ll_demand, provider),
    LL_ROW(TEXT, ll_demand, resource),    LL_ROW(TEXT, ll_demand, list),
    LL_ROW(TEXT, ll_demand, progress),    LL_ROW_OTHER,
    LL_ROW(INT, ll_demand, due_at),       LL_ROW(INT, ll_demand, created_at),
    LL_ROW(INT, ll_demand, changed_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_demand), read_state};

int ll_demand_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_demand *ret,
                  struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM demand WHERE id = $1", id, arena, ret, err);

    return rc ? (rc < 0 ? rc : LL_OK)
              : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的需求", "there is no demand %s", id);
}

#define WHERE                                                                                                \
    " FROM demand WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR provider = $2)"                 \
    " AND ($3 IS NULL OR list = $3) AND ($4 IS NULL OR state = $4)"                                          \
    " AND ($5 = 0 OR state NOT IN ('settled', 'withdrawn'))"

static const struct ll_row_order order_list[] = {{"created", "created_at"},
                                                 {"title", "title"},
                                                 {"organisation", "organisation"},
                                                 {"state", "state"},
                                                 {"due", "due_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list),
                                            "CASE WHEN $5 = 0 THEN -created_at ELSE created_at END", "id"};

int ll_demand_list(struct ll_txn *tx, const struct ll_demand_query *q, struct ll_arena *arena,
                   struct ll_demand **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->provider), LL_ARG_Z(q->list),
                                      LL_ARG_Z(q->state), LL_ARG_I(q->waiting)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

#define IDLE                                                                                                 \
    " FROM (SELECT b.resource, min(b.published_at) AS since,"                                                \
    " (SELECT count(*) FROM access_grant g WHERE g.resource = b.resource AND g.state = 'active') AS grants"  \
    " FROM batch b WHERE b.published_at IS NOT NULL AND b.state = 'published' AND NOT EXISTS"                \
    " (SELECT 1 FROM usage u WHERE u.resource = b.resource AND u.outcome = 'answered')"                      \
    " GROUP BY b.resource) idle"

int ll_idle_list(struct ll_txn *tx, const struct ll_idle_query *q, struct ll_arena *arena,
                 struct ll_idle **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_column members[] = {LL_ROW(TEXT, ll_idle, resource),
                                                   LL_ROW(INT, ll_idle, since), LL_ROW(INT, ll_idle, grants)};
    static const struct ll_row_form form = {members, LL_COUNT(members), sizeof(struct ll_idle), NULL};
    static const struct ll_row_order list[] = {
        {"resource", "resource"}, {"since", "since"}, {"grants", "grants"}};
    static const struct ll_row_orders by = {list, LL_COUNT(list), "since", "resource"};
    const struct ll_row_page page = {.sql = "SELECT resource, since, grants" IDLE,
                                     .count = "SELECT count(*)" IDLE,
                                     .orders = &by,
                                     .sort = q->sort,
                                     .limit = q->limit,
                                     .offset = q->offset};
    void *found = NULL;
    int rc = ll_row_list(tx, &form, &page, arena, &found, ret_n, ret_total, err);

    *ret = found;
    return rc;
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
