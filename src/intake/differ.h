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

/* Everything that a published batch did.  items: the record after it; of one that is gone, before it.  differs: a character an item, '1' where the value is another one;
 * empty where the record is new or gone. */
enum ll_effect { LL_EFFECT_NEW, LL_EFFECT_CHANGED, LL_EFFECT_GONE };
typedef int ll_effect_fn(void *ctx, const struct ll_lake_value *items, enum ll_effect what,
                         struct ll_str differs, struct ll_err *err);
int ll_batch_effects(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                     const struct ll_batch *live, size_t n, ll_effect_fn *fn, void *ctx,
                     struct ll_err *err) LL_MUST;

#endif
