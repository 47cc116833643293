/* digest.c - see digest.h.  A context that is kept costs a third of one that OpenSSL looks up anew for 65 bytes. */
#include "crypto/digest.h"

#include "base/err.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

enum { BLOCK = 64 }; /* of both hashes */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_exit; /* frees what a thread made */
static _Thread_local EVP_MD_CTX *contexts[2];

static void thread_ends(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < LL_COUNT(contexts); i++) {
        EVP_MD_CTX_free(contexts[i]);
        contexts[i] = NULL;
    }
}

static void make_key(void)
{
    LL_ASSERT(pthread_key_create(&at_exit, thread_ends) == 0);
}

static EVP_MD_CTX *context_new(enum ll_digest_alg alg)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    pthread_once(&once, make_key);
    LL_ASSERT(pthread_setspecific(at_exit, contexts) == 0);
    LL_ASSERT(ctx && EVP_DigestInit_ex(ctx, alg == LL_SM3 ? EVP_sm3() : EVP_sha256(), NULL) == 1);
    return contexts[alg] = ctx;
}

void ll_digest(enum ll_digest_alg alg, const struct ll_str *parts, size_t n, unsigned char out[LL_DIGEST])
{
    EVP_MD_CTX *ctx = contexts[alg] ? contexts[alg] : context_new(alg);

    LL_ASSERT(EVP_DigestInit_ex2(ctx, NULL, NULL) == 1);
    for (size_t i = 0; i < n; i++)
        LL_ASSERT(EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) == 1);
    LL_ASSERT(EVP_DigestFinal_ex(ctx, out, NULL) == 1);
}

void ll_sha256(const void *p, size_t n, unsigned char out[LL_DIGEST])
{
    ll_digest(LL_SHA256, &(struct ll_str){p, n}, 1, out);
}

void ll_sm3(const void *p, size_t n, unsigned char out[LL_DIGEST])
{
    ll_digest(LL_SM3, &(struct ll_str){p, n}, 1, out);
}

/* block ^= byte, at every place. */
static void fold(char block[BLOCK], char byte)
{
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= byte;
}

void ll_hmac_parts(enum ll_digest_alg alg, struct ll_str key, const struct ll_str *parts, size_t n,
                   unsigned char out[LL_DIGEST])
{
    char block[BLOCK] = {0};
    unsigned char inner[LL_DIGEST];
    struct ll_str all[1 + LL_HMAC_PARTS] = {{block, BLOCK}};

    LL_ASSERT(n <= LL_HMAC_PARTS);
    memcpy(all + 1, parts, n * sizeof *parts);
    if (key.n > BLOCK)
        ll_digest(alg, &key, 1, (unsigned char *)block);
    else if (key.n)
        memcpy(block, key.p, key.n);
    fold(block, 0x36);
    ll_digest(alg, all, n + 1, inner);
    fold(block, 0x36 ^ 0x5c);
    all[1] = (struct ll_str){(const char *)inner, LL_DIGEST};
    ll_digest(alg, all, 2, out);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(inner, sizeof inner);
}

void ll_hmac(enum ll_digest_alg alg, struct ll_str key, struct ll_str msg, unsigned char out[LL_DIGEST])
{
    ll_hmac_parts(alg, key, &msg, 1, out);
}

void ll_hmac_sha256(struct ll_str key, struct ll_str msg, unsigned char out[LL_DIGEST])
{
    ll_hmac_parts(LL_SHA256, key, &msg, 1, out);
}

void ll_hkdf_sha256(struct ll_str secret, struct ll_str salt, struct ll_str info, unsigned char *out,
                    size_t n)
{
    unsigned char prk[LL_DIGEST], t[LL_DIGEST];

    LL_ASSERT(n <= 255 * LL_DIGEST);
    ll_hmac(LL_SHA256, salt, secret, prk);
    for (unsigned char i = 1; n; i++) {
        const struct ll_str parts[] = {{(const char *)t, i > 1 ? LL_DIGEST : 0}, info, {(const char *)&i, 1}};
        ll_hmac_parts(LL_SHA256, (struct ll_str){(const char *)prk, LL_DIGEST}, parts, 3, t);
        size_t part = n < LL_DIGEST ? n : LL_DIGEST;
        memcpy(out, t, part);
        out += part;
        n -= part;
    }
    OPENSSL_cleanse(prk, sizeof prk);
    OPENSSL_cleanse(t, sizeof t);
}
