/* seal.h - runs a plan over a whole delivery and leaves a folder with what belongs into the lake:
 *
 *   data-0.parquet, data-1.parquet ...   the rows to publish, in key order within each file and from file to file
 *   quarantine.parquet                   the refused rows with all their reasons, in the order of the source; absent when there are none
 *
 * Sealed items are sealed in the pass: neither these files nor those in work_dir hold their values. A resource that has such items has its
 * refused rows sealed whole (sift.h), and with a sealed key the order of the data is that of ll_key (catalog/segschema.h).
 *
 * Every row received is in exactly one of them: the sum is checked against the decoder's own count before this returns. */
#ifndef LL_INTAKE_SEAL_H
#define LL_INTAKE_SEAL_H

#include "intake/decode/source.h"
#include "intake/sift.h"

enum { LL_SEAL_FILES = 64 };

/* Asked for the SQL of what the resource that an item refers to has published now ("SELECT ... ", its items), and whether the item referred
 * to is sealed there.  1: appended to *sql; 0: nothing is published. */
typedef int ll_seal_current(void *ctx, const struct ll_item *item, bool *sealed, struct ll_buf *sql,
                            struct ll_err *err);

/* Told now and then: rows done of total, in which stage. */
typedef void ll_seal_progress(void *ctx, const char *stage, uint64_t done, uint64_t total);

struct ll_seal_job {
    struct ll_lake *lake;   /* for sorts and what follows the pass */
    struct ll_lake *lanes;  /* for the ranges, side by side; may be the same */
    struct ll_vault *vault; /* NULL: the resource has no sealed items.  The engines must have it, too */
    struct ll_source *source;
    const struct ll_plan *plan;
    const char *work_dir; /* scratch */
    const char *out_dir;  /* exists, empty */
    unsigned threads;
    ll_seal_current *current;
    ll_seal_progress *progress; /* may be NULL */
    void *ctx;
};

struct ll_sealed {
    struct ll_sift_stats stats; /* in the arena given */
    unsigned files;             /* data-0 ... */
    uint64_t file_rows[LL_SEAL_FILES];
    bool sorted; /* the source was not in key order */
};

int ll_seal(const struct ll_seal_job *job, struct ll_arena *arena, struct ll_sealed *ret,
            struct ll_err *err) LL_MUST;

#endif
