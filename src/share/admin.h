/* admin.h - what is done to accounts, clients, keys and freezes, as evidence.
 *
 * (1) An act is noted in the transaction that does it: there is no act without its note, and no note of what did not happen.
 * (2) Notes wait in the control database until the journal has their entry; one may come twice when the program dies between appending
 *     and marking, which readers tell by its number `event`.
 * (3) Nothing in a note is a secret: no password, no token, no private key. */
#ifndef LL_SHARE_ADMIN_H
#define LL_SHARE_ADMIN_H

#include "share/actor.h"
#include "share/tbl/admin_acts.h"
#include "store/store.h"

struct ll_journal;

#define X(id, ...) LL_ADMIN_##id,
enum ll_admin_act { LL_ADMIN_ACTS(X) LL_ADMIN_ACT_COUNT };
#undef X

struct ll_admin_note {
    enum ll_admin_act act;
    struct ll_str object; /* the account, the client, "kind id" of a freeze; of a key change: the key */
    struct ll_str of;     /* whose key it is; n 0: said by the object */
    struct ll_str detail; /* in words: duties, a reason; n 0: none */
};

/* by: NULL is the platform itself; an actor without account is a person at the machine. */
int ll_admin_note(struct ll_txn *tx, const struct ll_actor *by, const struct ll_admin_note *n,
                  struct ll_err *err) LL_MUST;
/* Brings at most limit notes into the journal, oldest first. */
int ll_admin_journal(struct ll_store *st, struct ll_journal *journal, size_t limit, size_t *ret_n,
                     struct ll_err *err) LL_MUST;

#endif
