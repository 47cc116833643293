/* review.h - a village's committee reviews its households (整村授信): a round is opened, each member marks households, and closing it decides.
 *
 * (1) One round of a village is open at a time.  Its members are accounts; each marks a household once and may change that while the round is open.
 *     A mark has one to four reasons of table RURAL_REVIEW_REASON, whose first letter is the mark's.
 * (2) What a household comes to is a rule of the pack's card: `black` takes black_needs marks and more than half of those given; `white` more than half;
 *     anything else, and a household that fewer than quorum percent of the members judged, is `grey`.  Nobody's mark: not reviewed.
 * (3) Closing delivers the outcome as records of resource rural_review, by the intake like any other delivery: what is published is what counts, whom it
 *     is about sees it and may object to it, and what the source corrects is corrected.
 * (4) Opening and closing stand in the journal; a member's single mark is kept with the round and is nobody else's to see while it is open. */
#ifndef LL_APPS_RURAL_REVIEW_H
#define LL_APPS_RURAL_REVIEW_H

#include "apps/rural/card.h"
#include "apps/rural/names.h"
#include "share/actor.h"

enum { LL_ROUND_MEMBERS_MAX = 30, LL_ROUND_REASONS_MAX = 4, LL_ROUND_TITLE_MAX = 100 };

struct ll_round {
    const char *id, *village, *village_name, *title, *organisation, *opened_by, *closed_by, *delivery;
    int64_t opened_at, closed_at, white, grey, black, members;
};
struct ll_round_draft {
    const char *village, *village_name, *title;
    const char *const *members; /* accounts */
    size_t n;
};
/* LL_CONFLICT: one is open; LL_INVALID: an account that is none, or has neither duty of a collector nor of a rural officer. */
int ll_round_add(struct ll_txn *tx, const struct ll_actor *by, const struct ll_round_draft *d,
                 char id[LL_RURAL_ID], struct ll_err *err) LL_MUST;
int ll_round_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_round *ret,
                 struct ll_err *err) LL_MUST;
/* Newest first.  member: rounds that this account takes part in; NULL: any. */
int ll_round_list(struct ll_txn *tx, const char *member, struct ll_arena *arena, struct ll_round **ret,
                  size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_round_is_member(struct ll_txn *tx, const char *id, const char *account, bool *ret,
                       struct ll_err *err) LL_MUST;

/* reasons: codes.  LL_DENIED: no member; LL_CONFLICT: the round is closed; LL_INVALID: reasons that are none, or another mark's. */
int ll_round_mark(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by, const char *id,
                  const char *household, enum ll_review_mark mark, const char *const *reasons, size_t n,
                  struct ll_err *err) LL_MUST;

/* All marks of a round, in the order of household and account; in arena. */
struct ll_round_vote {
    const char *household, *account, *mark, *reasons;
};
int ll_round_votes(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_round_vote **ret,
                   size_t *ret_n, struct ll_err *err) LL_MUST;
/* Those of one household: the first of them and how many. */
const struct ll_round_vote *ll_round_votes_of(const struct ll_round_vote *all, size_t n,
                                              const char *household, size_t *ret_n);

/* What votes come to (2); LL_MARK_NONE: nobody voted.  reasons: codes divided by |, of those whose mark it became, or G04.  Pure. */
enum { LL_ROUND_REASONS_TEXT = 200 };
enum ll_review_mark ll_round_decide(const struct ll_rural_card *card, size_t members,
                                    const struct ll_round_vote *votes, size_t n,
                                    char reasons[LL_ROUND_REASONS_TEXT]);

/* The outcome as a delivery of rural_review: an array that is added to household by household. */
struct ll_round_outcome {
    struct ll_json *j;
    int64_t counts[LL_MARK_COUNT];
};
/* h: of a roll-up.  Adds nothing where nobody voted. */
int ll_round_outcome_add(struct ll_round_outcome *o, const struct ll_round *round,
                         const struct ll_rural_card *card, const struct ll_resource *r,
                         const struct ll_household *h, const struct ll_round_vote *votes, size_t n,
                         const char *day, struct ll_err *err) LL_MUST;
/* delivery NULL: nothing was decided.  LL_CONFLICT: it is closed. */
int ll_round_close(struct ll_txn *tx, const struct ll_actor *by, const char *id, const char *delivery,
                   const struct ll_round_outcome *o, struct ll_err *err) LL_MUST;

void ll_round_put(struct ll_json *j, const struct ll_round *r); /* members of an object that is open */

#endif
