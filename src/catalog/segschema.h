/* segschema.h - which columns, key and indexes the stored form of a resource has: its segments, and its batches in the lake.  Whoever
 * writes either and whoever reads them asks here, so that the rule stands in one place:
 *
 *   columns  the resource's items in their order, each with its type's segment type (standard/tbl/types.h); in place of a sealed item
 *            stands ll_sealed_<item>, its value as vault.h seals it
 *            ll_ix_<item>: the blind index of each sealed item with a role, or unique
 *            ll_key: the blind index of the whole key, when an item of it is sealed
 *   key      ll_key if there is one, otherwise the items of the resource's key, in key order
 *   indexed  items with role subject, subject_name or related, except the one by which the file is sorted anyway; of a sealed one
 *            its blind index
 *
 * A blind index is over the value as segments have it: numbers in digits, dates 2023-05-01. */
#ifndef LL_CATALOG_SEGSCHEMA_H
#define LL_CATALOG_SEGSCHEMA_H

#include "base/arena.h"
#include "catalog/model.h"
#include "store/segment.h"

#define LL_SEALED_PREFIX "ll_sealed_"
#define LL_BLIND_PREFIX "ll_ix_"
#define LL_KEY_COLUMN "ll_key"
#define LL_SEALED_INTEGER "BLOB INTEGER" /* declared type of a sealed item whose segment type is INTEGER */

/* Allocated in arena; names are borrowed from r.  LL_INVALID when the resource has no key. */
int ll_table_schema(const struct ll_resource *r, struct ll_seg_schema *out, struct ll_arena *arena,
                    struct ll_err *err) LL_MUST;
/* What each file says of itself in meta: resource, version, and of a sealed key its items ("case_no subject_id"). */
int ll_table_meta(const struct ll_resource *r, struct ll_seg_build *b, struct ll_err *err) LL_MUST;
/* TEXT or INTEGER. */
const char *ll_type_segment(enum ll_type t);

#endif
