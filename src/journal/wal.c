/* wal.c - writes the write-ahead file; see wal.h. */
#include "journal/wal.h"

#include "crypto/random.h"
#include "journal/wal_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUP_MAX = 1 << 30, STEP_MIN = 64 << 10, STEP_MAX = 4 << 20 };

struct ll_wal {
    int fd;
    char path[LL_PATH];
    unsigned char salt[LL_WAL_SALT];
    uint64_t at;       /* where the next group goes */
    uint64_t grown_to; /* the file has bytes up to here */
    struct ll_buf group;
    uint32_t count;
};

static int write_at(struct ll_wal *w, const char *p, size_t n, uint64_t at, struct ll_err *err)
{
    while (n > 0) {
        ssize_t done = pwrite(w->fd, p, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ll_fail_errno(err, LL_IO, "无法写日志文件 %s", "cannot write journal file %s", w->path);
        p += done;
        n -= (size_t)done;
        at += (uint64_t)done;
    }
    return LL_OK;
}

static int put_head(struct ll_wal *w, const struct ll_wal_state *state, struct ll_err *err)
{
    unsigned char block[LL_WAL_BLOCK] = LL_WAL_FILE_MAGIC;

    memcpy(block + LL_WAL_MAGIC, w->salt, LL_WAL_SALT);
    ll_wal_put(block + 16, state->size, 8);
    memcpy(block + 24, state->root, sizeof state->root);
    ll_digest(LL_SHA256,
              (struct ll_str[]){{(const char *)block, LL_WAL_HEAD_HASHED},
                                {(const char *)block + LL_WAL_HEAD, LL_WAL_BLOCK - LL_WAL_HEAD}},
              2, block + LL_WAL_HEAD_HASHED);
    return write_at(w, (const char *)block, sizeof block, 0, err);
}

/* A file that is not yet under its name: the spare one, or a new one. */
static int open_new(struct ll_wal *w, const char *spare, const char *temp, struct ll_err *err)
{
    if (rename(spare, temp) < 0 && errno != ENOENT)
        return ll_fail_errno(err, LL_IO, "无法使用日志文件 %s", "cannot use journal file %s", spare);
    w->fd = open(temp, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (w->fd < 0)
        return ll_fail_errno(err, LL_IO, "无法建立日志文件 %s", "cannot create journal file %s", temp);
    off_t end = lseek(w->fd, 0, SEEK_END);
    w->grown_to = end < 0 ? 0 : (uint64_t)end;
    return ll_random(w->salt, sizeof w->salt, err);
}

int ll_wal_create(const char *path, const char *spare, const struct ll_wal_state *state, struct ll_wal **ret,
                  struct ll_err *err)
{
    struct ll_wal *w = calloc(1, sizeof *w);
    char temp[LL_PATH];
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->fd = -1;
    w->at = LL_WAL_BLOCK;
    w->group = LL_BUF_INIT(GROUP_MAX);
    if ((rc = ll_path(w->path, err, "%s", path)) == LL_OK &&
        (rc = ll_path(temp, err, "%s.new", path)) == LL_OK && (rc = open_new(w, spare, temp, err)) == LL_OK &&
        (rc = put_head(w, state, err)) == LL_OK) {
        w->grown_to = w->grown_to > LL_WAL_BLOCK ? w->grown_to : LL_WAL_BLOCK;
        if (fdatasync(w->fd) < 0)
            rc = ll_fail_errno(err, LL_IO, "无法落盘 %s", "cannot sync %s", temp);
        else
            rc = ll_fs_move(temp, path, err);
    }
    if (rc < 0)
        ll_wal_close(w);
    else
        *ret = w;
    return rc;
}

struct ll_wal *ll_wal_close(struct ll_wal *w)
{
    if (!w)
        return NULL;
    if (w->fd >= 0)
        close(w->fd);
    ll_buf_free(&w->group);
    free(w);
    return NULL;
}

uint64_t ll_wal_bytes(const struct ll_wal *w)
{
    return w->at - LL_WAL_BLOCK;
}

const char *ll_wal_path(const struct ll_wal *w)
{
    return w->path;
}

void ll_wal_begin(struct ll_wal *w)
{
    static const char room[LL_WAL_GROUP] = LL_WAL_GROUP_MAGIC;

    ll_buf_clear(&w->group);
    ll_buf_add(&w->group, room, sizeof room);
    w->count = 0;
}

void ll_wal_add(struct ll_wal *w, struct ll_str entry, struct ll_str sealed)
{
    unsigned char head[LL_WAL_ENTRY];

    ll_wal_put(head, entry.n, 2);
    ll_wal_put(head + 2, sealed.n, 4);
    ll_buf_add(&w->group, head, sizeof head);
    ll_buf_str(&w->group, entry);
    ll_buf_str(&w->group, sealed);
    w->count++;
}

static void seal_group(struct ll_wal *w, size_t body, const struct ll_wal_state *after)
{
    unsigned char *p = (unsigned char *)w->group.p;

    memcpy(p + LL_WAL_MAGIC, w->salt, LL_WAL_SALT);
    ll_wal_put(p + 16, after->size, 8);
    ll_wal_put(p + 24, w->count, 4);
    ll_wal_put(p + 28, body, 4);
    memcpy(p + 32, after->root, sizeof after->root);
    ll_digest(LL_SHA256,
              (struct ll_str[]){{w->group.p, LL_WAL_GROUP_HASHED},
                                {w->group.p + LL_WAL_GROUP, w->group.n - LL_WAL_GROUP}},
              2, p + LL_WAL_GROUP_HASHED);
}

/* Zeros ahead, in steps that double: a group that lies within the file needs no new length nor blocks when it is synced. */
static int grow(struct ll_wal *w, uint64_t end, struct ll_err *err)
{
    static const char zeros[STEP_MIN];
    int rc = LL_OK;

    if (end <= w->grown_to)
        return LL_OK;
    uint64_t step = w->grown_to < STEP_MIN ? STEP_MIN : w->grown_to > STEP_MAX ? STEP_MAX : w->grown_to;
    uint64_t goal = w->grown_to + step > end ? w->grown_to + step : end;
    while (w->grown_to < goal && rc == LL_OK) {
        size_t n = goal - w->grown_to < sizeof zeros ? (size_t)(goal - w->grown_to) : sizeof zeros;
        rc = write_at(w, zeros, n, w->grown_to, err);
        w->grown_to += rc == LL_OK ? n : 0;
    }
    return rc;
}

int ll_wal_commit(struct ll_wal *w, const struct ll_wal_state *after, bool *broken, struct ll_err *err)
{
    static const char padding[LL_WAL_BLOCK];
    int rc;

    *broken = false;
    size_t end = w->group.n, whole = ll_wal_round(end);
    ll_buf_add(&w->group, padding, whole - end);
    if (w->group.failed)
        return ll_no_memory(err);
    seal_group(w, end - LL_WAL_GROUP, after);
    if ((rc = grow(w, w->at + whole, err)) < 0 || (rc = write_at(w, w->group.p, whole, w->at, err)) < 0)
        return rc;
    if (fdatasync(w->fd) < 0) {
        *broken = true;
        return ll_fail_errno(err, LL_IO, "无法落盘 %s", "cannot sync %s", w->path);
    }
    w->at += whole;
    return LL_OK;
}
