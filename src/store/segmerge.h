/* segmerge.h - several segments of one resource read as one: in key order, the newest record of each key.
 *
 * Memory is a page or two a part, however many rows there are. */
#ifndef LL_STORE_SEGMERGE_H
#define LL_STORE_SEGMERGE_H

#include "store/segment.h"

/* One segment: its parts ascending.  Readers stay the caller's; a merge uses their scans. */
struct ll_seg_run {
    struct ll_seg **parts;
    size_t n;
};

struct ll_seg_merge;

/* runs: newest first, all with the same key columns.  Rows are those with a key above `after` and not above `upto`
 * (n_key texts each; NULL: no bound), so that ranges can be merged by threads of their own.  The arrays must outlive the merge. */
int ll_seg_merge_open(const struct ll_seg_run *runs, size_t n, const struct ll_str *after,
                      const struct ll_str *upto, struct ll_seg_merge **ret, struct ll_err *err) LL_MUST;
/* 1: *seg stands on the newest row of the next key, *run is the index of its segment, *deleted whether the row hides older ones;
 * 0: the end. */
int ll_seg_merge_next(struct ll_seg_merge *m, struct ll_seg **seg, size_t *run, bool *deleted,
                      struct ll_err *err) LL_MUST;
struct ll_seg_merge *ll_seg_merge_close(struct ll_seg_merge *m); /* NULL is fine */

struct ll_seg_merge_counts {
    uint64_t rows, deletes; /* written */
};
/* Copies what the merge gives into a segment being built, column by column of schema by name (a column that an old segment lacks is NULL).
 * drop_deleted: when the merge reaches down to the oldest segment, so that nothing is left to hide. */
int ll_seg_merge_into(struct ll_seg_merge *m, struct ll_seg_build *b, const struct ll_seg_schema *schema,
                      bool drop_deleted, struct ll_seg_merge_counts *ret, struct ll_err *err) LL_MUST;

#endif
