/* history.h - one record through time, from the lake: every version that a batch brought, or what was shown at an instant. */
#ifndef LL_INTAKE_HISTORY_H
#define LL_INTAKE_HISTORY_H

#include "base/json.h"
#include "intake/batch.h"

/* JSON array, newest first: batch, published_at, withdrawn, deleted, row (in its delivery), and the items.  key: one text a key item. */
int ll_history_json(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                    struct ll_json *j, struct ll_err *err) LL_MUST;
/* The record as it was shown at as_of_ms: the items, or LL_NOTFOUND. */
int ll_history_as_of(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                     int64_t as_of_ms, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
