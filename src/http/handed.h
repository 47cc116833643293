/* handed.h - a file that is made beside the data and sent from there: its size never matters to memory, and it is gone with its last descriptor. */
#ifndef LL_HTTP_HANDED_H
#define LL_HTTP_HANDED_H

#include "http/app.h"
#include "http/request.h"

#define LL_TYPE_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* A path in DATA/work that no other request has. */
int ll_handed_path(struct ll_app *app, const struct ll_request *rq, char out[LL_PATH],
                   struct ll_err *err) LL_MUST;
/* Sends the file that was made there, under that name for the reader, and removes it, whatever happens. */
int ll_handed_reply(struct ll_request *rq, const char *path, const char *name, const char *type,
                    struct ll_err *err) LL_MUST;

#endif
