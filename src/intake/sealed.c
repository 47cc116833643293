/* sealed.c - see sealed.h. */
#include "intake/sealed.h"

#include "base/fs.h"
#include "intake/inbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct ll_sealed {
    char path[LL_PATH], temp[LL_PATH];
    int fd;
    bool made; /* temp is ours to remove */
    struct ll_aead *key;
    struct ll_framer *framer;
    struct ll_hash *hash;
    int64_t bytes;
};

static int begin(struct ll_sealed *s, struct ll_data *d, const char *as, const char *path, struct ll_err *err)
{
    int rc;

    if ((rc = ll_path(s->path, err, "%s", path)) < 0 || (rc = ll_path(s->temp, err, "%s.tmp", path)) < 0)
        return rc;
    if ((s->fd = open(s->temp, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", s->temp);
    s->made = true;
    if ((rc = ll_inbox_seal(d, as, s->fd, &s->key, &s->framer, err)) < 0)
        return rc;
    return ll_hash_open(&s->hash, err);
}

int ll_sealed_create(struct ll_data *d, const char *as, const char *path, struct ll_sealed **ret,
                     struct ll_err *err)
{
    struct ll_sealed *s = calloc(1, sizeof *s);
    int rc;

    if (!s)
        return ll_no_memory(err);
    s->fd = -1;
    if ((rc = begin(s, d, as, path, err)) < 0)
        ll_sealed_close(s);
    else
        *ret = s;
    return rc;
}

int ll_sealed_put(void *sealed, const void *p, size_t n, struct ll_err *err)
{
    struct ll_sealed *s = sealed;

    ll_hash_add(s->hash, p, n);
    s->bytes += (int64_t)n;
    return ll_framer_add(s->framer, p, n, err);
}

int ll_sealed_finish(struct ll_sealed *s, char sha256[LL_SHA256_HEX], int64_t *ret_bytes, struct ll_err *err)
{
    char hex[LL_SHA256_HEX];
    int rc = ll_framer_end(s->framer, err);

    if (rc < 0)
        return rc;
    ll_hash_hex(s->hash, sha256 ? sha256 : hex);
    s->hash = NULL;
    if (ret_bytes)
        *ret_bytes = s->bytes;
    if (fsync(s->fd) < 0)
        return ll_fail_errno(err, LL_IO, "无法落盘 %s", "cannot sync %s", s->temp);
    if ((rc = ll_fs_move(s->temp, s->path, err)) == LL_OK)
        s->made = false;
    return rc;
}

struct ll_sealed *ll_sealed_close(struct ll_sealed *s)
{
    if (!s)
        return NULL;
    ll_framer_close(s->framer);
    ll_aead_free(s->key);
    ll_hash_close(s->hash);
    if (s->fd >= 0)
        close(s->fd);
    if (s->made)
        unlink(s->temp);
    free(s);
    return NULL;
}

int ll_sealed_open(struct ll_data *d, const char *as, const char *path, struct ll_bytes *ret,
                   struct ll_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *ret = LL_BYTES_INIT;
    return fd < 0 ? ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path)
                  : ll_inbox_unseal(d, as, fd, ret, err);
}

int ll_sealed_write(struct ll_data *d, const char *as, const char *path, struct ll_str content,
                    struct ll_err *err)
{
    struct ll_sealed *s = NULL;
    int rc = ll_sealed_create(d, as, path, &s, err);

    if (rc == LL_OK && (rc = ll_sealed_put(s, content.p, content.n, err)) == LL_OK)
        rc = ll_sealed_finish(s, NULL, NULL, err);
    ll_sealed_close(s);
    return rc;
}

int ll_sealed_read(struct ll_data *d, const char *as, const char *path, struct ll_buf *out,
                   struct ll_err *err)
{
    char piece[LL_FRAME];
    struct ll_bytes b;
    size_t n = 0;
    int64_t at = 0;
    int rc = ll_sealed_open(d, as, path, &b, err);

    while (rc == LL_OK && at < b.size &&
           (rc = ll_bytes_read(&b, piece, sizeof piece, at, &n, err)) == LL_OK && n) {
        ll_buf_add(out, piece, n);
        at += (int64_t)n;
    }
    ll_bytes_close(&b);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}
