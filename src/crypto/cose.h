/* cose.h - public keys as authenticators give them (COSE_Key, RFC 9053): ES256, EdDSA on Ed25519, RS256. */
#ifndef LL_CRYPTO_COSE_H
#define LL_CRYPTO_COSE_H

#include "base/err.h"
#include "base/str.h"

enum { LL_COSE_ES256 = -7, LL_COSE_EDDSA = -8, LL_COSE_RS256 = -257 };

struct ll_cose_key;

/* The whole text is one key; LL_INVALID says what is wrong with it. */
int ll_cose_key_read(struct ll_str cbor, struct ll_cose_key **ret, struct ll_err *err) LL_MUST;
struct ll_cose_key *ll_cose_key_free(struct ll_cose_key *k); /* NULL is fine; returns NULL */
int ll_cose_key_alg(const struct ll_cose_key *k);
/* sig as WebAuthn has it: ECDSA in DER.  LL_OK or LL_INVALID. */
int ll_cose_verify(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig,
                   struct ll_err *err) LL_MUST;

#endif
