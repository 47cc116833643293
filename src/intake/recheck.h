/* recheck.h - what one row cannot tell: keys and unique items that occur twice, references to other resources; and the sort of a
 * delivery that did not come in key order. */
#ifndef LL_INTAKE_RECHECK_H
#define LL_INTAKE_RECHECK_H

#include "intake/seal.h"

/* Whether the plan's resource has such checks besides the key. */
bool ll_recheck_wanted(const struct ll_seal_job *job);

/* Sorts the staged files into data-0.parquet of job->out_dir without the rows that fail; these go to `late` with their raw cells, read
 * again from the source.  Adjusts out->stats and sets out->files and file_rows. */
int ll_recheck(const struct ll_seal_job *job, struct ll_arena *arena, const char *const *stages,
               unsigned n_stages, const struct ll_range *ranges, unsigned n_ranges, struct ll_sink *late,
               struct ll_sealed *out, struct ll_err *err) LL_MUST;

#endif
