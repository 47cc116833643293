/* handle_policy.c - the policy library: for anybody, for how many firms, and matched to one firm (by itself, or by an operator who is seen looking). */
#include "apps/finance/match_count.h"
#include "apps/finance/policy.h"
#include "base/clock.h"
#include "http/firm_match.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "standard/convert.h"

/* ---- for anybody ---- */

static struct ll_str text_of(const struct ll_arg *a)
{
    return a->given ? a->s : LL_STR("");
}

static struct ll_policy_query query_of(struct ll_request *rq, const char *today)
{
    const struct ll_arg *level = ll_arg(rq, LL_P_POLICIES_LIST_LEVEL),
                        *sort = ll_arg(rq, LL_P_POLICIES_LIST_SORT);

    return (struct ll_policy_query){.q = text_of(ll_arg(rq, LL_P_POLICIES_LIST_Q)),
                                    .kind = text_of(ll_arg(rq, LL_P_POLICIES_LIST_KIND)),
                                    .organisation = text_of(ll_arg(rq, LL_P_POLICIES_LIST_DEPARTMENT)),
                                    .region = text_of(ll_arg(rq, LL_P_POLICIES_LIST_REGION)),
                                    .industry = text_of(ll_arg(rq, LL_P_POLICIES_LIST_INDUSTRY)),
                                    .product = text_of(ll_arg(rq, LL_P_POLICIES_LIST_PRODUCT)),
                                    .level = level->given ? (int)level->i : -1,
                                    .open = ll_arg(rq, LL_P_POLICIES_LIST_OPEN)->given,
                                    .today = today,
                                    .sort = sort->given ? sort->s.p : NULL};
}

int ll_h_policies_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const int64_t offset = ll_arg(rq, LL_P_POLICIES_LIST_OFFSET)->i,
                  limit = ll_arg(rq, LL_P_POLICIES_LIST_LIMIT)->i;
    const struct ll_policy **found = ll_arena_array(rq->arena, LL_POLICIES_MAX, sizeof *found);
    const struct ll_products_held *held;
    char today[LL_TIME_TEXT];
    int rc = found ? ll_products_live_get(app->products, &held, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    ll_date_text(ll_today(), today);
    const struct ll_policy_query q = query_of(rq, today);
    const int64_t n = (int64_t)ll_policies_filter(held->policies, &q, found);
    ll_sharing_page(rq, n, offset, limit);
    for (int64_t i = offset; i < n && i < offset + limit; i++) {
        ll_json_obj(&rq->json);
        ll_policy_put(&rq->json, held->cat, found[i], today);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    ll_products_let_go(held);
    return LL_OK;
}

static int find(const struct ll_products_held *held, struct ll_str code, const struct ll_policy **ret,
                struct ll_err *err)
{
    *ret = ll_policy_find(held->policies, code);
    return *ret ? LL_OK : ll_fail(err, LL_NOTFOUND, "没有这项政策", "there is no such policy");
}

int ll_h_policy_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_products_held *held;
    const struct ll_policy *p;
    char today[LL_TIME_TEXT];
    int rc = ll_products_live_get(app->products, &held, err);

    if (rc < 0)
        return rc;
    ll_date_text(ll_today(), today);
    if ((rc = find(held, ll_arg(rq, LL_P_POLICY_SHOW_CODE)->s, &p, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        rc = ll_policy_put_whole(&rq->json, held->cat, p, today, held->all, err);
        ll_json_end_obj(&rq->json);
    }
    ll_products_let_go(held);
    return rc;
}

/* ---- for how many firms ---- */

static int put_fit(struct ll_app *app, struct ll_request *rq, const struct ll_products_held *held,
                   const struct ll_policy *p, struct ll_err *err)
{
    const struct ll_match_counts *counts;
    struct ll_targets targets;
    int rc = ll_policies_targets(held->policies, rq->arena, &targets, err);

    if (rc < 0 || (rc = ll_data_view_begin(app->data, err)) < 0)
        return rc;
    rc = ll_match_count(app->data, &targets, NULL, rq->arena, &counts, err);
    ll_data_view_end(app->data);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "policy", p->name);
    rc = ll_match_count_put(&rq->json, held->cat, counts, (size_t)(p - held->policies->list), rq->arena, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_finance_policy_fit(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_products_held *held;
    const struct ll_policy *p;
    int rc = ll_products_live_get(app->products, &held, err);

    if (rc < 0)
        return rc;
    if ((rc = find(held, ll_arg(rq, LL_P_FINANCE_POLICY_FIT_CODE)->s, &p, err)) == LL_OK)
        rc = put_fit(app, rq, held, p, err);
    ll_products_let_go(held);
    return rc;
}

/* ---- for one firm ---- */

static int put_matches(void *ctx, struct ll_str firm, const struct ll_feature_value *values,
                       struct ll_err *err)
{
    const struct ll_firm_match *m = ctx;
    const struct ll_policies *all = m->held->policies;
    struct ll_policy_match *list = ll_arena_array(m->rq->arena, all->n + 1, sizeof *list);
    struct ll_match_values v;
    char today[LL_TIME_TEXT];
    int rc = list ? ll_match_values_init(&v, all->set, values, m->rq->arena, err) : ll_no_memory(err);

    (void)firm;
    if (rc < 0)
        return rc;
    ll_date_text(ll_today(), today);
    const int64_t n = (int64_t)ll_policies_match(all, today, values, list);
    ll_firm_match_page(m, n);
    for (int64_t i = m->offset; i < n && i < m->offset + m->limit && rc == LL_OK; i++)
        rc = ll_policy_match_put(&m->rq->json, m->held->cat, &list[i], today, &v, err);
    ll_firm_match_end(m);
    return rc;
}

int ll_h_finance_firm_policies(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_firm_match m = {.rq = rq,
                              .offset = ll_arg(rq, LL_P_FINANCE_FIRM_POLICIES_OFFSET)->i,
                              .limit = ll_arg(rq, LL_P_FINANCE_FIRM_POLICIES_LIMIT)->i};

    return ll_firm_match_of(app, &m, ll_arg(rq, LL_P_FINANCE_FIRM_POLICIES_USCC)->s, put_matches, err);
}

int ll_h_me_policies(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    static const char *const none[] = {
        "以统一社会信用代码登录的企业才有匹配的政策",
        "only an enterprise, signed in by its credit code, is matched to policies"};
    struct ll_firm_match m = {.rq = rq,
                              .offset = ll_arg(rq, LL_P_ME_POLICIES_OFFSET)->i,
                              .limit = ll_arg(rq, LL_P_ME_POLICIES_LIMIT)->i};

    return ll_firm_match_own(app, &m, none, put_matches, err);
}
