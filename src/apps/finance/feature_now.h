/* feature_now.h - the values of one firm now, for a process that is asked of one firm after the other.
 *
 * (1) They are to the bit those that ll_features_each gives at this moment: from the newest table (feature_file.h) where that rests on the very same
 *     (feature_basis.h), otherwise computed from the lake.
 * (2) What was computed is kept in memory, LL_FEATURES_KEPT firms at most, and forgotten as soon as what it rests on changes.
 * (3) As long as nothing was committed to the store, and the day is the same, a question costs a comparison and a row of the table.
 * (4) May be shared by threads. */
#ifndef LL_APPS_FINANCE_FEATURE_NOW_H
#define LL_APPS_FINANCE_FEATURE_NOW_H

#include "apps/finance/feature.h"

enum { LL_FEATURES_KEPT = 4096 };

struct ll_feature_now;
/* Both must outlive it; marks NULL: all is shared. */
int ll_feature_now_open(struct ll_data *d, struct ll_marks *marks, struct ll_feature_now **ret,
                        struct ll_err *err) LL_MUST;
struct ll_feature_now *ll_feature_now_close(struct ll_feature_now *now); /* NULL is fine; returns NULL */

struct ll_feature_told {
    struct ll_as_of as_of;
    bool found;    /* a base resource knows the firm */
    bool computed; /* from the lake, now or a little earlier; otherwise from the table */
    bool kept;     /* from memory */
};
/* "table", "lake" */
const char *ll_feature_from_word(const struct ll_feature_told *t);

/* Calls fn once, or not at all where no base resource knows the firm; *told is filled when it does.  What fn gets lives until it returns.  Computing takes a turn
 * of ll_data_view_begin: LL_BUSY.  Not within a write transaction. */
int ll_feature_now(struct ll_feature_now *now, const struct ll_feature_set *set, struct ll_str firm,
                   struct ll_arena *arena, ll_features_fn *fn, void *ctx, struct ll_feature_told *told,
                   struct ll_err *err) LL_MUST;

/* Whether a table gives them; *ret_known: batches that tell which firms there are. */
int ll_feature_now_stands(struct ll_feature_now *now, const struct ll_feature_set *set, bool *ret,
                          size_t *ret_known, struct ll_err *err) LL_MUST;

#endif
