/* link_work.h - a linkage under way: an engine of its own with the cleaned records of its sources.
 *
 * A source is the name of a resource, whose present records are read from the lake, or the path of a CSV (UTF-8, comma, headings) or Parquet
 * file.  The engine keeps to the memory it is given and spills below DATA/work; it goes with ll_link_work_close. */
#ifndef LL_APPS_CREDIT_LINK_WORK_H
#define LL_APPS_CREDIT_LINK_WORK_H

#include "apps/credit/link_model.h"
#include "crypto/hash.h"
#include "intake/data.h"

struct ll_link_source {
    const char *
        name; /* the resource, or the file's name without folder and ending: stands before its records' names */
    char sha256[LL_SHA256_HEX];
    int64_t rows;
};

struct ll_link_work {
    const struct ll_link_model *model;
    struct ll_arena *arena; /* the caller's */
    struct ll_lake *lake;
    struct ll_lake_conn *c;
    struct ll_link_source sources[2];
    size_t n_sources;
};

/* Loads link_s0 (and link_s1), bridges registration numbers to organisation codes, and makes link_t<i> and link_p<side> of them. */
int ll_link_work_open(struct ll_data *d, const struct ll_link_model *m, const char *const *sources, size_t n,
                      struct ll_arena *arena, struct ll_link_work **ret, struct ll_err *err) LL_MUST;
struct ll_link_work *ll_link_work_close(struct ll_link_work *w); /* NULL is fine; returns NULL */

/* Pairs of records, one of each side (or any two of the one). */
double ll_link_work_all_pairs(const struct ll_link_work *w);

/* What a rule of blocking does: how many pairs share a key, and how many were left out because one key has too many. */
struct ll_link_block {
    int64_t pairs, dropped, greatest;
};
/* Counts, and takes away keys of more than the model's block_cap pairs. */
int ll_link_work_block(struct ll_link_work *w, size_t rule, struct ll_link_block *ret,
                       struct ll_err *err) LL_MUST;
/* Runs SQL that a buffer holds and empties it. */
int ll_link_work_run(struct ll_link_work *w, struct ll_buf *sql, struct ll_err *err) LL_MUST;

#endif
