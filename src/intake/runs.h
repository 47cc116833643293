/* runs.h - computations whose whole result is one segment file each, FOLDER/ID.db below the data folder: evaluations, roll-ups, ratings, indicators. */
#ifndef LL_INTAKE_RUNS_H
#define LL_INTAKE_RUNS_H

#include "intake/data.h"
#include "store/segment.h"

enum { LL_RUNS_MAX = 1000 };

/* seg is closed by the caller. */
typedef int ll_runs_fn(void *ctx, const char *id, struct ll_seg *seg, struct ll_err *err);
/* Every run of a folder, in no order and LL_RUNS_MAX at the most; a file under way, whose name begins with a dot, is none.  No folder: no runs. */
int ll_runs_each(struct ll_data *d, const char *folder, ll_runs_fn *fn, void *ctx,
                 struct ll_err *err) LL_MUST;

#endif
