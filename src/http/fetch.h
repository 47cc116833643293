/* fetch.h - a journal of another server, read over HTTP as C2SP tlog-tiles. */
#ifndef LL_HTTP_FETCH_H
#define LL_HTTP_FETCH_H

#include "journal/reader.h"

struct ll_fetch;

/* url: what stands before "/checkpoint"; http and https only, no redirect is followed.  For one thread. */
int ll_fetch_open(const char *url, struct ll_fetch **ret, struct ll_err *err) LL_MUST;
struct ll_fetch *ll_fetch_close(struct ll_fetch *f); /* NULL is fine; returns NULL */
struct ll_log_files ll_fetch_files(struct ll_fetch *f);

#endif
