/* hash.h - SHA-256 (FIPS 180-4) by OpenSSL, streamed, as hexadecimal text.  For a hash of a few bytes see digest.h. */
#ifndef LL_CRYPTO_HASH_H
#define LL_CRYPTO_HASH_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/digest.h"

enum { LL_SHA256_HEX = 65 };

struct ll_hash;

int ll_hash_open(struct ll_hash **ret, struct ll_err *err) LL_MUST;
void ll_hash_add(struct ll_hash *h, const void *p, size_t n);
/* Writes 64 hexadecimal digits and a NUL, and closes. */
void ll_hash_hex(struct ll_hash *h, char out[LL_SHA256_HEX]);
void ll_hash_close(struct ll_hash *h); /* without a result; NULL is fine */

int ll_hash_file(const char *path, char out[LL_SHA256_HEX], struct ll_err *err) LL_MUST;
int ll_hash_str(struct ll_str s, char out[LL_SHA256_HEX], struct ll_err *err) LL_MUST;

#endif
