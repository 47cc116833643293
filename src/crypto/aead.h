/* aead.h - encryption of small things, so that what was changed does not open: AES-256-GCM (NIST SP 800-38D) and SM4-GCM (RFC 8998).
 *
 *   sealed = algorithm[1] nonce[12] ciphertext tag[16]
 *
 * (1) The nonce is random: one key seals at most 2^32 values, so items are sealed by a key of their batch or pack, and that key by the
 *     platform's.
 * (2) `about` is not stored but must be the same again at opening: it ties a value to its place (resource, item, key), so that two
 *     values cannot be exchanged.
 *
 * A struct ll_aead does not change once made; threads share it. */
#ifndef LL_CRYPTO_AEAD_H
#define LL_CRYPTO_AEAD_H

#include "base/buf.h"
#include "base/err.h"

enum ll_aead_alg { LL_AES256_GCM = 1, LL_SM4_GCM = 2 }; /* stored: never renumber */

enum { LL_AEAD_KEY = 32, LL_AEAD_MORE = 1 + 12 + 16, LL_BLIND = 16 };

struct ll_aead;

/* secret: 32 bytes.  SM4 takes 16 that are derived from them (HKDF), so that one secret serves both. */
int ll_aead_new(enum ll_aead_alg alg, struct ll_str secret, struct ll_aead **ret, struct ll_err *err) LL_MUST;
struct ll_aead *ll_aead_free(struct ll_aead *a); /* NULL is fine; returns NULL */

/* Appends plain.n + LL_AEAD_MORE bytes to out. */
int ll_aead_seal(const struct ll_aead *a, struct ll_str about, struct ll_str plain, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
/* Appends the plain text; LL_INVALID, and out as it was, when anything differs from what was sealed. */
int ll_aead_open(const struct ll_aead *a, struct ll_str about, struct ll_str sealed, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;

/* Finds an encrypted value without showing it: the same value of the same item gives the same 16 bytes. */
void ll_blind_index(struct ll_str secret, struct ll_str item, struct ll_str value,
                    unsigned char out[LL_BLIND]);

#endif
