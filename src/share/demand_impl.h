/* demand_impl.h - what the files of demands share. */
#ifndef LL_SHARE_DEMAND_IMPL_H
#define LL_SHARE_DEMAND_IMPL_H

#include "share/demand.h"

/* Writes a row with this id, state open. */
int ll_demand_insert(struct ll_txn *tx, const struct ll_demand *d, const char *id,
                     struct ll_err *err) LL_MUST;
/* Writes the state that a step leads to, with the time limit that begins there. */
int ll_demand_enter(struct ll_txn *tx, const struct ll_demand *d, enum ll_state to,
                    struct ll_err *err) LL_MUST;

#endif
