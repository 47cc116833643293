/* httpsig.h - signed HTTP messages (RFC 9421) with keys of key.h, and digests of their bodies (RFC 9530).
 *
 * (1) What is covered decides, not what is there: a profile names the components that must be covered, in any order.
 * (2) The algorithm is the key's; a parameter `alg` that names another one is refused.  SM2 has no registered name: leave `alg` out.
 * (3) Components: fields, and @method @target-uri @authority @scheme @request-target @path @query @status; parameter `req` in answers.
 *     @query-param and the parameters sf, key, bs, tr are refused, as we have no use for them.
 * (4) A nonce is for the caller to remember until `expires`. */
#ifndef LL_CRYPTO_HTTPSIG_H
#define LL_CRYPTO_HTTPSIG_H

#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/key.h"

enum { LL_HTTPSIG_FIELD_MAX = 4096, LL_HTTPSIG_BASE_MAX = 65536 };

struct ll_http_message {
    unsigned status; /* of an answer; 0: a request */
    struct ll_str method, scheme, authority, path;
    struct ll_str query; /* without the question mark; p NULL: no query */
    /* The field's value number nth, from 0, under its name in small letters; p NULL when there are no more. */
    struct ll_str (*field)(void *ctx, struct ll_str name, size_t nth);
    void *ctx;
    const struct ll_http_message *request; /* of an answer; NULL: not known */
};

struct ll_httpsig;

struct ll_httpsig_params {
    struct ll_str label, keyid, nonce, tag, alg; /* p NULL where it is not there */
    int64_t created, expires;                    /* seconds; -1 where it is not there */
    unsigned char base_sha256[LL_DIGEST];        /* of what was signed, once it was verified: for evidence */
};

/* Takes the one signature with that tag (NULL: any) out of the two fields.  LL_NOTFOUND when there is none, LL_INVALID for two.
 * *ret has nothing of the texts. */
int ll_httpsig_parse(struct ll_str input, struct ll_str signature, const char *tag, struct ll_httpsig **ret,
                     struct ll_err *err) LL_MUST;
struct ll_httpsig *ll_httpsig_free(struct ll_httpsig *h); /* NULL is fine; returns NULL */
const struct ll_httpsig_params *ll_httpsig_params(const struct ll_httpsig *h);

/* component: as it is written in the list, e.g. "@method" or "@method;req" without quotes. */
bool ll_httpsig_covers(const struct ll_httpsig *h, const char *component);
/* What is signed, appended. */
int ll_httpsig_base(const struct ll_httpsig *h, const struct ll_http_message *m, struct ll_buf *out,
                    struct ll_err *err) LL_MUST;
int ll_httpsig_verify(struct ll_httpsig *h, const struct ll_http_message *m, const struct ll_key *k,
                      struct ll_err *err) LL_MUST;

struct ll_httpsig_profile {
    const char *tag;
    const char *const *components; /* NULL-terminated */
    unsigned life_s, skew_s;       /* longest time from created to expires; difference of clocks */
};
extern const struct ll_httpsig_profile ll_httpsig_request, ll_httpsig_request_without_body,
    ll_httpsig_response;

/* Tag, coverage, keyid, nonce, and that now lies between created and expires. */
int ll_httpsig_check(const struct ll_httpsig *h, const struct ll_httpsig_profile *p, int64_t now_s,
                     struct ll_err *err) LL_MUST;

struct ll_httpsig_sign {
    const char *label, *keyid, *nonce; /* visible ASCII without quotes */
    int64_t created;
};
/* Appends the values of the fields Signature-Input and Signature. */
int ll_httpsig_sign(const struct ll_key *k, const struct ll_http_message *m,
                    const struct ll_httpsig_profile *p, const struct ll_httpsig_sign *s, struct ll_buf *input,
                    struct ll_buf *signature, struct ll_err *err) LL_MUST;

/* Content-Digest: sha-256 must be there and fit; other algorithms beside it are passed over. */
int ll_content_digest_check(struct ll_str field, const unsigned char sha256[LL_DIGEST],
                            struct ll_err *err) LL_MUST;
void ll_content_digest_put(struct ll_buf *out, const unsigned char sha256[LL_DIGEST]);

#endif
