/* check.h - does a log hold together?  Every entry is hashed again, in every tree, and compared with every tile and checkpoint.
 *
 * Nothing that the log says about itself is believed but the checkpoints' signatures.  A difference is told with the file and the bytes
 * or the entry where it is. */
#ifndef LL_JOURNAL_CHECK_H
#define LL_JOURNAL_CHECK_H

#include "journal/policy.h"
#include "journal/reader.h"

struct ll_log_checked {
    uint64_t entries, files, erased, problems;
    bool shadow;   /* the SM3 tree was there and compared */
    bool verified; /* signatures were checked */
};

typedef void ll_log_problem_fn(void *ctx, const char *what, const struct ll_err *problem);

/* LL_OK when the comparison could be made; problems are told and counted.  policy: whose signatures are asked for; NULL: none.
 * dir: the folder behind f, whose other files (write-ahead, partial tiles of earlier sizes) are then looked at, too; NULL: none. */
int ll_log_check(const struct ll_log_files *f, const struct ll_policy *policy, const char *dir,
                 ll_log_problem_fn *fn, void *ctx, struct ll_log_checked *ret, struct ll_err *err) LL_MUST;

#endif
