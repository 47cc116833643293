/* throttle.h - how often something may happen: a bucket a name that fills at a rate and is emptied by one.
 *
 * Kept in memory, for short spans: attempts of an address, calls of a grant a second.  Names nobody used for a while are forgotten when
 * room is needed; when every name is in use, new ones share a bucket, so that many names are no way around a limit. */
#ifndef LL_SHARE_THROTTLE_H
#define LL_SHARE_THROTTLE_H

#include "base/err.h"
#include "base/str.h"

struct ll_throttle;

/* rate: how many a second, in thousandths; burst: how many at once. */
struct ll_rate {
    uint32_t per_1000_s, burst;
};

int ll_throttle_new(size_t names, struct ll_throttle **ret, struct ll_err *err) LL_MUST;
struct ll_throttle *ll_throttle_free(struct ll_throttle *t); /* NULL is fine; returns NULL */
/* 0: go on; otherwise the milliseconds to wait. */
uint64_t ll_throttle_take(struct ll_throttle *t, struct ll_str name, struct ll_rate rate);
/* All n, or none and when all of them may be taken.  More than the burst are given once nothing is owed, and are owed then: so the rate holds, and
 * who waits as long as it was told is served. */
uint64_t ll_throttle_take_all(struct ll_throttle *t, struct ll_str name, struct ll_rate rate, size_t n);

#endif
