/* rows.h - the rows that one batch brought, in the order of its delivery, page by page. */
#ifndef LL_INTAKE_ROWS_H
#define LL_INTAKE_ROWS_H

#include "intake/batch.h"
#include "lake/lake.h"

/* items: one value an item of the resource; of a delete marker only the key's.  Borrowed for the call. */
typedef int ll_row_fn(void *ctx, const struct ll_lake_value *items, int64_t row, bool deleted,
                      struct ll_err *err);
/* Rows above `after` (-1: from the first), at most limit of them. */
int ll_batch_rows(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b, int64_t after,
                  size_t limit, ll_row_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

#endif
