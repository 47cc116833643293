/* table.h - the service table of a resource: the segments that the control database lists for it, read as one table.
 *
 * (1) A handle is one consistent state: its list is read in one transaction and its files are opened at once, so that it stays
 *     whole when a later merge removes files.
 * (2) The newest segment that holds a key has its record; a deletion hides older ones.
 * (3) Columns are those of the newest segment; in an older one that lacks a column the value is NULL.
 *
 * (4) Columns are items: what files hold sealed (catalog/segschema.h) is opened on the way out, and looked for by its blind index. Order
 *     and cursors of a table with a sealed key are those of the key's blind index.  A sealed item is found by its whole value: a prefix
 *     of it is taken for the whole.
 *
 * Files lie in DATA/service/<resource>/; column `parts` of table segment is [{"file": name, "min": [key part, ...]}, ...], ascending;
 * "min", the lowest key of the part (blobs in hex), may be left out of the first. A handle is used by one thread at a time. */
#ifndef LL_SHARE_TABLE_H
#define LL_SHARE_TABLE_H

#include "base/json.h"
#include "store/segcache.h"
#include "store/store.h"
#include "store/vault.h"

struct ll_table;

/* The resource may have no segments yet: the table is then empty. */
int ll_table_open(struct ll_store *st, struct ll_segcache *cache, const char *data_dir, const char *resource,
                  struct ll_table **ret, struct ll_err *err) LL_MUST;
/* The same with a list that an open transaction sees. */
int ll_table_open_in(struct ll_txn *tx, struct ll_segcache *cache, const char *data_dir, const char *resource,
                     struct ll_table **ret, struct ll_err *err) LL_MUST;
/* What opens sealed values; it must outlive the table.  Without one such a record is an error. */
void ll_table_use(struct ll_table *t, struct ll_vault *v);
struct ll_table *ll_table_close(struct ll_table *t); /* NULL is fine; returns NULL */

const char *ll_table_resource(const struct ll_table *t);
int64_t ll_table_generation(const struct ll_table *t); /* counts the changes of the resource's list */
size_t ll_table_segments(const struct ll_table *t);
size_t ll_table_files(const struct ll_table *t);
size_t ll_table_columns(const struct ll_table *t); /* 0 when the table is empty */
const char *ll_table_column_name(const struct ll_table *t, size_t at);
int ll_table_column(const struct ll_table *t, const char *name); /* -1: none */
size_t ll_table_key_columns(const struct ll_table *t);
size_t ll_table_key_at(const struct ll_table *t, size_t i);

/* 1: the record is there and may be read with ll_table_get; 0: it is not, or was deleted. */
int ll_table_find(struct ll_table *t, const struct ll_str *key, size_t n_key, struct ll_err *err) LL_MUST;
/* In key order, everything above `after` (n_key texts; NULL: from the start). */
int ll_table_scan(struct ll_table *t, const struct ll_str *after, struct ll_err *err) LL_MUST;
/* Records whose indexed column has the value, or starts with it; segment by segment.  A column without an index has none. */
int ll_table_scan_by(struct ll_table *t, const char *column, struct ll_str value, bool prefix,
                     struct ll_err *err) LL_MUST;
int ll_table_next(struct ll_table *t, struct ll_err *err) LL_MUST; /* 1 a record, 0 the end */
void ll_table_rewind(struct ll_table *t);                          /* ends a scan before its end */

/* Of the record found or scanned to; borrowed until the next call on this table. */
struct ll_seg_value ll_table_get(struct ll_table *t, size_t at);
/* When its newest batch was published (ms, 0 when not known) and under what number. */
int64_t ll_table_published_at(const struct ll_table *t);
int64_t ll_table_batch(const struct ll_table *t);

/* When the newest of all its batches was published (ms); 0: none was. */
int64_t ll_table_newest(const struct ll_table *t);

/* The key of the record as a JSON array of texts: names the record, and serves as a paging cursor. */
void ll_table_put_key(struct ll_table *t, struct ll_json *j);
/* Takes such an array, or any other text as a key of one part.  Allocated in arena. */
int ll_key_parse(struct ll_str text, struct ll_arena *arena, struct ll_str **ret_key, size_t *ret_n,
                 struct ll_err *err) LL_MUST;

int ll_table_count(struct ll_table *t, uint64_t *ret, struct ll_err *err) LL_MUST;
/* Every record in key order, one JSON object a line, columns in their order: equal tables give equal bytes. */
int ll_table_dump(struct ll_table *t, int (*put)(void *ctx, struct ll_str line, struct ll_err *err),
                  void *ctx, struct ll_err *err) LL_MUST;

#endif
