/* handle_quarantine.c - the quarantine of a batch as a file to correct and deliver again.
 *
 * The file is made beside the data, then sent from there: its size never matters to memory, and it is gone with its last
 * descriptor. */
#include "http/app.h"
#include "http/request.h"
#include "intake/quarantine.h"
#include "report/quarantine_xlsx.h"
#include "routes.gen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_piece(void *ctx, struct ll_str piece, struct ll_err *err)
{
    int fd = *(int *)ctx;

    while (piece.n) {
        ssize_t n = write(fd, piece.p, piece.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法写入临时文件", "cannot write a temporary file");
        piece.p += n;
        piece.n -= (size_t)n;
    }
    return LL_OK;
}

/* A path in DATA/work that no other request has. */
static int temp_path(struct ll_app *app, const struct ll_request *rq, char out[LL_PATH], struct ll_err *err)
{
    return ll_data_path(app->data, out, err, "work/download-%d-%s", (int)getpid(), rq->id);
}

static int reply_file(struct ll_request *rq, int fd, const char *type, struct ll_err *err)
{
    const char *batch = ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_ID)->s.p;
    bool zh = ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_LANG)->i == LL_ZH;
    const char *format = ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_FORMAT)->s.p;
    struct stat st;
    char name[128];
    int rc;

    snprintf(name, sizeof(name), zh ? "隔离区-%s.%s" : "quarantine-%s.%s", batch, format);
    if (fstat(fd, &st) < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        return rc;
    ll_reply_file(rq, fd, st.st_size, type);
    return LL_OK;
}

static int send_csv(struct ll_app *app, struct ll_request *rq, const char *path, struct ll_err *err)
{
    int rc, fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法建立临时文件", "cannot create a temporary file");
    unlink(path);
    rc = ll_quarantine_csv(app->data, ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_ID)->s.p,
                           (enum ll_lang)ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_LANG)->i, write_piece, &fd,
                           err);
    if (rc >= 0)
        rc = reply_file(rq, fd, "text/csv; charset=utf-8", err);
    if (rc < 0)
        close(fd);
    return rc;
}

static int send_xlsx(struct ll_app *app, struct ll_request *rq, const char *path, struct ll_err *err)
{
    int fd, rc = ll_quarantine_xlsx(app->data, ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_ID)->s.p,
                                    (enum ll_lang)ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_LANG)->i, path, err);

    if (rc < 0)
        return rc;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
    rc = reply_file(rq, fd, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", err);
    if (rc < 0)
        close(fd);
    return rc;
}

int ll_h_batch_quarantine_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = temp_path(app, rq, path, err);

    if (rc < 0)
        return rc;
    return ll_str_is(ll_arg(rq, LL_P_BATCH_QUARANTINE_FILE_FORMAT)->s, "xlsx") ? send_xlsx(app, rq, path, err)
                                                                               : send_csv(app, rq, path, err);
}
