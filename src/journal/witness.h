/* witness.h - the other side (C2SP tlog-witness): signs a log's checkpoint when it is consistent with every one it signed before.
 *
 *   DIR/<hexadecimal SHA-256 of the origin>/checkpoint      the latest one, with our cosignature
 *
 * (1) What a signature says is on the disk before it is given out, and the comparison and the writing are one step: of two requests at once
 *     the second is compared with what the first left.
 * (2) It knows the logs of its policy file (lines "log <vkey>") and no others.
 *
 * Threads share it freely; one process has a folder. */
#ifndef LL_JOURNAL_WITNESS_H
#define LL_JOURNAL_WITNESS_H

#include "journal/policy.h"

struct ll_witness;

/* policy and key (type LL_NOTE_COSIGNATURE, private) are borrowed. */
int ll_witness_open(const char *dir, const struct ll_policy *policy, const struct ll_vkey *key,
                    struct ll_witness **ret, struct ll_err *err) LL_MUST;
struct ll_witness *ll_witness_close(struct ll_witness *w); /* NULL is fine; returns NULL */

enum { LL_WITNESS_REQUEST = LL_NOTE_MAX + 8192 };

/* Answers POST add-checkpoint: returns the HTTP status (200, 400, 403, 404, 409, 422, 500) and puts the answer's body into out;
 * *ret_type is its media type. */
unsigned ll_witness_add(struct ll_witness *w, struct ll_str request, int64_t now_s, struct ll_buf *out,
                        const char **ret_type);
/* GET <hexadecimal SHA-256 of the origin>/checkpoint: 200 or 404. */
unsigned ll_witness_get(struct ll_witness *w, struct ll_str hex, struct ll_buf *out);

#endif
