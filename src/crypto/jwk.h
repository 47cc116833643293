/* jwk.h - keys as JSON (RFC 7517): OKP Ed25519 (RFC 8037), EC P-256, and EC SM2, a curve name of our own since none is registered.
 *
 *   {"kty":"OKP","crv":"Ed25519","x":"..."}   {"kty":"EC","crv":"P-256","x":"...","y":"..."}   {"kty":"EC","crv":"SM2","x":"...","y":"..."}
 *
 * Members `alg` and `use`, where given, must fit a signature by this key. */
#ifndef LL_CRYPTO_JWK_H
#define LL_CRYPTO_JWK_H

#include "base/json.h"
#include "crypto/key.h"
#include "crypto/strictjson.h"

enum { LL_JWK_MAX = 4096 /* bytes of one key */, LL_JWKS_MAX = 65536, LL_JWKS_KEYS = 32, LL_THUMBPRINT = 44 };

enum ll_jwk_half {
    LL_JWK_PUBLIC, /* one with a private half is refused: its owner has given it away */
    LL_JWK_PRIVATE
};

int ll_jwk_read(const json_t *jwk, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err) LL_MUST;
int ll_jwk_parse(struct ll_str text, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err) LL_MUST;
/* {"keys": [...]}, or one key: fn gets each with its kid (p NULL when it has none) and does not keep it; the first failure ends it. */
int ll_jwks_each(struct ll_str text,
                 int (*fn)(void *ctx, const struct ll_key *k, struct ll_str kid, struct ll_err *err),
                 void *ctx, struct ll_err *err) LL_MUST;

/* The public half as an object.  kid: NULL for none. */
void ll_jwk_put(const struct ll_key *k, const char *kid, struct ll_json *j);
/* RFC 7638, SHA-256, base64url: the same for the same key, wherever it comes from. */
void ll_jwk_thumbprint(const struct ll_key *k, char out[LL_THUMBPRINT]);

const char *ll_jose_alg(enum ll_alg alg);                   /* "EdDSA", "ES256", "SM2-SM3" */
bool ll_jose_alg_fits(struct ll_str name, enum ll_alg alg); /* "Ed25519" (RFC 9864) is EdDSA's other name */

#endif
