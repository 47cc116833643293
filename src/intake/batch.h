/* batch.h - what was sealed from a delivery, and what a resource shows now.
 *
 * A batch has the id of its delivery.  Batches of a resource are ordered by seq; what is published now is the last published snapshot and
 * the increments after it, the newest version of each key counting, delete markers hiding it. */
#ifndef LL_INTAKE_BATCH_H
#define LL_INTAKE_BATCH_H

#include "intake/data.h"

struct ll_batch {
    const char *id, *resource, *mode, *state, *manifest_sha256, *quality;      /* quality: JSON */
    int64_t seq, version, rows, deletes, quarantined, sealed_at, published_at; /* published_at -1: not yet */
    int64_t closed; /* of the quarantined rows, those that a later delivery corrected */
};

int ll_batch_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_batch *ret,
                 struct ll_err *err) LL_MUST;
/* Newest first; resource may be NULL. */
int ll_batch_list(struct ll_data *d, const char *resource, int64_t offset, int64_t limit,
                  struct ll_arena *arena, struct ll_batch **ret, size_t *ret_n, int64_t *ret_total,
                  struct ll_err *err) LL_MUST;
/* A page of a resource's batches. */
struct ll_batch_query {
    const char *resource;
    const char *state; /* NULL: any */
    const char *sort;  /* NULL: the newest first */
    size_t limit, offset;
};
int ll_batch_page(struct ll_data *d, const struct ll_batch_query *q, struct ll_arena *arena,
                  struct ll_batch **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
struct ll_json;
void ll_batch_json(struct ll_json *j, const struct ll_batch *b);

/* Which published batches make up what a resource shows (seq ascending, the last snapshot first), or, with as_of_ms >= 0, what it showed
 * then.  The batch `also` (NULL: none) counts as published, too. */
int ll_batch_live(struct ll_data *d, const char *resource, int64_t version, int64_t as_of_ms,
                  const char *also, struct ll_arena *arena, struct ll_batch **ret, size_t *ret_n,
                  struct ll_err *err) LL_MUST;
/* The version of a resource that shows: the newest that has a published batch; 0: none has. */
int ll_batch_shown_version(struct ll_data *d, const char *resource, int64_t *ret, struct ll_err *err) LL_MUST;

/* ['.../data-0.parquet', ...]: the files of a batch as an SQL list, from its folder. */
int ll_batch_files(struct ll_data *d, const struct ll_batch *b, struct ll_buf *sql,
                   struct ll_err *err) LL_MUST;
/* SQL of all records of these batches that count: the stored form (stored.h), ll_row, ll_seq.  No ORDER BY. */
int ll_batch_current_sql(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *batches,
                         size_t n, struct ll_buf *sql, struct ll_err *err) LL_MUST;

/* SQL of every row that one batch brought, delete markers included: the stored form, ll_row, ll_deleted. */
int ll_batch_versions_sql(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                          struct ll_buf *sql, struct ll_err *err) LL_MUST;

#endif
