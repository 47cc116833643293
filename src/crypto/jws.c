/* jws.c - see jws.h. */
#include "crypto/jws.h"

#include "base/json.h"
#include "crypto/base64.h"
#include "crypto/jwk.h"
#include "crypto/strictjson.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { JWS_MAGIC = 0x4c4c4a57, SIG_TEXT = 86 };

struct ll_jws {
    unsigned magic;
    bool verified;
    struct ll_buf signed_text; /* header.claims, as it came */
    json_t *header, *claims;
    unsigned char sig[LL_SIGNATURE];
};

static int malformed(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "不是三段式的签名令牌（JWS）", "not a signed token of three parts (JWS)");
}

static int decode(struct ll_str text, size_t max, const char *what, json_t **ret, struct ll_err *err)
{
    struct ll_buf json = LL_BUF_INIT(max);
    int rc = ll_base64_get(text, LL_BASE64_URL, &json, err);

    if (rc == LL_INVALID)
        rc = malformed(err);
    if (rc == LL_OK)
        rc = ll_json_load(ll_buf_view(&json), max, what, ret, err);
    ll_buf_free(&json);
    return rc;
}

static int parse_parts(struct ll_str token, struct ll_jws *t, struct ll_err *err)
{
    struct ll_str header, claims, sig;
    int rc;

    if (!ll_str_cut(token, '.', &header, &claims) || !ll_str_cut(claims, '.', &claims, &sig))
        return malformed(err);
    if (sig.n != SIG_TEXT || !ll_base64_exact(sig, LL_BASE64_URL, t->sig, LL_SIGNATURE))
        return ll_fail(err, LL_INVALID, "令牌的签名不是 64 字节", "the token's signature is not of 64 bytes");
    if ((rc = decode(header, LL_JWS_HEADER_MAX, "JWS header", &t->header, err)) < 0 ||
        (rc = decode(claims, LL_JWS_MAX, "JWS claims", &t->claims, err)) < 0)
        return rc;
    if (json_object_get(t->header, "crit"))
        return ll_fail(err, LL_INVALID, "令牌要求不支持的扩展（crit）",
                       "the token asks for extensions (crit); none is known");
    ll_buf_add(&t->signed_text, token.p, header.n + 1 + claims.n);
    return t->signed_text.failed ? ll_no_memory(err) : LL_OK;
}

int ll_jws_parse(struct ll_str token, size_t max, struct ll_jws **ret, struct ll_err *err)
{
    size_t limit = max && max < LL_JWS_MAX ? max : LL_JWS_MAX;

    if (token.n > limit)
        return ll_fail(err, LL_TOOBIG, "令牌超过 %zu 字节", "a token over %zu bytes", limit);
    struct ll_jws *t = calloc(1, sizeof *t);
    if (!t)
        return ll_no_memory(err);
    t->magic = JWS_MAGIC;
    t->signed_text = LL_BUF_INIT(LL_JWS_MAX);
    int rc = parse_parts(token, t, err);
    if (rc < 0)
        ll_jws_free(t);
    else
        *ret = t;
    return rc;
}

struct ll_jws *ll_jws_free(struct ll_jws *t)
{
    if (!t)
        return NULL;
    LL_CHECK(t, JWS_MAGIC);
    json_decref(t->header);
    json_decref(t->claims);
    ll_buf_free(&t->signed_text);
    t->magic = 0;
    free(t);
    return NULL;
}

struct ll_str ll_jws_hint(const struct ll_jws *t, const char *member)
{
    struct ll_str s = ll_json_member(t->header, member);

    return s.p ? s : ll_json_member(t->claims, member);
}

bool ll_jws_typ_is(const struct ll_jws *t, const char *typ)
{
    static const char prefix[] = "application/";
    struct ll_str s = ll_json_member(t->header, "typ");

    if (s.n >= sizeof prefix - 1 && strncasecmp(s.p, prefix, sizeof prefix - 1) == 0) {
        s.p += sizeof prefix - 1;
        s.n -= sizeof prefix - 1;
    }
    return s.p && s.n == strlen(typ) && strncasecmp(s.p, typ, s.n) == 0; /* media types have no case */
}

int ll_jws_verify(struct ll_jws *t, const struct ll_key *k, struct ll_err *err)
{
    LL_CHECK(t, JWS_MAGIC);
    if (!ll_jose_alg_fits(ll_json_member(t->header, "alg"), ll_key_alg(k)))
        return ll_fail(err, LL_INVALID, "令牌的 alg 与登记的密钥（%s）不符",
                       "the token's alg is not that of the registered key (%s)", ll_jose_alg(ll_key_alg(k)));
    int rc = ll_verify(k, ll_buf_view(&t->signed_text), (struct ll_str){(char *)t->sig, LL_SIGNATURE}, err);
    t->verified = rc == LL_OK;
    return rc;
}

const json_t *ll_jws_claims(const struct ll_jws *t)
{
    LL_CHECK(t, JWS_MAGIC);
    LL_ASSERT(t->verified);
    return t->claims;
}

static void put_header(const struct ll_key *k, const struct ll_jws_head *head, struct ll_buf *out)
{
    struct ll_buf text = LL_BUF_INIT(LL_JWS_HEADER_MAX);
    struct ll_json j;

    ll_json_init(&j, &text);
    ll_json_obj(&j);
    ll_json_kz(&j, "alg", ll_jose_alg(ll_key_alg(k)));
    if (head->typ)
        ll_json_kz(&j, "typ", head->typ);
    if (head->kid)
        ll_json_kz(&j, "kid", head->kid);
    ll_json_end_obj(&j);
    ll_base64_put(out, LL_BASE64_URL, text.p, text.n);
    out->failed |= text.failed;
    ll_buf_free(&text);
}

int ll_jws_sign(const struct ll_key *k, const struct ll_jws_head *head, struct ll_str claims,
                struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf token = LL_BUF_INIT(LL_JWS_MAX);
    unsigned char sig[LL_SIGNATURE];
    int rc;

    put_header(k, head, &token);
    ll_buf_c(&token, '.');
    ll_base64_put(&token, LL_BASE64_URL, claims.p, claims.n);
    if (token.failed) {
        ll_buf_free(&token);
        return ll_fail(err, LL_TOOBIG, "令牌超过 %d 字节", "a token over %d bytes", (int)LL_JWS_MAX);
    }
    if ((rc = ll_sign(k, ll_buf_view(&token), sig, err)) == LL_OK) {
        ll_buf_c(&token, '.');
        ll_base64_put(&token, LL_BASE64_URL, sig, sizeof sig);
        ll_buf_str(out, ll_buf_view(&token));
        if (token.failed || out->failed)
            rc = ll_no_memory(err);
    }
    ll_buf_free(&token);
    return rc;
}
