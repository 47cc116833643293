/* cmd_objection.c - objection: doubt about what a source handed out, and its answer. */
#include "cli/cmd_actor.h"

#include "share/objection.h"

static const struct ll_column columns[] = {
    {"id", "疑义", "objection", LL_LEFT},      {"organisation", "机构", "organisation", LL_LEFT},
    {"subject", "主体", "subject", LL_LEFT},   {"provider", "提供方", "provider", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT}, {"record", "记录", "record", LL_LEFT},
    {"item", "信息项", "item", LL_LEFT},       {"state", "状态", "state", LL_LEFT},
    {"due_at", "时限", "due", LL_LEFT},        {"doubt", "疑义内容", "doubt", LL_LEFT},
    {"answer", "答复", "answer", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_objection *o)
{
    ll_grid_z(t, o->id);
    ll_grid_z(t, o->organisation);
    ll_grid_z(t, o->subject_mask);
    ll_grid_z(t, o->provider);
    ll_grid_z(t, o->resource);
    ll_grid_z(t, o->record);
    ll_grid_z(t, o->item);
    ll_grid_state(c, t, o->state);
    ll_grid_time(t, o->due_at);
    ll_grid_z(t, o->doubt);
    ll_grid_z(t, o->answer);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_objection_query q = {.resource = c->opts[LL_OPT_objection_list_resource],
                                         .state = c->opts[LL_OPT_objection_list_state],
                                         .limit = LL_DESK_SHOWN};
    struct ll_objection *list;
    size_t n;
    int rc = ll_objection_list(d->tx, ll_data_vault(d->data), &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_objection_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_objection o;
    int rc = ll_objection_get(d->tx, ll_data_vault(d->data), id, d->arena, &o, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &o);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_OBJECTION, id, err);
}

int ll_cmd_objection_add(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_objection draft = {.resource = c->args[0],
                                       .doubt = c->args[1],
                                       .record = c->opts[LL_OPT_objection_add_record],
                                       .item = c->opts[LL_OPT_objection_add_item]};
    char id[LL_FLOW_ID_TEXT];
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, LL_OPT_objection_add_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_objection_add(d.tx, ll_data_vault(d.data), d.catalog, &draft, &actor, id, err)) == LL_OK &&
        (rc = show(c, &d, id, err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    int rc = ll_objection_act(d->tx, id, act, err);

    return rc < 0 ? rc : show(c, d, id, err);
}

int ll_cmd_objection_act(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_objection_act_as, LL_OPT_objection_act_reason, step,
                        err);
}
