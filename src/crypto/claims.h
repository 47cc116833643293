/* claims.h - whether the claims of a verified token are those we expect, now. */
#ifndef LL_CRYPTO_CLAIMS_H
#define LL_CRYPTO_CLAIMS_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/tbl/claims.h"

#include <jansson.h>

#define X(id, ...) LL_CLAIM_AT_##id,
enum ll_claim_at { LL_CLAIMS(X) LL_CLAIM_COUNT };
#undef X
#define X(id, ...) LL_CLAIM_##id = 1u << LL_CLAIM_AT_##id,
enum ll_claim { LL_CLAIMS(X) };
#undef X

enum { LL_CLAIM_TEXT_MAX = 512, LL_AUDIENCES_MAX = 16 };

struct ll_claims_want {
    unsigned must; /* LL_CLAIM_... bits that must be there; what is there is checked in any case */
    const char *text[LL_CLAIM_COUNT]; /* of TEXT claims: the only value allowed; NULL for any */
    const char *const *audiences;     /* ours; NULL-terminated.  NULL: `aud` is not looked at */
    int64_t now_s;
    unsigned skew_s;     /* how far clocks may differ */
    unsigned max_life_s; /* exp is at most so far ahead of now, and iat so long ago; 0: no bound */
};

struct ll_claims {
    struct ll_str text[LL_CLAIM_COUNT]; /* borrowed; p NULL where it is not there */
    int64_t time[LL_CLAIM_COUNT];       /* -1 where it is not there */
};

/* LL_INVALID names the claim. */
int ll_claims_check(const json_t *claims, const struct ll_claims_want *want, struct ll_claims *ret,
                    struct ll_err *err) LL_MUST;

#endif
