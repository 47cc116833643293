/* feature_basis.h - what the values of firms at an instant rest on, as one hash: equal hashes, equal values.
 *
 * In it: the version of the program, the definition of the indicators with the resources that they read, the day, the batches of each resource that were
 * known, and the records that are no longer shared.  It names no record and no firm. */
#ifndef LL_APPS_FINANCE_FEATURE_BASIS_H
#define LL_APPS_FINANCE_FEATURE_BASIS_H

#include "apps/finance/feature.h"

/* Counted up whenever a batch is published or withdrawn, a record is withheld or shared again, or a table was made: as long as it does not
 * move, neither do the batches and records that a hash rests on. */
int ll_feature_generation(struct ll_data *d, int64_t *ret, struct ll_err *err) LL_MUST;
int ll_feature_generation_bump(struct ll_data *d, struct ll_err *err) LL_MUST;

struct ll_feature_basis {
    char sha256[LL_SHA256_HEX];
    int64_t
        until; /* the first later instant at which a batch comes or goes by its date alone; INT64_MAX: none */
    size_t known; /* batches that tell which firms there are */
};
/* marks: whether what is no longer shared is left out. */
int ll_feature_basis_read(struct ll_data *d, const struct ll_feature_set *set, const struct ll_as_of *as_of,
                          bool marks, struct ll_arena *arena, struct ll_feature_basis *ret,
                          struct ll_err *err) LL_MUST;
/* Fills set->definition. */
int ll_feature_define(struct ll_feature_set *set, struct ll_err *err) LL_MUST;

#endif
