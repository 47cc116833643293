/* product_live.h - the products and policies as a long-running process shares them: read once, and again when what they are read from has changed.
 *
 * (1) What is held never changes; whoever holds it may use everything it points to until it is let go.
 * (2) It is as new as the store: a change that was committed before the call shows (store.h, ll_store_stamp).
 * (3) May be shared by threads. */
#ifndef LL_APPS_FINANCE_PRODUCT_LIVE_H
#define LL_APPS_FINANCE_PRODUCT_LIVE_H

#include "apps/finance/policy.h"

struct ll_products_live;
/* st and catalog must outlive it. */
int ll_products_live_open(struct ll_store *st, struct ll_catalog_live *catalog, struct ll_products_live **ret,
                          struct ll_err *err) LL_MUST;
struct ll_products_live *
ll_products_live_close(struct ll_products_live *live); /* NULL is fine; returns NULL */

struct ll_products_held {
    const struct ll_products *all;
    const struct ll_policies *policies;
    const struct ll_catalog *cat; /* that they were read with */
};
/* Errors as of ll_products_read; what failed is tried again at the next call. */
int ll_products_live_get(struct ll_products_live *live, const struct ll_products_held **ret,
                         struct ll_err *err) LL_MUST;
void ll_products_let_go(const struct ll_products_held *held); /* NULL is fine */

#endif
