/* handed.c - see handed.h. */
#include "http/handed.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int ll_handed_path(struct ll_app *app, const struct ll_request *rq, char out[LL_PATH], struct ll_err *err)
{
    return ll_data_path(app->data, out, err, "work/download-%d-%s", (int)getpid(), rq->id);
}

int ll_handed_reply(struct ll_request *rq, const char *path, const char *name, const char *type,
                    struct ll_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
    struct stat st;

    unlink(path);
    if (fd < 0 || fstat(fd, &st) < 0) {
        if (fd >= 0)
            close(fd);
        return ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
    }
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        close(fd);
    else
        ll_reply_file(rq, fd, st.st_size, type);
    return rc;
}
