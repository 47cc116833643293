/* flow_sweep.h - what time does: whoever must act is reminded before a limit ends, what is past it is escalated, what
 * nobody appealed against in time ends, grants past their period are marked expired.  Each is an event of the platform itself, written once. */
#ifndef LL_SHARE_FLOW_SWEEP_H
#define LL_SHARE_FLOW_SWEEP_H

#include "share/flow.h"

struct ll_swept {
    size_t reminded, escalated, lapsed, expired;
};
/* One transaction.  now: ms. */
int ll_flow_sweep(struct ll_store *st, int64_t now, struct ll_swept *ret, struct ll_err *err) LL_MUST;

#endif
