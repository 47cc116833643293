/* objecting.h - a subject objects to a record of its own (异议): in what it says of the subject it is wrong.
 *
 * (1) It is accepted when the record is there and is the subject's, and marked as disputed in every answer from then on (marks.h).
 * (2) The source decides within the time limit of flow OBJECTION (tbl/workflow_states.h); against its decision the subject may appeal.
 * (3) What was found wrong is settled when it is no longer so at the source: the items in question have another value, or the record is gone,
 *     by a delivery or by the withdrawal of a batch, whether that came before the decision or after it.
 * (4) Who received the record is told when the objection begins, when the record is corrected, and when it ends (correction.h).
 * (5) What the record said is kept as a keyed hash: the objection tells a reader of the store nothing more than the record. */
#ifndef LL_SHARE_OBJECTING_H
#define LL_SHARE_OBJECTING_H

#include "share/gateway.h"
#include "share/objection.h"
#include "standard/ident.h"

enum { LL_OBJECTING_ITEMS_MAX = 20, LL_OBJECTING_OPEN_MAX = 50 };

/* Everything borrowed. */
struct ll_objecting {
    const char *subject;   /* share/consent.h */
    enum ll_scheme scheme; /* its identifier */
    struct ll_str value;
    const char *resource;
    /* Parts, as the resource writes them; the subject's own identifier as it is shown to it, which is masked, stands for itself. */
    const char *const *key;
    size_t n_key;
    const char *const *items; /* n_items 0: the record as a whole */
    size_t n_items;
    const char *reason;
};

/* LL_NOTFOUND: there is no such record of the subject; LL_CONFLICT: an open objection is about it already; LL_TOOMANY. */
int ll_objecting_add(struct ll_gateway *g, struct ll_txn *tx, const struct ll_catalog *cat,
                     const struct ll_objecting *what, const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT],
                     struct ll_err *err) LL_MUST;

/* Ends those of promise (3) whose records changed since they were looked at last.  Opens its own transactions. */
int ll_objecting_settle(struct ll_gateway *g, struct ll_err *err) LL_MUST;

#endif
