/* cmd_institution.c - institution list, show, decide: financial institutions of the platform (apps/finance/institution.h). */
#include "cli/cmd_actor.h"

#include "apps/finance/institution.h"

static const struct ll_column columns[] = {
    {"code", "机构", "institution", LL_LEFT},    {"title", "名称", "name", LL_LEFT},
    {"kind", "类型", "kind", LL_LEFT},           {"licence", "许可证号", "licence", LL_LEFT},
    {"regions", "服务区域", "regions", LL_LEFT}, {"products", "上架产品", "products", LL_RIGHT},
    {"state", "状态", "state", LL_LEFT},
};

static struct ll_market_env env_of(struct ll_desk *d, const struct ll_actor *actor)
{
    return (struct ll_market_env){.tx = d->tx, .cat = d->catalog, .actor = actor, .arena = d->arena};
}

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_institution *i)
{
    ll_grid_z(t, i->organisation);
    ll_grid_z(t, i->title);
    ll_grid_z(t, i->kind);
    ll_grid_z(t, i->licence);
    ll_grid_z(t, i->regions);
    ll_grid_int(t, i->products);
    ll_grid_state(c, t, i->state);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_institution_query q = {.state = c->opts[LL_OPT_institution_list_state],
                                           .limit = LL_DESK_SHOWN};
    const struct ll_market_env env = env_of(d, NULL);
    struct ll_institution *list;
    size_t n = 0;
    int rc = ll_institutions_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_institution_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *organisation, struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, NULL);
    struct ll_institution i;
    int rc = ll_institution_get(&env, organisation, &i, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &i);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_INSTITUTION, i.id, err);
}

int ll_cmd_institution_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *organisation, const struct ll_flow_act *act,
                struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, act->actor);
    int rc = ll_institution_act(&env, organisation, act, err);

    return rc < 0 ? rc : show(c, d, organisation, err);
}

int ll_cmd_institution_decide(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_institution_decide_as,
                        LL_OPT_institution_decide_reason, step, err);
}
