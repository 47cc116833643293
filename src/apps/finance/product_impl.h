/* product_impl.h - how a product is made of cells, for tables of packs and for what institutions write. */
#ifndef LL_APPS_FINANCE_PRODUCT_IMPL_H
#define LL_APPS_FINANCE_PRODUCT_IMPL_H

#include "apps/finance/product_form.h"

/* The cell of a column of products.csv. */
typedef struct ll_str ll_product_cell_fn(void *ctx, const char *column);
/* Appends it with its rules (cells of LL_RULE_CELLS each, one group of rules after another) and its scope.  LL_INVALID: nothing was appended. */
int ll_product_add(struct ll_products *all, size_t *n_rules, struct ll_arena *arena, ll_product_cell_fn *cell,
                   void *ctx, const struct ll_target_rule_cells *rules, size_t n, struct ll_err *err) LL_MUST;
/* What institutions have published, behind what is there (product_version.c).  What can no longer be read is left out. */
int ll_products_published(struct ll_txn *tx, struct ll_products *all, size_t *n_rules, struct ll_arena *arena,
                          struct ll_err *err) LL_MUST;
/* Puts together what lists say of each product and rule: it is the same in every answer. */
int ll_products_say(struct ll_products *all, const struct ll_catalog *cat, struct ll_arena *arena,
                    struct ll_err *err) LL_MUST;

#endif
