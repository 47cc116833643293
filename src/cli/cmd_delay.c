/* cmd_delay.c - look-delay: looks that a lawful investigation keeps from their subjects; proposing is left to the service, which alone
 * turns an identifier into its pseudonym. */
#include "cli/cmd_actor.h"

#include "share/delay.h"

static const struct ll_column columns[] = {
    {"id", "延迟告知", "delay", LL_LEFT},
    {"organisation", "查看机构", "organisation", LL_LEFT},
    {"subject", "主体（假名）", "subject", LL_LEFT},
    {"matter", "事项", "matter", LL_LEFT},
    {"legal_basis", "法律依据", "legal basis", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"from_at", "起", "from", LL_LEFT},
    {"until_at", "止", "until", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_delay *d)
{
    ll_grid_z(t, d->id);
    ll_grid_z(t, d->organisation);
    ll_grid_z(t, d->subject);
    ll_grid_z(t, d->matter);
    ll_grid_z(t, d->legal_basis);
    ll_grid_state(c, t, d->state);
    ll_grid_time(t, d->from_at);
    ll_grid_time(t, d->until_at);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    struct ll_delay *list;
    size_t n;
    int rc = ll_delay_list(d->tx, NULL, d->arena, &list, &n, err);

    (void)total;
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_look_delay_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_delay delay;
    int rc = ll_delay_get(d->tx, id, d->arena, &delay, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &delay);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_DELAY, id, err);
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    int rc = ll_delay_act(d->tx, id, act, err);

    return rc < 0 ? rc : show(c, d, id, err);
}

int ll_cmd_look_delay_act(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_look_delay_act_as, LL_OPT_look_delay_act_reason,
                        step, err);
}
