/* feature_bytes.h - all values of one firm as bytes, and back: what a row of the feature store seals, and what is kept in memory.
 *
 * Of each indicator a byte (none, number, code), then the number as a double, or length (one byte) and bytes of the code. */
#ifndef LL_APPS_FINANCE_FEATURE_BYTES_H
#define LL_APPS_FINANCE_FEATURE_BYTES_H

#include "apps/finance/feature.h"

/* out is cleared first.  False: a code is longer than bytes of this form can say, and is cut. */
bool ll_feature_bytes_put(struct ll_buf *out, const struct ll_feature_value *values, size_t n);
/* What the values point to are the bytes.  False: these are not the bytes of n values. */
bool ll_feature_bytes_get(struct ll_str bytes, struct ll_feature_value *values, size_t n);

#endif
