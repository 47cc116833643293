/* kit_impl.h - what kit.c (one indicator) and kit_pair.c (two) share. */
#ifndef LL_APPS_FINANCE_KIT_IMPL_H
#define LL_APPS_FINANCE_KIT_IMPL_H

#include "apps/finance/kit.h"

/* The base cells: what every answer about the indicator is made of. */
int ll_kit_base(const struct ll_kit_column *c, const signed char *outcome, struct ll_arena *arena,
                struct ll_kit_bins *ret, struct ll_err *err) LL_MUST;
/* Two cells become one, at the place of the lower. */
void ll_kit_join(struct ll_kit_bins *bins, size_t at, size_t with);
void ll_kit_quantiles(struct ll_kit_bins *b, size_t bins);
void ll_kit_sum(struct ll_kit_bins *b, bool outcome);

#endif
