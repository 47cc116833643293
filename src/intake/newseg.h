/* newseg.h - builds the files of one segment from queries over the lake, one thread a part.
 *
 * Parts are built under their final names, but nobody reads a file that the table `segment` does not list; building starts by removing
 * what an earlier try of the same segment left. */
#ifndef LL_INTAKE_NEWSEG_H
#define LL_INTAKE_NEWSEG_H

#include "intake/batch.h"
#include "intake/seal.h"

struct ll_newseg;

/* id, r and err must outlive it; every error of it goes to err. */
int ll_newseg_open(struct ll_data *d, const struct ll_resource *r, const char *id, struct ll_newseg **ret,
                   struct ll_err *err) LL_MUST;
void ll_newseg_close(struct ll_newseg *s); /* NULL is fine; the files stay */

/* What it will hold: a batch's own rows with its delete markers, cut into parts for all threads, or what several batches show. */
int ll_newseg_add_batch(struct ll_newseg *s, const struct ll_batch *b) LL_MUST;
int ll_newseg_add_current(struct ll_newseg *s, const struct ll_batch *live, size_t n) LL_MUST;
int ll_newseg_build(struct ll_newseg *s, ll_seal_progress *progress, void *ctx, uint64_t total) LL_MUST;

uint64_t ll_newseg_rows(const struct ll_newseg *s);
/* Column `parts` of table segment: [{"file": "...", "rows": 1, "min": ["..."]}, ...] without the parts that hold nothing. */
void ll_newseg_parts(const struct ll_newseg *s, struct ll_buf *out);

#endif
