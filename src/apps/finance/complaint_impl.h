/* complaint_impl.h - between the files of complaint.h. */
#ifndef LL_APPS_FINANCE_COMPLAINT_IMPL_H
#define LL_APPS_FINANCE_COMPLAINT_IMPL_H

#include "apps/finance/complaint.h"
#include "crypto/digest.h"

enum { LL_COMPLAINT_HASH = 2 * LL_DIGEST + 1, LL_COMPLAINT_SEALED = 32 << 10 };

/* In base64, for a column; item: what of a complaint it is ("contact", "told"). */
int ll_complaint_seal(const struct ll_complaint_env *env, const char *item, const char *const *texts,
                      size_t n, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* texts: as many as were sealed; in env->arena. */
int ll_complaint_unseal(const struct ll_complaint_env *env, const char *item, struct ll_str sealed,
                        const char **texts, size_t n, struct ll_err *err) LL_MUST;

int ll_complaint_code_new(char code[LL_COMPLAINT_CODE], struct ll_err *err) LL_MUST;
/* Of the code as it was shown or typed: letters of either case, with or without what divides it. */
void ll_complaint_code_hash(const char *id, const char *code, char out[LL_COMPLAINT_HASH]);

/* The end of the time limit of a state that is entered now; 0: none. */
int64_t ll_complaint_due(const struct ll_settings *set, enum ll_state state, int64_t now);

#endif
