/* match.h - products for one firm, and why: which rules it meets, which it misses and by how much.
 *
 * (1) The order is declared and is all there is: products whose rules all pass first; then fewest groups of rules missed, fewest not known, lowest rate, name.
 *     Nothing else of a product enters it, so that no place can be paid for.
 * (2) It rests on the values of the indicators alone: the same values give the same order. */
#ifndef LL_APPS_FINANCE_MATCH_H
#define LL_APPS_FINANCE_MATCH_H

#include "apps/finance/product.h"

struct ll_product_match {
    const struct ll_product *product;
    size_t misses, unknown; /* groups of rules */
};

/* ret: as many as there are products, in the declared order. */
void ll_products_match(const struct ll_products *all, const struct ll_feature_value *values,
                       struct ll_product_match *ret);
/* An object: the product, how it was met, and each rule with what it came to. */
int ll_product_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product_match *m,
                         const struct ll_match_values *v, struct ll_err *err) LL_MUST;

#endif
