/* financing_match.h - products for one firm's financing, by its indicators of now. */
#ifndef LL_HTTP_FINANCING_MATCH_H
#define LL_HTTP_FINANCING_MATCH_H

#include "apps/finance/feature_now.h"
#include "apps/finance/financing_fit.h"
#include "apps/finance/product_live.h"
#include "http/app.h"

struct ll_financing_matched {
    const struct ll_products_held *held; /* what follows needs it */
    const struct ll_catalog *cat;
    const struct ll_products *all;
    const struct ll_feature_value *values;
    struct ll_match_values said;   /* the same, for answers */
    struct ll_financing_fit *fits; /* all->n of them, in the declared order */
    struct ll_feature_told told;   /* as of when, and where from */
    int64_t loans;                 /* that the firm ever drew, as far as is known; -1: not known */
};
/* uscc, wish: living as long as the request.  Takes the engine for a while: not to be called within a transaction.  On success to be closed. */
int ll_financing_matched_open(struct ll_app *app, struct ll_request *rq, struct ll_str uscc,
                              const struct ll_financing_wish *wish, struct ll_financing_matched *ret,
                              struct ll_err *err) LL_MUST;
void ll_financing_matched_close(struct ll_financing_matched *m);

#endif
