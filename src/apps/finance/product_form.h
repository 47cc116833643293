/* product_form.h - a product as an institution writes it (form.h): its fields, and the product that a form without faults makes, by the code that reads those of packs. */
#ifndef LL_APPS_FINANCE_PRODUCT_FORM_H
#define LL_APPS_FINANCE_PRODUCT_FORM_H

#include "apps/finance/form.h"
#include "apps/finance/product.h"

extern const struct ll_form_kind ll_product_form;

/* Whose it is. */
struct ll_form_owner {
    const char *code, *organisation, *title[2];
};
/* Appends the product; LL_INVALID: the form has faults, and nothing was appended. */
int ll_product_form_add(const struct ll_form *form, const struct ll_form_owner *owner,
                        struct ll_products *all, size_t *n_rules, struct ll_arena *arena,
                        struct ll_err *err) LL_MUST;

#endif
