/* password.h - passwords and passphrases by Argon2id (RFC 9106).
 *
 * A hash is a PHC string, $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>, and carries what it cost; what a string may ask for is bounded
 * (LL_ARGON2_MAX_...), so that one from a foreign database cannot take all memory.  How long a password must be is the caller's rule. */
#ifndef LL_CRYPTO_PASSWORD_H
#define LL_CRYPTO_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

enum { LL_PASSWORD_TEXT = 160, LL_PASSWORD_MAX = 1024 /* bytes of a password */ };
enum { LL_ARGON2_MAX_KIB = 1 << 20, LL_ARGON2_MAX_PASSES = 64, LL_ARGON2_MAX_LANES = 8 };

struct ll_argon2_cost {
    uint32_t kib, passes, lanes;
};
/* For log-ins, of which a server may have many at once (OWASP Password Storage), and for the one passphrase of a start. */
#define LL_COST_LOGIN ((struct ll_argon2_cost){19456, 2, 1})
#define LL_COST_START ((struct ll_argon2_cost){65536, 3, 1})

int ll_password_hash(struct ll_str password, struct ll_argon2_cost cost, char out[LL_PASSWORD_TEXT],
                     struct ll_err *err) LL_MUST;
/* LL_OK; LL_SIGNIN for another password; LL_INVALID for a string that is no such hash. */
int ll_password_verify(struct ll_str password, struct ll_str phc, struct ll_err *err) LL_MUST;
/* Costs what a verification does, and says no: for accounts that do not exist. */
int ll_password_refuse(struct ll_str password, struct ll_err *err) LL_MUST;
/* Whether the hash was made with another cost than this: time to hash anew, at a log-in. */
bool ll_password_stale(struct ll_str phc, struct ll_argon2_cost cost);

bool ll_argon2_bounded(struct ll_argon2_cost cost);
/* n bytes out of the secret; the salt has 8 bytes or more. */
int ll_argon2(struct ll_str secret, struct ll_str salt, struct ll_argon2_cost cost, unsigned char *out,
              size_t n, struct ll_err *err) LL_MUST;

#endif
