/* table_impl.h - what table.c and table_read.c share. */
#ifndef LL_SHARE_TABLE_IMPL_H
#define LL_SHARE_TABLE_IMPL_H

#include "base/arena.h"
#include "share/table.h"
#include "store/segmerge.h"

#define TABLE_MAGIC 0x4c4c5442u

struct part {
    const char *path;
    struct ll_seg_value *min; /* n_min values: none, or as many as the key has */
    size_t n_min;
};

struct segment {
    const char *id;
    struct part *parts;
    struct ll_seg **readers; /* of each part */
    size_t n;
    size_t *map; /* by the table's columns: column of the segment + 1, 0 where it lacks it */
    int64_t batch, published_at;
};

struct ll_table {
    unsigned magic;
    struct ll_segcache *cache;
    struct ll_arena *mem;
    const char *data_dir, *resource;
    int64_t generation;
    struct segment *segments; /* newest first */
    size_t n, files;
    struct ll_table *next_idle; /* of tables.c */
    struct ll_seg_run *runs;    /* the same, for merging */
    const struct ll_seg *model; /* whose columns are the table's; NULL: no segments */

    /* where the current record is */
    const struct segment *segment;
    struct ll_seg *reader;

    /* the running scan */
    enum { SCAN_NONE, SCAN_MERGE, SCAN_BY } scan;
    struct ll_seg_merge *merge;
    size_t at_segment, at_part; /* SCAN_BY: being read */
    bool part_open, prefix;
    const char *column;
    struct ll_buf value;
};

int ll_table_list_generation(struct ll_txn *tx, const char *resource, int64_t *ret,
                             struct ll_err *err) LL_MUST;

#endif
