/* flow_sweep.h - what time does: whoever must act is reminded before a limit ends, what is past it is escalated, what
 * nobody appealed against in time ends, grants past their period are marked expired.  Each is an event of the platform itself, written once. */
#ifndef LL_SHARE_FLOW_SWEEP_H
#define LL_SHARE_FLOW_SWEEP_H

#include "share/flow.h"

struct ll_swept {
    size_t reminded, escalated, lapsed, expired;
};
/* Matters of a flow whose time limit runs. */
struct ll_flow_swept {
    enum ll_flow flow;
    const char *running; /* SELECT id, state, applicant, provider, due_at, changed_at, at most 1000 */
    int (*act)(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
               struct ll_err *err); /* where the end of a limit may end the matter (step lapse); NULL */
};
/* One transaction.  now: ms; more: of flows that uses have, NULL: none. */
int ll_flow_sweep(struct ll_store *st, int64_t now, const struct ll_flow_swept *more, size_t n_more,
                  struct ll_swept *ret, struct ll_err *err) LL_MUST;

#endif
