/* bundler.h - issues bundles of reports behind the server (apps/credit/bundle.h), one slice after the other; removes files that have expired. */
#ifndef LL_HTTP_BUNDLER_H
#define LL_HTTP_BUNDLER_H

#include "base/err.h"

struct ll_app;
struct ll_bundler;

/* What an earlier process left goes on.  app must outlive it, with everything in it that reports are made with. */
int ll_bundler_open(struct ll_app *app, struct ll_bundler **ret, struct ll_err *err) LL_MUST;
/* What is under way leaves off at its next handful and goes on with the next start.  NULL is fine; returns NULL. */
struct ll_bundler *ll_bundler_close(struct ll_bundler *b);
void ll_bundler_wake(struct ll_bundler *b); /* there is something to do */

#endif
