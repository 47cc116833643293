/* aead_impl.h - the two ciphers behind aead.h; each fills or checks the tag and works on n bytes from in to out. */
#ifndef LL_CRYPTO_AEAD_IMPL_H
#define LL_CRYPTO_AEAD_IMPL_H

#include "crypto/aead.h"

#include <openssl/evp.h>

enum { LL_AEAD_NONCE = 12, LL_AEAD_TAG = 16, LL_SM4_KEY = 16 };

struct ll_aead_job {
    const EVP_CIPHER *cipher; /* aes-256-gcm, or sm4-ecb for its GCM */
    const unsigned char *key, *nonce;
    struct ll_str about;
    const unsigned char *in;
    unsigned char *out;
    size_t n;
    bool seal;
    unsigned char *tag; /* written by seal, read by open */
};

/* 1: done; 0: the tag is another's; -1: the library failed. */
int ll_gcm_aes(const struct ll_aead_job *job);
int ll_gcm_sm4(const struct ll_aead_job *job);

#endif
