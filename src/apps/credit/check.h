/* check.h - "check this subject before this act": which lists hold it, which measures go with them and on what legal basis; and what was done of them.
 *
 * (1) A rule is evaluated at the question, over the subject's own records as they are: who meets it is on the list, who no longer does is off it.
 *     A record that is no longer shared (share/withheld.h), as after a credit repair, holds nobody; one that is disputed says so.
 * (2) What was decided by a document (listing.h) holds from its day until its end or its removal.
 * (3) Lists that cannot be told, because their resource is not connected or has delivered nothing, are named: silence is no answer.
 * (4) The answer gives membership, no record.  Lists that are public by law are told to everybody; those for agencies are told to agencies, and to who has a grant (and where
 *     that asks for it the subject's consent) for what the list follows from.
 * (5) Who asked, for what, and which measures were in force is kept; who asked says afterwards what was done, and that is counted. */
#ifndef LL_APPS_CREDIT_CHECK_H
#define LL_APPS_CREDIT_CHECK_H

#include "apps/credit/listing.h"
#include "share/gateway.h"
#include "share/tables.h"

enum { LL_CHECK_MATTER_MAX = 200, LL_CHECK_NOTE_MAX = 500 };

struct ll_check_ask {
    enum ll_scheme scheme;
    struct ll_str value;          /* canonical */
    const char *matter, *officer; /* what the check is for; on whose behalf, or NULL */
};

/* "check", "subject", "matter", "at", "listed", "measures", "unanswered" into an object that is open. */
int ll_check(const struct ll_listing_env *env, struct ll_tables *tables, struct ll_gateway *gateway,
             const struct ll_check_ask *ask, struct ll_json *j, struct ll_err *err) LL_MUST;

/* What the organisation that asked did of a measure.  LL_NOTFOUND: it made no such check; LL_INVALID: the measure was not in force then;
 * LL_CONFLICT: it was reported already. */
int ll_check_report(const struct ll_listing_env *env, const char *check, const char *measure, bool taken,
                    const char *note, struct ll_err *err) LL_MUST;

/* "items": by measure (and organisation) how often it was in force, taken, not taken, not reported yet.  organisation NULL: of all. */
int ll_check_statistics(struct ll_txn *tx, const char *organisation, struct ll_json *j,
                        struct ll_err *err) LL_MUST;

#endif
