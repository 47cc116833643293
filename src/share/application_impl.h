/* application_impl.h - what the files of applications share. */
#ifndef LL_SHARE_APPLICATION_IMPL_H
#define LL_SHARE_APPLICATION_IMPL_H

#include "share/application.h"

/* Writes a row with a new id, state draft, and its resources, and the first event. */
int ll_application_insert(struct ll_txn *tx, const struct ll_application *a, const struct ll_actor *actor,
                          struct ll_err *err) LL_MUST;
/* Writes the state that a step leads to, with the time limit that begins there. */
int ll_application_enter(struct ll_txn *tx, const struct ll_application *a, enum ll_state state,
                         struct ll_err *err) LL_MUST;

#endif
