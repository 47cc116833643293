/* table_impl.h - what table.c and table_read.c share. */
#ifndef LL_SHARE_TABLE_IMPL_H
#define LL_SHARE_TABLE_IMPL_H

#include "base/arena.h"
#include "share/table.h"
#include "store/segmerge.h"

enum { LL_TABLE_KEY = 32 /* items of a key */, LL_COLUMN_NAME = 256 };

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
    size_t *map;              /* by the table's columns: column of the segment + 1, 0 where it lacks it */
    bool *sealed, any_sealed; /* the same: the column there holds sealed values */
    int64_t batch, published_at;
};

/* A column as readers see it: an item. */
struct table_column {
    const char *name;
    enum ll_seg_kind kind;      /* INT or TEXT */
    struct ll_cell *cell;       /* opened at first need */
    size_t at;                  /* of the current record's value in `opened`, once it was sealed */
    struct ll_seg_value opened; /* the current record's */
};

struct ll_table {
    unsigned magic;
    struct ll_segcache *cache;
    struct ll_vault *vault;
    struct ll_arena *mem;
    const char *data_dir, *resource;
    int64_t generation;
    struct segment *segments; /* newest first */
    size_t n, files;
    struct ll_table *next_idle; /* of tables.c */
    struct ll_seg_run *runs;    /* the same, for merging */
    struct ll_seg *model;       /* whose columns are the table's; NULL: no segments */
    struct table_column *columns;
    size_t n_columns;
    size_t *key, n_key; /* items of the key, positions in columns */
    bool key_sealed;    /* files are in the order of the key's blind index */
    struct ll_cell *key_cell;
    struct ll_buf opened;          /* bytes of the current record's sealed values */
    unsigned char index[LL_BLIND]; /* of the key last asked for */

    /* where the current record is */
    const struct segment *segment;
    struct ll_seg *reader;

    /* the running scan */
    enum { SCAN_NONE, SCAN_MERGE, SCAN_BY } scan;
    struct ll_seg_merge *merge;
    struct ll_str after[LL_TABLE_KEY]; /* where it began; borrowed while it runs */
    unsigned char after_index[LL_BLIND];
    size_t at_segment, at_part; /* SCAN_BY: being read */
    bool part_open, prefix;
    const char *column;
    struct ll_buf value;
    bool has_blind; /* the blind index of value is known */
    unsigned char blind[LL_BLIND];
};

/* Columns, key and the segments' maps, from the readers (table_columns.c). */
int ll_table_describe(struct ll_table *t, struct ll_err *err) LL_MUST;
enum ll_seg_kind ll_table_kind(const struct ll_seg *s, size_t at);

/* Opens the sealed values of the current record (table_seal.c). */
int ll_table_open_row(struct ll_table *t, struct ll_err *err) LL_MUST;
/* The key as the files are sorted by it, from its items as text; *ret_n values to out, which has room for LL_TABLE_KEY of them.  Texts are
 * borrowed from key or from the table. */
int ll_table_file_key(struct ll_table *t, const struct ll_str *key, size_t n_key, struct ll_str *out,
                      size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_table_blind(struct ll_table *t, struct ll_err *err) LL_MUST; /* of value, for column */

int ll_table_list_generation(struct ll_txn *tx, const char *resource, int64_t *ret,
                             struct ll_err *err) LL_MUST;

#endif
