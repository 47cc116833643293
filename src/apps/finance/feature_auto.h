/* feature_auto.h - the feature store kept fresh by a process that serves: a table is made when none gives the values of now, and old ones go.
 *
 * (1) None is made where one gives them already, or where no base resource knows a firm.
 * (2) Of the tables that were made so the newest LL_FEATURE_AUTO_KEPT stay.  What somebody made by hand, and what a study of the model kit rests on, is never removed. */
#ifndef LL_APPS_FINANCE_FEATURE_AUTO_H
#define LL_APPS_FINANCE_FEATURE_AUTO_H

#include "apps/finance/feature_file.h"
#include "apps/finance/feature_now.h"

enum { LL_FEATURE_AUTO_KEPT = 3 };

/* Whether one is to be made. */
int ll_feature_auto_due(struct ll_feature_now *now, const struct ll_feature_set *set, bool *ret,
                        struct ll_err *err) LL_MUST;
/* Makes one as of now, and removes those that are too many. */
int ll_feature_auto_make(struct ll_data *d, struct ll_marks *marks, const struct ll_feature_set *set,
                         struct ll_arena *arena, struct ll_feature_run *ret, struct ll_err *err) LL_MUST;

#endif
