/* cmd_demand.c - demand: what is needed, what may meet it, the supply-demand list, and the two standing lists. */
#include "cli/cmd_actor.h"

#include "base/clock.h"
#include "share/demand.h"
#include "share/workdays.h"

enum { DAY_MS = 86400000 };

static const struct ll_column columns[] = {
    {"id", "需求", "demand", LL_LEFT},
    {"title", "标题", "title", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"urgency", "紧急程度", "urgency", LL_LEFT},
    {"provider", "责任部门", "source", LL_LEFT},
    {"list", "清单", "list", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"due_at", "时限", "due", LL_LEFT},
    {"age_days", "天数", "days", LL_RIGHT},
    {"progress", "进展", "progress", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_demand *d)
{
    int64_t end = ll_flow_states[d->state].end ? d->changed_at : ll_now_ms();

    ll_grid_z(t, d->id);
    ll_grid_z(t, d->title);
    ll_grid_z(t, d->organisation);
    ll_grid_state(c, t, d->state);
    ll_grid_z(t, d->urgency);
    ll_grid_z(t, d->provider);
    ll_grid_z(t, d->list);
    ll_grid_z(t, d->resource);
    ll_grid_time(t, d->due_at);
    ll_grid_int(t, (end - d->created_at) / DAY_MS);
    ll_grid_z(t, d->progress);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_demand_query q = {.provider = c->opts[LL_OPT_demand_list_provider],
                                      .list = c->opts[LL_OPT_demand_list_list],
                                      .state = c->opts[LL_OPT_demand_list_state],
                                      .waiting = c->opts[LL_OPT_demand_list_waiting] != NULL,
                                      .limit = LL_DESK_SHOWN};
    struct ll_demand *list;
    size_t n;
    int rc = ll_demand_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_demand_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show_json(struct ll_cli *c, struct ll_desk *d, const struct ll_demand *v, struct ll_err *err)
{
    struct ll_json j;
    int rc;

    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    ll_demand_put(&j, v);
    if ((rc = ll_demand_put_candidates(d->tx, v->id, &j, err)) < 0 ||
        (rc = ll_desk_history_json(d, &j, LL_FLOW_DEMAND, v->id, err)) < 0)
        return rc;
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
    return LL_OK;
}

static int show_text(struct ll_cli *c, struct ll_desk *d, const struct ll_demand *v, struct ll_err *err)
{
    static const struct ll_column candidate_columns[] = {{"resource", "资源", "resource", LL_LEFT},
                                                         {"score", "符合度", "score", LL_RIGHT},
                                                         {"why", "理由", "why", LL_LEFT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_candidate *list;
    size_t n;

    put(c, t, v);
    int rc = ll_grid_end_card(t, err);
    if (rc < 0 ||
        (rc = ll_demand_candidates(ll_data_store(d->data), d->catalog, v, d->arena, &list, &n, err)) < 0)
        return rc;
    ll_buf_c(&c->out, '\n');
    t = ll_grid_new(c, candidate_columns, LL_COUNT(candidate_columns));
    for (size_t i = 0; i < n; i++) {
        ll_grid_z(t, list[i].resource->name);
        ll_grid_int(t, list[i].score);
        ll_grid_z(t, ll_say(c, list[i].zh, list[i].en));
    }
    rc = ll_grid_end(t, err);
    return rc < 0 ? rc : ll_desk_history(c, d, LL_FLOW_DEMAND, v->id, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_demand v;
    int rc = ll_demand_get(d->tx, id, d->arena, &v, err);

    return rc < 0 ? rc : c->json ? show_json(c, d, &v, err) : show_text(c, d, &v, err);
}

int ll_cmd_demand_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}

int ll_cmd_demand_add(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_demand draft = {.title = c->args[0],
                                    .what = c->opts[LL_OPT_demand_add_what] ? c->opts[LL_OPT_demand_add_what]
                                                                            : c->args[0],
                                    .purpose = c->opts[LL_OPT_demand_add_purpose],
                                    .scenario = c->opts[LL_OPT_demand_add_scenario],
                                    .legal_basis = c->opts[LL_OPT_demand_add_basis],
                                    .urgency = c->opts[LL_OPT_demand_add_urgency],
                                    .items = c->opts[LL_OPT_demand_add_items],
                                    .provider = c->opts[LL_OPT_demand_add_provider]};
    char id[LL_FLOW_ID_TEXT];
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, LL_OPT_demand_add_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_STORE, &d, err)) < 0)
        return rc;
    rc = ll_demand_add(ll_data_store(d.data), d.catalog, &draft, &actor, id, err);
    ll_desk_close(&d);
    return rc < 0 ? rc : ll_desk_show(c, id, show, err);
}

int ll_cmd_demand_match(struct ll_cli *c, struct ll_err *err)
{
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_STORE, &d, err);

    if (rc < 0)
        return rc;
    rc = ll_demand_match(ll_data_store(d.data), d.catalog, c->args[0], err);
    ll_desk_close(&d);
    return rc < 0 ? rc : ll_desk_show(c, c->args[0], show, err);
}

int ll_cmd_demand_act(struct ll_cli *c, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, LL_OPT_demand_act_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    const struct ll_flow_act act = ll_desk_act(c, c->args[0], &actor, LL_OPT_demand_act_reason);
    if ((rc = ll_demand_act(d.tx, d.catalog, c->args[1], &act, c->opts[LL_OPT_demand_act_provider],
                            c->opts[LL_OPT_demand_act_resource], err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc < 0 ? rc : ll_desk_show(c, c->args[1], show, err);
}

int ll_cmd_demand_publish(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column list_columns[] = {{"list", "清单", "list", LL_LEFT},
                                                    {"demands", "需求", "demands", LL_RIGHT}};
    char id[LL_FLOW_ID_TEXT];
    struct ll_actor actor;
    struct ll_desk d;
    size_t n;
    int rc = ll_desk_actor(c, LL_OPT_demand_publish_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_demand_publish(d.tx, c->args[0], &actor, id, &n, err)) == LL_OK &&
        (rc = ll_txn_commit(d.tx, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, list_columns, LL_COUNT(list_columns));
        ll_grid_z(t, id);
        ll_grid_int(t, (int64_t)n);
        rc = ll_grid_end_card(t, err);
    }
    ll_desk_close(&d);
    return rc;
}

static int idle_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                     struct ll_err *err)
{
    const struct ll_idle_query q = {.limit = LL_DESK_SHOWN};
    struct ll_idle *list;
    size_t n;
    int rc = ll_idle_list(d->tx, &q, d->arena, &list, &n, total, err);

    (void)c;
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        ll_grid_z(t, list[i].resource);
        ll_grid_time(t, list[i].since);
        ll_grid_int(t, (ll_now_ms() - list[i].since) / DAY_MS);
        ll_grid_int(t, list[i].grants);
    }
    return rc;
}

int ll_cmd_demand_idle(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column idle_columns[] = {{"resource", "资源", "resource", LL_LEFT},
                                                    {"since", "首次发布", "first published", LL_LEFT},
                                                    {"age_days", "天数", "days", LL_RIGHT},
                                                    {"grants", "生效的授权", "active grants", LL_RIGHT}};

    return ll_desk_list(c, idle_columns, LL_COUNT(idle_columns), idle_rows, err);
}
