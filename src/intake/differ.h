/* differ.h - which records a batch changed: those that were there before it and are gone or not the same after it.  New ones are not among
 * them, nor are those that it only repeats. */
#ifndef LL_INTAKE_DIFFER_H
#define LL_INTAKE_DIFFER_H

#include "intake/rows.h"

/* fn gets the record as it was before, and whether it is gone; row is 0.  live: what was published before b (ll_batch_live).  One statement of
 * the engine, whatever the number of records. */
int ll_batch_differs(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                     const struct ll_batch *live, size_t n, ll_row_fn *fn, void *ctx,
                     struct ll_err *err) LL_MUST;

#endif
