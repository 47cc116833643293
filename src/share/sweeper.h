/* sweeper.h - a thread that lets time do its work while a server runs, once when it starts, then every minute: time limits of workflows
 * (flow_sweep.h), what subscriptions no longer need (webhook.h), old events of watched subjects (watch.h). */
#ifndef LL_SHARE_SWEEPER_H
#define LL_SHARE_SWEEPER_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ll_store;
struct ll_sweeper;
struct ll_flow_swept;

struct ll_sweeper_opts {
    struct ll_store *store;
    const struct ll_flow_swept *more; /* flows of uses (flow_sweep.h); NULL: none */
    size_t n_more;
    int64_t webhook_keep_ms, watch_keep_ms; /* how old events may get */
    void (*done)(void *ctx); /* called by the thread after a sweep that left events; NULL for nobody */
    void *ctx;
};
int ll_sweeper_open(const struct ll_sweeper_opts *o, struct ll_sweeper **ret, struct ll_err *err) LL_MUST;
struct ll_sweeper *
ll_sweeper_close(struct ll_sweeper *w); /* waits for a sweep under way; NULL is fine; returns NULL */

#endif
