/* limit.h - how much of a resource a sealed batch would delete or change. */
#ifndef LL_INTAKE_LIMIT_H
#define LL_INTAKE_LIMIT_H

#include "intake/batch.h"

struct ll_change {
    int64_t current, deletes, changes; /* records there are; that would go; that would have another content */
    unsigned limit;                    /* percent */
    bool too_much;
};

/* Compares the batch with what the resource shows now.  A first batch changes nothing. */
int ll_change_of(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                 struct ll_change *ret, struct ll_err *err) LL_MUST;

#endif
