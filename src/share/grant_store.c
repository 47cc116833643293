/* grant_store.c - grants as rows: written, moved from state to state, listed. */
#include "share/grant_impl.h"

#include "base/clock.h"

#include <string.h>

enum { TEXT_MAX = 256 << 10, EXPIRE_AT_ONCE = 1000 };

int ll_grant_read(struct ll_stmt *s, struct ll_arena *a, struct ll_grant *ret, struct ll_err *err)
{
    bool nomem = false;
    int rc;

    *ret = (struct ll_grant){
        .id = ll_col_dup(s, 0, a, &nomem),
        .organisation = ll_col_dup(s, 1, a, &nomem),
        .resource = ll_col_dup(s, 2, a, &nomem),
        .provider = ll_col_dup(s, 3, a, &nomem),
        .application = ll_col_dup(s, 4, a, &nomem),
        .purpose = ll_col_dup(s, 5, a, &nomem),
        .scenario = ll_col_dup(s, 6, a, &nomem),
        .legal_basis = ll_col_dup(s, 7, a, &nomem),
        .version = (unsigned)ll_col_int(s, 8),
        .state = ll_state_parse(LL_FLOW_GRANT, ll_col_text(s, 9)),
        .per_second = ll_col_int(s, 12),
        .per_day = ll_col_int(s, 13),
        .total = ll_col_int(s, 14),
        .from_at = ll_col_int(s, 15),
        .until_at = ll_col_int(s, 16),
        .consent = ll_col_int(s, 18) != 0,
        .created_at = ll_col_int(s, 19),
        .changed_at = ll_col_int(s, 20),
        .revision = (uint64_t)ll_col_int(s, 21),
        .must_sign = ll_col_int(s, 22) != 0,
    };
    if (nomem)
        return ll_no_memory(err);
    if (ret->state == LL_STATE_COUNT)
        return ll_fail(err, LL_INTERNAL, "授权 %s 的状态无法识别", "grant %s has an unknown state", ret->id);
    if ((rc = ll_use_modes_parse(ll_col_text(s, 10), &ret->modes, err)) < 0 ||
        (rc = ll_grant_items_parse(ll_col_text(s, 11), a, &ret->items, &ret->n_items, err)) < 0)
        return rc;
    return ll_networks_parse(ll_col_text(s, 17), a, &ret->networks, &ret->n_networks, err);
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
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT " LL_GRANT_COLUMNS " FROM access_grant WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        rc = ll_grant_read(s, arena, ret, err);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的授权", "there is no grant %s", id);
    ll_stmt_done(s);
    return rc;
}

#define WHERE                                                                                                \
    " FROM access_grant WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR provider = $2)"           \
    " AND ($3 IS NULL OR resource = $3) AND ($4 IS NULL OR application = $4) AND ($5 IS NULL OR state = $5)" \
    " AND ($6 IS NULL OR organisation = $6 OR provider = $6)"

static void bind_query(struct ll_stmt *s, const struct ll_grant_query *q)
{
    ll_bind_z(s, 1, q->organisation);
    ll_bind_z(s, 2, q->provider);
    ll_bind_z(s, 3, q->resource);
    ll_bind_z(s, 4, q->application);
    ll_bind_z(s, 5, q->state);
    ll_bind_z(s, 6, q->either);
}

static int count(struct ll_txn *tx, const struct ll_grant_query *q, int64_t *ret, struct ll_err *err)
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

int ll_grant_list(struct ll_txn *tx, const struct ll_grant_query *q, struct ll_arena *arena,
                  struct ll_grant **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    struct ll_grant *list = ll_arena_array(arena, q->limit ? q->limit : 1, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int more = 0, rc = list ? count(tx, q, ret_total, err) : ll_no_memory(err);

    if (rc < 0 ||
        (rc = ll_sql(tx,
                     "SELECT " LL_GRANT_COLUMNS WHERE " ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8",
                     &s, err)) < 0)
        return rc;
    bind_query(s, q);
    ll_bind_int(s, 7, (int64_t)q->limit);
    ll_bind_int(s, 8, (int64_t)q->offset);
    while (rc == LL_OK && n < q->limit && (more = ll_step(s, err)) > 0)
        rc = ll_grant_read(s, arena, &list[n++], err);
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
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
