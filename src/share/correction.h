/* correction.h - when a record that was handed out is later changed, deleted, withdrawn, disputed or no longer shared, everyone who got it is told.
 *
 * (1) Who got what is read back from the journal (table recipient, ledger.h): organisation, resource and the subject's pseudonym, with the entry of
 *     the last answer.  What was answered only with "there is none", or refused for want of consent, is not among it.
 * (2) The teller follows change_event and the events of doubts, in order.  A batch's changed records come of one statement of the engine and meet the
 *     recipients in one pass over both, sorted; pages, and how far the teller is, are written in one transaction: nothing is told twice or left out.
 * (3) A notice says which answer it is about (the journal's entry, which the recipient has as its receipt), and the key where that tells
 *     nothing more: the key is the subject's alone and was shown by the grant.  Whoever got a record after it was changed is not told.
 * (4) Pages lie sealed.  Reading them takes no grant: it may have ended since.
 * (5) Documents that were made from a record which is corrected or withdrawn (report/issue.h) are marked stale in the same transaction. */
#ifndef LL_SHARE_CORRECTION_H
#define LL_SHARE_CORRECTION_H

#include "share/gateway.h"

enum { LL_CORRECTION_PAGES = 20 };

struct ll_teller;
/* A thread that looks every second.  g and d must outlive it. */
int ll_teller_open(struct ll_gateway *g, struct ll_data *d, struct ll_teller **ret,
                   struct ll_err *err) LL_MUST;
struct ll_teller *ll_teller_close(struct ll_teller *t); /* NULL is fine; returns NULL */
/* Tells everything that happened until now. */
int ll_teller_catch_up(struct ll_gateway *g, struct ll_data *d, struct ll_err *err) LL_MUST;

/* Pages after the cursor (n 0: from the first), at most `most`: "items", "cursor", "more" into an object that is open.  *ret_n: records told of. */
int ll_corrections_put(struct ll_gateway *g, struct ll_txn *tx, const char *organisation,
                       struct ll_str cursor, size_t most, struct ll_json *j, size_t *ret_n,
                       struct ll_err *err) LL_MUST;

#endif
