/* product_version.h - products of institutions as versions (version.h): who is no registered institution writes none, and shown to all is the published version of an
 * institution that is listed. */
#ifndef LL_APPS_FINANCE_PRODUCT_VERSION_H
#define LL_APPS_FINANCE_PRODUCT_VERSION_H

#include "apps/finance/version.h"

extern const struct ll_version_kind ll_product_versions;

/* The product that a form without faults makes. */
int ll_form_product(const struct ll_market_env *env, const struct ll_form *form,
                    const struct ll_form_owner *owner, const struct ll_product **ret,
                    struct ll_err *err) LL_MUST;

#endif
