/* featurekit.h - a small pack with six indicators over one resource, and its set, for the tests of indicators.
 *
 * Resource `register` (snapshot): uscc.  Resource `entry` (increment): no (key), uscc, day, amount (sealed). */
#ifndef LL_TESTS_UNIT_FINANCE_FEATUREKIT_H
#define LL_TESTS_UNIT_FINANCE_FEATUREKIT_H

#include "../../intake/folder.h"

#include "apps/finance/feature.h"

enum { FIRMS = 3, VALUES = 6 };
extern const char *const firms[FIRMS];
extern const char indicators[]; /* entries, total, recent, last_amount, big, share */

void featurekit_load(struct folder *f, const char *version, const char *table);
const struct ll_feature_set *featurekit_set(struct folder *f, struct ll_catalog **cat, int want);

#endif
