/* handle_month.c - the monthly use report, as JSON and as a file. */
#include "http/app.h"
#include "http/month_file.h"
#include "http/request.h"
#include "routes.gen.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_month(struct ll_app *app, struct ll_request *rq, struct ll_month *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) == LL_OK)
        rc = ll_month_read(tx, ll_arg(rq, 0)->s, rq->only, rq->arena, ret, err);
    ll_txn_end(tx);
    return rc;
}

int ll_h_usage_month(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_month m;
    int rc = read_month(app, rq, &m, err);

    if (rc == LL_OK)
        ll_month_put(&m, &rq->json);
    return rc;
}

/* Made beside the data, sent from there, and gone with its descriptor. */
static int send_xlsx(struct ll_app *app, struct ll_request *rq, const struct ll_month *m, enum ll_lang lang,
                     struct ll_err *err)
{
    char path[LL_PATH];
    struct stat st;
    int fd, rc = ll_data_path(app->data, path, err, "work/month-%d-%s", (int)getpid(), rq->id);

    if (rc < 0 || (rc = ll_month_xlsx(m, lang, path, err)) < 0)
        return rc;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    if (fd < 0 || fstat(fd, &st) < 0) {
        rc = ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
        if (fd >= 0)
            close(fd);
        return rc;
    }
    ll_reply_file(rq, fd, st.st_size, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return LL_OK;
}

int ll_h_usage_month_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum ll_lang lang = (enum ll_lang)ll_arg(rq, LL_P_USAGE_MONTH_FILE_LANG)->i;
    bool xlsx = ll_str_is(ll_arg(rq, LL_P_USAGE_MONTH_FILE_FORMAT)->s, "xlsx");
    struct ll_month m = {0};
    char name[64];
    int rc = read_month(app, rq, &m, err);

    if (rc < 0)
        return rc;
    snprintf(name, sizeof name, lang == LL_ZH ? "使用月报-%04d-%02u.%s" : "usage-%04d-%02u.%s", m.year,
             m.month, xlsx ? "xlsx" : "csv");
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        return rc;
    if (xlsx)
        return send_xlsx(app, rq, &m, lang, err);
    rq->type = "text/csv; charset=utf-8";
    return ll_month_csv(&m, lang, &rq->out, err);
}
