/* source.h - rows of text as a table of the engine, and from there as a Parquet file. */
#ifndef LL_LAKE_SOURCE_H
#define LL_LAKE_SOURCE_H

#include "lake/lake.h"
#include "lake/rows.h"

struct ll_source_column {
    const char *name,
        *type; /* type: of SQL, to which the text is cast; a text that is none fails the whole */
};

/* Reads all rows and writes path, which must lie in the engine's folders; in constant memory.  A cell that is missing becomes NULL. */
int ll_lake_write_rows(struct ll_lake_conn *c, struct ll_rows *rows, const struct ll_source_column *columns,
                       size_t n, const char *path, struct ll_err *err) LL_MUST;

#endif
