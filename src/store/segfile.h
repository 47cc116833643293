/* segfile.h - the part of building a segment that SQLite does: an empty file with tables and indexes, and the values of meta. */
#ifndef LL_STORE_SEGFILE_H
#define LL_STORE_SEGFILE_H

#include "base/fs.h"
#include "store/segment.h"

/* Makes the file, which must not be there yet, and tells which pages SQLite gave the table and the indexes (n_indexed of them, in
 * the schema's order). */
int ll_segfile_create(const char *path, const struct ll_seg_schema *schema, uint32_t *ret_table,
                      uint32_t *ret_indexes, struct ll_err *err) LL_MUST;

struct ll_segfile_meta {
    const char *name, *value;
};
int ll_segfile_put_meta(const char *path, const struct ll_segfile_meta *meta, size_t n,
                        struct ll_err *err) LL_MUST;
enum ll_seg_kind ll_segfile_kind(const char *sql_type);
bool ll_segfile_in_key(const struct ll_seg_schema *s, unsigned at);
int ll_segfile_folder(const char *path, char out[LL_PATH], struct ll_err *err) LL_MUST;
/* Syncs the file and its folder. */
int ll_segfile_sync(const char *path, struct ll_err *err) LL_MUST;

#endif
