/* sdjwt.h - signed credentials whose holder decides what to disclose (SD-JWT, RFC 9901), with key binding.
 *
 *   <signed claims>~<disclosure>~...~                  issued, or presented without key binding
 *   <signed claims>~<disclosure>~...~<key binding>     the holder's own token over all that is before it
 *
 * Hashes are taken of texts as they came, never of JSON written again.  Refused: a disclosure that nothing refers to or twice, a digest
 * twice, a name that is there already or is `_sd` or `...`, another hash than SHA-256, deep or large input. */
#ifndef LL_CRYPTO_SDJWT_H
#define LL_CRYPTO_SDJWT_H

#include "base/buf.h"
#include "crypto/key.h"

#include <jansson.h>

enum { LL_SDJWT_MAX = 131072, LL_SDJWT_DISCLOSURES = 64 };

struct ll_sdjwt_claim {
    const char *name;
    struct ll_str json; /* the value, as JSON */
};

/* claims: a JSON object without the disclosable ones, which are appended as salted digests; it stays as it is. */
int ll_sdjwt_issue(const struct ll_key *issuer, const char *kid, json_t *claims,
                   const struct ll_sdjwt_claim *disclosable, size_t n, struct ll_buf *out,
                   struct ll_err *err) LL_MUST;

struct ll_sdjwt_want {
    const char *typ; /* of the signed claims: "dc+sd-jwt" */
    const char *aud,
        *nonce; /* of the key binding, which must then be there; NULL: none is looked for, and none may be there */
    int64_t now_s;
    unsigned skew_s, kb_life_s; /* how old a key binding may be */
};

/* Who issued it, as it says: to find the key.  Appends "" when it does not say. */
int ll_sdjwt_hint(struct ll_str text, const char *member, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* *ret: the claims with what was disclosed in its place; the caller's.  exp and nbf are checked. */
int ll_sdjwt_verify(struct ll_str text, const struct ll_key *issuer, const struct ll_sdjwt_want *want,
                    json_t **ret, struct ll_err *err) LL_MUST;

#endif
