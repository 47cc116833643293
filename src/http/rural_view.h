/* rural_view.h - what handlers about rural households work with: catalogue, list, the newest roll-up, rules of rating, and whom they may see. */
#ifndef LL_HTTP_RURAL_VIEW_H
#define LL_HTTP_RURAL_VIEW_H

#include "apps/rural/rating.h"
#include "http/rural_scope.h"
#include "http/sharing.h"

struct ll_rural_view {
    struct ll_sharing s;
    struct ll_rural r;
    struct ll_rollup run;             /* the newest; id empty: there is none */
    const struct ll_rural_card *card; /* NULL: the packs have no rating */
    struct ll_rural_reach reach;
};
/* On failure nothing is open. */
int ll_rural_view_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_rural_view *k,
                       struct ll_err *err) LL_MUST;
void ll_rural_view_close(struct ll_rural_view *k);
int ll_rural_no_run(struct ll_err *err);
int ll_rural_no_card(struct ll_err *err);

/* That the caller's organisation verified the household now ("check"), or had its report ("report"): apps/rural/loan.h. */
int ll_rural_used(struct ll_app *app, struct ll_request *rq, struct ll_str household, const char *kind,
                  struct ll_err *err) LL_MUST;
/* "rating" of a household, as apps/rural/told.h tells it. */
int ll_rural_rating_put(struct ll_app *app, struct ll_request *rq, const struct ll_rural_view *k,
                        struct ll_str household, struct ll_err *err) LL_MUST;

#endif
