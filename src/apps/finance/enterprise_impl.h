/* enterprise_impl.h - what enterprise.c (reading, writing out) and enterprise_register.c (what the firm tells) share. */
#ifndef LL_APPS_FINANCE_ENTERPRISE_IMPL_H
#define LL_APPS_FINANCE_ENTERPRISE_IMPL_H

#include "apps/finance/enterprise.h"

enum ll_enterprise_teller { LL_ENT_BASE, LL_ENT_EITHER, LL_ENT_FIRM };
struct ll_enterprise_about {
    const char *name, *title[2];
    enum ll_enterprise_teller who;
    size_t most; /* characters; 0: a number */
};
extern const struct ll_enterprise_about ll_enterprise_fields[LL_ENT_FIELDS];

/* Whether its legal representative is verified, into e->auth. */
int ll_enterprise_verified(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                           struct ll_enterprise *e, struct ll_err *err) LL_MUST;
/* The row of the subject's registration into e, what the firm told into its values. */
int ll_enterprise_row(const struct ll_enterprise_env *env, const char *subject, struct ll_enterprise *e,
                      struct ll_err *err) LL_MUST;

#endif
