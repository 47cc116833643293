/* table_file.c - see table_file.h. */
#include "http/table_file.h"

#include "report/xlsx_write.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int put_csv(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

struct book {
    const char *path;
    const struct ll_table_file *f;
    struct ll_xlsx_write *w; /* opened by the titles */
};

static int put_xlsx(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_xlsx_column columns[LL_TABLE_COLUMNS_MAX] = {{0}};
    struct book *b = ctx;

    if (b->w)
        return ll_xlsx_write_row(b->w, cells, n, err);
    LL_ASSERT(n <= LL_TABLE_COLUMNS_MAX);
    for (size_t i = 0; i < n; i++)
        columns[i].title = cells[i].p;
    const struct ll_xlsx_write_opts o = {.sheet = b->f->sheet[b->f->lang],
                                         .columns = columns,
                                         .n_columns = n,
                                         .lang = b->f->lang,
                                         .cut = true};
    return ll_xlsx_write_open(&b->w, b->path, &o, err);
}

static int write_book(const struct ll_table_file *f, const char *path, struct ll_err *err)
{
    struct book b = {.path = path, .f = f};
    int rc = f->rows(f->table, f->lang, put_xlsx, &b, err);

    if (rc == LL_OK)
        rc = ll_xlsx_write_finish(b.w, err);
    ll_xlsx_write_free(b.w);
    return rc;
}

/* Made beside the data, sent from there, and gone with its descriptor. */
static int send_book(struct ll_app *app, struct ll_request *rq, const struct ll_table_file *f,
                     struct ll_err *err)
{
    char path[LL_PATH];
    struct stat st;
    int fd, rc = ll_data_path(app->data, path, err, "work/table-%d-%s", (int)getpid(), rq->id);

    if (rc < 0 || (rc = write_book(f, path, err)) < 0)
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

int ll_table_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_table_file *f,
                        struct ll_err *err)
{
    enum { NAME = 128 };
    char name[NAME];
    int rc;

    snprintf(name, sizeof name, "%s.%s", f->name[f->lang], f->xlsx ? "xlsx" : "csv");
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        return rc;
    if (f->xlsx)
        return send_book(app, rq, f, err);
    rq->type = "text/csv; charset=utf-8";
    ll_buf_z(&rq->out, "\xEF\xBB\xBF");
    return f->rows(f->table, f->lang, put_csv, &rq->out, err);
}
