/* export_write.c - see export_write.h: one function a form, found by a table. */
#include "report/export_write.h"

#include "intake/data.h"
#include "lake/source.h"
#include "report/xlsx_write.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINE_MAX_ = 64 << 20, PIECE = 256 << 10 };

static int next(const struct ll_export_plan *p, struct ll_row *row, struct ll_err *err)
{
    return p->rows->ops->next(p->rows, row, err);
}

/* Hands on what is in line, when it is worth it or at the end. */
static int flush(const struct ll_export_plan *p, struct ll_buf *line, bool all, struct ll_err *err)
{
    int rc;

    if (line->failed)
        return ll_no_memory(err);
    if (!line->n || (!all && line->n < PIECE))
        return LL_OK;
    rc = p->put(p->out, line->p, line->n, err);
    ll_buf_clear(line);
    return rc;
}

static int write_csv(const struct ll_export_plan *p, struct ll_err *err)
{
    struct ll_buf line = LL_BUF_INIT(LINE_MAX_);
    struct ll_row row;
    int rc = LL_OK;

    for (size_t i = 0; i < p->n_columns; i++) {
        ll_buf_z(&line, i ? "," : "");
        ll_buf_csv(&line, ll_str(p->columns[i].name), true);
    }
    ll_buf_z(&line, "\r\n");
    while (rc == LL_OK && (rc = next(p, &row, err)) > 0) {
        for (size_t i = 0; i < p->n_columns; i++) {
            ll_buf_z(&line, i ? "," : "");
            if (row.cells[i].p)
                ll_buf_csv(&line, row.cells[i], true);
        }
        ll_buf_z(&line, "\r\n");
        rc = flush(p, &line, false, err);
    }
    if (rc == LL_OK)
        rc = flush(p, &line, true, err);
    ll_buf_free(&line);
    return rc;
}

static int write_jsonl(const struct ll_export_plan *p, struct ll_err *err)
{
    struct ll_buf line = LL_BUF_INIT(LINE_MAX_);
    struct ll_row row;
    int rc = LL_OK;

    while (rc == LL_OK && (rc = next(p, &row, err)) > 0) {
        ll_buf_str(&line, row.cells[0]);
        ll_buf_c(&line, '\n');
        rc = flush(p, &line, false, err);
    }
    if (rc == LL_OK)
        rc = flush(p, &line, true, err);
    ll_buf_free(&line);
    return rc;
}

/* A file of the scratch folder, handed on and removed. */
static int send_file(const struct ll_export_plan *p, const char *path, struct ll_err *err)
{
    char *piece = malloc(PIECE);
    int rc = piece ? LL_OK : ll_no_memory(err), fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 1;

    if (fd < 0)
        rc = ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
    else
        unlink(path);
    while (rc == LL_OK && n > 0) {
        if ((n = read(fd, piece, PIECE)) < 0)
            rc = ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
        else if (n > 0)
            rc = p->put(p->out, piece, (size_t)n, err);
    }
    if (fd >= 0)
        close(fd);
    free(piece);
    return rc;
}

static int write_parquet(const struct ll_export_plan *p, struct ll_err *err)
{
    struct ll_source_column *columns = calloc(p->n_columns, sizeof *columns);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    char path[LL_PATH];
    int rc = columns ? ll_path(path, err, "%s/export.parquet", p->scratch) : ll_no_memory(err);

    for (size_t i = 0; columns && i < p->n_columns; i++)
        columns[i] = (struct ll_source_column){p->columns[i].name, p->columns[i].sql};
    if (rc == LL_OK && (rc = ll_data_lanes(p->data, &lake, err)) == LL_OK &&
        (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_write_rows(c, p->rows, columns, p->n_columns, path, err);
    ll_lake_disconnect(c);
    free(columns);
    return rc < 0 ? rc : send_file(p, path, err);
}

static int fill_book(const struct ll_export_plan *p, const char *path, struct ll_err *err)
{
    struct ll_xlsx_column *columns = calloc(p->n_columns, sizeof *columns);
    struct ll_xlsx_write *book = NULL;
    struct ll_row row;
    int rc = columns ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; columns && i < p->n_columns; i++)
        columns[i] = (struct ll_xlsx_column){.title = p->columns[i].name, .note = p->columns[i].title};
    struct ll_xlsx_write_opts o = {
        .sheet = p->title, .columns = columns, .n_columns = p->n_columns, .lang = LL_ZH, .cut = true};
    if (rc == LL_OK)
        rc = ll_xlsx_write_open(&book, path, &o, err);
    while (rc == LL_OK && (rc = next(p, &row, err)) > 0)
        rc = ll_xlsx_write_row(book, row.cells, p->n_columns, err);
    if (rc == LL_OK)
        rc = ll_xlsx_write_finish(book, err);
    ll_xlsx_write_free(book);
    free(columns);
    return rc;
}

static int write_xlsx(const struct ll_export_plan *p, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/export.xlsx", p->scratch);

    return rc < 0 || (rc = fill_book(p, path, err)) < 0 ? rc : send_file(p, path, err);
}

int ll_export_write(const struct ll_export_plan *plan, struct ll_err *err)
{
    static int (*const writers[])(const struct ll_export_plan *, struct ll_err *) = {
        [LL_EXPORT_CSV] = write_csv,
        [LL_EXPORT_JSONL] = write_jsonl,
        [LL_EXPORT_PARQUET] = write_parquet,
        [LL_EXPORT_XLSX] = write_xlsx,
    };

    return writers[plan->format](plan, err);
}
