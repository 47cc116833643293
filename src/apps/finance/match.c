/* match.c - see match.h. */
#include "apps/finance/match.h"

#include <stdlib.h>
#include <string.h>

static int by_count(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_order(const void *x, const void *y)
{
    const struct ll_product_match *a = x, *b = y;
    int c = by_count(a->misses, b->misses);

    if (!c)
        c = by_count(a->unknown, b->unknown);
    if (!c && a->product->rate_min != b->product->rate_min)
        return a->product->rate_min < b->product->rate_min ? -1 : 1;
    return c ? c : strcmp(a->product->name, b->product->name);
}

void ll_products_match(const struct ll_products *all, const struct ll_feature_value *values,
                       struct ll_product_match *ret)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct ll_product *p = &all->list[i];
        ret[i] = (struct ll_product_match){.product = p};
        for (size_t g = 0; g < p->n_groups; g++) {
            enum ll_rule_result r = ll_rule_group_meet(&p->groups[g], values);
            ret[i].misses += r == LL_RULE_MISS;
            ret[i].unknown += r == LL_RULE_UNKNOWN;
        }
    }
    qsort(ret, all->n, sizeof *ret, by_order);
}

static int put_rule(struct ll_json *j, const struct ll_rule *r, const struct ll_feature_value *values,
                    struct ll_err *err)
{
    struct ll_rule_met met = ll_rule_meet(r, values);
    int rc;

    ll_json_obj(j);
    rc = ll_rule_put(j, r, err);
    ll_json_kz(j, "result", ll_rule_result_word(met.result));
    ll_json_kn(j, "gap", met.gap);
    ll_feature_put_value(j, r->feature, &values[r->at]);
    ll_json_end_obj(j);
    return rc;
}

int ll_product_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product_match *m,
                         const struct ll_feature_value *values, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_key(j, "product");
    ll_json_obj(j);
    ll_product_put(j, cat, m->product);
    ll_json_end_obj(j);
    ll_json_kz(j, "result", m->misses ? "miss" : m->unknown ? "unknown" : "pass");
    ll_json_ki(j, "misses", (int64_t)m->misses);
    ll_json_ki(j, "unknown", (int64_t)m->unknown);
    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t g = 0; g < m->product->n_groups && rc == LL_OK; g++) {
        const struct ll_rule_group *group = &m->product->groups[g];
        ll_json_obj(j);
        ll_json_kz(j, "result", ll_rule_result_word(ll_rule_group_meet(group, values)));
        ll_json_key(j, "rules");
        ll_json_arr(j);
        for (size_t i = 0; i < group->n && rc == LL_OK; i++)
            rc = put_rule(j, &group->rules[i], values, err);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return rc;
}
