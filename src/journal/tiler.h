/* tiler.h - turns entries in memory into tiles and bundles on disk, for both trees, and finds them again at start.
 *
 * (1) Each file is written beside its place and renamed: a reader sees it whole or not at all.
 * (2) Files become durable with ll_tiler_sync, not before; until then the write-ahead file has what is in them.
 * (3) A partial tile stays until the whole one is there and durable.
 *
 * For one thread at a time. */
#ifndef LL_JOURNAL_TILER_H
#define LL_JOURNAL_TILER_H

#include "journal/reader.h"
#include "journal/wal.h"

#define LL_ERASED UINT32_MAX /* length of a sealed part that was erased */

/* An entry and its sealed part, one after the other. */
struct ll_record {
    uint32_t entry_n, sealed_n;
    char bytes[];
};

/* What becomes tile n of level 0 and its bundles.  Whoever fills it appends; the rest is never changed. */
struct ll_chunk {
    struct ll_chunk *next;
    uint64_t n;
    unsigned count;
    struct ll_node leaf[LL_WAL_TREES][LL_TILE_WIDTH];
    struct ll_record *record[LL_TILE_WIDTH];
};

struct ll_chunk *ll_chunk_new(uint64_t n);
void ll_chunk_free(struct ll_chunk *c); /* with its records; NULL is fine */
struct ll_record *ll_record_new(struct ll_str entry, struct ll_str sealed);

struct ll_tiler;

/* Reads the right edge of the trees as they stood at `at` from the tiles in dir (borrowed): LL_INVALID when they do not lead to its
 * roots.  edge[] and *ret_chunk (the entries of the last, partial tile) go to the caller. */
int ll_tiler_open(const char *dir, const struct ll_wal_state *at, struct ll_edge edge[LL_WAL_TREES],
                  struct ll_chunk **ret_chunk, struct ll_tiler **ret, struct ll_err *err) LL_MUST;
struct ll_tiler *ll_tiler_close(struct ll_tiler *t); /* NULL is fine; returns NULL */

/* Chunks come in order, each once, when it is full; on failure the same one again. */
int ll_tiler_full(struct ll_tiler *t, const struct ll_chunk *c, struct ll_err *err) LL_MUST;
/* Everything partial in a tree of `size` entries: its upper levels, and the first size % 256 entries of c. */
int ll_tiler_partial(struct ll_tiler *t, const struct ll_chunk *c, uint64_t size, struct ll_err *err) LL_MUST;
/* Makes durable what was written, and then does without the partial tiles of those that are whole. */
int ll_tiler_sync(struct ll_tiler *t, struct ll_err *err) LL_MUST;
bool ll_tiler_sync_due(const struct ll_tiler *t); /* are there many such partial ones? */
/* Writes the payloads of a tile of a log of `size` entries anew without that of one entry, and makes that durable. */
int ll_tiler_erase(struct ll_tiler *t, uint64_t index, uint64_t size, struct ll_err *err) LL_MUST;

/* Writes dir/path beside its place and renames it; makes its folder where it is missing. */
int ll_log_write(const char *dir, const char *path, struct ll_str content, struct ll_err *err) LL_MUST;

#endif
