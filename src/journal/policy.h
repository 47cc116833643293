/* policy.h - whose word one takes for a log (C2SP tlog-policy): its keys, witnesses, and how many of which must have cosigned.
 *
 *   log <vkey> [<url>]
 *   witness <name> <vkey> [<url>]
 *   group <name> all|any|<k> <name>...       of witnesses and groups that stand above
 *   quorum <name>|none
 *
 * Lines that are empty or start with # are passed over.  A name belongs to one group at most, so that nobody counts twice.  A log may have
 * several keys; where it has keys of SM2 (ours) beside others, one of either kind must have signed. */
#ifndef LL_JOURNAL_POLICY_H
#define LL_JOURNAL_POLICY_H

#include "journal/checkpoint.h"

enum { LL_POLICY_MAX = 64 << 10, LL_POLICY_LOGS = 32, LL_POLICY_MEMBERS = 96 };

struct ll_policy;

int ll_policy_parse(struct ll_str text, struct ll_policy **ret, struct ll_err *err) LL_MUST;
struct ll_policy *ll_policy_free(struct ll_policy *p); /* NULL is fine; returns NULL */

/* Who cosigned, and what the policy makes of it. */
struct ll_quorum {
    unsigned witnesses, cosigned;
    bool met;
    int64_t newest; /* the latest time of a cosignature, seconds since 1970; 0: none */
};

/* A checkpoint of one of the logs, signed by it and cosigned as the policy asks.  With `quorum` a quorum that is not met is no error
 * but told there.  *ret borrows from note. */
int ll_policy_check(const struct ll_policy *p, struct ll_str note, struct ll_checkpoint *ret,
                    struct ll_quorum *quorum, struct ll_err *err) LL_MUST;

/* The witnesses, in the order of the file; NULL past the last. */
struct ll_policy_witness {
    const char *name;
    const struct ll_vkey *key;
    const char *url; /* NULL: none is known */
};
bool ll_policy_witness(const struct ll_policy *p, size_t i, struct ll_policy_witness *ret);
const struct ll_vkey *ll_policy_log(const struct ll_policy *p, size_t i); /* NULL past the last */

#endif
