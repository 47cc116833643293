/* jwk.c - see jwk.h. */
#include "crypto/jwk.h"

#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#include <stdio.h>
#include <string.h>

enum { HALF = 32, MEMBERS_MAX = 400 };

static const struct {
    const char *kty, *crv, *alg, *other;
    bool y;
} forms[LL_ALG_COUNT] = {
    [LL_ED25519] = {"OKP", "Ed25519", "EdDSA", "Ed25519", false},
    [LL_ES256] = {"EC", "P-256", "ES256", NULL, true},
    [LL_SM2] = {"EC", "SM2", "SM2-SM3", NULL, true},
};

const char *ll_jose_alg(enum ll_alg alg)
{
    return forms[alg].alg;
}

bool ll_jose_alg_fits(struct ll_str name, enum ll_alg alg)
{
    return ll_str_is(name, forms[alg].alg) || (forms[alg].other && ll_str_is(name, forms[alg].other));
}

#define refuse(err, zh, en) ll_fail((err), LL_INVALID, "JWK 无效：" zh, "not a valid JWK: " en)

static bool form_of(const json_t *jwk, enum ll_alg *ret)
{
    for (size_t i = 0; i < LL_ALG_COUNT; i++)
        if (ll_json_is(jwk, "kty", forms[i].kty) && ll_json_is(jwk, "crv", forms[i].crv)) {
            *ret = (enum ll_alg)i;
            return true;
        }
    return false;
}

static bool number(const json_t *jwk, const char *name, unsigned char out[HALF])
{
    struct ll_str text = ll_json_member(jwk, name);

    return text.p && ll_base64_exact(text, LL_BASE64_URL, out, HALF);
}

static int read_public(const json_t *jwk, enum ll_alg alg, struct ll_key **ret, struct ll_err *err)
{
    unsigned char raw[LL_KEY_PUBLIC] = {4};
    unsigned char *x = forms[alg].y ? raw + 1 : raw;

    if (!number(jwk, "x", x) || (forms[alg].y && !number(jwk, "y", x + HALF)))
        return refuse(err, "坐标须为 32 字节的 base64url", "a coordinate is 32 bytes in base64url");
    return ll_key_from_public(alg, (struct ll_str){(char *)raw, forms[alg].y ? LL_KEY_PUBLIC : HALF}, ret,
                              err);
}

/* *ret is the public key; it is replaced by the pair, whose halves must belong together. */
static int read_private(const json_t *jwk, struct ll_key **ret, struct ll_err *err)
{
    unsigned char d[HALF];
    struct ll_key *pair = NULL;
    enum ll_alg alg = ll_key_alg(*ret);

    if (!number(jwk, "d", d))
        return refuse(err, "没有私钥部分", "it has no private half");
    int rc = ll_key_from_private(alg, (struct ll_str){(char *)d, HALF}, &pair, err);
    ll_wipe(d, sizeof d);
    if (rc == LL_OK && !ll_key_same(pair, *ret)) {
        ll_key_free(pair);
        rc = refuse(err, "公钥与私钥不成对", "its halves do not belong together");
    }
    if (rc == LL_OK) {
        ll_key_free(*ret);
        *ret = pair;
    }
    return rc;
}

int ll_jwk_read(const json_t *jwk, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err)
{
    struct ll_key *k = NULL;
    enum ll_alg alg;
    int rc;

    if (!json_is_object(jwk) || !form_of(jwk, &alg))
        return refuse(err, "须为 OKP Ed25519、EC P-256 或 EC SM2", "it is OKP Ed25519, EC P-256 or EC SM2");
    if (json_object_get(jwk, "alg") && !ll_jose_alg_fits(ll_json_member(jwk, "alg"), alg))
        return refuse(err, "alg 与密钥不符", "alg does not fit the key");
    if (json_object_get(jwk, "use") && !ll_json_is(jwk, "use", "sig"))
        return refuse(err, "不是签名密钥", "it is not for signatures");
    if (half == LL_JWK_PUBLIC && json_object_get(jwk, "d"))
        return refuse(err, "其中有私钥；请换一把新密钥，只提供公钥",
                      "it holds the private half; make a new key and give its public half alone");
    if ((rc = read_public(jwk, alg, &k, err)) == LL_OK && half == LL_JWK_PRIVATE)
        rc = read_private(jwk, &k, err);
    if (rc < 0)
        ll_key_free(k);
    else
        *ret = k;
    return rc;
}

int ll_jwk_parse(struct ll_str text, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err)
{
    json_t *jwk = NULL;
    int rc = ll_json_load(text, LL_JWK_MAX, "JWK", &jwk, err);

    if (rc == LL_OK)
        rc = ll_jwk_read(jwk, half, ret, err);
    json_decref(jwk);
    return rc;
}

int ll_jwks_each(struct ll_str text,
                 int (*fn)(void *ctx, const struct ll_key *k, struct ll_str kid, struct ll_err *err),
                 void *ctx, struct ll_err *err)
{
    json_t *root = NULL;
    int rc = ll_json_load(text, LL_JWKS_MAX, "JWK Set", &root, err);
    const json_t *keys = json_object_get(root, "keys");
    size_t n = json_is_array(keys) ? json_array_size(keys) : keys ? 0 : 1;

    if (rc == LL_OK && (n == 0 || n > LL_JWKS_KEYS))
        rc = ll_fail(err, LL_INVALID, "JWK Set 须有 1 至 %d 个密钥", "a JWK Set has 1 to %d keys",
                     (int)LL_JWKS_KEYS);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const json_t *jwk = keys ? json_array_get(keys, i) : root;
        struct ll_key *k = NULL;
        if ((rc = ll_jwk_read(jwk, LL_JWK_PUBLIC, &k, err)) == LL_OK)
            rc = fn(ctx, k, ll_json_member(jwk, "kid"), err);
        ll_key_free(k);
    }
    json_decref(root);
    return rc;
}

/* The members that make the key, in the order that RFC 7638 hashes them (by name), kty and crv being of the key's form. */
static void put_members(const struct ll_key *k, struct ll_json *j)
{
    unsigned char raw[LL_KEY_PUBLIC];
    enum ll_alg alg = ll_key_alg(k);
    const unsigned char *x = raw + (ll_key_public(k, raw) == LL_KEY_PUBLIC ? 1 : 0);
    struct ll_buf text = LL_BUF_INIT(2 * LL_THUMBPRINT);

    ll_json_kz(j, "crv", forms[alg].crv);
    ll_json_kz(j, "kty", forms[alg].kty);
    ll_base64_put(&text, LL_BASE64_URL, x, HALF);
    ll_json_ks(j, "x", ll_buf_view(&text));
    if (forms[alg].y) {
        ll_buf_clear(&text);
        ll_base64_put(&text, LL_BASE64_URL, x + HALF, HALF);
        ll_json_ks(j, "y", ll_buf_view(&text));
    }
    j->out->failed |= text.failed;
    ll_buf_free(&text);
}

void ll_jwk_put(const struct ll_key *k, const char *kid, struct ll_json *j)
{
    ll_json_obj(j);
    put_members(k, j);
    ll_json_kz(j, "alg", ll_jose_alg(ll_key_alg(k)));
    ll_json_kz(j, "use", "sig");
    if (kid)
        ll_json_kz(j, "kid", kid);
    ll_json_end_obj(j);
}

void ll_jwk_thumbprint(const struct ll_key *k, char out[LL_THUMBPRINT])
{
    struct ll_buf text = LL_BUF_INIT(MEMBERS_MAX), print = LL_BUF_INIT(LL_THUMBPRINT);
    unsigned char digest[LL_DIGEST];
    struct ll_json j;

    ll_json_init(&j, &text);
    ll_json_obj(&j);
    put_members(k, &j);
    ll_json_end_obj(&j);
    ll_sha256(text.p, text.n, digest);
    ll_base64_put(&print, LL_BASE64_URL, digest, sizeof digest);
    LL_ASSERT(!text.failed && print.n + 1 == LL_THUMBPRINT);
    memcpy(out, print.p, LL_THUMBPRINT);
    ll_buf_free(&text);
    ll_buf_free(&print);
}
