/* key_impl.h - what key.c and sign.c share. */
#ifndef LL_CRYPTO_KEY_IMPL_H
#define LL_CRYPTO_KEY_IMPL_H

#include "crypto/key.h"

#include <openssl/evp.h>

EVP_PKEY *ll_key_pkey(const struct ll_key *k); /* borrowed */

#endif
