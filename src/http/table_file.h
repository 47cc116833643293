/* table_file.h - answers with a table as a file, CSV or XLSX: whoever has rows gives a function that puts them. */
#ifndef LL_HTTP_TABLE_FILE_H
#define LL_HTTP_TABLE_FILE_H

#include "http/app.h"
#include "http/request.h"

enum { LL_TABLE_COLUMNS_MAX = 32 };

typedef int ll_table_put_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
/* The titles first, which have to outlive the file, then the rows. */
typedef int ll_table_rows_fn(const void *table, enum ll_lang lang, ll_table_put_fn *put, void *ctx,
                             struct ll_err *err);
struct ll_table_file {
    const void *table;
    ll_table_rows_fn *rows;
    const char *name[2], *sheet[2]; /* name: without its end */
    enum ll_lang lang;
    bool xlsx;
};
int ll_table_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_table_file *f,
                        struct ll_err *err) LL_MUST;

#endif
