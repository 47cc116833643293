/* history.h - one record through time, from the lake: every version that a batch brought, or what was shown at an instant. */
#ifndef LL_INTAKE_HISTORY_H
#define LL_INTAKE_HISTORY_H

#include "base/json.h"
#include "intake/batch.h"

/* JSON array, newest first: batch, state, published_at, row (in its delivery), deleted, and record (the items).  key: one text a key
 * item.  With `mask`, identifiers of natural persons show only their ends. */
int ll_history_json(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                    bool mask, struct ll_json *j, struct ll_err *err) LL_MUST;
/* The record as it was shown at as_of_ms: the items, or LL_NOTFOUND. */
int ll_history_as_of(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                     int64_t as_of_ms, bool mask, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
