/* complaining.h - what the handlers of complaints have in common: those of who complains, and those of who handles them. */
#ifndef LL_HTTP_COMPLAINING_H
#define LL_HTTP_COMPLAINING_H

#include "apps/finance/complaint.h"
#include "apps/finance/product_live.h"
#include "http/consenting.h"

/* Catalogue, products and a transaction for the length of one request. */
struct ll_complaining {
    struct ll_consenting c;
    const struct ll_products_held *held; /* NULL: no pack has products */
    struct ll_complaint_env env;
};
int ll_complaining_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_complaining *ret,
                        struct ll_err *err) LL_MUST;
void ll_complaining_close(struct ll_complaining *k);

/* "action", "reason", "legal_basis", "rating", "words" of the body. */
void ll_complaining_act(struct ll_body *b, const struct ll_request *rq, struct ll_complaint_act *ret);
/* A page of a list, without anything that is personal. */
int ll_complaining_page(const struct ll_complaining *k, struct ll_request *rq,
                        const struct ll_complaint_query *q, struct ll_err *err) LL_MUST;
/* What who complained sees of its own, as a whole object; the actor is who may take the next step. */
int ll_complaining_put_own(const struct ll_complaining *k, struct ll_request *rq,
                           const struct ll_complaint *c, const struct ll_actor *actor,
                           struct ll_err *err) LL_MUST;

#endif
