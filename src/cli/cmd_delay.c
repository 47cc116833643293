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

int ll_cmd_look_delay_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_delay *list;
    struct ll_desk d;
    size_t n;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_delay_list(d.tx, NULL, d.arena, &list, &n, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < n; i++)
            put(c, t, &list[i]);
        rc = ll_grid_end(t, err);
    }
    ll_desk_close(&d);
    return rc;
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

int ll_cmd_look_delay_act(struct ll_cli *c, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, LL_OPT_look_delay_act_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    const struct ll_flow_act act = ll_desk_act(c, c->args[0], &actor, LL_OPT_look_delay_act_reason);
    if ((rc = ll_delay_act(d.tx, c->args[1], &act, err)) == LL_OK &&
        (rc = show(c, &d, c->args[1], err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}
