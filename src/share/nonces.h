/* nonces.h - which nonces of signed messages were used, so that none counts twice (RFC 9421, 7.2.2).
 *
 * (1) A nonce is remembered until its message has expired; only hashes are kept, in memory that never grows.  When it is full of nonces that
 *     still matter, further messages are refused (LL_BUSY) rather than believed.
 * (2) Nothing outlives the program: a message made before it started is refused, since its nonce may have been used before.
 * (3) When the clock is put back, what had already expired stays expired.
 * Threads may share one struct ll_nonces. */
#ifndef LL_SHARE_NONCES_H
#define LL_SHARE_NONCES_H

#include "base/err.h"
#include "base/str.h"

enum { LL_NONCES_MOST = 1 << 17, LL_NONCE_MOST = 128 };

struct ll_nonces;

/* started_s: when the program did; most: how many at once. */
int ll_nonces_new(int64_t started_s, size_t most, struct ll_nonces **ret, struct ll_err *err) LL_MUST;
struct ll_nonces *ll_nonces_free(struct ll_nonces *n); /* NULL is fine; returns NULL */

/* A message of `owner`, made at created_s and worth something until before until_s.  Ask only once its signature was verified, so that nobody
 * else fills the memory.  LL_DENIED: used before, or see (2) and (3). */
int ll_nonces_use(struct ll_nonces *n, struct ll_str owner, struct ll_str nonce, int64_t created_s,
                  int64_t until_s, int64_t now_s, struct ll_err *err) LL_MUST;

#endif
