/* rollup_parts.h - records on their way from the resources to their households: put aside by part (a run of households in their order), and read back part
 * by part, so that memory holds the records of a part and never all of them.
 *
 * They are open values: what leaves memory goes sealed into a file without a name (intake/decode/spool.h). */
#ifndef LL_APPS_RURAL_ROLLUP_PARTS_H
#define LL_APPS_RURAL_ROLLUP_PARTS_H

#include "base/buf.h"
#include "base/err.h"

struct ll_rollup_parts;
/* dir: where the file lies. */
int ll_rollup_parts_open(const char *dir, size_t n, struct ll_rollup_parts **ret, struct ll_err *err) LL_MUST;
struct ll_rollup_parts *ll_rollup_parts_close(struct ll_rollup_parts *p); /* NULL is fine; returns NULL */

/* One a thread; ended before it is freed, unless something failed. */
struct ll_rollup_putter;
int ll_rollup_putter_new(struct ll_rollup_parts *p, struct ll_rollup_putter **ret,
                         struct ll_err *err) LL_MUST;
int ll_rollup_put(struct ll_rollup_putter *w, size_t part, struct ll_str record, struct ll_err *err) LL_MUST;
int ll_rollup_putter_end(struct ll_rollup_putter *w, struct ll_err *err) LL_MUST;
void ll_rollup_putter_free(struct ll_rollup_putter *w); /* NULL is fine */

/* All is put: from now on it is read, by threads side by side. */
int ll_rollup_parts_ready(struct ll_rollup_parts *p, struct ll_err *err) LL_MUST;
/* Appends the records of a part, each whole, in no particular order. */
int ll_rollup_parts_read(const struct ll_rollup_parts *p, size_t part, struct ll_buf *out,
                         struct ll_err *err) LL_MUST;

#endif
