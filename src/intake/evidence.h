/* evidence.h - what the journal says of deliveries and packs: every batch sealed or withdrawn, every pack loaded.
 *
 * (1) The control database notes each of them in the transaction that makes it (triggers of schema step 6), whichever process that is and
 *     whether it has the journal or not.  So none is lost when a process dies in between.
 * (2) ll_evidence_append brings what is noted into the journal, in order.  Before an entry is appended its note says from which size of
 *     the journal on it may be found; a note that was left like that by a crash is looked for there first.  So none comes twice.
 * (3) evidence.journal is the index of the entry: from a batch to its proof. */
#ifndef LL_INTAKE_EVIDENCE_H
#define LL_INTAKE_EVIDENCE_H

#include "base/err.h"
#include "store/store.h"

#include <stdint.h>

struct ll_journal;

/* At most `limit` notes; *ret_n how many were brought in.  One caller at a time. */
int ll_evidence_append(struct ll_store *st, struct ll_journal *j, size_t limit, size_t *ret_n,
                       struct ll_err *err) LL_MUST;

#endif
