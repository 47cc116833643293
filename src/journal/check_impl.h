/* check_impl.h - shared by check.c (the log as outsiders see it) and check_files.c (what else lies in its folder). */
#ifndef LL_JOURNAL_CHECK_IMPL_H
#define LL_JOURNAL_CHECK_IMPL_H

#include "journal/check.h"

struct ll_log_check {
    struct ll_log_files f;
    const char *dir;
    ll_log_problem_fn *fn;
    void *ctx;
    struct ll_log_checked *ret;
    uint64_t size; /* of the largest checkpoint */
};

void ll_log_problem(struct ll_log_check *c, const char *what, const struct ll_err *problem);
int ll_log_check_files(struct ll_log_check *c, struct ll_err *err) LL_MUST;

#endif
