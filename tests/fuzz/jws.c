/* jws: no token and no key from outside does harm, and none verifies by chance.  The input is a token; a second line is a JWK. */
#include "crypto/jws.h"
#include "crypto/claims.h"
#include "crypto/jwk.h"

#include <string.h>

static void with_key(struct ll_jws *t, struct ll_str jwk)
{
    static const char *const audiences[] = {"https://hub.example", NULL};
    const struct ll_claims_want want = {.must = LL_CLAIM_EXP, .audiences = audiences, .now_s = 1800000000};
    struct ll_claims claims;
    struct ll_key *k = NULL;
    char print[LL_THUMBPRINT];

    if (ll_jwk_parse(jwk, LL_JWK_PUBLIC, &k, NULL) < 0)
        return;
    ll_jwk_thumbprint(k, print);
    LL_ASSERT(strlen(print) == LL_THUMBPRINT - 1);
    if (ll_jws_verify(t, k, NULL) == LL_OK &&
        ll_claims_check(ll_jws_claims(t), &want, &claims, NULL) == LL_OK)
        LL_ASSERT(claims.time[LL_CLAIM_AT_EXP] > want.now_s);
    ll_key_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str token, jwk;
    struct ll_jws *t = NULL;

    ll_str_cut((struct ll_str){(const char *)data, size}, '\n', &token, &jwk);
    if (ll_jws_parse(token, 0, &t, NULL) == LL_OK) {
        (void)ll_jws_hint(t, "kid");
        (void)ll_jws_typ_is(t, "JWT");
        with_key(t, jwk);
    } else {
        LL_ASSERT(!t);
    }
    ll_jws_free(t);
    return 0;
}
