/* policy_version.h - policies of departments as versions (version.h); shown to all is the published version. */
#ifndef LL_APPS_FINANCE_POLICY_VERSION_H
#define LL_APPS_FINANCE_POLICY_VERSION_H

#include "apps/finance/policy.h"
#include "apps/finance/version.h"

extern const struct ll_version_kind ll_policy_versions;

/* The policy that a form without faults makes. */
int ll_form_policy(const struct ll_market_env *env, const struct ll_form *form,
                   const struct ll_form_owner *owner, const struct ll_policy **ret,
                   struct ll_err *err) LL_MUST;

#endif
