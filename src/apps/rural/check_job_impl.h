/* check_job_impl.h - what the parts of check_job.h share: check_job.c keeps rows and files, check_job_run.c asks. */
#ifndef LL_APPS_RURAL_CHECK_JOB_IMPL_H
#define LL_APPS_RURAL_CHECK_JOB_IMPL_H

#include "apps/rural/check_job.h"
#include "intake/data.h"

enum { LL_CHECK_BLOCK_BYTES = 256 << 20 };

static inline size_t ll_check_job_blocks(const struct ll_check_job *job)
{
    return ((size_t)job->households + LL_CHECK_BLOCK - 1) / LL_CHECK_BLOCK;
}
/* which: "asked" or "told".  *ret: it is there. */
bool ll_check_block_there(struct ll_data *d, const char *id, size_t block, const char *which);
int ll_check_block_write(struct ll_data *d, const char *id, size_t block, const char *which,
                         struct ll_str packed, struct ll_err *err) LL_MUST;
/* Appends. */
int ll_check_block_read(struct ll_data *d, const char *id, size_t block, const char *which,
                        struct ll_buf *out, struct ll_err *err) LL_MUST;
void ll_check_block_remove(struct ll_data *d, const char *id, size_t block, const char *which);
/* One statement whose $1 is the id and $2 the time. */
int ll_check_job_update(struct ll_data *d, const char *sql, const char *id, struct ll_err *err) LL_MUST;

#endif
