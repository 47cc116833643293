/* marks.h - what is to be said of records beside what they say themselves, at this moment and in memory, so that every answer can follow it:
 * what is doubted (share/objection.h), and what is no longer shared (share/withheld.h).
 *
 * Holds what was committed before the question; as long as nothing was, a question costs a comparison. */
#ifndef LL_SHARE_MARKS_H
#define LL_SHARE_MARKS_H

#include "base/err.h"
#include "base/str.h"

struct ll_resource;
struct ll_store;
struct ll_vault;
struct ll_marks;

/* Both must outlive it; v opens the records that are kept sealed. */
int ll_marks_open(struct ll_store *st, struct ll_vault *v, struct ll_marks **ret, struct ll_err *err) LL_MUST;
struct ll_marks *ll_marks_close(struct ll_marks *m); /* NULL is fine; returns NULL */
/* Whether there are any about the resource; usually not, and then nothing else need be asked. */
int ll_marks_any(struct ll_marks *m, const char *resource, bool *ret, struct ll_err *err) LL_MUST;
/* Is the value doubted: the item (NULL: any of them), its record or the resource as a whole?  key: the record's, as a JSON array of texts. */
bool ll_marks_disputed(struct ll_marks *m, const char *resource, struct ll_str key, const char *item);
/* Is anything of the item (NULL: of the resource) doubted, of whichever record? */
bool ll_marks_doubts(struct ll_marks *m, const char *resource, const char *item);
/* Is the record no longer shared? */
bool ll_marks_withheld(struct ll_marks *m, const char *resource, struct ll_str key);
/* Both as bits, for a profile (share/subject.h); ctx a struct ll_marks. */
int ll_marks_record(void *ctx, const struct ll_resource *r, struct ll_str key, unsigned *ret,
                    struct ll_err *err) LL_MUST;
/* The records of the resource that are no longer shared, one after the other.  The lock is held meanwhile: fn asks nothing here. */
void ll_marks_each_withheld(struct ll_marks *m, const char *resource,
                            void (*fn)(void *ctx, const char *record), void *ctx);

#endif
