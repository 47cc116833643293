/* sorter.h - puts the records of an index in order with bounded memory: sorted runs in a temporary file, merged at the end.
 *
 * Records with equal keys keep the order in which they came; the rows of a segment come in key order, so that is the index's order. */
#ifndef LL_STORE_SORTER_H
#define LL_STORE_SORTER_H

#include "store/segment.h"

struct ll_sorter;

/* temp_dir: for runs, when the records are more than memory holds; the file there has no name.  memory: bytes. */
int ll_sorter_new(const char *temp_dir, size_t memory, struct ll_sorter **ret, struct ll_err *err) LL_MUST;
void ll_sorter_free(struct ll_sorter *s); /* NULL is fine */
/* key: the first value of record, not NULL; all keys of one kind. */
int ll_sorter_add(struct ll_sorter *s, const struct ll_seg_value *key, struct ll_str record,
                  struct ll_err *err) LL_MUST;
/* Gives all records in order; nothing can be added afterwards. */
int ll_sorter_each(struct ll_sorter *s, int (*put)(void *ctx, struct ll_str record, struct ll_err *err),
                   void *ctx, struct ll_err *err) LL_MUST;

#endif
