/* told.h - what is told of one household's rating, wherever it is shown: the grade with its points one by one, the committee's mark with its reasons, and
 * what banks offer for that grade.  The same to the household itself, in a report, and to an officer. */
#ifndef LL_APPS_RURAL_TOLD_H
#define LL_APPS_RURAL_TOLD_H

#include "apps/rural/offer.h"
#include "apps/rural/rating.h"

struct ll_rural_told {
    struct ll_rated rated;
    const char *reasons[2];
    const struct ll_catalog *cat;
    struct ll_offer *offers;
    size_t n_offers;
};
/* card NULL: there is no rating.  1, or 0: the household is not rated.  In arena; borrows card and cat. */
int ll_rural_told_read(struct ll_data *d, struct ll_txn *tx, const struct ll_catalog *cat,
                       const struct ll_rural_card *card, struct ll_str household, struct ll_arena *arena,
                       struct ll_rural_told *ret, struct ll_err *err) LL_MUST;
/* "rating": {...}; t NULL: null. */
void ll_rural_told_put(struct ll_json *j, const struct ll_rural_told *t);

#endif
