/* csv_list.h - a list that somebody hands in as CSV: columns are known by their titles, in any order, and each row is the caller's to take or refuse.
 *
 * (1) UTF-8, with or without its mark; commas; blank lines do not count.  A row is at most LL_CSV_LIST_ROW bytes.
 * (2) What is wrong with the file as a whole (no such column, too many rows) is an error; what is wrong with a row is told to the caller with the row. */
#ifndef LL_BASE_CSV_LIST_H
#define LL_BASE_CSV_LIST_H

#include "base/csv.h"
#include "base/err.h"

enum { LL_CSV_LIST_COLUMNS = 16, LL_CSV_LIST_ROW = 4096 };

struct ll_csv_list {
    const char *const (*titles)[3];      /* of each column: every title that it goes by */
    size_t n;                            /* columns; the first must be there */
    size_t most;                         /* rows */
    const char *missing_zh, *missing_en; /* what is said when the first is not there */
    bool
        plain; /* without titles the first column is taken for the first: the first line is then a row, too */
    /* cells: n of them, trimmed, empty where the column or the cell is not there.  wrong: why the row cannot be read; NULL: it can. */
    int (*row)(void *ctx, uint64_t line, const struct ll_str *cells, const struct ll_err *wrong,
               struct ll_err *err);
    void *ctx;
};
int ll_csv_list_read(struct ll_str text, const struct ll_csv_list *l, struct ll_err *err) LL_MUST;

#endif
