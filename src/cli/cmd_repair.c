/* cmd_repair.c - repair: credit repairs as they were asked for, and the steps that the platform and who recognised the fault take.  Asking is the
 * subject's own, by its passkey (/v1/me/repairs). */
#include "cli/cmd_actor.h"

#include "apps/credit/repair.h"
#include "standard/convert.h"

static const struct ll_column columns[] = {
    {"id", "修复", "repair", LL_LEFT},           {"subject", "主体", "subject", LL_LEFT},
    {"provider", "认定方", "provider", LL_LEFT}, {"resource", "资源", "resource", LL_LEFT},
    {"record", "记录", "record", LL_LEFT},       {"level", "程度", "level", LL_LEFT},
    {"ground", "依据", "ground", LL_LEFT},       {"state", "状态", "state", LL_LEFT},
    {"due_at", "时限", "due", LL_LEFT},          {"earliest", "可申请自", "from", LL_LEFT},
    {"answer", "答复", "answer", LL_LEFT},
};

static struct ll_repair_env env_of(struct ll_desk *d, const struct ll_actor *actor)
{
    return (struct ll_repair_env){
        .vault = ll_data_vault(d->data), .cat = d->catalog, .tx = d->tx, .actor = actor, .arena = d->arena};
}

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_repair *r)
{
    char day[16];

    ll_grid_z(t, r->id);
    ll_grid_z(t, r->subject_mask);
    ll_grid_z(t, r->provider);
    ll_grid_z(t, r->resource);
    ll_grid_z(t, r->record);
    ll_grid_z(t, r->level);
    ll_grid_word(t, ll_repair_ground_word(r->ground), ll_repair_ground_title(r->ground, c->lang));
    ll_grid_state(c, t, r->state);
    ll_grid_time(t, r->due_at);
    ll_grid_str(t, (struct ll_str){day, ll_date_text(r->earliest, day)});
    ll_grid_z(t, r->answer);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_repair_query q = {.provider = c->opts[LL_OPT_repair_list_provider],
                                      .state = c->opts[LL_OPT_repair_list_state],
                                      .limit = LL_DESK_SHOWN};
    struct ll_repair *list;
    size_t n;
    const struct ll_repair_env env = env_of(d, NULL);
    int rc = ll_repair_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_repair_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

/* With what the subject wrote, which the list leaves out, and what happened. */
static int show(struct ll_cli *c, struct ll_desk *d, const struct ll_repair_env *env, const char *id,
                struct ll_err *err)
{
    struct ll_repair r;
    struct ll_json j;
    int rc = ll_repair_get(env, id, &r, err);

    if (rc == LL_OK && r.state == LL_STATE_REPAIR_DRAFT) /* nobody's business but the subject's */
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的修复申请", "there is no repair %s", id);
    if (rc < 0)
        return rc;
    if (c->json) {
        ll_json_init(&j, &c->out);
        ll_json_obj(&j);
        if ((rc = ll_repair_put(env, &r, &j, err)) < 0 ||
            (rc = ll_desk_history_json(d, &j, LL_FLOW_REPAIR, id, err)) < 0)
            return rc;
        ll_json_end_obj(&j);
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &r);
    if ((rc = ll_grid_end_card(t, err)) < 0)
        return rc;
    if (r.ruling)
        ll_out_line(c, "法院裁定：%s %s", "ruling of the court: %s %s", r.court, r.ruling);
    ll_out_line(c, "整改说明：%s", "statement: %s", r.statement);
    ll_out_line(c, "信用承诺：%s", "commitment: %s", r.commitment);
    return ll_desk_history(c, d, LL_FLOW_REPAIR, id, err);
}

int ll_cmd_repair_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    const struct ll_repair_env env = env_of(&d, NULL);
    rc = show(c, &d, &env, c->args[0], err);
    ll_desk_close(&d);
    return rc;
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    const struct ll_repair_env env = env_of(d, act->actor);
    int rc = ll_repair_act(&env, id, act, err);

    return rc < 0 ? rc : show(c, d, &env, id, err);
}

int ll_cmd_repair_act(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_repair_act_as, LL_OPT_repair_act_reason, step, err);
}
