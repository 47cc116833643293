/* precheck_impl.h - what precheck.c (models) and precheck_run.c (runs) share. */
#ifndef LL_APPS_FINANCE_PRECHECK_IMPL_H
#define LL_APPS_FINANCE_PRECHECK_IMPL_H

#include "apps/finance/precheck.h"

/* The cell that seals what is the institution's: `item` is "model" or "outcome". */
int ll_precheck_cell(struct ll_vault *vault, const char *organisation, struct ll_str item,
                     struct ll_cell **ret, struct ll_err *err) LL_MUST;
/* Sealed bytes as base64, appended to out; and back. */
int ll_precheck_seal(struct ll_cell *cell, struct ll_str plain, struct ll_buf *out,
                     struct ll_err *err) LL_MUST;
int ll_precheck_unseal(struct ll_cell *cell, struct ll_str text, struct ll_buf *out,
                       struct ll_err *err) LL_MUST;
/* The model's table, whoever asks: for running it. */
int ll_precheck_load(const struct ll_precheck_env *env, const struct ll_precheck_model *m, struct ll_buf *csv,
                     char salt[65], struct ll_err *err) LL_MUST;
/* By $1 and $2; the columns of struct ll_precheck_model come from it. 1, or 0. */
int ll_precheck_find(const struct ll_precheck_env *env, const char *where, const char *a, const char *b,
                     struct ll_precheck_model *ret, struct ll_err *err) LL_MUST;

#endif
