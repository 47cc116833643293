/* spool.c - see spool.h. */
#include "intake/decode/spool.h"

#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPOOL_BUFFER = 1 << 20 };

static const struct ll_str no_head = {"", 0};

/* Where the file system cannot make a file without a name, it loses its name at once. */
static int open_nameless(const char *dir, int *ret, struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    *ret = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*ret >= 0)
        return LL_OK;
    if ((rc = ll_path(path, err, "%s/spool-XXXXXX", dir)) < 0)
        return rc;
    *ret = mkostemp(path, O_CLOEXEC);
    if (*ret < 0)
        return ll_fail_errno(err, LL_IO, "无法在 %s 创建临时文件", "cannot create a temporary file in %s",
                             dir);
    unlink(path);
    return LL_OK;
}

static int open_framer(struct ll_spool *s, struct ll_err *err)
{
    unsigned char secret[LL_AEAD_KEY];
    int rc = ll_random(secret, sizeof secret, err);

    if (rc == LL_OK)
        rc = ll_aead_new(LL_AES256_GCM, (struct ll_str){(const char *)secret, sizeof secret}, &s->key, err);
    ll_wipe(secret, sizeof secret);
    return rc < 0 ? rc : ll_framer_open(s->fd, s->key, no_head, &s->framer, err);
}

int ll_spool_create(struct ll_spool *s, const char *dir, bool secret, struct ll_err *err)
{
    int rc = LL_OK;

    *s = LL_SPOOL_INIT;
    s->buf = malloc(SPOOL_BUFFER);
    if (!s->buf)
        rc = ll_fail(err, LL_NOMEM, "写临时文件时内存不足", "out of memory for a temporary file");
    if (rc == LL_OK && (rc = open_nameless(dir, &s->fd, err)) == LL_OK && secret)
        rc = open_framer(s, err);
    if (rc < 0)
        ll_spool_remove(s);
    return rc;
}

static int write_out(struct ll_spool *s, struct ll_err *err)
{
    const char *p = s->buf;

    if (s->framer) {
        size_t whole = s->n;
        s->n = 0;
        return ll_framer_add(s->framer, p, whole, err);
    }
    while (s->n) {
        ssize_t n = write(s->fd, p, s->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法写临时文件", "cannot write the temporary file");
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
        int rc = write_out(s, err);
        if (rc < 0)
            return rc;
    }
    return LL_OK;
}

int ll_spool_flush(struct ll_spool *s, struct ll_err *err)
{
    struct ll_aead *key = s->key;
    int rc = write_out(s, err), fd = s->fd;

    if (rc == LL_OK && s->framer)
        rc = ll_framer_end(s->framer, err);
    if (rc < 0)
        return rc;
    s->key = NULL;
    s->fd = -1;
    return ll_bytes_take(&s->file, fd, key, no_head, err);
}

void ll_spool_remove(struct ll_spool *s)
{
    ll_framer_close(s->framer);
    ll_bytes_close(&s->file);
    ll_aead_free(s->key);
    if (s->fd >= 0)
        close(s->fd);
    free(s->buf);
    *s = LL_SPOOL_INIT;
}
