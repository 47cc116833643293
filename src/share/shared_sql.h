/* shared_sql.h - rows of a resource without those that are no longer shared (withheld.h), as a condition of a statement over the lake. */
#ifndef LL_SHARE_SHARED_SQL_H
#define LL_SHARE_SHARED_SQL_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/model.h"
#include "share/marks.h"

/* Appends a condition that the stored rows of the resource (intake/stored.h) have to meet; nothing where all of them are shared. */
int ll_shared_rows_sql(struct ll_marks *m, const struct ll_resource *r, struct ll_arena *arena,
                       struct ll_buf *sql, struct ll_err *err) LL_MUST;

#endif
