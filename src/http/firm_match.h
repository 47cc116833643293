/* firm_match.h - a firm's matches (products, policies): by the firm itself, or by an operator, whose look the journal has.
 *
 * What is matched is the caller's: `put` writes one page of it between ll_firm_match_page and ll_firm_match_end, by the firm's values of now. */
#ifndef LL_HTTP_FIRM_MATCH_H
#define LL_HTTP_FIRM_MATCH_H

#include "apps/finance/feature_now.h"
#include "apps/finance/product_live.h"
#include "http/app.h"
#include "http/request.h"

struct ll_firm_match {
    struct ll_request *rq;
    const struct ll_products_held *held;
    struct ll_feature_told told;
    int64_t offset, limit;
};

/* Opens the answer with its list; total: of all that is matched.  The rows from m->offset on follow, m->limit of them at most. */
void ll_firm_match_page(const struct ll_firm_match *m, int64_t total);
/* Closes it, with as of when and where from the values are. */
void ll_firm_match_end(const struct ll_firm_match *m);

/* put: its ctx is the struct ll_firm_match.  LL_USAGE: no credit code; LL_NOTFOUND: no base resource knows the firm. */
int ll_firm_match_of(struct ll_app *app, struct ll_firm_match *m, struct ll_str uscc, ll_features_fn *put,
                     struct ll_err *err) LL_MUST;
/* The firm that is signed in; LL_NOTFOUND with these words (Chinese, English) for who is none. */
int ll_firm_match_own(struct ll_app *app, struct ll_firm_match *m, const char *const none[2],
                      ll_features_fn *put, struct ll_err *err) LL_MUST;

#endif
