/* window.h - a part of a file seen through a bounded buffer: what is not yet read by the parser stays, more comes behind it. */
#ifndef LL_INTAKE_DECODE_WINDOW_H
#define LL_INTAKE_DECODE_WINDOW_H

#include "intake/decode/bytes.h"

struct ll_window {
    const struct ll_bytes *file;
    int64_t next, to; /* file offsets: of the first byte not yet read, and of the end of the part */
    char *p;          /* the buffer; p[0] lies at file offset next - n */
    size_t n, cap;
    bool last; /* the buffer reaches to the end of the part */
};

/* file is borrowed. */
void ll_window_init(struct ll_window *w, const struct ll_bytes *file, int64_t from, int64_t to);
void ll_window_free(struct ll_window *w);
/* Drops what lies before `used` (an offset into the buffer) and reads on.  A buffer that is mostly unread doubles, so its size
 * is bounded by twice the largest record plus a chunk. */
int ll_window_more(struct ll_window *w, size_t used, struct ll_err *err) LL_MUST;

#endif
