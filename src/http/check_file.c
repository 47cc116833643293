/* check_file.c - see check_file.h. */
#include "http/check_file.h"

#include "http/handed.h"
#include "report/xlsx_write.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_LONGEST = 1 << 20 };

static int put_csv(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

struct book {
    const char *path;
    enum ll_lang lang;
    struct ll_xlsx_write *w; /* opened by the titles */
};

static int put_xlsx(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_xlsx_column columns[LL_CHECK_TOLD_N] = {{0}};
    struct book *b = ctx;

    if (b->w)
        return ll_xlsx_write_row(b->w, cells, n, err);
    for (size_t i = 0; i < n; i++)
        columns[i].title = cells[i].p; /* titles are literals */
    const struct ll_xlsx_write_opts o = {.sheet = b->lang == LL_ZH ? "核查结果" : "results",
                                         .columns = columns,
                                         .n_columns = n,
                                         .lang = b->lang,
                                         .cut = true};
    return ll_xlsx_write_open(&b->w, b->path, &o, err);
}

/* The titles, then a line for each claim. */
static int put_all(struct ll_str packed, const struct ll_rural_list *list, enum ll_lang lang,
                   ll_check_told_fn *put, void *ctx, struct ll_err *err)
{
    struct ll_str head[LL_CHECK_TOLD_N];
    int rc;

    ll_check_told_titles(lang, head);
    rc = put(ctx, head, LL_CHECK_TOLD_N, err);
    return rc < 0 ? rc : ll_check_told_each(packed, list, lang, put, ctx, NULL, err);
}

static int send_xlsx(struct ll_app *app, struct ll_request *rq, const struct ll_check_answer *a,
                     const char *name, struct ll_err *err)
{
    char path[LL_PATH];
    struct book b = {.path = path, .lang = a->lang};
    int rc = ll_handed_path(app, rq, path, err);

    if (rc == LL_OK && (rc = put_all(a->packed, a->list, a->lang, put_xlsx, &b, err)) == LL_OK)
        rc = ll_xlsx_write_finish(b.w, err);
    ll_xlsx_write_free(b.w);
    return rc < 0 ? rc : ll_handed_reply(rq, path, name, LL_TYPE_XLSX, err);
}

int ll_check_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_answer *a,
                        struct ll_err *err)
{
    char name[64];
    int rc;

    snprintf(name, sizeof name, a->lang == LL_ZH ? "联网核查结果.%s" : "verification.%s",
             a->xlsx ? "xlsx" : "csv");
    if (a->xlsx)
        return send_xlsx(app, rq, a, name, err);
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        return rc;
    rq->type = "text/csv; charset=utf-8";
    ll_buf_z(&rq->out, "\xEF\xBB\xBF");
    return put_all(a->packed, a->list, a->lang, put_csv, &rq->out, err);
}

/* ---- a long list ---- */

/* Lines on their way into a file, block by block. */
struct writing {
    const struct ll_check_answer *a;
    struct book book;
    FILE *csv;
    struct ll_buf line;
};

static int put_csv_line(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct writing *w = ctx;

    ll_buf_clear(&w->line);
    ll_buf_csv_row(&w->line, cells, n);
    if (w->line.failed)
        return ll_no_memory(err);
    return fwrite(w->line.p, 1, w->line.n, w->csv) == w->line.n
               ? LL_OK
               : ll_fail_errno(err, LL_IO, "无法写临时文件", "cannot write a temporary file");
}

static int put_line(struct writing *w, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    return w->a->xlsx ? put_xlsx(&w->book, cells, n, err) : put_csv_line(w, cells, n, err);
}

static int put_told(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    return put_line(ctx, cells, n, err);
}

static int put_block(void *ctx, struct ll_str packed, struct ll_err *err)
{
    struct writing *w = ctx;

    return ll_check_told_each(packed, w->a->list, w->a->lang, put_told, w, NULL, err);
}

static int write_job(struct ll_app *app, const struct ll_check_job *job, struct writing *w,
                     struct ll_err *err)
{
    struct ll_str head[LL_CHECK_TOLD_N];
    int rc;

    ll_check_told_titles(w->a->lang, head);
    if ((rc = put_line(w, head, LL_CHECK_TOLD_N, err)) < 0 ||
        (rc = ll_check_job_told(app->data, job, put_block, w, err)) < 0)
        return rc;
    if (w->a->xlsx)
        return ll_xlsx_write_finish(w->book.w, err);
    return fflush(w->csv) == 0 ? LL_OK
                               : ll_fail_errno(err, LL_IO, "无法写临时文件", "cannot write a temporary file");
}

int ll_check_job_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_job *job,
                       const struct ll_check_answer *a, struct ll_err *err)
{
    char path[LL_PATH], name[96];
    struct writing w = {.a = a, .book = {.path = path, .lang = a->lang}, .line = LL_BUF_INIT(LINE_LONGEST)};
    int rc = ll_handed_path(app, rq, path, err);

    if (rc < 0)
        return rc;
    if (!a->xlsx && (!(w.csv = fopen(path, "wx")) || fputs("\xEF\xBB\xBF", w.csv) < 0))
        rc = ll_fail_errno(err, LL_IO, "无法写临时文件", "cannot write a temporary file");
    if (rc == LL_OK)
        rc = write_job(app, job, &w, err);
    ll_xlsx_write_free(w.book.w);
    if (w.csv)
        fclose(w.csv);
    ll_buf_free(&w.line);
    if (rc < 0) {
        unlink(path);
        return rc;
    }
    snprintf(name, sizeof name, a->lang == LL_ZH ? "联网核查结果-%s.%s" : "verification-%s.%s", job->id,
             a->xlsx ? "xlsx" : "csv");
    return ll_handed_reply(rq, path, name, a->xlsx ? LL_TYPE_XLSX : "text/csv; charset=utf-8", err);
}
