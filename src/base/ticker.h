/* ticker.h - a thread that does something again and again: at once, and then so long after each round has ended, until it is closed. */
#ifndef LL_BASE_TICKER_H
#define LL_BASE_TICKER_H

#include "base/err.h"

struct ll_ticker;

/* round is called by the thread with ctx, which must outlive it. */
int ll_ticker_open(unsigned every_ms, void (*round)(void *ctx), void *ctx, struct ll_ticker **ret,
                   struct ll_err *err) LL_MUST;
struct ll_ticker *
ll_ticker_close(struct ll_ticker *t); /* waits for a round under way; NULL is fine; returns NULL */

#endif
