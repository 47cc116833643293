/* fixes.h - which quarantined rows a batch mends: those that a corrected quarantine file names (columns _batch and _row), and those
 * whose key was good and is in the batch now; and what those had stood for, when they were refused before. */
#ifndef LL_INTAKE_FIXES_H
#define LL_INTAKE_FIXES_H

#include "intake/batch.h"

struct ll_fixes;

/* On success *ret belongs to the caller (it may be empty). */
int ll_fixes_find(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                  struct ll_fixes **ret, struct ll_err *err) LL_MUST;
int ll_fixes_apply(const struct ll_fixes *f, struct ll_txn *tx, const char *by_batch,
                   struct ll_err *err) LL_MUST;
void ll_fixes_free(struct ll_fixes *f); /* NULL is fine */

#endif
