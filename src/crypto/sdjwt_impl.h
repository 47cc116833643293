/* sdjwt_impl.h - what the parts of sdjwt.h share. */
#ifndef LL_CRYPTO_SDJWT_IMPL_H
#define LL_CRYPTO_SDJWT_IMPL_H

#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/sdjwt.h"

enum { LL_SDJWT_DIGEST = 44 /* base64url of SHA-256, and a NUL */ };

struct ll_sdjwt_parts {
    struct ll_str signed_claims, disclosures[LL_SDJWT_DISCLOSURES], binding;
    struct ll_str bound; /* all that the key binding signs: up to its tilde */
    size_t n;
};

void ll_sdjwt_digest(struct ll_str text, char out[LL_SDJWT_DIGEST]);
/* *ret: a new object, the claims with every disclosure in its place.  LL_INVALID when one has no place. */
int ll_sdjwt_unfold(const json_t *claims, const struct ll_sdjwt_parts *p, json_t **ret,
                    struct ll_err *err) LL_MUST;

#endif
