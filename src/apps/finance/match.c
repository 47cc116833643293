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
        const struct ll_target_met met = ll_target_meet(&p->target, values);
        ret[i] = (struct ll_product_match){.product = p, .misses = met.misses, .unknown = met.unknown};
    }
    qsort(ret, all->n, sizeof *ret, by_order);
}

int ll_product_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product_match *m,
                         const struct ll_match_values *v, struct ll_err *err)
{
    int rc;

    ll_json_obj(j);
    ll_json_key(j, "product");
    ll_json_obj(j);
    ll_product_put(j, cat, m->product);
    ll_json_end_obj(j);
    rc = ll_target_put_met(j, &m->product->target, v, err);
    ll_json_end_obj(j);
    return rc;
}
