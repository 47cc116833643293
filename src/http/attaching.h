/* attaching.h - scans sent piece by piece and fetched, whatever they belong to (share/attachment.h). */
#ifndef LL_HTTP_ATTACHING_H
#define LL_HTTP_ATTACHING_H

#include "http/sharing.h"
#include "share/attachment.h"

/* Before the body comes: makes the sink of a request that may add one to the scene. */
int ll_attaching_begin(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, const char *scene,
                       struct ll_err *err) LL_MUST;
/* Keeps what the sink took and answers with it. */
int ll_attaching_keep(struct ll_request *rq, struct ll_txn *tx, const char *scene, const char *name,
                      struct ll_err *err) LL_MUST;
/* Answers with the file. */
int ll_attaching_send(struct ll_app *app, struct ll_request *rq, const struct ll_attachment *a,
                      struct ll_err *err) LL_MUST;

#endif
