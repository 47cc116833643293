/* deed_step.h - a step of a deed: a statement and the signatures that it takes, and what the journal says of it.
 *
 *   signature   a compact JWS (RFC 7515) over the statement's bytes: EdDSA or SM2-SM3; typ "luling-step+jws", kid the key's RFC 7638 thumbprint
 *   step hash   SHA-256 of "luling-step/v1\n", then of each signature, in the order of the roles, its organisation, a blank, the JWS, a line end
 *   entry       {"step":<hash>} of type ledger-step; with "assets" or "freed", what the step lays claim to or gives up (deed_asset.h)
 *
 * (1) The entry says whose key each was held to be: the platform answers for that, at that time.  The statement is not in it, and nobody guesses the
 *     signatures, so that a reader of the journal learns no more than that there was a step.
 * (2) Every signature is over the same bytes. */
#ifndef LL_APPS_FINANCE_DEED_STEP_H
#define LL_APPS_FINANCE_DEED_STEP_H

#include "apps/finance/deed.h"
#include "crypto/jws.h"

#define LL_DEED_TYP "luling-step+jws"
enum {
    LL_DEED_JWS_MAX = 24 << 10, /* of a statement that is as long as it may be */
    LL_DEED_KID = 43
};

struct ll_deed_signature {
    const char *organisation; /* NULL: not known yet */
    char kid[LL_DEED_KID + 1];
    struct ll_str jws; /* borrowed */
};

/* Takes a JWS apart without believing it: its key's name, and the statement's bytes in the arena.  LL_INVALID. */
int ll_deed_open(struct ll_str jws, struct ll_arena *arena, char kid[LL_DEED_KID + 1],
                 struct ll_str *ret_payload, struct ll_err *err) LL_MUST;
/* Whether the key made it: Ed25519 or SM2. */
int ll_deed_verify(struct ll_str jws, const struct ll_key *k, struct ll_err *err) LL_MUST;

void ll_deed_step_hash(const struct ll_deed_signature *list, size_t n, char out[LL_DEED_HASH + 1]);
/* tags: of deed_asset.h. */
void ll_deed_put_entry(const char step[LL_DEED_HASH + 1], enum ll_deed_claim claim, const char *const *tags,
                       size_t n_tags, struct ll_buf *out);

#endif
