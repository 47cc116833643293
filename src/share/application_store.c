/* application_store.c - applications as rows and as JSON. */
#include "share/application_impl.h"

#include "base/clock.h"
#include "store/rows.h"

#include <string.h>

enum { TEXT_MAX = 256 << 10 };

#define COLUMNS                                                                                                            \
    "id, scene, organisation, provider, demand, title, purpose, scenario, legal_basis, modes, per_second, per_day, total," \
    " from_at, until_at, networks, consent, unconditional, state, due_at, created_at, changed_at, signed"

/* --- writing ----------------------------------------------------------------------------------------------------------- */

static int insert_resource(struct ll_txn *tx, const char *id, const struct ll_application_resource *r,
                           struct ll_err *err)
{
    struct ll_buf items = LL_BUF_INIT(TEXT_MAX);

    ll_buf_z(&items, "");
    ll_grant_items_text(r->items, r->n_items, &items);
    int rc =
        items.failed
            ? ll_fail(err, LL_TOOBIG, "信息项过多", "too many items")
            : ll_exec(
                  tx, err,
                  "INSERT INTO application_resource (application, resource, version, items) VALUES ($1, $2, $3, $4)",
                  "zzis", id, r->resource, (int64_t)r->version, ll_buf_view(&items));
    ll_buf_free(&items);
    return rc;
}

static int insert_row(struct ll_txn *tx, const struct ll_application *a, const char *id, struct ll_str modes,
                      struct ll_str networks, struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO application (" COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                   " $16, $17, $18, $19, NULL, $20, $20, $21)",
                   "zzzzzzzzzsiiiiisiizii", id, a->scene, a->organisation, a->provider, a->demand, a->title,
                   a->purpose, a->scenario, a->legal_basis, modes, a->per_second, a->per_day, a->total,
                   a->from_at, a->until_at, networks, (int64_t)a->consent, (int64_t)a->unconditional,
                   ll_state_word(LL_STATE_DRAFT), ll_now_ms(), (int64_t)a->must_sign);
}

int ll_application_insert(struct ll_txn *tx, const struct ll_application *a, const struct ll_actor *actor,
                          struct ll_err *err)
{
    struct ll_buf modes = LL_BUF_INIT(TEXT_MAX), networks = LL_BUF_INIT(TEXT_MAX);
    struct ll_flow_object o = ll_application_object(a);
    char id[LL_FLOW_ID_TEXT];
    int rc;

    ll_flow_new_id('A', id);
    o.id = id;
    o.state = LL_STATE_DRAFT;
    ll_use_modes_text(a->modes, &modes);
    ll_buf_z(&networks, "");
    ll_networks_text(a->networks, a->n_networks, &networks);
    if (modes.failed || networks.failed)
        rc = ll_no_memory(err);
    else if ((rc = insert_row(tx, a, id, ll_buf_view(&modes), ll_buf_view(&networks), err)) == LL_OK)
        rc = ll_flow_begin(tx, &o, actor, err);
    for (size_t i = 0; rc == LL_OK && i < a->n_resources; i++)
        rc = insert_resource(tx, id, &a->resources[i], err);
    ll_buf_free(&modes);
    ll_buf_free(&networks);
    return rc;
}

int ll_application_enter(struct ll_txn *tx, const struct ll_application *a, enum ll_state state,
                         struct ll_err *err)
{
    int64_t now = ll_now_ms();

    if (state == a->state) /* a reminder: the limit that runs goes on */
        return LL_OK;
    return ll_exec(
        tx, err,
        "UPDATE application SET state = $1, due_at = nullif($2, 0), reminded_at = NULL, changed_at = $3 WHERE id = $4",
        "ziiz", ll_state_word(state), ll_flow_due(state, now), now, a->id);
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static int read_resources(struct ll_txn *tx, struct ll_arena *arena, struct ll_application *a,
                          struct ll_err *err)
{
    struct ll_application_resource *list = ll_arena_array(arena, LL_APPLICATION_RESOURCES_MAX, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int more = 0,
        rc =
            list
                ? ll_sql(
                      tx,
                      "SELECT resource, version, items FROM application_resource WHERE application = $1 ORDER BY resource",
                      &s, err)
                : ll_no_memory(err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, a->id);
    a->resources = list;
    while (rc == LL_OK && a->n_resources < LL_APPLICATION_RESOURCES_MAX && (more = ll_step(s, err)) > 0) {
        struct ll_application_resource *r = &list[a->n_resources++];
        r->resource = ll_col_dup(s, 0, arena, &nomem);
        r->version = (unsigned)ll_col_int(s, 1);
        rc = ll_grant_items_parse(ll_col_text(s, 2), arena, &r->items, &r->n_items, err);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : more < 0 ? more : nomem ? ll_no_memory(err) : LL_OK;
}

static int read_use(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_application *a = row;
    int rc;

    a->state = ll_state_parse(LL_FLOW_APPLICATION, ll_col_text(s, 18));
    if (a->state == LL_STATE_COUNT)
        return ll_fail(err, LL_INTERNAL, "申请 %s 的状态无法识别", "application %s has an unknown state",
                       a->id);
    if ((rc = ll_use_modes_parse(ll_col_text(s, 9), &a->modes, err)) < 0)
        return rc;
    return ll_networks_parse(ll_col_text(s, 15), arena, &a->networks, &a->n_networks, err);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_application, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, scene),
                                               COLUMN(TEXT, organisation),
                                               COLUMN(TEXT, provider),
                                               COLUMN(TEXT, demand),
                                               COLUMN(TEXT, title),
                                               COLUMN(TEXT, purpose),
                                               COLUMN(TEXT, scenario),
                                               COLUMN(TEXT, legal_basis),
                                               LL_ROW_OTHER,
                                               COLUMN(INT, per_second),
                                               COLUMN(INT, per_day),
                                               COLUMN(INT, total),
                                               COLUMN(INT, from_at),
                                               COLUMN(INT, until_at),
                                               LL_ROW_OTHER,
                                               COLUMN(FLAG, consent),
                                               COLUMN(FLAG, unconditional),
                                               LL_ROW_OTHER,
                                               COLUMN(INT, due_at),
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, changed_at),
                                               COLUMN(FLAG, must_sign)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_application), read_use};

int ll_application_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_application *ret,
                       struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM application WHERE id = $1", id, arena, ret, err);

    if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的申请", "there is no application %s", id);
    return rc < 0 ? rc : read_resources(tx, arena, ret, err);
}

#define WHERE                                                                                                \
    " FROM application WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR provider = $2)"            \
    " AND ($3 IS NULL OR scene = $3) AND ($4 IS NULL OR state = $4)"                                         \
    " AND ($5 IS NULL OR organisation = $5 OR provider = $5)"

static const struct ll_row_order order_list[] = {
    {"created", "created_at"}, {"title", "title"}, {"organisation", "organisation"},
    {"provider", "provider"},  {"state", "state"}, {"due", "due_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id DESC"};

int ll_application_list(struct ll_txn *tx, const struct ll_application_query *q, struct ll_arena *arena,
                        struct ll_application **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->provider), LL_ARG_Z(q->scene),
                                      LL_ARG_Z(q->state), LL_ARG_Z(q->either)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    for (size_t i = 0; rc == LL_OK && i < *ret_n; i++)
        rc = read_resources(tx, arena, &(*ret)[i], err);
    return rc;
}

/* --- JSON -------------------------------------------------------------------------------------------------------------- */

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

static void put_limit(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n)
        ll_json_int(j, n);
    else
        ll_json_null(j);
}

static void put_resources(struct ll_json *j, const struct ll_application *a)
{
    ll_json_key(j, "resources");
    ll_json_arr(j);
    for (size_t i = 0; i < a->n_resources; i++) {
        const struct ll_application_resource *r = &a->resources[i];
        ll_json_obj(j);
        ll_json_kz(j, "resource", r->resource);
        ll_json_ki(j, "version", r->version);
        ll_json_key(j, "items");
        ll_json_arr(j);
        for (size_t k = 0; k < r->n_items; k++) {
            ll_json_obj(j);
            ll_json_kz(j, "item", r->items[k].name);
            ll_json_kb(j, "plain", r->items[k].plain);
            ll_json_end_obj(j);
        }
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_use(struct ll_json *j, const struct ll_application *a)
{
    struct ll_buf text = LL_BUF_INIT(TEXT_MAX);

    ll_json_key(j, "modes");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_USE_MODE_COUNT; i++)
        if (a->modes & 1u << i)
            ll_json_z(j, ll_use_mode_word(i));
    ll_json_end_arr(j);
    ll_json_key(j, "networks");
    ll_json_arr(j);
    for (size_t i = 0; i < a->n_networks; i++) {
        ll_buf_clear(&text);
        ll_networks_text(&a->networks[i], 1, &text);
        ll_json_str(j, ll_buf_view(&text));
    }
    ll_json_end_arr(j);
    ll_buf_free(&text);
    put_limit(j, "per_second", a->per_second);
    put_limit(j, "per_day", a->per_day);
    put_limit(j, "total", a->total);
    put_time(j, "from", a->from_at);
    put_time(j, "until", a->until_at);
    ll_json_kb(j, "consent", a->consent);
    ll_json_kb(j, "signed", a->must_sign);
}

void ll_application_put(struct ll_json *j, const struct ll_application *a)
{
    ll_json_kz(j, "id", a->id);
    ll_json_kz(j, "scene", a->scene);
    ll_json_kz(j, "organisation", a->organisation);
    ll_json_kz(j, "provider", a->provider);
    ll_json_kz(j, "demand", a->demand);
    ll_json_kz(j, "title", a->title);
    ll_json_kz(j, "purpose", a->purpose);
    ll_json_kz(j, "scenario", a->scenario);
    ll_json_kz(j, "legal_basis", a->legal_basis);
    ll_state_put(j, a->state);
    ll_json_kb(j, "unconditional", a->unconditional);
    put_resources(j, a);
    put_use(j, a);
    put_time(j, "due_at", a->due_at);
    put_time(j, "created_at", a->created_at);
    put_time(j, "changed_at", a->changed_at);
}

void ll_findings_put(struct ll_json *j, const char *key, const struct ll_finding *list, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "check", list[i].check);
        ll_json_kz(j, "severity", list[i].error ? "error" : "warning");
        ll_json_kz(j, "message", list[i].zh);
        ll_json_kz(j, "message_en", list[i].en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
