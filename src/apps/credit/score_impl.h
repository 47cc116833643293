/* score_impl.h - what the files of the evaluation share (score.h, score_run.h). */
#ifndef LL_APPS_CREDIT_SCORE_IMPL_H
#define LL_APPS_CREDIT_SCORE_IMPL_H

#include "apps/credit/score_run.h"

extern const char *const ll_score_directions[3], *const ll_score_kinds[3]; /* as packs write them */

/* The number that a text says; NAN: none. */
double ll_score_number(struct ll_str text);

/* Calls fn for each subject of a card's view on a day, by rising identifier; values: one an indicator, borrowed.  *left_out counts natural
 * persons that the card is not about, and rows without an identifier. */
typedef int ll_score_fn(void *ctx, struct ll_str subject, const struct ll_str *values, struct ll_err *err);
int ll_score_each(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                  const char *as_of, ll_score_fn *fn, void *ctx, uint64_t *left_out,
                  struct ll_err *err) LL_MUST;

/* SHA-256 of the definition, and the definition as JSON. */
int ll_score_definition(const struct ll_scorecard *card, struct ll_buf *json, char sha256[LL_SHA256_HEX],
                        struct ll_err *err) LL_MUST;

#endif
