/* download.h - a sealed file as an answer, whole or in parts (RFC 9110, sections 13 and 14). */
#ifndef LL_HTTP_DOWNLOAD_H
#define LL_HTTP_DOWNLOAD_H

#include "http/range.h"
#include "http/request.h"
#include "intake/decode/bytes.h"

struct ll_download {
    const char *sha256, *name, *type; /* sha256: its tag; name: what it is to be called */
    int64_t bytes;
};
/* Which part is wanted.  *ret_send false: the answer is 304 or 416 and there already. */
int ll_download_part(struct ll_request *rq, const struct ll_download *f, struct ll_range *ret, bool *ret_send,
                     struct ll_err *err) LL_MUST;
/* Takes the bytes, on failure, too. */
int ll_download_send(struct ll_request *rq, const struct ll_download *f, struct ll_bytes *bytes,
                     const struct ll_range *part, struct ll_err *err) LL_MUST;

#endif
