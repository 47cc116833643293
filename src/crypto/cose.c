/* cose.c - see cose.h. */
#include "crypto/cose.h"

#include "crypto/cbor.h"
#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

enum { COSE_MAGIC = 0x4c4c4353, HALF = 32, RSA_MIN = 2048 / 8, RSA_MAX = 8192 / 8 };
enum { LABEL_KTY = 1, LABEL_ALG = 3, LABEL_CRV = -1, LABEL_X = -2, LABEL_Y = -3, LABEL_N = -1, LABEL_E = -2 };
enum { KTY_OKP = 1, KTY_EC2 = 2, KTY_RSA = 3, CRV_P256 = 1, CRV_ED25519 = 6 };

struct ll_cose_key {
    unsigned magic;
    int alg;
    struct ll_key *key; /* ES256, EdDSA */
    EVP_PKEY *rsa;      /* RS256 */
};

static int bad_key(struct ll_err *err)
{
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "认证器的公钥无效", "the authenticator's public key is not valid");
}

static bool integer(struct ll_str map, int64_t label, int64_t want)
{
    struct ll_cbor_item v;

    return ll_cbor_find_int(map, label, &v) && (v.type == LL_CBOR_UINT || v.type == LL_CBOR_NEGATIVE) &&
           v.n == want;
}

static bool bytes(struct ll_str map, int64_t label, struct ll_str *ret)
{
    struct ll_cbor_item v;

    if (!ll_cbor_find_int(map, label, &v) || v.type != LL_CBOR_BYTES)
        return false;
    *ret = v.s;
    return true;
}

/* --- one reader and one verifier an algorithm ----------------------------------------------------------------------- */

static int read_es256(struct ll_str map, struct ll_cose_key *k, struct ll_err *err)
{
    unsigned char raw[LL_KEY_PUBLIC] = {4};
    struct ll_str x, y;

    if (!integer(map, LABEL_CRV, CRV_P256) || !bytes(map, LABEL_X, &x) || !bytes(map, LABEL_Y, &y) ||
        x.n != HALF || y.n != HALF)
        return bad_key(err);
    memcpy(raw + 1, x.p, HALF);
    memcpy(raw + 1 + HALF, y.p, HALF);
    return ll_key_from_public(LL_ES256, (struct ll_str){(char *)raw, sizeof raw}, &k->key, err);
}

static int read_eddsa(struct ll_str map, struct ll_cose_key *k, struct ll_err *err)
{
    struct ll_str x;

    if (!integer(map, LABEL_CRV, CRV_ED25519) || !bytes(map, LABEL_X, &x))
        return bad_key(err);
    return ll_key_from_public(LL_ED25519, x, &k->key, err);
}

static EVP_PKEY *rsa_of(struct ll_str n, struct ll_str e)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *bn = BN_bin2bn((const unsigned char *)n.p, (int)n.n, NULL);
    BIGNUM *be = BN_bin2bn((const unsigned char *)e.p, (int)e.n, NULL);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;

    if (build && bn && be && ctx && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, be) == 1 &&
        (params = OSSL_PARAM_BLD_to_param(build)) != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(ctx);
    BN_free(bn);
    BN_free(be);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}

/* A small odd exponent of 3 at least: a large one makes verifying slow, an even one or 1 makes it mean nothing. */
static int read_rs256(struct ll_str map, struct ll_cose_key *k, struct ll_err *err)
{
    struct ll_str n, e;

    if (!bytes(map, LABEL_N, &n) || !bytes(map, LABEL_E, &e) || n.n < RSA_MIN || n.n > RSA_MAX ||
        n.p[0] == 0 || !(n.p[n.n - 1] & 1) || e.n < 1 || e.n > 4 || e.p[0] == 0 || !(e.p[e.n - 1] & 1) ||
        (e.n == 1 && e.p[0] == 1))
        return bad_key(err);
    k->rsa = rsa_of(n, e);
    return k->rsa ? LL_OK : bad_key(err);
}

static int verify_es256(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err)
{
    unsigned char raw[LL_SIGNATURE];
    int rc = ll_sig_from_der(sig, raw, err);

    return rc < 0 ? rc : ll_verify(k->key, msg, (struct ll_str){(char *)raw, sizeof raw}, err);
}

static int verify_eddsa(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err)
{
    return ll_verify(k->key, msg, sig, err);
}

/* RSASSA-PKCS1-v1_5, OpenSSL's default padding. */
static int verify_rs256(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    if (!md)
        return ll_no_memory(err);
    bool good = EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, k->rsa) == 1 &&
                EVP_DigestVerify(md, (const unsigned char *)sig.p, sig.n, (const unsigned char *)msg.p,
                                 msg.n) == 1;
    EVP_MD_CTX_free(md);
    ERR_clear_error();
    return good ? LL_OK : ll_fail(err, LL_INVALID, "签名无效", "the signature is not valid");
}

static const struct {
    int alg, kty;
    int (*read)(struct ll_str map, struct ll_cose_key *k, struct ll_err *err);
    int (*verify)(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err);
} algs[] = {
    {LL_COSE_ES256, KTY_EC2, read_es256, verify_es256},
    {LL_COSE_EDDSA, KTY_OKP, read_eddsa, verify_eddsa},
    {LL_COSE_RS256, KTY_RSA, read_rs256, verify_rs256},
};

/* --- keys ----------------------------------------------------------------------------------------------------------- */

int ll_cose_key_read(struct ll_str cbor, struct ll_cose_key **ret, struct ll_err *err)
{
    struct ll_cbor c = ll_cbor_of(cbor);
    struct ll_str map;
    size_t i = 0;

    if (!ll_cbor_whole(&c, &map) || !ll_cbor_at_end(&c))
        return bad_key(err);
    while (i < LL_COUNT(algs) && !integer(map, LABEL_ALG, algs[i].alg))
        i++;
    if (i == LL_COUNT(algs))
        return ll_fail(err, LL_INVALID, "认证器的算法须为 ES256、EdDSA 或 RS256",
                       "an authenticator's algorithm is ES256, EdDSA or RS256");
    if (!integer(map, LABEL_KTY, algs[i].kty))
        return bad_key(err);
    struct ll_cose_key *k = calloc(1, sizeof *k);
    if (!k)
        return ll_no_memory(err);
    k->magic = COSE_MAGIC;
    k->alg = algs[i].alg;
    int rc = algs[i].read(map, k, err);
    if (rc < 0)
        ll_cose_key_free(k);
    else
        *ret = k;
    return rc;
}

struct ll_cose_key *ll_cose_key_free(struct ll_cose_key *k)
{
    if (!k)
        return NULL;
    LL_CHECK(k, COSE_MAGIC);
    ll_key_free(k->key);
    EVP_PKEY_free(k->rsa);
    k->magic = 0;
    free(k);
    return NULL;
}

int ll_cose_key_alg(const struct ll_cose_key *k)
{
    LL_CHECK(k, COSE_MAGIC);
    return k->alg;
}

int ll_cose_verify(const struct ll_cose_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err)
{
    LL_CHECK(k, COSE_MAGIC);
    for (size_t i = 0; i < LL_COUNT(algs); i++)
        if (algs[i].alg == k->alg)
            return algs[i].verify(k, msg, sig, err);
    return ll_fail(err, LL_INTERNAL, "未知算法", "unknown algorithm");
}
