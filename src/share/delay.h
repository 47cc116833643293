/* delay.h - a lawful investigation may keep from a subject for a time who looked at its data.
 *
 * (1) The security administrator proposes, the auditor agrees: two people, since their duties exclude each other (flow DELAY).  Either lifts it.
 *     Each step is an entry of the journal.
 * (2) It names one organisation, one subject, a matter, a rule of law by its title, and a day not later than looks_delay_max_days from
 *     now.  The subject is kept by its pseudonym only.
 * (3) It covers looks of that organisation from the moment it is agreed to until its end: never one that the subject may have seen.
 * (4) A look that is withheld counts: it is a link of the subject's chain (journal/looklist.h) without contents.  Afterwards the subject
 *     sees it with what kept it back, and why. */
#ifndef LL_SHARE_DELAY_H
#define LL_SHARE_DELAY_H

#include "journal/entry.h"
#include "share/flow.h"

struct ll_delay {
    const char *id, *organisation, *subject, *matter, *legal_basis, *reason;
    enum ll_state state;
    int64_t from_at, until_at, made_at, changed_at; /* from_at 0: not agreed to */
};

/* draft: organisation, subject (a pseudonym), matter, legal_basis, reason, until_at.  LL_INVALID says what is missing. */
int ll_delay_propose(struct ll_txn *tx, const struct ll_delay *draft, int64_t max_days,
                     const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
/* Takes a step of flow DELAY. */
int ll_delay_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                 struct ll_err *err) LL_MUST;
int ll_delay_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_delay *ret,
                 struct ll_err *err) LL_MUST;

enum { LL_DELAYS_MAX = 500 };
/* subject: those that were agreed to, of this pseudonym; NULL: all, newest first.  At most LL_DELAYS_MAX. */
int ll_delay_list(struct ll_txn *tx, const char *subject, struct ll_arena *arena, struct ll_delay **ret,
                  size_t *ret_n, struct ll_err *err) LL_MUST;
/* The delay that covers a look of the organisation at that time; NULL: none. */
const struct ll_delay *ll_delay_of(const struct ll_delay *list, size_t n, struct ll_str organisation,
                                   int64_t time_ms);
bool ll_delay_holds(const struct ll_delay *d, int64_t now); /* whether it still keeps its looks back */

struct ll_flow_object ll_delay_object(const struct ll_delay *d);
void ll_delay_put(struct ll_json *j, const struct ll_delay *d); /* its fields, into an object that is open */

#endif
