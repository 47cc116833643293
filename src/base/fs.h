/* fs.h - the few file operations that durability depends on.  A path is UTF-8, at most LL_PATH bytes. */
#ifndef LL_BASE_FS_H
#define LL_BASE_FS_H

#include "base/buf.h"
#include "base/err.h"

#define LL_PATH 1024

/* Fills out[LL_PATH] from a format; LL_TOOBIG when it does not fit. */
int ll_path(char out[LL_PATH], struct ll_err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int ll_fs_mkdirs(const char *path, struct ll_err *err) LL_MUST; /* mode 0750; fine when it is there */
bool ll_fs_exists(const char *path);
int64_t ll_fs_size(const char *path); /* -1 when it is not there */
/* The whole file, at most max bytes, appended to out. */
int ll_fs_read(const char *path, size_t max, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* temp file beside it, write, fsync, rename, fsync of the folder: after it returns the new content survives power loss. */
int ll_fs_write_atomic(const char *path, struct ll_str content, struct ll_err *err) LL_MUST;
/* The same for what the owner alone may read (mode 0600). */
int ll_fs_write_secret(const char *path, struct ll_str content, struct ll_err *err) LL_MUST;
int ll_fs_sync_file(const char *path, struct ll_err *err) LL_MUST;
int ll_fs_sync_dir(const char *path, struct ll_err *err) LL_MUST;
/* rename and fsync of both folders. */
int ll_fs_move(const char *from, const char *to, struct ll_err *err) LL_MUST;
int ll_fs_remove_tree(const char *path,
                      struct ll_err *err) LL_MUST; /* fine when it is not there; follows no link */
/* Calls fn for each name in a folder, sorted, without . and ..; stops at the first non-zero return, which it returns. */
int ll_fs_each(const char *dir, int (*fn)(void *ctx, const char *name, struct ll_err *err), void *ctx,
               struct ll_err *err);

/* An advisory lock that the kernel releases when the process dies.  LL_BUSY when another holder has it. */
int ll_fs_lock(const char *path, int *ret_fd, struct ll_err *err) LL_MUST;
void ll_fs_unlock(int fd); /* -1 is fine */

#endif
