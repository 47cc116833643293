/* grant_store.c - grants as rows: written, moved from state to state, listed. */
#include "share/grant_impl.h"

#include "base/clock.h"
#include "store/rows.h"

#include <string.h>

enum { TEXT_MAX = 256 << 10, EXPIRE_AT_ONCE = 1000 };

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_grant *g = row;
    int rc;

    g->version = (unsigned)ll_col_int(s, 8);
    g->revision = (uint64_t)ll_col_int(s, 21);
    g->state = ll_state_parse(LL_FLOW_GRANT, ll_col_text(s, 9));
    if (g->state == LL_STATE_COUNT)
        return ll_fail(err, LL_INTERNAL, "授权 %s 的状态无法识别", "grant %s has an unknown state", g->id);
    if ((rc = ll_use_modes_parse(ll_col_text(s, 10), &g->modes, err)) < 0 ||
        (rc = ll_grant_items_parse(ll_col_text(s, 11), arena, &g->items, &g->n_items, err)) < 0)
        return rc;
    if ((g->licensed = !ll_col_null(s, 23)) &&
        (rc = ll_use_modes_parse(ll_col_text(s, 23), &g->licence_modes, err)) < 0)
        return rc;
    return ll_networks_parse(ll_col_text(s, 17), arena, &g->networks, &g->n_networks, err);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_grant, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, organisation),
                                               COLUMN(TEXT, resource),
                                               COLUMN(TEXT, provider),
                                               COLUMN(TEXT, application),
                                               COLUMN(TEXT, purpose),
                                               COLUMN(TEXT, scenario),
                                               COLUMN(TEXT, legal_basis),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               COLUMN(INT, per_second),
                                               COLUMN(INT, per_day),
                                               COLUMN(INT, total),
                                               COLUMN(INT, from_at),
                                               COLUMN(INT, until_at),
                                               LL_ROW_OTHER,
                                               COLUMN(FLAG, consent),
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, changed_at),
                                               LL_ROW_OTHER,
                                               COLUMN(FLAG, must_sign),
                                               LL_ROW_OTHER,
                                               COLUMN(TEXT, licence_scenarios),
                                               COLUMN(INT, licence_from_at),
                                               COLUMN(INT, licence_until_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_grant), read_rest};

int ll_grant_read(struct ll_stmt *s, struct ll_arena *a, struct ll_grant *ret, struct ll_err *err)
{
    return ll_row_read(&rows, s, a, ret, err);
}

struct ll_flow_object ll_grant_object(const struct ll_grant *g)
{
    return (struct ll_flow_object){.flow = LL_FLOW_GRANT,
                                   .id = g->id,
                                   .state = g->state,
                                   .applicant = g->organisation,
                                   .provider = g->provider};
}

/* --- writing -------------------------------------------------------------------------------------------------------- */

static int check(const struct ll_grant *g, struct ll_err *err)
{
    if (!g->n_items || !g->modes)
        return ll_fail(err, LL_INVALID, "授权至少要有一个信息项和一种使用方式",
                       "a grant needs at least one item and one mode");
    if (g->from_at >= g->until_at)
        return ll_fail(err, LL_INVALID, "授权的截止时间不晚于起始时间", "the grant ends before it begins");
    if (g->per_second < 0 || g->per_day < 0 || g->total < 0)
        return ll_fail(err, LL_INVALID, "调用次数上限不能为负", "a quota cannot be negative");
    return LL_OK;
}

static int insert(struct ll_txn *tx, const struct ll_grant *g, const char *id, const struct ll_buf texts[3],
                  struct ll_err *err)
{
    int64_t now = ll_now_ms();

    return ll_exec(
        tx, err,
        "INSERT INTO access_grant (id, organisation, resource, provider, application, purpose, scenario, legal_basis, version,"
        " state, modes, items, per_second, per_day, total, from_at, until_at, networks, consent, created_at, changed_at, signed)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21)",
        "zzzzzzzzizssiiiiisiii", id, g->organisation, g->resource, g->provider, g->application, g->purpose,
        g->scenario, g->legal_basis, (int64_t)g->version, ll_state_word(LL_STATE_ACTIVE),
        ll_buf_view(&texts[0]), ll_buf_view(&texts[1]), g->per_second, g->per_day, g->total, g->from_at,
        g->until_at, ll_buf_view(&texts[2]), (int64_t)g->consent, now, (int64_t)g->must_sign);
}

int ll_grant_create(struct ll_txn *tx, const struct ll_grant *g, const struct ll_actor *actor,
                    char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_buf texts[3] = {LL_BUF_INIT(TEXT_MAX), LL_BUF_INIT(TEXT_MAX), LL_BUF_INIT(TEXT_MAX)};
    char own[LL_FLOW_ID_TEXT];
    struct ll_flow_object o = ll_grant_object(g);
    int rc = check(g, err);

    if (rc < 0)
        return rc;
    ll_flow_new_id('G', own);
    o.id = own;
    o.state = LL_STATE_ACTIVE;
    ll_use_modes_text(g->modes, &texts[0]);
    ll_grant_items_text(g->items, g->n_items, &texts[1]);
    ll_buf_z(&texts[2], "");
    ll_networks_text(g->networks, g->n_networks, &texts[2]);
    if (texts[0].failed || texts[1].failed || texts[2].failed)
        rc = ll_fail(err, LL_TOOBIG, "授权的内容过长", "the grant is too large");
    else if ((rc = insert(tx, g, own, texts, err)) == LL_OK)
        rc = ll_flow_begin(tx, &o, actor, err);
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        ll_buf_free(&texts[i]);
    if (rc == LL_OK && id)
        memcpy(id, own, sizeof own);
    return rc;
}

static int check_renewal(const struct ll_grant *g, const struct ll_flow_act *act, int64_t until_at,
                         struct ll_err *err)
{
    bool renews = strcmp(act->action, "renew") == 0;

    if (!renews || until_at > (g->until_at > ll_now_ms() ? g->until_at : ll_now_ms()))
        return LL_OK;
    return ll_fail(err, LL_INVALID, "续期的截止时间必须晚于现在的截止时间和今天",
                   "a renewal must end later than the grant does now, and later than today");
}

int ll_grant_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, int64_t until_at,
                 struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_flow_step *step = NULL;
    struct ll_grant g;
    int rc = arena ? ll_grant_get(tx, id, arena, &g, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        struct ll_flow_object o = ll_grant_object(&g);
        if ((rc = ll_flow_take(tx, &o, act, &step, err)) == LL_OK &&
            (rc = check_renewal(&g, act, until_at, err)) == LL_OK)
            rc = ll_exec(tx, err,
                         "UPDATE access_grant SET state = $1, until_at = $2, changed_at = $3 WHERE id = $4",
                         "ziiz", ll_state_word(step->to),
                         strcmp(act->action, "renew") == 0 ? until_at : g.until_at, ll_now_ms(), id);
    }
    ll_arena_free(arena);
    return rc;
}

/* Ids of grants past their end, divided by NULs; at most EXPIRE_AT_ONCE. */
static int find_ended(struct ll_txn *tx, int64_t now, struct ll_buf *ids, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more,
        rc = ll_sql(
            tx,
            "SELECT id FROM access_grant WHERE state IN ('active', 'suspended') AND until_at <= $1 LIMIT $2",
            &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, now);
    ll_bind_int(s, 2, EXPIRE_AT_ONCE);
    while ((more = ll_step(s, err)) > 0) {
        ll_buf_str(ids, ll_col_text(s, 0));
        ll_buf_c(ids, 0);
    }
    ll_stmt_done(s);
    return more < 0 ? more : ids->failed ? ll_no_memory(err) : LL_OK;
}

int ll_grant_expire(struct ll_txn *tx, int64_t now, size_t *ret_n, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "expire"};
    struct ll_buf ids = LL_BUF_INIT(TEXT_MAX);
    int rc = find_ended(tx, now, &ids, err);

    *ret_n = 0;
    for (size_t at = 0; rc == LL_OK && at < ids.n; at += strlen(ids.p + at) + 1, ++*ret_n)
        rc = ll_grant_act(tx, ids.p + at, &act, 0, err);
    ll_buf_free(&ids);
    return rc;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

int ll_grant_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_grant *ret,
                 struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " LL_GRANT_COLUMNS " FROM access_grant WHERE id = $1", id, arena,
                        ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的授权", "there is no grant %s", id);
    return rc < 0 ? rc : LL_OK;
}

#define WHERE                                                                                                \
    " FROM access_grant WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR provider = $2)"           \
    " AND ($3 IS NULL OR resource = $3) AND ($4 IS NULL OR application = $4) AND ($5 IS NULL OR state = $5)" \
    " AND ($6 IS NULL OR organisation = $6 OR provider = $6)"

static const struct ll_row_order order_list[] = {{"created", "created_at"},
                                                 {"resource", "resource"},
                                                 {"organisation", "organisation"},
                                                 {"state", "state"},
                                                 {"until", "until_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id DESC"};

int ll_grant_list(struct ll_txn *tx, const struct ll_grant_query *q, struct ll_arena *arena,
                  struct ll_grant **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->provider), LL_ARG_Z(q->resource),
                                      LL_ARG_Z(q->application),  LL_ARG_Z(q->state),    LL_ARG_Z(q->either)};
    const struct ll_row_page page = LL_ROW_PAGE(LL_GRANT_COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    if (rc == LL_OK)
        *ret = list;
    return rc;
}

/* --- JSON ----------------------------------------------------------------------------------------------------------- */

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ll_time_text(ms, text));
}

static void put_limit(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n)
        ll_json_int(j, n);
    else
        ll_json_null(j);
}

static void put_items(struct ll_json *j, const struct ll_grant *g)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_items; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "item", g->items[i].name);
        ll_json_kb(j, "plain", g->items[i].plain);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_modes(struct ll_json *j, unsigned modes)
{
    ll_json_key(j, "modes");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_USE_MODE_COUNT; i++)
        if (modes & 1u << i)
            ll_json_z(j, ll_use_mode_word(i));
    ll_json_end_arr(j);
}

static void put_networks(struct ll_json *j, const struct ll_grant *g)
{
    struct ll_buf text = LL_BUF_INIT(128);

    ll_json_key(j, "networks");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_networks; i++) {
        ll_buf_clear(&text);
        ll_networks_text(&g->networks[i], 1, &text);
        ll_json_str(j, ll_buf_view(&text));
    }
    ll_json_end_arr(j);
    ll_buf_free(&text);
}

void ll_grant_put(struct ll_json *j, const struct ll_grant *g)
{
    ll_json_kz(j, "id", g->id);
    ll_json_kz(j, "organisation", g->organisation);
    ll_json_kz(j, "resource", g->resource);
    ll_json_ki(j, "version", g->version);
    ll_json_kz(j, "provider", g->provider);
    ll_json_kz(j, "application", g->application);
    ll_state_put(j, g->state);
    ll_json_kz(j, "purpose", g->purpose);
    ll_json_kz(j, "scenario", g->scenario);
    ll_json_kz(j, "legal_basis", g->legal_basis);
    put_modes(j, g->modes);
    put_items(j, g);
    put_limit(j, "per_second", g->per_second);
    put_limit(j, "per_day", g->per_day);
    put_limit(j, "total", g->total);
    put_time(j, "from", g->from_at);
    put_time(j, "until", g->until_at);
    put_networks(j, g);
    ll_json_kb(j, "consent", g->consent);
    ll_json_kb(j, "signed", g->must_sign);
    put_time(j, "created_at", g->created_at);
    put_time(j, "changed_at", g->changed_at);
}

void ll_grant_json(struct ll_json *j, const struct ll_grant *g, const struct ll_actor *actor)
{
    const struct ll_flow_object o = ll_grant_object(g);

    ll_json_obj(j);
    ll_grant_put(j, g);
    if (actor)
        ll_flow_put_actions(j, "actions", &o, actor);
    ll_json_end_obj(j);
}
