/* ticker.h - a thread that does something again and again, until it is closed: at once, and then as long after each round as the round says, or when
 * it is woken.  The first round may wait, too: at a start there is enough to do. */
#ifndef LL_BASE_TICKER_H
#define LL_BASE_TICKER_H

#include "base/err.h"

struct ll_ticker;

/* round is called by the thread with ctx, which must outlive it, and tells after how many ms it is to be called again.  It may begin before this returns. */
int ll_ticker_open(unsigned (*round)(void *ctx), void *ctx, struct ll_ticker **ret,
                   struct ll_err *err) LL_MUST;
/* The same, the first round after so many ms. */
int ll_ticker_open_in(unsigned first_ms, unsigned (*round)(void *ctx), void *ctx, struct ll_ticker **ret,
                      struct ll_err *err) LL_MUST;
/* The next round comes at once; one under way is followed by another.  NULL is fine. */
void ll_ticker_wake(struct ll_ticker *t);
struct ll_ticker *
ll_ticker_close(struct ll_ticker *t); /* waits for a round under way; NULL is fine; returns NULL */

#endif
