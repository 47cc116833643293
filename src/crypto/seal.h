/* seal.h - a file that only who knows its secret reads, and that nobody changes unnoticed.
 *
 *   luling sealed file v1
 *   kdf argon2id m=65536,t=3,p=1 <salt>        a passphrase: slow on purpose
 *   kdf hkdf-sha256 <salt>                     a secret of 32 random bytes or more (one of the two lines)
 *   aead aes-256-gcm
 *
 *   <base64 of what aead.h makes, the lines above being what it is about>
 *
 * The file says how its key is made, within the bounds of password.h. */
#ifndef LL_CRYPTO_SEAL_H
#define LL_CRYPTO_SEAL_H

#include "base/buf.h"
#include "base/err.h"

enum { LL_SEALED_FILE_MAX = 1 << 20 /* bytes of content */ };

struct ll_seal_secret {
    struct ll_str bytes;
    bool random; /* made by a machine, 32 bytes or more; otherwise a passphrase */
};

/* Appends the whole file. */
int ll_file_seal(const struct ll_seal_secret *secret, struct ll_str content, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
/* Appends the content.  LL_SIGNIN when the secret is another one (or the file was changed), LL_INVALID when it is no such file. */
int ll_file_unseal(const struct ll_seal_secret *secret, struct ll_str file, struct ll_buf *out,
                   struct ll_err *err) LL_MUST;

#endif
