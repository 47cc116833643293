/* key.h - signature keys: Ed25519 (RFC 8032), ES256 (ECDSA on P-256 with SHA-256, FIPS 186-4) and SM2 with SM3 (GB/T 32918.2).
 *
 * (1) The algorithm is the key's, never the caller's or the message's choice.
 * (2) A key that was read is a point of its curve; its private half is within range and fits its public one.
 * (3) SM2 signs with the identity 1234567812345678 (GB/T 35276), whatever the library's default is.
 * (4) A signature is 64 bytes: Ed25519's own, or r and s of 32 bytes each.
 *
 * A key does not change once made; threads share it freely. */
#ifndef LL_CRYPTO_KEY_H
#define LL_CRYPTO_KEY_H

#include "base/buf.h"
#include "base/err.h"

enum ll_alg { LL_ED25519, LL_ES256, LL_SM2 };

enum { LL_KEY_PUBLIC = 65, LL_KEY_SECRET = 32, LL_SIGNATURE = 64, LL_ALG_COUNT = 3 };

struct ll_key; /* a public key, with its private half or without */

const char *ll_alg_name(enum ll_alg alg); /* "Ed25519", "ES256", "SM2" */
bool ll_alg_find(struct ll_str name, enum ll_alg *ret);

int ll_key_generate(enum ll_alg alg, struct ll_key **ret, struct ll_err *err) LL_MUST;
/* Ed25519: 32 bytes; ES256 and SM2: 65 bytes 04 || X || Y. */
int ll_key_from_public(enum ll_alg alg, struct ll_str raw, struct ll_key **ret, struct ll_err *err) LL_MUST;
/* 32 bytes: the seed of Ed25519, the number d of the others. */
int ll_key_from_private(enum ll_alg alg, struct ll_str secret, struct ll_key **ret,
                        struct ll_err *err) LL_MUST;
/* PUBLIC KEY (SPKI), PRIVATE KEY (PKCS#8, not encrypted) or EC PRIVATE KEY. */
int ll_key_from_pem(struct ll_str pem, struct ll_key **ret, struct ll_err *err) LL_MUST;
struct ll_key *ll_key_free(struct ll_key *k); /* NULL is fine; returns NULL */

enum ll_alg ll_key_alg(const struct ll_key *k);
bool ll_key_is_private(const struct ll_key *k);
size_t ll_key_public(const struct ll_key *k, unsigned char out[LL_KEY_PUBLIC]); /* 32 or 65 */
int ll_key_secret(const struct ll_key *k, unsigned char out[LL_KEY_SECRET], struct ll_err *err) LL_MUST;
bool ll_key_same(const struct ll_key *a, const struct ll_key *b); /* the public halves */
int ll_key_public_pem(const struct ll_key *k, struct ll_buf *out, struct ll_err *err) LL_MUST;

int ll_sign(const struct ll_key *k, struct ll_str msg, unsigned char sig[LL_SIGNATURE],
            struct ll_err *err) LL_MUST;
/* LL_OK, or LL_INVALID. */
int ll_verify(const struct ll_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err) LL_MUST;

/* ASN.1 SEQUENCE of r and s, as X.509 and WebAuthn write them, to r || s.  LL_INVALID for anything but strict DER. */
int ll_sig_from_der(struct ll_str der, unsigned char sig[LL_SIGNATURE], struct ll_err *err) LL_MUST;

#endif
