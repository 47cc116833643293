/* pagefile.c - see pagefile.h. */
#include "store/pagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFERED = 64,                            /* pages: one write is 1 MiB */
    LOCK_PAGE = (1 << 30) / LL_PAGE_SIZE + 1, /* SQLite locks bytes of it and never uses it */
    COUNT_OFFSET = 28,                        /* of the count of pages in the header */
};

static int write_failed(struct ll_pagefile *f, struct ll_err *err)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return ll_fail(err, LL_IO, "磁盘已满，无法写入 %s", "the disk is full, cannot write %s", f->path);
    return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", f->path);
}

static int write_at(struct ll_pagefile *f, const void *p, size_t n, off_t at, struct ll_err *err)
{
    while (n) {
        ssize_t done = pwrite(f->fd, p, n, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return write_failed(f, err);
        p = (const char *)p + done;
        n -= (size_t)done;
        at += done;
    }
    return LL_OK;
}

static off_t offset_of(uint32_t number)
{
    return (off_t)(number - 1) * LL_PAGE_SIZE;
}

int ll_pagefile_open(struct ll_pagefile *f, const char *path, struct ll_err *err)
{
    struct stat st;

    *f = (struct ll_pagefile){.fd = open(path, O_RDWR | O_CLOEXEC), .path = path};
    if (f->fd < 0 || fstat(f->fd, &st) < 0)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    LL_ASSERT(st.st_size % LL_PAGE_SIZE == 0);
    f->first = f->next = (uint32_t)(st.st_size / LL_PAGE_SIZE) + 1;
    f->buffer = malloc((size_t)BUFFERED * LL_PAGE_SIZE);
    return f->buffer ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static int flush(struct ll_pagefile *f, struct ll_err *err)
{
    size_t n = (size_t)(f->next - f->first) * LL_PAGE_SIZE;
    off_t at = offset_of(f->first);
    int rc = write_at(f, f->buffer, n, at, err);

    if (rc == LL_OK && n)
        sync_file_range(f->fd, at, (off_t)n,
                        SYNC_FILE_RANGE_WRITE); /* so that the sync at the end has little left */
    f->first = f->next;
    return rc;
}

static int add(struct ll_pagefile *f, const uint8_t *page, struct ll_err *err)
{
    uint8_t *to = f->buffer + (size_t)(f->next - f->first) * LL_PAGE_SIZE;

    if (page)
        memcpy(to, page, LL_PAGE_SIZE);
    else
        memset(to, 0, LL_PAGE_SIZE);
    f->next++;
    return f->next - f->first == BUFFERED ? flush(f, err) : LL_OK;
}

uint32_t ll_pagefile_after(uint32_t n)
{
    return n + 1 == LOCK_PAGE ? n + 2 : n + 1;
}

int ll_pagefile_append(struct ll_pagefile *f, const uint8_t *page, uint32_t *ret_number, struct ll_err *err)
{
    int rc;

    if (f->next == LOCK_PAGE && (rc = add(f, NULL, err)) < 0)
        return rc;
    if (f->next == UINT32_MAX)
        return ll_fail(err, LL_TOOBIG, "%s 的页数超过上限", "%s has too many pages", f->path);
    *ret_number = f->next;
    return add(f, page, err);
}

int ll_pagefile_put(struct ll_pagefile *f, uint32_t number, const uint8_t *page, struct ll_err *err)
{
    return write_at(f, page, LL_PAGE_SIZE, offset_of(number), err);
}

int ll_pagefile_finish(struct ll_pagefile *f, struct ll_err *err)
{
    uint32_t pages = f->next - 1;
    uint8_t count[] = {(uint8_t)(pages >> 24), (uint8_t)(pages >> 16), (uint8_t)(pages >> 8), (uint8_t)pages};
    int rc = flush(f, err);

    return rc < 0 ? rc : write_at(f, count, sizeof count, COUNT_OFFSET, err);
}

void ll_pagefile_close(struct ll_pagefile *f)
{
    if (!f->path)
        return;
    if (f->fd >= 0)
        close(f->fd);
    free(f->buffer);
    *f = (struct ll_pagefile){0};
}
