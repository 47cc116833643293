/* cmd_product.c - product list, show, decide: products that institutions write, version by version (apps/finance/product_version.h). */
#include "cli/cmd_actor.h"

#include "apps/finance/product_version.h"

static const struct ll_column columns[] = {
    {"id", "版本", "version", LL_LEFT},
    {"code", "产品", "product", LL_LEFT},
    {"number", "第几版", "number", LL_RIGHT},
    {"title", "名称", "name", LL_LEFT},
    {"organisation", "机构", "institution", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"changed_at", "最近一步", "last step", LL_LEFT},
};

static struct ll_market_env env_of(struct ll_desk *d, const struct ll_actor *actor)
{
    return (struct ll_market_env){.tx = d->tx, .cat = d->catalog, .actor = actor, .arena = d->arena};
}

static int put(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, const struct ll_product_version *v,
               struct ll_err *err)
{
    struct ll_product_form form;
    int rc = ll_product_form_parse(ll_str(v->text), d->arena, &form, err);

    if (rc < 0)
        return rc;
    ll_grid_z(t, v->id);
    ll_grid_z(t, v->code);
    ll_grid_int(t, v->version);
    ll_grid_str(t, form.text[LL_PF_TITLE]);
    ll_grid_z(t, v->organisation);
    ll_grid_state(c, t, v->state);
    ll_grid_time(t, v->changed_at);
    return LL_OK;
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_version_query q = {.organisation = c->opts[LL_OPT_product_list_institution],
                                       .state = c->opts[LL_OPT_product_list_state],
                                       .limit = LL_DESK_SHOWN};
    const struct ll_market_env env = env_of(d, NULL);
    struct ll_product_version *list;
    size_t n = 0;
    int rc = ll_versions_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = put(c, d, t, &list[i], err);
    return rc;
}

int ll_cmd_product_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

/* What it asks of a firm, a line a group of rules. */
static void print_rules(struct ll_cli *c, const struct ll_product *p)
{
    enum { TEXT_MAX = 16000 };
    const enum ll_lang lang = c->lang;

    for (size_t g = 0; g < p->n_groups; g++) {
        struct ll_buf line = LL_BUF_INIT(TEXT_MAX);
        for (size_t i = 0; i < p->groups[g].n; i++) {
            if (i)
                ll_buf_z(&line, lang == LL_ZH ? "；或者 " : "; or ");
            ll_rule_text(&p->groups[g].rules[i], lang, &line);
        }
        ll_out_line(c, "  %.*s", "  %.*s", (int)line.n, line.p ? line.p : "");
        ll_buf_free(&line);
    }
}

static int print(struct ll_cli *c, struct ll_desk *d, const struct ll_market_env *env, const char *id,
                 struct ll_err *err)
{
    const struct ll_product *p = NULL;
    struct ll_product_version v;
    int rc = ll_version_get(env, id, &v, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    if ((rc = put(c, d, t, &v, err)) < 0 || (rc = ll_grid_end_card(t, err)) < 0 || c->json)
        return rc;
    if ((rc = ll_version_product(env, &v, &p, err)) < 0)
        return rc;
    if (p) {
        ll_out_line(
            c, "额度 %g–%g 万元，利率 %g–%g%%/年，期限 %lld–%lld 个月；准入规则：",
            "amount %g to %g (ten thousand yuan), rate %g to %g %% a year, term %lld to %lld months; it asks:",
            p->amount_min, p->amount_max, p->rate_min, p->rate_max, (long long)p->term_min,
            (long long)p->term_max);
        print_rules(c, p);
    } else {
        ll_out_line(c, "还有没填好的项", "some fields are not right yet");
    }
    return ll_desk_history(c, d, LL_FLOW_PRODUCT, id, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, NULL);

    return print(c, d, &env, id, err);
}

int ll_cmd_product_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    const struct ll_market_env env = env_of(d, act->actor);
    int rc = ll_version_act(&env, id, act, err);

    return rc < 0 ? rc : print(c, d, &env, id, err);
}

int ll_cmd_product_decide(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_product_decide_as, LL_OPT_product_decide_reason,
                        step, err);
}
