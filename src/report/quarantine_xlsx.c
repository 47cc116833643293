/* quarantine_xlsx.c - see quarantine_xlsx.h. */
#include "report/quarantine_xlsx.h"

#include "report/xlsx_write.h"

struct export
{
    const char *path;
    enum ll_lang lang;
    struct ll_xlsx_write *book; /* opened by the first line, the header */
};

static int open_book(struct export *e, const struct ll_str *titles, size_t n, struct ll_err *err)
{
    static const char *const sheets[] = {[LL_ZH] = "隔离区", [LL_EN] = "quarantine"};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_xlsx_column *columns = arena ? ll_arena_array(arena, n, sizeof *columns) : NULL;
    bool whole = columns != NULL;

    for (size_t i = 0; whole && i < n; i++) {
        columns[i].title = ll_arena_dup(arena, titles[i]);
        columns[i].reasons = i == n - 1;
        whole = columns[i].title != NULL;
    }
    struct ll_xlsx_write_opts o = {
        .sheet = sheets[e->lang], .columns = columns, .n_columns = n, .lang = e->lang, .cut = true};
    int rc = whole ? ll_xlsx_write_open(&e->book, e->path, &o, err)
                   : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    ll_arena_free(arena);
    return rc;
}

static int put_line(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct export *e = ctx;

    return e->book ? ll_xlsx_write_row(e->book, cells, n, err) : open_book(e, cells, n, err);
}

int ll_quarantine_xlsx(struct ll_data *d, const char *batch, enum ll_lang lang, const char *path,
                       struct ll_err *err)
{
    struct export e = {.path = path, .lang = lang};
    int rc = ll_quarantine_lines(d, batch, lang, put_line, &e, err);

    if (rc == LL_OK)
        rc = ll_xlsx_write_finish(e.book, err);
    ll_xlsx_write_free(e.book);
    return rc;
}
