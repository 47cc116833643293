/* institution_change.h - what an institution that is listed asks to change of what the platform has looked at: kind, licence, parent.
 *
 * (1) One change is open at most; asking anew takes the place of what was asked before.  Rows are never deleted.
 * (2) Asking, approving, rejecting and taking back are steps of flow INSTITUTION; the event of asking says from what to what.
 * (3) Leaving and delisting end what is open. */
#ifndef LL_APPS_FINANCE_INSTITUTION_CHANGE_H
#define LL_APPS_FINANCE_INSTITUTION_CHANGE_H

#include "apps/finance/institution.h"

/* Takes the step, unless the same is asked for already. */
int ll_institution_change_ask(const struct ll_market_env *env, const struct ll_institution *i,
                              const struct ll_institution_said *said, struct ll_err *err) LL_MUST;
/* LL_CONFLICT: the action is about a change, and none is open. */
int ll_institution_change_check(const struct ll_institution *i, const char *action,
                                struct ll_err *err) LL_MUST;
/* After a step of the institution that i, which has an open change, was in: what becomes of the change. */
int ll_institution_change_end(const struct ll_market_env *env, const struct ll_institution *i,
                              const char *action, struct ll_err *err) LL_MUST;

#endif
