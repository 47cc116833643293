/* tool_jose.c - keys and tokens. */
#include "tool.h"

#include "crypto/jwk.h"
#include "crypto/jws.h"

#include <string.h>

/* The key as a JWK with its private half: a test hands it to another program. */
int tool_key_new(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_JWK_MAX);
    unsigned char d[LL_KEY_SECRET];
    struct ll_key *k = NULL;
    struct ll_json j;
    enum ll_alg alg;
    int rc;

    if (!ll_alg_find(tool_text(in, "alg"), &alg))
        return ll_fail(err, LL_USAGE, "没有这个算法", "no such algorithm");
    if ((rc = ll_key_generate(alg, &k, err)) < 0 || (rc = ll_key_secret(k, d, err)) < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_jwk_put(k, NULL, &j);
    json_t *jwk = json_loadb(text.p, text.n, 0, NULL);
    tool_put_bytes(jwk, "d", d, sizeof d);
    json_object_set_new(out, "jwk", jwk);
    ll_buf_free(&text);
    ll_key_free(k);
    return LL_OK;
}

static int read_key(const json_t *in, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err)
{
    return ll_jwk_read(json_object_get(in, "jwk"), half, ret, err);
}

int tool_thumbprint(const json_t *in, json_t *out, struct ll_err *err)
{
    char print[LL_THUMBPRINT];
    struct ll_key *k = NULL;
    int rc = read_key(in, LL_JWK_PUBLIC, &k, err);

    if (rc < 0)
        return rc;
    ll_jwk_thumbprint(k, print);
    tool_put(out, "thumbprint", ll_str(print));
    ll_key_free(k);
    return LL_OK;
}

int tool_jws_sign(const json_t *in, json_t *out, struct ll_err *err)
{
    const struct ll_jws_head head = {tool_text(in, "typ").p, tool_text(in, "kid").p};
    struct ll_buf token = LL_BUF_INIT(LL_JWS_MAX);
    struct ll_key *k = NULL;
    int rc = read_key(in, LL_JWK_PRIVATE, &k, err);

    if (rc == LL_OK && (rc = ll_jws_sign(k, &head, tool_text(in, "claims"), &token, err)) == LL_OK)
        tool_put(out, "token", ll_buf_view(&token));
    ll_buf_free(&token);
    ll_key_free(k);
    return rc;
}

int tool_jws_verify(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_jws *t = NULL;
    struct ll_key *k = NULL;
    int rc = read_key(in, LL_JWK_PUBLIC, &k, err);

    if (rc == LL_OK && (rc = ll_jws_parse(tool_text(in, "token"), 0, &t, err)) == LL_OK &&
        (rc = ll_jws_verify(t, k, err)) == LL_OK)
        json_object_set_new(out, "claims", json_deep_copy(ll_jws_claims(t)));
    ll_jws_free(t);
    ll_key_free(k);
    return rc;
}
