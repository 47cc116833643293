/* jws.h - signed JSON in three parts, header.claims.signature (RFC 7515, compact; RFC 7519): EdDSA, ES256 and our SM2-SM3.
 *
 * (1) The key decides the algorithm; a token whose header names another one, or `none`, is refused (RFC 8725, 3.1).
 * (2) Keys inside or behind a header (jwk, jku, x5u, x5c) are never used.  A header with `crit` is refused: we know no extension.
 * (3) Claims are handed out after a signature was verified, and not before; until then a token tells no more than which key to ask for.
 * (4) Everything is bounded: the token's size, its JSON, no duplicate names. */
#ifndef LL_CRYPTO_JWS_H
#define LL_CRYPTO_JWS_H

#include "base/buf.h"
#include "crypto/key.h"

#include <jansson.h>

enum { LL_JWS_MAX = 65536 /* bytes of a token */, LL_JWS_HEADER_MAX = 4096 };

struct ll_jws;

/* *ret belongs to the caller and has nothing of the text.  max: a smaller bound than LL_JWS_MAX, or 0. */
int ll_jws_parse(struct ll_str token, size_t max, struct ll_jws **ret, struct ll_err *err) LL_MUST;
struct ll_jws *ll_jws_free(struct ll_jws *t); /* NULL is fine; returns NULL */

/* To find the key: who signed, as the token says.  p NULL when it does not say. */
struct ll_str ll_jws_hint(const struct ll_jws *t, const char *member); /* of the header, then of the claims */
bool ll_jws_typ_is(const struct ll_jws *t, const char *typ); /* "at+jwt" is "application/at+jwt", too */

int ll_jws_verify(struct ll_jws *t, const struct ll_key *k, struct ll_err *err) LL_MUST;
const json_t *ll_jws_claims(const struct ll_jws *t); /* of a token that was verified; borrowed */

struct ll_jws_head {
    const char *typ, *kid; /* NULL: left out */
};
/* Appends the token to out. */
int ll_jws_sign(const struct ll_key *k, const struct ll_jws_head *head, struct ll_str claims,
                struct ll_buf *out, struct ll_err *err) LL_MUST;

#endif
