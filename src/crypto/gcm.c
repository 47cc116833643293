/* gcm.c - the two ciphers of aead_impl.h.  OpenSSL 3.0 has AES-GCM whole, but of SM4 the block cipher alone: GCM is put around it with
 * its own generic code (openssl/modes.h), as RFC 8998 has it. */
#include "crypto/aead_impl.h"

#include <openssl/crypto.h>
#include <openssl/modes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 };

/* A thread keeps its context, and in it the schedule of the key that came last: for a short value both together cost several times what its bytes do,
 * and values come one after the other of the same resource. */
struct kept {
    EVP_CIPHER_CTX *c;
    unsigned char key[LL_AEAD_KEY];
    bool scheduled;
};
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_exit;
static _Thread_local struct kept *kept;

static void thread_ends(void *ctx)
{
    struct kept *k = ctx;

    EVP_CIPHER_CTX_free(k->c); /* wipes the key schedule */
    OPENSSL_cleanse(k, sizeof *k);
    free(k);
    kept = NULL;
}

static void make_key(void)
{
    LL_ASSERT(pthread_key_create(&at_exit, thread_ends) == 0);
}

static struct kept *context(void)
{
    if (kept)
        return kept;
    pthread_once(&once, make_key);
    struct kept *k = calloc(1, sizeof *k);
    if (!k || !(k->c = EVP_CIPHER_CTX_new())) {
        free(k);
        return NULL;
    }
    LL_ASSERT(pthread_setspecific(at_exit, k) == 0);
    return kept = k;
}

static bool aes_about(EVP_CIPHER_CTX *c, struct ll_str about)
{
    int n = 0;

    return about.n == 0 || EVP_CipherUpdate(c, NULL, &n, (const unsigned char *)about.p, (int)about.n) == 1;
}

/* Cipher and key only where they are others than the last. */
static bool aes_begin(struct kept *k, const struct ll_aead_job *job)
{
    bool same = k->scheduled && CRYPTO_memcmp(k->key, job->key, sizeof k->key) == 0;

    k->scheduled = false;
    if (EVP_CipherInit_ex2(k->c, same ? NULL : job->cipher, same ? NULL : job->key, job->nonce, job->seal,
                           NULL) != 1)
        return false;
    memcpy(k->key, job->key, sizeof k->key);
    return true;
}

/* Lengths are of buffers with ceilings; an int holds them. */
static int aes_run(struct kept *k, const struct ll_aead_job *job)
{
    EVP_CIPHER_CTX *c = k->c;
    int n = 0;

    if (!aes_begin(k, job) ||
        (!job->seal && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, LL_AEAD_TAG, job->tag) != 1) ||
        !aes_about(c, job->about) || (job->n && EVP_CipherUpdate(c, job->out, &n, job->in, (int)job->n) != 1))
        return -1;
    if (EVP_CipherFinal_ex(c, job->out + n, &n) != 1)
        return job->seal ? -1 : 0;
    if (job->seal && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, LL_AEAD_TAG, job->tag) != 1)
        return -1;
    k->scheduled = true; /* after whatever failed it begins anew */
    return 1;
}

int ll_gcm_aes(const struct ll_aead_job *job)
{
    struct kept *k = job->n <= INT32_MAX && job->about.n <= INT32_MAX ? context() : NULL;

    return k ? aes_run(k, job) : -1;
}

/* The block function that openssl/modes.h asks for; key is the EVP context. */
static void sm4_block(const unsigned char in[BLOCK], unsigned char out[BLOCK], const void *key)
{
    union {
        const void *in;
        EVP_CIPHER_CTX *ctx;
    } c = {key};
    int n = 0;

    LL_ASSERT(EVP_EncryptUpdate(c.ctx, out, &n, in, BLOCK) == 1 && n == BLOCK);
}

static int sm4_run(GCM128_CONTEXT *gcm, const struct ll_aead_job *job)
{
    CRYPTO_gcm128_setiv(gcm, job->nonce, LL_AEAD_NONCE);
    if (job->about.n && CRYPTO_gcm128_aad(gcm, (const unsigned char *)job->about.p, job->about.n) != 0)
        return -1;
    if (job->n && (job->seal ? CRYPTO_gcm128_encrypt(gcm, job->in, job->out, job->n)
                             : CRYPTO_gcm128_decrypt(gcm, job->in, job->out, job->n)) != 0)
        return -1;
    if (!job->seal)
        return CRYPTO_gcm128_finish(gcm, job->tag, LL_AEAD_TAG) == 0;
    CRYPTO_gcm128_tag(gcm, job->tag, LL_AEAD_TAG);
    return 1;
}

int ll_gcm_sm4(const struct ll_aead_job *job)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    GCM128_CONTEXT *gcm = NULL;
    int done = -1;

    if (c && EVP_EncryptInit_ex2(c, job->cipher, job->key, NULL, NULL) == 1 &&
        EVP_CIPHER_CTX_set_padding(c, 0) == 1 && (gcm = CRYPTO_gcm128_new(c, sm4_block)) != NULL)
        done = sm4_run(gcm, job);
    if (gcm)
        CRYPTO_gcm128_release(gcm);
    EVP_CIPHER_CTX_free(c);
    return done;
}
