/* link_train.h - estimates a model's weights from unlabelled records, and keeps them with the hash of what they were learned from.
 *
 * u from pairs drawn at random; m by expectation and maximisation, a session for each rule marked `train` over the pairs that it makes,
 * each for the comparisons that the rule does not touch; where several sessions estimate one comparison, the mean weighted by how many matches
 * each saw; lambda from all candidate pairs at last.  Same sources, same model, same result: sampling goes by the hash of names. */
#ifndef LL_APPS_CREDIT_LINK_TRAIN_H
#define LL_APPS_CREDIT_LINK_TRAIN_H

#include "apps/credit/link_store.h"
#include "intake/data.h"

/* Trains the model of a JSON text and saves it; *ret is what was saved (in arena).  The work is done before the transaction begins. */
int ll_link_train(struct ll_data *d, struct ll_str definition, const char *const *sources, size_t n,
                  const struct ll_actor *actor, struct ll_arena *arena, struct ll_link_trained *ret,
                  struct ll_err *err) LL_MUST;

#endif
