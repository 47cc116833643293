/* csv.h - what csv.c and csv_rows.c share: one opened delimited text. */
#ifndef LL_INTAKE_DECODE_CSV_H
#define LL_INTAKE_DECODE_CSV_H

#include "intake/decode/backend.h"

struct csv_source {
    struct ll_decode_input in;
    struct ll_csv_dialect d;
    size_t columns;
    int64_t from, to; /* offsets of the first row and of the end */
    uint64_t first_line;
};

/* ll_decode_backend.rows */
int ll_csv_rows(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err);

#endif
