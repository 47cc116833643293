/* match_count.h - how many firms each of many targets fits (products, policies), by county, without telling which: every target for every firm of a table of indicators.
 *
 * (1) A firm fits when every group of rules passes, is near when one group misses and all others pass, is open when none misses and some are not
 *     known, and is far otherwise.
 * (2) Small numbers are not told: of the counties of a target those with 1 to LL_MATCH_LEAST - 1 firms, and where that hides one county alone also the next
 *     smallest, since the total would tell it; a total below it is not told either. */
#ifndef LL_APPS_FINANCE_MATCH_COUNT_H
#define LL_APPS_FINANCE_MATCH_COUNT_H

#include "apps/finance/feature_file.h"
#include "apps/finance/target.h"

enum { LL_MATCH_LEAST = 5, LL_MATCH_PLACES_MAX = 255 };

struct ll_match_count {
    uint32_t fit, near, open, far;
};

struct ll_match_counts {
    const struct ll_targets *all;
    struct ll_feature_run run;
    uint64_t firms;
    struct ll_match_count *list; /* one a target */
    struct ll_str places
        [LL_MATCH_PLACES_MAX +
         1]; /* codes of counties as they came, "" of firms without one; behind the last: of one too many */
    size_t n_places;
    uint32_t *fit; /* [target * (LL_MATCH_PLACES_MAX + 1) + place] */
};

/* By the table of indicators with that id, NULL: the newest.  In arena. */
int ll_match_count(struct ll_data *d, const struct ll_targets *all, const char *run, struct ll_arena *arena,
                   const struct ll_match_counts **ret, struct ll_err *err) LL_MUST;

/* Firms of a place that a target fits; as it is. */
int64_t ll_match_at(const struct ll_match_counts *c, size_t target, size_t place);
/* Which of n numbers may be told; what is hidden becomes -1. */
void ll_match_hide(int64_t *list, size_t n);

/* Members of an object that is open: "table", "as_of", "firms", "fit", "near", "open", "far", "counties"; counts that are not told are null. */
int ll_match_count_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_match_counts *c,
                       size_t target, struct ll_arena *arena, struct ll_err *err) LL_MUST;

#endif
