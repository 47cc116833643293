/* cmd_anomaly.c - anomaly: what was unusual about calls, and what is decided about it. */
#include "cli/cmd_actor.h"

#include "share/anomaly.h"

static const struct ll_column columns[] = {
    {"id", "异常", "flag", LL_LEFT},
    {"rule", "规则", "rule", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"client", "系统", "client", LL_LEFT},
    {"officer", "人员", "officer", LL_LEFT},
    {"measured", "实测", "measured", LL_RIGHT},
    {"threshold", "阈值", "threshold", LL_RIGHT},
    {"state", "状态", "state", LL_LEFT},
    {"raised_at", "发现", "raised", LL_LEFT},
    {"changed_at", "处置", "changed", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_anomaly *a)
{
    ll_grid_z(t, a->id);
    ll_grid_word(t, ll_anomaly_word(a->rule), ll_anomaly_title(a->rule, c->lang));
    ll_grid_z(t, a->organisation);
    ll_grid_z(t, a->client);
    ll_grid_z(t, a->officer);
    ll_grid_int(t, a->measured);
    ll_grid_int(t, a->threshold);
    ll_grid_state(c, t, a->state);
    ll_grid_time(t, a->raised_at);
    ll_grid_time(t, a->changed_at);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_anomaly_query q = {.state = c->opts[LL_OPT_anomaly_list_state], .limit = LL_DESK_SHOWN};
    struct ll_anomaly *list;
    size_t n;
    int rc = ll_anomaly_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_anomaly_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_anomaly a;
    int rc = ll_anomaly_get(d->tx, id, d->arena, &a, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &a);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_ANOMALY, id, err);
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    int rc = ll_anomaly_act(d->tx, id, act, err);

    return rc < 0 ? rc : show(c, d, id, err);
}

int ll_cmd_anomaly_decide(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_anomaly_decide_as, LL_OPT_anomaly_decide_reason,
                        step, err);
}
