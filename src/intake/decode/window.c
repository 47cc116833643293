/* window.c - see window.h. */
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 20 };

void ll_window_init(struct ll_window *w, const struct ll_bytes *file, int64_t from, int64_t to)
{
    *w = (struct ll_window){.file = file, .next = from, .to = to, .last = from >= to};
}

void ll_window_free(struct ll_window *w)
{
    free(w->p);
    w->p = NULL;
    w->n = w->cap = 0;
}

static int grow(struct ll_window *w, size_t cap, struct ll_err *err)
{
    if (cap <= w->cap)
        return LL_OK;
    char *p = realloc(w->p, cap);
    if (!p)
        return ll_fail(err, LL_NOMEM, "读取交付文件时内存不足", "out of memory reading the delivered file");
    w->p = p;
    w->cap = cap;
    return LL_OK;
}

int ll_window_more(struct ll_window *w, size_t used, struct ll_err *err)
{
    size_t unread = w->n - used, got;
    size_t want = unread > CHUNK ? unread : CHUNK;
    int rc;

    if (unread && used)
        memmove(w->p, w->p + used, unread);
    w->n = unread;
    if ((int64_t)want > w->to - w->next)
        want = (size_t)(w->to - w->next);
    if ((rc = grow(w, unread + want + 1, err)) < 0 ||
        (rc = ll_bytes_read(w->file, w->p + unread, want, w->next, &got, err)) < 0)
        return rc;
    if (got < want)
        return ll_fail(err, LL_IO, "交付文件在读取期间变短了",
                       "the delivered file became shorter while it was read");
    w->n += got;
    w->next += (int64_t)got;
    w->last = w->next == w->to;
    return LL_OK;
}
