/* aead.c - see aead.h. */
#include "crypto/aead_impl.h"

#include "crypto/digest.h"
#include "crypto/random.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

enum { AEAD_MAGIC = 0x4c4c4144 };

struct ll_aead {
    unsigned magic;
    enum ll_aead_alg alg;
    EVP_CIPHER *cipher; /* looked up once: that costs more than sealing a short value */
    unsigned char key[LL_AEAD_KEY];
};

static const struct {
    const char *cipher;
    int (*run)(const struct ll_aead_job *job);
} algs[] = {
    [LL_AES256_GCM] = {"AES-256-GCM", ll_gcm_aes},
    [LL_SM4_GCM] = {"SM4-ECB", ll_gcm_sm4},
};

int ll_aead_new(enum ll_aead_alg alg, struct ll_str secret, struct ll_aead **ret, struct ll_err *err)
{
    LL_ASSERT(secret.n == LL_AEAD_KEY);
    struct ll_aead *a = calloc(1, sizeof *a);

    if (!a)
        return ll_no_memory(err);
    a->magic = AEAD_MAGIC;
    a->alg = alg;
    if (alg == LL_SM4_GCM)
        ll_hkdf_sha256(secret, LL_STR(""), LL_STR("luling sm4-gcm"), a->key, LL_SM4_KEY);
    else
        memcpy(a->key, secret.p, LL_AEAD_KEY);
    a->cipher = EVP_CIPHER_fetch(NULL, algs[alg].cipher, NULL);
    if (!a->cipher) {
        ERR_clear_error();
        ll_aead_free(a);
        return ll_fail(err, LL_FAIL, "OpenSSL 没有 %s", "OpenSSL has no %s", algs[alg].cipher);
    }
    *ret = a;
    return LL_OK;
}

struct ll_aead *ll_aead_free(struct ll_aead *a)
{
    if (!a)
        return NULL;
    LL_CHECK(a, AEAD_MAGIC);
    EVP_CIPHER_free(a->cipher);
    ll_wipe(a, sizeof *a);
    free(a);
    return NULL;
}

static int library_failed(struct ll_err *err)
{
    ERR_clear_error();
    return ll_fail(err, LL_FAIL, "加密库操作失败", "the encryption library failed");
}

int ll_aead_seal(const struct ll_aead *a, struct ll_str about, struct ll_str plain, struct ll_buf *out,
                 struct ll_err *err)
{
    unsigned char nonce[LL_AEAD_NONCE];
    size_t start = out->n;
    int rc;

    LL_CHECK(a, AEAD_MAGIC);
    if ((rc = ll_nonce(nonce, sizeof nonce, err)) < 0)
        return rc;
    if (plain.n > out->ceiling || !ll_buf_reserve(out, plain.n + LL_AEAD_MORE))
        return ll_no_memory(err);
    ll_buf_c(out, (char)a->alg);
    ll_buf_add(out, nonce, sizeof nonce);
    unsigned char *at = (unsigned char *)out->p + out->n;
    const struct ll_aead_job job = {a->cipher, a->key,  nonce, about,       (const unsigned char *)plain.p,
                                    at,        plain.n, true,  at + plain.n};
    if (algs[a->alg].run(&job) != 1) {
        out->n = start;
        return library_failed(err);
    }
    out->n += plain.n + LL_AEAD_TAG;
    out->p[out->n] = 0;
    return LL_OK;
}

int ll_aead_open(const struct ll_aead *a, struct ll_str about, struct ll_str sealed, struct ll_buf *out,
                 struct ll_err *err)
{
    const unsigned char *p = (const unsigned char *)sealed.p;

    LL_CHECK(a, AEAD_MAGIC);
    if (sealed.n < LL_AEAD_MORE || p[0] != a->alg)
        return ll_fail(err, LL_INVALID, "不是密文", "not a sealed value");
    size_t n = sealed.n - LL_AEAD_MORE;
    if (!ll_buf_reserve(out, n))
        return ll_no_memory(err);
    unsigned char tag[LL_AEAD_TAG], *at = (unsigned char *)out->p + out->n;
    memcpy(tag, p + sealed.n - LL_AEAD_TAG, sizeof tag);
    const struct ll_aead_job job = {a->cipher, a->key, p + 1, about, p + 1 + LL_AEAD_NONCE,
                                    at,        n,      false, tag};
    int done = algs[a->alg].run(&job);
    if (done != 1) {
        ll_wipe(at, n); /* what a false tag decrypts to is nobody's to see */
        *at = 0;
        return done < 0 ? library_failed(err)
                        : ll_fail(err, LL_INVALID, "密文已被改动，或密钥、位置不符",
                                  "the sealed value was changed, or belongs to another key or place");
    }
    out->n += n;
    out->p[out->n] = 0;
    return LL_OK;
}

void ll_blind_index(struct ll_str secret, struct ll_str item, struct ll_str value,
                    unsigned char out[LL_BLIND])
{
    unsigned char mac[LL_DIGEST];

    /* an item's name has no NUL: no two pairs make one text */
    ll_hmac_parts(LL_SHA256, secret, (struct ll_str[]){item, {"\0", 1}, value}, 3, mac);
    memcpy(out, mac, LL_BLIND);
}
