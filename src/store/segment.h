/* segment.h - service tables: immutable, sorted runs of records, one SQLite file a part.
 *
 * (1) A resource's service table is a list of segments, newest first; the newest segment that holds a key has its record.
 * (2) A segment is built aside (no journal, one sync at the end) and becomes visible only when the control database lists it: a
 *     reader sees a batch wholly or not at all, and a crash leaves at most a file that nobody lists.
 * (3) Files never change after they are sealed, so readers open them immutable, without locks.
 * (4) Rows arrive in key order; a segment may be made of several parts that cover ascending, disjoint key ranges, so that parts are
 *     built in parallel.
 * (5) A deletion is a record with deleted = 1 that hides older ones.
 *
 * Table in each file: record(<columns in the schema's order>, ll_deleted, PRIMARY KEY(keys)) WITHOUT ROWID, one column an item with
 * its segment type (tbl/types.h), and an index by_<column> on each column of `indexed` (without the rows that have no value there).
 * Texts and blobs are compared byte by byte.  The file carries meta(name, value): rows and deletes, and what the builder was told: resource,
 * version, segment.  Any SQLite client can read it. */
#ifndef LL_STORE_SEGMENT_H
#define LL_STORE_SEGMENT_H

#include "base/err.h"
#include "base/str.h"

struct ll_seg_column {
    const char *name;
    const char *sql_type; /* TEXT, INTEGER or BLOB; words behind BLOB are the caller's own */
};

struct ll_seg_schema {
    const struct ll_seg_column *columns;
    size_t n;
    const unsigned *key; /* positions in columns, in key order */
    size_t n_key;
    const unsigned *indexed;
    size_t n_indexed;
};

struct ll_seg_build;

int ll_seg_build_open(const char *path, const struct ll_seg_schema *schema, struct ll_seg_build **ret,
                      struct ll_err *err) LL_MUST;
/* Sets column `at` of the row being built, by the column's type; a column not set is NULL.  Bytes are borrowed until ll_seg_build_row returns. */
void ll_seg_text(struct ll_seg_build *b, size_t at, const char *p, size_t n);
void ll_seg_int(struct ll_seg_build *b, size_t at, int64_t v);
void ll_seg_blob(struct ll_seg_build *b, size_t at, const char *p, size_t n);
void ll_seg_null(struct ll_seg_build *b, size_t at);
/* Ends the row.  LL_CONFLICT when its key is not above the last one, LL_INVALID when a part of the key is NULL. */
int ll_seg_build_row(struct ll_seg_build *b, bool deleted, struct ll_err *err) LL_MUST;
int ll_seg_build_meta(struct ll_seg_build *b, const char *name, const char *value,
                      struct ll_err *err) LL_MUST;
/* Makes the indexes, syncs file and folder, closes.  *ret_rows counts rows. */
int ll_seg_build_seal(struct ll_seg_build *b, uint64_t *ret_rows, struct ll_err *err) LL_MUST;
void ll_seg_build_abort(struct ll_seg_build *b); /* NULL is fine; removes the file */

/* A reader of one part.  Used by one thread at a time; keep one per thread (see segcache.h). */
struct ll_seg;
enum ll_seg_kind { LL_SV_NULL, LL_SV_INT, LL_SV_TEXT, LL_SV_BLOB };
struct ll_seg_value {
    enum ll_seg_kind kind;
    int64_t i;
    struct ll_str s; /* TEXT, BLOB; borrowed until the next call on this reader */
};

/* The order of keys: numbers before texts before blobs, both of these byte by byte. */
int ll_seg_value_cmp(const struct ll_seg_value *a, const struct ll_seg_value *b);
/* What text says as a value of a column of that kind; a number that is none stays text. */
struct ll_seg_value ll_seg_value_of(struct ll_str text, enum ll_seg_kind kind);

int ll_seg_open(const char *path, struct ll_seg **ret, struct ll_err *err) LL_MUST;
struct ll_seg *ll_seg_close(struct ll_seg *s);
const char *ll_seg_path(const struct ll_seg *s);
void ll_seg_rewind(struct ll_seg *s);          /* ends a scan; values read so far are gone */
size_t ll_seg_columns(const struct ll_seg *s); /* as built, without ll_deleted */
const char *ll_seg_column_name(const struct ll_seg *s, size_t at);
enum ll_seg_kind ll_seg_column_kind(const struct ll_seg *s, size_t at); /* INT, TEXT or BLOB */
const char *ll_seg_column_type(const struct ll_seg *s, size_t at);      /* as the schema had it */
size_t ll_seg_key_columns(const struct ll_seg *s);
size_t ll_seg_key_at(const struct ll_seg *s, size_t i); /* position in columns of the key's part i */
/* A value of meta, "" when there is none; borrowed until the next call of this function. */
const char *ll_seg_meta(struct ll_seg *s, const char *name);
/* By whole key: n_key values in key order.  1: found, *deleted told, values read with ll_seg_get; 0: not here. */
int ll_seg_find(struct ll_seg *s, const struct ll_str *key, size_t n_key, bool *deleted,
                struct ll_err *err) LL_MUST;
/* Starts a scan: by an indexed column's value, or (column NULL) of everything above `after` in key order (after NULL: from the start).
 * A reader has one scan at a time; ll_seg_find in the middle of it does no harm. */
int ll_seg_scan(struct ll_seg *s, const char *column, struct ll_str value, const struct ll_str *after,
                struct ll_err *err) LL_MUST;
/* The same of the rows whose indexed column starts with prefix, in the order of that column. */
int ll_seg_scan_prefix(struct ll_seg *s, const char *column, struct ll_str prefix,
                       struct ll_err *err) LL_MUST;
bool ll_seg_has_index(const struct ll_seg *s, const char *column); /* ll_seg_scan by it is possible */
int ll_seg_next(struct ll_seg *s, bool *deleted, struct ll_err *err) LL_MUST; /* 1 a row, 0 the end */
struct ll_seg_value ll_seg_get(struct ll_seg *s, size_t at); /* of the row found or scanned to */

#endif
