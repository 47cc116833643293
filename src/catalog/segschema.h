/* segschema.h - which columns, key and indexes the segments of a resource have.  Whoever builds segments and whoever reads them
 * asks here, so that the rule stands in one place:
 *
 *   columns  the resource's items in their order, each with its type's segment type (standard/tbl/types.h)
 *   key      the items of the resource's key, in key order
 *   indexed  items with role subject, subject_name or related, except the first item of the key, by which the file is sorted anyway */
#ifndef LL_CATALOG_SEGSCHEMA_H
#define LL_CATALOG_SEGSCHEMA_H

#include "base/arena.h"
#include "catalog/model.h"
#include "store/segment.h"

/* Allocated in arena; names are borrowed from r.  LL_INVALID when the resource has no key. */
int ll_table_schema(const struct ll_resource *r, struct ll_seg_schema *out, struct ll_arena *arena,
                    struct ll_err *err) LL_MUST;
/* TEXT or INTEGER. */
const char *ll_type_segment(enum ll_type t);

#endif
