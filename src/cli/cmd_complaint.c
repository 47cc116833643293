/* cmd_complaint.c - complaint list, show: complaints, without how to reach who complained (apps/finance/complaint.h). */
#include "cli/cmd_actor.h"

#include "apps/finance/complaint.h"

#include "base/clock.h"

static const struct ll_column columns[] = {
    {"id", "编号", "number", LL_LEFT},
    {"kind", "类别", "kind", LL_LEFT},
    {"organisation", "机构", "institution", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"due_at", "期限", "due", LL_LEFT},
    {"created_at", "收到", "received", LL_LEFT},
    {"rating", "评分", "rating", LL_RIGHT},
};

static struct ll_complaint_env env_of(struct ll_desk *d)
{
    return (struct ll_complaint_env){.tx = d->tx, .cat = d->catalog, .arena = d->arena};
}

static void put_time(struct ll_grid *t, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_grid_z(t, ms ? ll_time_text(ms, text) : NULL);
}

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_complaint *p)
{
    ll_grid_z(t, p->id);
    ll_grid_z(t, p->kind);
    ll_grid_z(t, p->organisation);
    ll_grid_state(c, t, p->state);
    put_time(t, p->due_at);
    put_time(t, p->created_at);
    if (p->rating < 0)
        ll_grid_z(t, NULL);
    else
        ll_grid_int(t, p->rating);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_complaint_query q = {.state = c->opts[LL_OPT_complaint_list_state],
                                         .organisation = c->opts[LL_OPT_complaint_list_institution],
                                         .late = c->opts[LL_OPT_complaint_list_late] != NULL,
                                         .limit = LL_DESK_SHOWN};
    const struct ll_complaint_env env = env_of(d);
    struct ll_complaint *list;
    size_t n = 0;
    int rc = ll_complaint_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_complaint_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    const struct ll_complaint_env env = env_of(d);
    struct ll_complaint p;
    int rc = ll_complaint_get(&env, id, &p, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &p);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_COMPLAINT, p.id, err);
}

int ll_cmd_complaint_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}
