/* fs.c - see fs.h.  Every function that promises durability syncs the file and then the folder that names it. */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int ll_path(char out[LL_PATH], struct ll_err *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(out, LL_PATH, fmt, ap);
    va_end(ap);
    if (n < 0 || n >= LL_PATH)
        return ll_fail(err, LL_TOOBIG, "路径超过 %d 字节", "path is longer than %d bytes", LL_PATH - 1);
    return LL_OK;
}

int ll_fs_mkdirs(const char *path, struct ll_err *err)
{
    char part[LL_PATH];

    if (ll_path(part, err, "%s", path) < 0)
        return err ? (int)err->rc : LL_TOOBIG;
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != 0)
            continue;
        char was = *p;
        *p = 0;
        if (mkdir(part, 0750) < 0 && errno != EEXIST)
            return ll_fail_errno(err, LL_IO, "无法创建文件夹 %s", "cannot create folder %s", part);
        if (!was)
            return LL_OK;
        *p = was;
    }
}

bool ll_fs_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

int64_t ll_fs_size(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

enum { PIECE = 65536 };

/* How much the next read may take: one byte more than is allowed, so that a longer file shows. */
static size_t next_piece(const struct ll_buf *out, size_t start, size_t max)
{
    size_t left = max - (out->n - start), most = out->ceiling - out->n;

    left = left < PIECE ? left + 1 : PIECE;
    return left < most ? left : most;
}

static int read_fd(int fd, const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    size_t start = out->n;
    char beyond;

    for (;;) {
        size_t piece = next_piece(out, start, max);
        if (!ll_buf_reserve(out, piece))
            return ll_fail(err, LL_NOMEM, "读取 %s 时内存不足", "out of memory reading %s", path);
        ssize_t n = piece ? read(fd, out->p + out->n, piece) : read(fd, &beyond, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
        if (n == 0)
            break;
        out->n += piece ? (size_t)n : 0;
        if (!piece || out->n - start > max)
            return ll_fail(err, LL_TOOBIG, "%s 超过 %zu 字节的上限", "%s is over the limit of %zu bytes",
                           path, max);
    }
    ll_buf_add(out, "", 0);
    return LL_OK;
}

int ll_fs_read(const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ll_fail_errno(err, errno == ENOENT ? LL_NOTFOUND : LL_IO, "无法打开 %s", "cannot open %s",
                             path);
    int rc = read_fd(fd, path, max, out, err);
    close(fd);
    return rc;
}

static int write_all(int fd, struct ll_str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        s.p += n;
        s.n -= (size_t)n;
    }
    return 0;
}

static int parent_of(const char *path, char out[LL_PATH])
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ll_path(out, NULL, ".");
    if (slash == path)
        return ll_path(out, NULL, "/");
    return ll_path(out, NULL, "%.*s", (int)(slash - path), path);
}

static int write_atomic(const char *path, struct ll_str content, mode_t mode, struct ll_err *err)
{
    char temp[LL_PATH];

    if (ll_path(temp, err, "%s.%d.tmp", path, (int)getpid()) < 0)
        return LL_TOOBIG;
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", temp);
    if (write_all(fd, content) < 0 || fsync(fd) < 0) {
        int rc = ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", temp);
        close(fd);
        unlink(temp);
        return rc;
    }
    close(fd);
    int rc = ll_fs_move(temp, path, err);
    if (rc < 0)
        unlink(temp);
    return rc;
}

int ll_fs_write_atomic(const char *path, struct ll_str content, struct ll_err *err)
{
    return write_atomic(path, content, 0640, err);
}

int ll_fs_write_secret(const char *path, struct ll_str content, struct ll_err *err)
{
    return write_atomic(path, content, 0600, err);
}

static int sync_path(const char *path, int flags, struct ll_err *err)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    int rc = fsync(fd) < 0 ? ll_fail_errno(err, LL_IO, "无法落盘 %s", "cannot sync %s", path) : LL_OK;
    close(fd);
    return rc;
}

int ll_fs_sync_file(const char *path, struct ll_err *err)
{
    return sync_path(path, 0, err);
}

int ll_fs_sync_dir(const char *path, struct ll_err *err)
{
    return sync_path(path, O_DIRECTORY, err);
}

int ll_fs_move(const char *from, const char *to, struct ll_err *err)
{
    char a[LL_PATH], b[LL_PATH];
    int rc;

    if (parent_of(from, a) < 0 || parent_of(to, b) < 0)
        return ll_fail(err, LL_TOOBIG, "路径过长", "path too long");
    if (rename(from, to) < 0)
        return ll_fail_errno(err, LL_IO, "无法将 %s 移到 %s", "cannot move %s to %s", from, to);
    if ((rc = ll_fs_sync_dir(b, err)) < 0)
        return rc;
    return strcmp(a, b) == 0 ? LL_OK : ll_fs_sync_dir(a, err);
}

static int remove_at(int dir, const char *name, struct ll_err *err);

static int remove_children(int dir, struct ll_err *err)
{
    DIR *d = fdopendir(dir);
    int rc = LL_OK;

    if (!d) {
        close(dir);
        return ll_fail_errno(err, LL_IO, "无法读取文件夹", "cannot read a folder");
    }
    for (struct dirent *e; rc == LL_OK && (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            rc = remove_at(dirfd(d), e->d_name, err);
    closedir(d);
    return rc;
}

static int remove_at(int dir, const char *name, struct ll_err *err)
{
    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
        return LL_OK;
    int child = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (child < 0)
        return ll_fail_errno(err, LL_IO, "无法删除 %s", "cannot remove %s", name);
    int rc = remove_children(child, err);
    if (rc < 0)
        return rc;
    if (unlinkat(dir, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return ll_fail_errno(err, LL_IO, "无法删除 %s", "cannot remove %s", name);
    return LL_OK;
}

int ll_fs_remove_tree(const char *path, struct ll_err *err)
{
    return remove_at(AT_FDCWD, path, err);
}

int ll_fs_each(const char *dir, int (*fn)(void *ctx, const char *name, struct ll_err *err), void *ctx,
               struct ll_err *err)
{
    struct dirent **names = NULL;
    int n = scandir(dir, &names, NULL, alphasort);
    int rc = LL_OK;

    if (n < 0)
        return ll_fail_errno(err, errno == ENOENT ? LL_NOTFOUND : LL_IO, "无法读取文件夹 %s",
                             "cannot read folder %s", dir);
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        if (rc == LL_OK && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            rc = fn(ctx, name, err);
        free(names[i]);
    }
    free(names);
    return rc;
}

int ll_fs_lock(const char *path, int *ret_fd, struct ll_err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开锁文件 %s", "cannot open lock file %s", path);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int rc = errno == EWOULDBLOCK
                     ? ll_fail(err, LL_BUSY, "另一个进程正在使用 %s", "another process is using %s", path)
                     : ll_fail_errno(err, LL_IO, "无法加锁 %s", "cannot lock %s", path);
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return LL_OK;
}

void ll_fs_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}
