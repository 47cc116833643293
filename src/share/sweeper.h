/* sweeper.h - a thread that lets time do its work while a server runs, once when it starts, then every minute: time limits of workflows
 * (flow_sweep.h), and what subscriptions no longer need (webhook.h). */
#ifndef LL_SHARE_SWEEPER_H
#define LL_SHARE_SWEEPER_H

#include "base/err.h"

#include <stdint.h>

struct ll_store;
struct ll_sweeper;

/* keep_ms: how old events of webhooks may get.  done: called by the thread after a sweep that left events; NULL for nobody. */
int ll_sweeper_open(struct ll_store *st, int64_t keep_ms, void (*done)(void *ctx), void *ctx,
                    struct ll_sweeper **ret, struct ll_err *err) LL_MUST;
struct ll_sweeper *
ll_sweeper_close(struct ll_sweeper *w); /* waits for a sweep under way; NULL is fine; returns NULL */

#endif
