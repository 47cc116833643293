/* bytes.c - see bytes.h. */
#include "intake/decode/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int ll_bytes_open(struct ll_bytes *b, const char *path, struct ll_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *b = LL_BYTES_INIT;
    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    return ll_bytes_take(b, fd, NULL, (struct ll_str){0}, err);
}

int ll_bytes_take(struct ll_bytes *b, int fd, struct ll_aead *key, struct ll_str head, struct ll_err *err)
{
    int rc = LL_OK;

    *b = (struct ll_bytes){.fd = fd, .key = key};
    if (key && (rc = ll_frames_open(fd, key, head, &b->frames, err)) == LL_OK)
        b->size = ll_frames_size(b->frames);
    if (!key && (b->size = (int64_t)lseek(fd, 0, SEEK_END)) < 0)
        rc = ll_fail_errno(err, LL_IO, "读取交付文件失败", "cannot read the delivered file");
    if (rc < 0)
        ll_bytes_close(b);
    return rc;
}

void ll_bytes_close(struct ll_bytes *b)
{
    ll_frames_close(b->frames);
    ll_aead_free(b->key);
    if (b->fd >= 0)
        close(b->fd);
    *b = LL_BYTES_INIT;
}

static int read_open(int fd, void *p, size_t n, int64_t offset, size_t *ret_n, struct ll_err *err)
{
    size_t have = 0;

    while (have < n) {
        ssize_t got = pread(fd, (char *)p + have, n - have, (off_t)(offset + (int64_t)have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ll_fail_errno(err, LL_IO, "读取交付文件失败", "cannot read the delivered file");
        if (got == 0)
            break;
        have += (size_t)got;
    }
    *ret_n = have;
    return LL_OK;
}

int ll_bytes_read(const struct ll_bytes *b, void *p, size_t n, int64_t offset, size_t *ret_n,
                  struct ll_err *err)
{
    return b->frames ? ll_frames_read(b->frames, p, n, offset, ret_n, err)
                     : read_open(b->fd, p, n, offset, ret_n, err);
}
