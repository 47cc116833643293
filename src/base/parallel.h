/* parallel.h - one piece of work by several threads at once: each is called with its number and takes what is left of the work by itself. */
#ifndef LL_BASE_PARALLEL_H
#define LL_BASE_PARALLEL_H

#include "base/err.h"

typedef int ll_parallel_fn(void *ctx, unsigned which, struct ll_err *err);
/* Calls fn in n threads, the caller's among them, and waits for all; the first that failed gives the error.  Where a thread cannot be started, fewer do
 * the same work. */
int ll_parallel(unsigned n, ll_parallel_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

#endif
