/* sign.c - signatures by the keys of key.h. */
#include "crypto/key_impl.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <string.h>

enum { HALF = 32, DER_MAX = 80 };

/* GB/T 35276-2017: the identity where parties agreed on none.  OpenSSL 3.0 would take an empty one.  16 bytes, without the NUL. */
#define SM2_ID "1234567812345678"
enum { SM2_ID_LEN = sizeof SM2_ID - 1 };

static const EVP_MD *hash_of(enum ll_alg alg)
{
    switch (alg) {
    case LL_ES256:
        return EVP_sha256();
    case LL_SM2:
        return EVP_sm3();
    default:
        return NULL; /* Ed25519 hashes by itself */
    }
}

/* The steps that signing and verifying have in common; NULL when the library refuses. */
static EVP_MD_CTX *begin(const struct ll_key *k, bool sign)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL; /* md's */
    const EVP_MD *hash = hash_of(ll_key_alg(k));
    EVP_PKEY *pkey = ll_key_pkey(k);

    if (md &&
        (sign ? EVP_DigestSignInit(md, &ctx, hash, NULL, pkey)
              : EVP_DigestVerifyInit(md, &ctx, hash, NULL, pkey)) == 1 &&
        (ll_key_alg(k) != LL_SM2 || EVP_PKEY_CTX_set1_id(ctx, SM2_ID, SM2_ID_LEN) == 1))
        return md;
    EVP_MD_CTX_free(md);
    return NULL;
}

/* An empty text may have no address. */
static const unsigned char *bytes_of(struct ll_str s)
{
    return (const unsigned char *)(s.n ? s.p : "");
}

static int invalid(struct ll_err *err)
{
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "签名无效", "the signature is not valid");
}

int ll_sig_from_der(struct ll_str der, unsigned char sig[LL_SIGNATURE], struct ll_err *err)
{
    const unsigned char *p = (const unsigned char *)der.p;
    unsigned char again[DER_MAX], *at = again;

    if (der.n > DER_MAX)
        return invalid(err);
    ECDSA_SIG *es = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
    /* written again it must be the same bytes: what the library forgives (trailing bytes, long forms) is refused */
    bool good = es && i2d_ECDSA_SIG(es, NULL) == (int)der.n && i2d_ECDSA_SIG(es, &at) > 0 &&
                memcmp(again, der.p, der.n) == 0 && BN_bn2binpad(ECDSA_SIG_get0_r(es), sig, HALF) == HALF &&
                BN_bn2binpad(ECDSA_SIG_get0_s(es), sig + HALF, HALF) == HALF &&
                !BN_is_negative(ECDSA_SIG_get0_r(es)) && !BN_is_negative(ECDSA_SIG_get0_s(es));
    ECDSA_SIG_free(es);
    return good ? LL_OK : invalid(err);
}

/* Bytes written to der, 0 when memory is out. */
static size_t to_der(const unsigned char sig[LL_SIGNATURE], unsigned char der[DER_MAX])
{
    ECDSA_SIG *es = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sig, HALF, NULL), *s = BN_bin2bn(sig + HALF, HALF, NULL);
    int n = 0;

    if (es && r && s && ECDSA_SIG_set0(es, r, s) == 1) {
        r = s = NULL; /* es has them now */
        n = i2d_ECDSA_SIG(es, &der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(es);
    return n > 0 ? (size_t)n : 0;
}

int ll_sign(const struct ll_key *k, struct ll_str msg, unsigned char sig[LL_SIGNATURE], struct ll_err *err)
{
    unsigned char raw[DER_MAX];
    size_t n = sizeof raw;

    if (!ll_key_is_private(k))
        return ll_fail(err, LL_INVALID, "公钥不能签名", "a public key cannot sign");
    EVP_MD_CTX *md = begin(k, true);
    bool done = md && EVP_DigestSign(md, raw, &n, bytes_of(msg), msg.n) == 1;
    EVP_MD_CTX_free(md);
    if (!done) {
        ERR_clear_error();
        return ll_fail(err, LL_FAIL, "签名失败", "signing failed");
    }
    if (ll_key_alg(k) != LL_ED25519)
        return ll_sig_from_der((struct ll_str){(const char *)raw, n}, sig, err);
    LL_ASSERT(n == LL_SIGNATURE);
    memcpy(sig, raw, LL_SIGNATURE);
    return LL_OK;
}

int ll_verify(const struct ll_key *k, struct ll_str msg, struct ll_str sig, struct ll_err *err)
{
    unsigned char der[DER_MAX];
    const unsigned char *p = (const unsigned char *)sig.p;
    size_t n = sig.n;

    if (sig.n != LL_SIGNATURE)
        return invalid(err);
    if (ll_key_alg(k) != LL_ED25519) {
        n = to_der(p, der);
        p = der;
    }
    EVP_MD_CTX *md = n ? begin(k, false) : NULL;
    if (!md) {
        ERR_clear_error();
        return ll_no_memory(err);
    }
    bool good = EVP_DigestVerify(md, p, n, bytes_of(msg), msg.n) == 1;
    EVP_MD_CTX_free(md);
    return good ? LL_OK : invalid(err);
}
