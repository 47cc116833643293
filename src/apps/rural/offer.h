/* offer.h - what banks offer households by their grade: rate, limit and term.
 *
 * (1) A bank declares its own offers, for grades of the card, until a day; one that has ended is never changed, another takes its place.  Both acts
 *     stand in the journal.
 * (2) An offer binds nobody to lend: whoever shows one says so, and whose it is. */
#ifndef LL_APPS_RURAL_OFFER_H
#define LL_APPS_RURAL_OFFER_H

#include "apps/rural/card.h"
#include "apps/rural/names.h"
#include "share/actor.h"

enum { LL_OFFERS_MAX = 500, LL_OFFER_RATE_MAX = 3600, LL_OFFER_TERM_MAX = 360 };

struct ll_offer {
    const char *id, *organisation, *grade, *product, *note;
    int64_t rate_bp, limit_yuan, term_months; /* rate: hundredths of a percent a year */
    int64_t from_day, until_day, ended_at;
};

/* o->id and organisation are not read.  LL_INVALID: no such grade, or days in the wrong order. */
int ll_offer_add(struct ll_txn *tx, const struct ll_rural_card *card, const struct ll_actor *by,
                 const struct ll_offer *o, char id[LL_RURAL_ID], struct ll_err *err) LL_MUST;
/* LL_NOTFOUND: none of the actor's organisation; LL_CONFLICT: it has ended. */
int ll_offer_end(struct ll_txn *tx, const struct ll_actor *by, const char *id, struct ll_err *err) LL_MUST;
/* Those that hold today, the best rate first.  grade, organisation: NULL for any. */
int ll_offer_list(struct ll_txn *tx, const char *grade, const char *organisation, struct ll_arena *arena,
                  struct ll_offer **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* "offers": an array. */
void ll_offers_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_offer *list, size_t n);

#endif
