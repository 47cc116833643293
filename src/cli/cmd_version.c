/* cmd_version.c - product and policy list, show, decide: what institutions and departments write, version by version (apps/finance/version.h). */
#include "cli/cmd_actor.h"

#include "apps/finance/policy_version.h"
#include "apps/finance/product_version.h"

static const struct ll_column columns[] = {
    {"id", "版本", "version", LL_LEFT},
    {"code", "编码", "code", LL_LEFT},
    {"number", "第几版", "number", LL_RIGHT},
    {"title", "名称", "name", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"changed_at", "最近一步", "last step", LL_LEFT},
};

static struct ll_market_env env_of(struct ll_desk *d, const struct ll_actor *actor)
{
    return (struct ll_market_env){.tx = d->tx, .cat = d->catalog, .actor = actor, .arena = d->arena};
}

static int put(struct ll_cli *c, struct ll_desk *d, const struct ll_version_kind *k, struct ll_grid *t,
               const struct ll_version *v, struct ll_err *err)
{
    struct ll_form form;
    int rc = ll_form_parse(k->form, ll_str(v->text), d->arena, &form, err);

    if (rc < 0)
        return rc;
    ll_grid_z(t, v->id);
    ll_grid_z(t, v->code);
    ll_grid_int(t, v->version);
    ll_grid_str(t, form.text[LL_FORM_TITLE]);
    ll_grid_z(t, v->organisation);
    ll_grid_state(c, t, v->state);
    ll_grid_time(t, v->changed_at);
    return LL_OK;
}

static int rows(struct ll_cli *c, struct ll_desk *d, const struct ll_version_kind *k,
                const struct ll_version_query *q, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, NULL);
    struct ll_version *list;
    size_t n = 0;
    int rc = ll_versions_list(k, &env, q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = put(c, d, k, t, &list[i], err);
    return rc;
}

/* What it asks of a firm, a line a group of rules. */
static void print_rules(struct ll_cli *c, const struct ll_target *asks)
{
    enum { TEXT_MAX = 16000 };
    const enum ll_lang lang = c->lang;

    for (size_t g = 0; g < asks->n_groups; g++) {
        struct ll_buf line = LL_BUF_INIT(TEXT_MAX);
        for (size_t i = 0; i < asks->groups[g].n; i++) {
            if (i)
                ll_buf_z(&line, lang == LL_ZH ? "；或者 " : "; or ");
            ll_rule_text(&asks->groups[g].rules[i], lang, &line);
        }
        ll_out_line(c, "  %.*s", "  %.*s", (int)line.n, line.p ? line.p : "");
        ll_buf_free(&line);
    }
}

/* What a form without faults makes, in words. */
typedef int print_fn(struct ll_cli *c, const struct ll_market_env *env, const struct ll_form *form,
                     const struct ll_form_owner *owner, struct ll_err *err);

static int print_product(struct ll_cli *c, const struct ll_market_env *env, const struct ll_form *form,
                         const struct ll_form_owner *owner, struct ll_err *err)
{
    const struct ll_product *p = NULL;
    int rc = ll_form_product(env, form, owner, &p, err);

    if (rc < 0)
        return rc;
    ll_out_line(
        c, "额度 %g–%g 万元，利率 %g–%g%%/年，期限 %lld–%lld 个月；准入规则：",
        "amount %g to %g (ten thousand yuan), rate %g to %g %% a year, term %lld to %lld months; it asks:",
        p->amount_min, p->amount_max, p->rate_min, p->rate_max, (long long)p->term_min,
        (long long)p->term_max);
    print_rules(c, &p->target);
    return LL_OK;
}

static int print_policy(struct ll_cli *c, const struct ll_market_env *env, const struct ll_form *form,
                        const struct ll_form_owner *owner, struct ll_err *err)
{
    const struct ll_policy *p = NULL;
    int rc = ll_form_policy(env, form, owner, &p, err);

    if (rc < 0)
        return rc;
    const char *benefit = p->benefit[c->lang][0] ? p->benefit[c->lang] : p->benefit[LL_ZH];
    if (p->until[0])
        ll_out_line(c, "%s；%s 至 %s 受理；条件：", "%s; open from %s to %s; it asks:", benefit, p->from,
                    p->until);
    else
        ll_out_line(c, "%s；%s 起长期受理；条件：", "%s; open from %s; it asks:", benefit, p->from);
    print_rules(c, &p->target);
    return LL_OK;
}

static int print(struct ll_cli *c, struct ll_desk *d, const struct ll_version_kind *k, print_fn *made,
                 const char *id, struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, NULL);
    struct ll_version_checked checked;
    struct ll_version v;
    struct ll_form form;
    int rc = ll_version_get(k, &env, id, &v, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    if ((rc = put(c, d, k, t, &v, err)) < 0 || (rc = ll_grid_end_card(t, err)) < 0 || c->json)
        return rc;
    if ((rc = ll_form_parse(k->form, ll_str(v.text), d->arena, &form, err)) < 0 ||
        (rc = ll_version_check(k, &env, &form, &checked, err)) < 0)
        return rc;
    if (checked.n) {
        ll_out_line(c, "还有没填好的项", "some fields are not right yet");
    } else {
        const struct ll_form_owner owner = ll_version_owner(&v);
        if ((rc = made(c, &env, &form, &owner, err)) < 0)
            return rc;
    }
    return ll_desk_history(c, d, k->flow, id, err);
}

static int decide(struct ll_cli *c, struct ll_desk *d, const struct ll_version_kind *k, print_fn *made,
                  const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, act->actor);
    int rc = ll_version_act(k, &env, id, act, err);

    return rc < 0 ? rc : print(c, d, k, made, id, err);
}

/* ---- products ---- */

static int product_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                        struct ll_err *err)
{
    const struct ll_version_query q = {.organisation = c->opts[LL_OPT_product_list_institution],
                                       .state = c->opts[LL_OPT_product_list_state],
                                       .limit = LL_DESK_SHOWN};

    return rows(c, d, &ll_product_versions, &q, t, total, err);
}

int ll_cmd_product_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), product_rows, err);
}

static int show_product(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    return print(c, d, &ll_product_versions, print_product, id, err);
}

int ll_cmd_product_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show_product, err);
}

static int step_product(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                        struct ll_err *err)
{
    return decide(c, d, &ll_product_versions, print_product, id, act, err);
}

int ll_cmd_product_decide(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_product_decide_as, LL_OPT_product_decide_reason,
                        step_product, err);
}

/* ---- policies ---- */

static int policy_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                       struct ll_err *err)
{
    const struct ll_version_query q = {.organisation = c->opts[LL_OPT_policy_list_department],
                                       .state = c->opts[LL_OPT_policy_list_state],
                                       .limit = LL_DESK_SHOWN};

    return rows(c, d, &ll_policy_versions, &q, t, total, err);
}

int ll_cmd_policy_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), policy_rows, err);
}

static int show_policy(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    return print(c, d, &ll_policy_versions, print_policy, id, err);
}

int ll_cmd_policy_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show_policy, err);
}

static int step_policy(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                       struct ll_err *err)
{
    return decide(c, d, &ll_policy_versions, print_policy, id, act, err);
}

int ll_cmd_policy_decide(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_policy_decide_as, LL_OPT_policy_decide_reason,
                        step_policy, err);
}
