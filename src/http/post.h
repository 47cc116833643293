/* post.h - one POST to another server: what the log sends to its witnesses. */
#ifndef LL_HTTP_POST_H
#define LL_HTTP_POST_H

#include "base/buf.h"
#include "base/err.h"

/* body to <url>/add-checkpoint; http and https only, no redirect is followed, ten seconds at most, the answer within answer's ceiling.
 * Returns the HTTP status; negative when there was no answer.  Fits ll_witness_post_fn. */
int ll_http_post_checkpoint(void *ctx, const char *url, struct ll_str body, struct ll_buf *answer,
                            struct ll_err *err);

#endif
