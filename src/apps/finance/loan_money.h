/* loan_money.h - what steps of a loan case keep of money: granted, drawn, repaid, overdue, lost; for loan_step.c alone. */
#ifndef LL_APPS_FINANCE_LOAN_MONEY_H
#define LL_APPS_FINANCE_LOAN_MONEY_H

#include "apps/finance/loan_case.h"

/* A step being taken: the flow allowed it, the state is still the one before. */
struct ll_loan_taking {
    const struct ll_deal_env *env;
    const struct ll_loan_case *c;
    const struct ll_financing *f;
    const struct ll_loan_act *act;
    int64_t day; /* of what happened */
};
int ll_loan_put_grant(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_put_draw(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_put_repayment(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_put_overdue(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_put_cure(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_put_loss(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;
int ll_loan_check_settled(const struct ll_loan_taking *t, struct ll_err *err) LL_MUST;

#endif
