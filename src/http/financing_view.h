/* financing_view.h - financings and loan cases as the API shows them, to the firm and to the desks. */
#ifndef LL_HTTP_FINANCING_VIEW_H
#define LL_HTTP_FINANCING_VIEW_H

#include "apps/finance/loan_case.h"
#include "http/sharing.h"

struct ll_deal_env ll_deal_env_of(struct ll_request *rq, const struct ll_sharing *s);

/* Members of an object that is open: what everybody sees of a financing. */
void ll_financing_view(struct ll_json *j, const struct ll_catalog *cat, const struct ll_financing *f);
/* key: a FinancingProduct, or null. */
void ll_financing_view_product(struct ll_json *j, const char *key, const struct ll_financing_product *p);
void ll_financing_view_products(struct ll_json *j, const char *key, const struct ll_financing_product *list,
                                size_t n);

enum ll_loan_view { LL_LOAN_CARD, LL_LOAN_FIRM, LL_LOAN_DESK };
/* An object: LoanCaseCard, MeLoanCase or LoanCase.  uscc: of the firm, shown to the desk once the firm applied; NULL: not shown. */
int ll_loan_view(struct ll_request *rq, const struct ll_deal_env *env, const struct ll_loan_case *c,
                 enum ll_loan_view as, const char *uscc, struct ll_err *err) LL_MUST;

/* A day of the body's member `name`, since 1970; 0 when it gave none. */
int ll_deal_day(const char *name, const char *text, int64_t *ret, struct ll_err *err) LL_MUST;

#endif
