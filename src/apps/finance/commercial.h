/* commercial.h - what the finance service buys from data vendors: the list of a pack (commercial_sources.csv), and how each item of it stands here.
 *
 * Nothing of it is stored: an item is `not_catalogued`, `unlicensed` (its resource is catalogued, no terms are stated), or as its licence stands
 * (share/licence.h).  Resources with terms that no list names stand behind them. */
#ifndef LL_APPS_FINANCE_COMMERCIAL_H
#define LL_APPS_FINANCE_COMMERCIAL_H

#include "base/json.h"
#include "catalog/catalog.h"

enum { LL_COMMERCIAL_MAX = 1000 };

/* "basis", "items", "counts" into an object that is open; costs: with prices.  An empty list where no pack has one. */
int ll_commercial_put(struct ll_txn *tx, const struct ll_catalog *cat, int64_t now, bool costs,
                      struct ll_arena *arena, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
