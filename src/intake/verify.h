/* verify.h - compares everything durable with what it should be: each batch's files with their manifest, the manifest with the control
 * database, the lake's folders with the batches, each delivery's bytes with their hash. */
#ifndef LL_INTAKE_VERIFY_H
#define LL_INTAKE_VERIFY_H

#include "intake/data.h"

struct ll_verified {
    uint64_t batches, deliveries, problems;
};

/* Told each problem, in both languages. */
typedef void ll_verify_fn(void *ctx, const char *what, const struct ll_err *problem);

/* LL_OK when the comparison could be made; problems are counted. */
int ll_data_verify(struct ll_data *d, const char *resource, ll_verify_fn *fn, void *ctx,
                   struct ll_verified *ret, struct ll_err *err) LL_MUST;

#endif
