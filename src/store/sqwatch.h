/* sqwatch.h - tells whether a SQLite database in WAL mode has changed, without asking it (sqwatch.c). */
#ifndef LL_STORE_SQWATCH_H
#define LL_STORE_SQWATCH_H

#include "store/store.h"

struct sq_watch;

/* Opens nothing yet: the first stamp does, so that who never asks does not pay. */
int ll_sq_watch_new(const char *path, struct sq_watch **ret, struct ll_err *err) LL_MUST;
void ll_sq_watch_close(struct sq_watch *w); /* NULL is fine */
void ll_sq_watch_stamp(struct sq_watch *w, struct ll_store_stamp *ret);

#endif
