/* handing.h - a document that was issued, as the answer. */
#ifndef LL_HTTP_HANDING_H
#define LL_HTTP_HANDING_H

#include "http/request.h"
#include "report/issue.h"

/* Takes x->body.  A page names its style by its hash, so that a browser may show it. */
int ll_hand_out(struct ll_request *rq, struct ll_issue *x, struct ll_err *err) LL_MUST;

#endif
