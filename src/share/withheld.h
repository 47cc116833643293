/* withheld.h - records that are no longer shared (停止共享), because a matter such as a credit repair was decided so.
 *
 * (1) From the next call on no organisation gets the record: asked by its key the answer says `withheld`; among the records of a subject, in
 *     changes, exports, views and reports it is as good as not there.  Its source and the platform still see it.
 * (2) Who received it is told (correction.h), and again when it is shared once more.
 * (3) Rows are never changed or removed: what was withheld when, and by which matter, can be told for any day. */
#ifndef LL_SHARE_WITHHELD_H
#define LL_SHARE_WITHHELD_H

#include "catalog/model.h"
#include "store/store.h"
#include "store/vault.h"

/* record: its key as a JSON array; sealed where the resource's key is.  matter: what decided it; one matter withholds one record. */
int ll_withhold(struct ll_txn *tx, struct ll_vault *v, const struct ll_resource *r, const char *record,
                const char *matter, struct ll_err *err) LL_MUST;
/* It is shared again.  LL_CONFLICT: the matter withholds nothing. */
int ll_withhold_end(struct ll_txn *tx, const char *matter, struct ll_err *err) LL_MUST;

#endif
