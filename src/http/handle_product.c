/* handle_product.c - products of the finance platform: for anybody, and matched to one firm (by itself, or by an operator who is seen looking). */
#include "apps/finance/match.h"
#include "apps/finance/match_count.h"
#include "apps/finance/size.h"
#include "http/firm_match.h"
#include "http/sharing.h"
#include "routes.gen.h"

/* ---- for anybody ---- */

static struct ll_str text_of(const struct ll_arg *a)
{
    return a->given ? a->s : LL_STR("");
}

static struct ll_product_query query_of(struct ll_request *rq)
{
    const struct ll_arg *kind = ll_arg(rq, LL_P_PRODUCTS_LIST_KIND),
                        *size = ll_arg(rq, LL_P_PRODUCTS_LIST_SIZE),
                        *amount = ll_arg(rq, LL_P_PRODUCTS_LIST_AMOUNT),
                        *sort = ll_arg(rq, LL_P_PRODUCTS_LIST_SORT);

    return (struct ll_product_query){.q = text_of(ll_arg(rq, LL_P_PRODUCTS_LIST_Q)),
                                     .region = text_of(ll_arg(rq, LL_P_PRODUCTS_LIST_REGION)),
                                     .industry = text_of(ll_arg(rq, LL_P_PRODUCTS_LIST_INDUSTRY)),
                                     .guarantee = text_of(ll_arg(rq, LL_P_PRODUCTS_LIST_GUARANTEE)),
                                     .kind = kind->given ? (int)kind->i : -1,
                                     .size = size->given ? LL_SIZE_MICRO + (int)size->i : -1,
                                     .amount = amount->given ? amount->i : -1,
                                     .first_loan = ll_arg(rq, LL_P_PRODUCTS_LIST_FIRST_LOAN)->given,
                                     .sort = sort->given ? sort->s.p : NULL};
}

int ll_h_products_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const int64_t offset = ll_arg(rq, LL_P_PRODUCTS_LIST_OFFSET)->i,
                  limit = ll_arg(rq, LL_P_PRODUCTS_LIST_LIMIT)->i;
    const struct ll_product_query q = query_of(rq);
    const struct ll_product **found = ll_arena_array(rq->arena, LL_PRODUCTS_MAX, sizeof *found);
    const struct ll_products_held *held;
    int rc = found ? ll_products_live_get(app->products, &held, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    const int64_t n = (int64_t)ll_products_filter(held->all, &q, found);
    ll_sharing_page(rq, n, offset, limit);
    for (int64_t i = offset; i < n && i < offset + limit; i++) {
        ll_json_obj(&rq->json);
        ll_product_put(&rq->json, held->cat, found[i]);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    ll_products_let_go(held);
    return LL_OK;
}

int ll_h_product_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_products_held *held;
    const struct ll_product *p;
    int rc = ll_products_live_get(app->products, &held, err);

    if (rc < 0)
        return rc;
    if ((p = ll_product_find(held->all, ll_arg(rq, LL_P_PRODUCT_SHOW_CODE)->s))) {
        ll_json_obj(&rq->json);
        rc = ll_product_put_whole(&rq->json, held->cat, p, err);
        ll_json_end_obj(&rq->json);
    } else {
        rc = ll_fail(err, LL_NOTFOUND, "没有这个产品", "there is no such product");
    }
    ll_products_let_go(held);
    return rc;
}

/* ---- for how many firms ---- */

static int put_fit(struct ll_app *app, struct ll_request *rq, const struct ll_products_held *held,
                   const struct ll_product *p, struct ll_err *err)
{
    const struct ll_match_counts *counts;
    struct ll_targets targets;
    int rc = ll_products_targets(held->all, rq->arena, &targets, err);

    if (rc < 0 || (rc = ll_data_view_begin(app->data, err)) < 0)
        return rc;
    rc = ll_match_count(app->data, &targets, NULL, rq->arena, &counts, err);
    ll_data_view_end(app->data);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "product", p->name);
    rc = ll_match_count_put(&rq->json, held->cat, counts, (size_t)(p - held->all->list), rq->arena, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_finance_product_fit(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_products_held *held;
    const struct ll_product *p;
    int rc = ll_products_live_get(app->products, &held, err);

    if (rc < 0)
        return rc;
    rc = (p = ll_product_find(held->all, ll_arg(rq, LL_P_FINANCE_PRODUCT_FIT_CODE)->s))
             ? put_fit(app, rq, held, p, err)
             : ll_fail(err, LL_NOTFOUND, "没有这个产品", "there is no such product");
    ll_products_let_go(held);
    return rc;
}

/* ---- for one firm ---- */

static int put_matches(void *ctx, struct ll_str firm, const struct ll_feature_value *values,
                       struct ll_err *err)
{
    const struct ll_firm_match *m = ctx;
    const struct ll_products *all = m->held->all;
    struct ll_product_match *list = ll_arena_array(m->rq->arena, all->n, sizeof *list);
    const int64_t n = (int64_t)all->n;
    struct ll_match_values v;
    int rc = list ? ll_match_values_init(&v, all->set, values, m->rq->arena, err) : ll_no_memory(err);

    (void)firm;
    if (rc < 0)
        return rc;
    ll_products_match(all, values, list);
    ll_firm_match_page(m, n);
    for (int64_t i = m->offset; i < n && i < m->offset + m->limit && rc == LL_OK; i++)
        rc = ll_product_match_put(&m->rq->json, m->held->cat, &list[i], &v, err);
    ll_firm_match_end(m);
    return rc;
}

int ll_h_finance_firm_products(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_firm_match m = {.rq = rq,
                              .offset = ll_arg(rq, LL_P_FINANCE_FIRM_PRODUCTS_OFFSET)->i,
                              .limit = ll_arg(rq, LL_P_FINANCE_FIRM_PRODUCTS_LIMIT)->i};

    return ll_firm_match_of(app, &m, ll_arg(rq, LL_P_FINANCE_FIRM_PRODUCTS_USCC)->s, put_matches, err);
}

int ll_h_me_products(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    static const char *const none[] = {
        "以统一社会信用代码登录的企业才有匹配的产品",
        "only an enterprise, signed in by its credit code, is matched to products"};
    struct ll_firm_match m = {.rq = rq,
                              .offset = ll_arg(rq, LL_P_ME_PRODUCTS_OFFSET)->i,
                              .limit = ll_arg(rq, LL_P_ME_PRODUCTS_LIMIT)->i};

    return ll_firm_match_own(app, &m, none, put_matches, err);
}
