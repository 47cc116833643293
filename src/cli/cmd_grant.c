/* cmd_grant.c - grant: what organisations may take, and taking it back; remind: what time does. */
#include "apps/finance/deal_sweep.h"
#include "cli/cmd_actor.h"

#include "base/clock.h"
#include "share/flow_sweep.h"
#include "share/grant.h"
#include "share/workdays.h"

enum { ITEMS_SHOWN = 64 << 10 };

static const struct ll_column columns[] = {
    {"id", "授权", "grant", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT},
    {"provider", "提供方", "provider", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"purpose", "用途", "purpose", LL_LEFT},
    {"modes", "方式", "modes", LL_LEFT},
    {"per_day", "每日", "a day", LL_RIGHT},
    {"from", "自", "from", LL_LEFT},
    {"until", "至", "until", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_grant *g)
{
    struct ll_buf modes = LL_BUF_INIT(256);

    ll_use_modes_text(g->modes, &modes);
    ll_grid_z(t, g->id);
    ll_grid_z(t, g->organisation);
    ll_grid_z(t, g->resource);
    ll_grid_int(t, g->version);
    ll_grid_z(t, g->provider);
    ll_grid_state(c, t, g->state);
    ll_grid_z(t, g->purpose);
    ll_grid_str(t, ll_buf_view(&modes));
    ll_grid_int(t, g->per_day);
    ll_grid_time(t, g->from_at);
    ll_grid_time(t, g->until_at);
    ll_buf_free(&modes);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_grant_query q = {.either = c->opts[LL_OPT_grant_list_organisation],
                                     .resource = c->opts[LL_OPT_grant_list_resource],
                                     .state = c->opts[LL_OPT_grant_list_state],
                                     .limit = LL_DESK_SHOWN};
    struct ll_grant *list;
    size_t n;
    int rc = ll_grant_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_grant_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show_json(struct ll_cli *c, const struct ll_grant *g)
{
    struct ll_json j;

    ll_json_init(&j, &c->out);
    ll_grant_json(&j, g, NULL);
    ll_buf_c(&c->out, '\n');
    return LL_OK;
}

static int show_text(struct ll_cli *c, struct ll_desk *d, const struct ll_grant *g, struct ll_err *err)
{
    struct ll_buf items = LL_BUF_INIT(ITEMS_SHOWN);
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    put(c, t, g);
    int rc = ll_grid_end_card(t, err);
    ll_grant_items_text(g->items, g->n_items, &items);
    ll_out_line(c, "信息项（= 不遮盖）：%s", "items (= unmasked): %s", items.n ? items.p : "");
    ll_buf_free(&items);
    return rc < 0 ? rc : ll_desk_history(c, d, LL_FLOW_GRANT, g->id, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, struct ll_err *err)
{
    struct ll_grant g;
    int rc = ll_grant_get(d->tx, c->args[0], d->arena, &g, err);

    return rc < 0 ? rc : c->json ? show_json(c, &g) : show_text(c, d, &g, err);
}

int ll_cmd_grant_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    rc = show(c, &d, err);
    ll_desk_close(&d);
    return rc;
}

static int take(struct ll_cli *c, const char *action, enum ll_option_id as, enum ll_option_id reason,
                int64_t until, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    const struct ll_flow_act act = ll_desk_act(c, action, &actor, reason);
    if ((rc = ll_grant_act(d.tx, c->args[0], &act, until, err)) == LL_OK && (rc = show(c, &d, err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

int ll_cmd_grant_suspend(struct ll_cli *c, struct ll_err *err)
{
    return take(c, "suspend", LL_OPT_grant_suspend_as, LL_OPT_grant_suspend_reason, 0, err);
}

int ll_cmd_grant_resume(struct ll_cli *c, struct ll_err *err)
{
    return take(c, "resume", LL_OPT_grant_resume_as, LL_OPT_grant_resume_reason, 0, err);
}

int ll_cmd_grant_revoke(struct ll_cli *c, struct ll_err *err)
{
    return take(c, "revoke", LL_OPT_grant_revoke_as, LL_OPT_grant_revoke_reason, 0, err);
}

int ll_cmd_grant_renew(struct ll_cli *c, struct ll_err *err)
{
    int64_t day;

    if (!ll_time_parse(c->args[1], &day))
        return ll_fail(err, LL_USAGE, "“%s”不是日期，应如 2027-12-31", "'%s' is no date; write 2027-12-31",
                       c->args[1]);
    return take(c, "renew", LL_OPT_grant_renew_as, LL_OPT_grant_renew_reason,
                ll_workday_end(ll_workday_of(day)), err);
}

int ll_cmd_remind(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column swept_columns[] = {{"reminded", "催办", "reminded", LL_RIGHT},
                                                     {"escalated", "超期上报", "escalated", LL_RIGHT},
                                                     {"lapsed", "期满办结", "lapsed", LL_RIGHT},
                                                     {"expired", "授权到期", "grants ended", LL_RIGHT}};
    struct ll_swept swept;
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_STORE, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_flow_sweep(ll_data_store(d.data), ll_now_ms(), ll_deal_swept, LL_DEAL_SWEPT, &swept, err)) ==
        LL_OK) {
        struct ll_grid *t = ll_grid_new(c, swept_columns, LL_COUNT(swept_columns));
        ll_grid_int(t, (int64_t)swept.reminded);
        ll_grid_int(t, (int64_t)swept.escalated);
        ll_grid_int(t, (int64_t)swept.lapsed);
        ll_grid_int(t, (int64_t)swept.expired);
        rc = ll_grid_end_card(t, err);
    }
    ll_desk_close(&d);
    return rc;
}
