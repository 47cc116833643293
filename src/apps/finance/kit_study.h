/* kit_study.h - what the model kit's statistics are of: two runs of the feature store, pinned, so that nobody can take answers of neighbouring days apart.
 *
 * (1) Point in time: features as of the first run, what became of each firm as of the second, later one.  A firm has an outcome when it had no overdue loan at the first and
 *     has had a loan by the second: bad when a loan is overdue by so many days then, good otherwise.
 * (2) An operator opens a study; the next one LL_KIT_STUDY_DAYS later at the earliest.  The newest is the one that is asked.
 * (3) An institution has a budget of different questions to a study; asking the same again costs nothing.  Each is noted for the journal. */
#ifndef LL_APPS_FINANCE_KIT_STUDY_H
#define LL_APPS_FINANCE_KIT_STUDY_H

#include "apps/finance/kit.h"
#include "share/actor.h"

enum { LL_KIT_STUDY_DAYS = 90, LL_KIT_BUDGET = 100, LL_KIT_QUESTION = 256 };

struct ll_kit_study {
    const char *id, *features, *outcome, *features_day,
        *outcome_day; /* features, outcome: runs of the feature store */
    int64_t overdue, firms, good, bad, made_at;
};

/* The newest: 1, or 0. */
int ll_kit_current(struct ll_txn *tx, struct ll_arena *arena, struct ll_kit_study *ret,
                   struct ll_err *err) LL_MUST;
/* LL_CONFLICT: the last one is too young; LL_INVALID: the runs are not one after the other, or firms are too few. */
int ll_kit_study_open(struct ll_data *d, struct ll_txn *tx, const struct ll_feature_set *set,
                      const struct ll_actor *by, const char *features, const char *outcome, int64_t overdue,
                      struct ll_arena *arena, struct ll_kit_study *ret, struct ll_err *err) LL_MUST;

/* Indicators (places in the set) of all firms of the study, and what became of each.  LL_CONFLICT: indicators were changed since. */
int ll_kit_load(struct ll_data *d, const struct ll_kit_study *s, const struct ll_feature_set *set,
                const size_t *at, size_t n, struct ll_arena *arena, struct ll_kit_column *columns,
                signed char **ret_outcome, struct ll_err *err) LL_MUST;

/* Writes: the question costs one unless the organisation asked it before.  LL_TOOMANY: the budget is used up. */
int ll_kit_ask(struct ll_txn *tx, const struct ll_kit_study *s, const struct ll_actor *by,
               const char *question, int64_t *ret_used, struct ll_err *err) LL_MUST;
void ll_kit_study_put(struct ll_json *j, const struct ll_kit_study *s);

#endif
