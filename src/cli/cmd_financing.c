/* cmd_financing.c - financing, loan-case: what firms want financed and how institutions handle it.  Publishing, and giving one's hand, is the firm's own,
 * by its passkey (/v1/me/financings). */
#include "cli/cmd_actor.h"

#include "apps/finance/loan_case.h"
#include "base/clock.h"
#include "standard/convert.h"

static struct ll_deal_env env_of(struct ll_desk *d, const struct ll_actor *actor)
{
    return (struct ll_deal_env){.tx = d->tx, .cat = d->catalog, .actor = actor, .arena = d->arena};
}

static void put_yuan(struct ll_grid *t, int64_t fen)
{
    char text[48];

    ll_grid_str(t, (struct ll_str){text, fen < 0 ? 0 : ll_decimal_text(fen, 2, text)});
}

/* --- financings ----------------------------------------------------------------------------------------------------------- */

static const struct ll_column columns[] = {
    {"id", "融资需求", "financing", LL_LEFT},  {"mode", "方式", "mode", LL_LEFT},
    {"amount", "金额", "amount", LL_RIGHT},    {"term", "期限", "months", LL_RIGHT},
    {"industry", "行业", "industry", LL_LEFT}, {"region", "区划", "region", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},       {"taken", "办理中", "cases", LL_RIGHT},
    {"until", "截止", "until", LL_LEFT}};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_financing *f)
{
    ll_grid_z(t, f->id);
    ll_grid_word(t, ll_financing_mode_word(f->mode), ll_financing_mode_title(f->mode, c->lang));
    put_yuan(t, f->amount);
    ll_grid_int(t, f->term);
    ll_grid_z(t, f->industry);
    ll_grid_z(t, f->region);
    ll_grid_state(c, t, f->state);
    ll_grid_int(t, f->taken);
    ll_grid_time(t, f->open_until);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_financing_query q = {.state = c->opts[LL_OPT_financing_list_state],
                                         .mode = c->opts[LL_OPT_financing_list_mode],
                                         .now = ll_now_ms(),
                                         .limit = LL_DESK_SHOWN};
    const struct ll_deal_env env = env_of(d, NULL);
    struct ll_financing *list = NULL;
    size_t n = 0;
    int rc = ll_financing_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_financing_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    const struct ll_deal_env env = env_of(d, NULL);
    struct ll_financing f;
    int rc = ll_financing_get(&env, id, &f, err);

    if (rc == LL_OK && f.state == LL_STATE_FINANCING_DRAFT) /* nobody's business but the firm's */
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的融资需求", "there is no financing %s", id);
    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &f);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_FINANCING, id, err);
}

int ll_cmd_financing_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}

/* --- loan cases -------------------------------------------------------------------------------------------------------------- */

static const struct ll_column case_columns[] = {{"id", "办理", "case", LL_LEFT},
                                                {"financing", "融资需求", "financing", LL_LEFT},
                                                {"organisation", "机构", "institution", LL_LEFT},
                                                {"product", "产品", "product", LL_LEFT},
                                                {"way", "来源", "way", LL_LEFT},
                                                {"code", "代码", "code", LL_LEFT},
                                                {"state", "状态", "state", LL_LEFT},
                                                {"due_at", "时限", "due", LL_LEFT},
                                                {"granted", "授信", "granted", LL_RIGHT},
                                                {"drawn", "放款", "drawn", LL_RIGHT},
                                                {"repaid", "已还", "repaid", LL_RIGHT},
                                                {"refusal", "拒绝原因", "refusal", LL_LEFT}};

static void put_case(struct ll_cli *c, struct ll_grid *t, const struct ll_loan_case *l)
{
    ll_grid_z(t, l->id);
    ll_grid_z(t, l->financing);
    ll_grid_z(t, l->organisation);
    ll_grid_z(t, l->product);
    ll_grid_word(t, ll_case_way_word(l->way), ll_case_way_title(l->way, c->lang));
    ll_grid_z(t, ll_case_code(l->state));
    ll_grid_state(c, t, l->state);
    ll_grid_time(t, l->due_at);
    put_yuan(t, l->granted);
    put_yuan(t, l->drawn);
    put_yuan(t, l->repaid);
    ll_grid_z(t, l->refusal);
}

static int case_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                     struct ll_err *err)
{
    const struct ll_loan_query q = {.organisation = c->opts[LL_OPT_loan_case_list_organisation],
                                    .financing = c->opts[LL_OPT_loan_case_list_financing],
                                    .state = c->opts[LL_OPT_loan_case_list_state],
                                    .limit = LL_DESK_SHOWN};
    const struct ll_deal_env env = env_of(d, NULL);
    struct ll_loan_case *list = NULL;
    size_t n = 0;
    int rc = ll_loan_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put_case(c, t, &list[i]);
    return rc;
}

int ll_cmd_loan_case_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, case_columns, LL_COUNT(case_columns), case_rows, err);
}

static int show_case(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    const struct ll_deal_env env = env_of(d, NULL);
    struct ll_loan_case l;
    int rc = ll_loan_get(&env, id, &l, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, case_columns, LL_COUNT(case_columns));
    put_case(c, t, &l);
    rc = ll_grid_end_card(t, err);
    return rc < 0 || c->json ? rc : ll_desk_history(c, d, LL_FLOW_LOAN_CASE, id, err);
}

int ll_cmd_loan_case_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show_case, err);
}

/* Steps without money: those with it are the API's, where the institution's own systems are. */
static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *flow,
                struct ll_err *err)
{
    const struct ll_deal_env env = env_of(d, flow->actor);
    const struct ll_loan_act act = {.flow = *flow,
                                    .refusal = c->opts[LL_OPT_loan_case_act_refusal],
                                    .consent = c->opts[LL_OPT_loan_case_act_consent],
                                    .amount = -1,
                                    .interest = -1,
                                    .rate = -1,
                                    .term = -1,
                                    .overdue_days = -1};
    int rc = ll_loan_act(&env, id, &act, err);

    return rc < 0 ? rc : show_case(c, d, id, err);
}

int ll_cmd_loan_case_act(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_loan_case_act_as, LL_OPT_loan_case_act_reason, step,
                        err);
}
