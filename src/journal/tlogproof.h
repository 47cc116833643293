/* tlogproof.h - a receipt that stands by itself (C2SP tlog-proof): an entry's place, the path to the root, the signed checkpoint.
 *
 *   c2sp.org/tlog-proof@v1
 *   extra <base64>           (optional; nobody vouches for it)
 *   index <n>
 *   <base64 hash>            as many as there are, leaf's sibling first
 *   <empty line>
 *   <checkpoint note> */
#ifndef LL_JOURNAL_TLOGPROOF_H
#define LL_JOURNAL_TLOGPROOF_H

#include "journal/policy.h"

enum { LL_TLOGPROOF_MAX = 128 << 10 };

struct ll_tlogproof {
    struct ll_str extra; /* as written, base64; p NULL when there is none */
    uint64_t index;
    struct ll_proof path;
    struct ll_str note; /* borrowed */
};

int ll_tlogproof_parse(struct ll_str text, struct ll_tlogproof *ret, struct ll_err *err) LL_MUST;
void ll_tlogproof_put(uint64_t index, const struct ll_proof *path, struct ll_str note, struct ll_buf *out);

/* Does the proof show that `entry` is in a log of the policy, and is the checkpoint witnessed as it asks?  *ret is the checkpoint. */
int ll_tlogproof_verify(const struct ll_tlogproof *p, struct ll_str entry, const struct ll_policy *policy,
                        struct ll_checkpoint *ret, struct ll_err *err) LL_MUST;

#endif
