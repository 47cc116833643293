/* sweeper.h - a thread that lets time do its work (flow_sweep.h) while a server runs: once when it starts, then every minute. */
#ifndef LL_SHARE_SWEEPER_H
#define LL_SHARE_SWEEPER_H

#include "base/err.h"

struct ll_store;
struct ll_sweeper;

/* done: called by the thread after a sweep that left events; NULL for nobody. */
int ll_sweeper_open(struct ll_store *st, void (*done)(void *ctx), void *ctx, struct ll_sweeper **ret,
                    struct ll_err *err) LL_MUST;
struct ll_sweeper *
ll_sweeper_close(struct ll_sweeper *w); /* waits for a sweep under way; NULL is fine; returns NULL */

#endif
