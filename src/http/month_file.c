/* month_file.c - see month_file.h. */
#include "http/month_file.h"

#include "report/xlsx_write.h"

static int put_csv(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_month_csv(const struct ll_month *m, enum ll_lang lang, struct ll_buf *out, struct ll_err *err)
{
    ll_buf_z(out, "\xEF\xBB\xBF");
    return ll_month_rows(m, lang, put_csv, out, err);
}

struct book {
    const char *path, *sheet;
    enum ll_lang lang;
    struct ll_xlsx_write *w; /* opened by the titles */
};

static int put_xlsx(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_xlsx_column columns[LL_MONTH_COLUMNS] = {{0}};
    struct book *b = ctx;

    if (b->w)
        return ll_xlsx_write_row(b->w, cells, n, err);
    for (size_t i = 0; i < n; i++)
        columns[i].title = cells[i].p; /* titles are literals */
    const struct ll_xlsx_write_opts o = {
        .sheet = b->sheet, .columns = columns, .n_columns = n, .lang = b->lang, .cut = true};
    return ll_xlsx_write_open(&b->w, b->path, &o, err);
}

int ll_month_xlsx(const struct ll_month *m, enum ll_lang lang, const char *path, struct ll_err *err)
{
    struct book b = {.path = path, .sheet = lang == LL_ZH ? "使用月报" : "usage", .lang = lang};
    int rc = ll_month_rows(m, lang, put_xlsx, &b, err);

    if (rc == LL_OK)
        rc = ll_xlsx_write_finish(b.w, err);
    ll_xlsx_write_free(b.w);
    return rc;
}
