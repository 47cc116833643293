/* rows.h - a stream of rows of text cells, whatever the file it comes from.  intake implements it for CSV, JSON and XLSX; the lake
 * presents it to DuckDB as a table. */
#ifndef LL_LAKE_ROWS_H
#define LL_LAKE_ROWS_H

#include "base/err.h"
#include "base/str.h"
#include "standard/element.h"

struct ll_row {
    const struct ll_str
        *cells; /* n of them, UTF-8; p == NULL is a missing value; borrowed until the next call */
    size_t n;
    uint64_t number; /* record number in the delivery, from 1, header excluded; never reused */
    uint64_t line;   /* physical line (CSV, JSON) or sheet row (XLSX), from 1 */
    int fault;       /* enum ll_fault when the row could not be decoded whole (DECODE_*), otherwise -1 */
    const char *detail_zh, *detail_en; /* of the fault; NULL or borrowed until the next call */
};

/* One reader over a contiguous part of a delivery.  Used by one thread at a time. */
struct ll_rows {
    const struct ll_rows_ops *ops;
};

struct ll_rows_ops {
    /* 1: *row is filled; 0: the end; < 0: an error that no single row is to blame for (I/O, out of memory). */
    int (*next)(struct ll_rows *r, struct ll_row *row, struct ll_err *err);
    void (*close)(struct ll_rows *r);
};

#endif
