/* digest.h - one-shot hashes of short things: tree nodes, key ids, codes of messages.  SHA-256 (FIPS 180-4) and SM3 (GB/T 32905).
 *
 * They cannot fail: a thread makes its contexts at its first call, where want of memory stops the program. */
#ifndef LL_CRYPTO_DIGEST_H
#define LL_CRYPTO_DIGEST_H

#include "base/str.h"

enum { LL_DIGEST = 32 /* bytes of either hash */, LL_HMAC_PARTS = 4 };

enum ll_digest_alg { LL_SHA256, LL_SM3 };

void ll_sha256(const void *p, size_t n, unsigned char out[LL_DIGEST]);
void ll_sm3(const void *p, size_t n, unsigned char out[LL_DIGEST]);
/* Of the parts one after the other. */
void ll_digest(enum ll_digest_alg alg, const struct ll_str *parts, size_t n, unsigned char out[LL_DIGEST]);

/* RFC 2104, with either hash. */
void ll_hmac(enum ll_digest_alg alg, struct ll_str key, struct ll_str msg, unsigned char out[LL_DIGEST]);
/* Of at most LL_HMAC_PARTS parts one after the other. */
void ll_hmac_parts(enum ll_digest_alg alg, struct ll_str key, const struct ll_str *parts, size_t n,
                   unsigned char out[LL_DIGEST]);
void ll_hmac_sha256(struct ll_str key, struct ll_str msg, unsigned char out[LL_DIGEST]);
/* RFC 5869: n bytes, at most 255 * 32, out of a secret that has entropy enough. */
void ll_hkdf_sha256(struct ll_str secret, struct ll_str salt, struct ll_str info, unsigned char *out,
                    size_t n);

#endif
