/* disputes.h - what is doubted at this moment (share/objection.h), in memory, so that every answer can say so.
 *
 * Holds what was committed before the question; as long as nothing was, a question costs a comparison. */
#ifndef LL_SHARE_DISPUTES_H
#define LL_SHARE_DISPUTES_H

#include "base/err.h"
#include "base/str.h"

struct ll_resource;
struct ll_store;
struct ll_vault;
struct ll_disputes;

/* Both must outlive it; v opens the records that are kept sealed. */
int ll_disputes_open(struct ll_store *st, struct ll_vault *v, struct ll_disputes **ret,
                     struct ll_err *err) LL_MUST;
struct ll_disputes *ll_disputes_close(struct ll_disputes *d); /* NULL is fine; returns NULL */
/* How many doubts are open about the resource; 0 is the usual case. */
int ll_disputes_of(struct ll_disputes *d, const char *resource, size_t *ret, struct ll_err *err) LL_MUST;
/* Is the value doubted: the item, its record or the resource as a whole?  key: the record's, as a JSON array of texts. */
bool ll_disputes_has(struct ll_disputes *d, const char *resource, struct ll_str key, const char *item);
/* The same of anything in the record; as a profile asks for the marks of records (share/subject.h), ctx a struct ll_disputes. */
int ll_disputes_mark(void *ctx, const struct ll_resource *r, struct ll_str key, unsigned *ret,
                     struct ll_err *err) LL_MUST;

#endif
