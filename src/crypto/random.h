/* random.h - unpredictable bytes, and the two things that secrets ask for beside them. */
#ifndef LL_CRYPTO_RANDOM_H
#define LL_CRYPTO_RANDOM_H

#include "base/buf.h"
#include "base/err.h"

enum { LL_TOKEN_TEXT = 44 }; /* 256 bits as base64url, and a NUL */

int ll_random(void *out, size_t n, struct ll_err *err) LL_MUST;
/* The same for what must never come twice but is no secret: out of a stock of the thread's, which costs a tenth.  n is at most 16. */
int ll_nonce(void *out, size_t n, struct ll_err *err) LL_MUST;
/* As ll_nonce for what stays a secret, such as the salt of a commitment: what was given leaves the stock for good.  n is at most 32. */
int ll_salt(void *out, size_t n, struct ll_err *err) LL_MUST;
/* A secret that nobody guesses, as text that stands in a URL or a header as it is. */
int ll_random_token(char out[LL_TOKEN_TEXT], struct ll_err *err) LL_MUST;

/* The number of something that is made: a letter for its kind and 64 bits in hexadecimal. */
enum { LL_RANDOM_ID = 18 };
int ll_random_id(char kind, char out[LL_RANDOM_ID], struct ll_err *err) LL_MUST;

/* Takes as long whatever the bytes are, so that an attacker learns nothing from the time. */
bool ll_equal_ct(const void *a, const void *b, size_t n);
bool ll_str_equal_ct(struct ll_str a, struct ll_str b); /* the lengths are no secret */

/* Overwrites a secret in a way that no compiler leaves out. */
void ll_wipe(void *p, size_t n);
void ll_buf_wipe(struct ll_buf *b); /* and frees it.  What the buffer left behind when it grew is not reached:
                                       reserve before a secret goes in */

#endif
