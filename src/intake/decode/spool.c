/* spool.c - see spool.h. */
#include "intake/decode/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPOOL_BUFFER = 1 << 20 };

int ll_spool_create(struct ll_spool *s, const char *dir, const char *name, struct ll_err *err)
{
    int rc = ll_path(s->path, err, "%s/%s-XXXXXX", dir, name);

    if (rc < 0)
        return rc;
    s->buf = malloc(SPOOL_BUFFER);
    if (!s->buf)
        return ll_fail(err, LL_NOMEM, "写临时文件时内存不足", "out of memory for a temporary file");
    s->n = 0;
    s->total = 0;
    s->fd = mkostemp(s->path, O_CLOEXEC);
    if (s->fd < 0) {
        rc = ll_fail_errno(err, LL_IO, "无法在 %s 创建临时文件", "cannot create a temporary file in %s", dir);
        free(s->buf);
        s->buf = NULL;
    }
    return s->fd < 0 ? rc : LL_OK;
}

int ll_spool_flush(struct ll_spool *s, struct ll_err *err)
{
    const char *p = s->buf;

    while (s->n) {
        ssize_t n = write(s->fd, p, s->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "写临时文件 %s 失败", "cannot write the temporary file %s",
                                 s->path);
        p += n;
        s->n -= (size_t)n;
    }
    return LL_OK;
}

int ll_spool_add(struct ll_spool *s, const void *p, size_t n, struct ll_err *err)
{
    const char *from = p;

    s->total += (int64_t)n;
    while (n) {
        size_t part = n < SPOOL_BUFFER - s->n ? n : SPOOL_BUFFER - s->n;
        memcpy(s->buf + s->n, from, part);
        s->n += part;
        from += part;
        n -= part;
        if (s->n < SPOOL_BUFFER)
            break;
        int rc = ll_spool_flush(s, err);
        if (rc < 0)
            return rc;
    }
    return LL_OK;
}

void ll_spool_remove(struct ll_spool *s)
{
    if (s->fd >= 0) {
        close(s->fd);
        unlink(s->path);
    }
    free(s->buf);
    *s = LL_SPOOL_INIT;
}
