/* policy_impl.h - how a policy is made of a form, for tables of packs and for what departments write. */
#ifndef LL_APPS_FINANCE_POLICY_IMPL_H
#define LL_APPS_FINANCE_POLICY_IMPL_H

#include "apps/finance/policy.h"

struct ll_policy_origin {
    const char *basis, *source;
    bool sample;
};
/* Appends it without rules; LL_INVALID: which field is wrong, and nothing was appended. */
int ll_policy_add(struct ll_policies *all, const struct ll_form *form, const struct ll_form_owner *owner,
                  const struct ll_policy_origin *origin, const struct ll_form_env *on,
                  struct ll_err *err) LL_MUST;
/* The same with the rules of the form, and its scope. */
int ll_policy_form_add(struct ll_policies *all, const struct ll_form *form, const struct ll_form_owner *owner,
                       const struct ll_form_env *on, size_t *n_rules, struct ll_err *err) LL_MUST;
/* What departments have published, behind what is there (policy_version.c).  What can no longer be read is left out. */
int ll_policies_published(struct ll_txn *tx, struct ll_policies *all, const struct ll_form_env *on,
                          size_t *n_rules, struct ll_err *err) LL_MUST;

#endif
