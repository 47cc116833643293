/* reader.h - reads a log as outsiders see it: tiles, bundles and checkpoints, from a folder or from wherever `get` takes them.
 *
 * A partial tile that is no longer there is the beginning of the whole one. */
#ifndef LL_JOURNAL_READER_H
#define LL_JOURNAL_READER_H

#include "base/fs.h"
#include "journal/merkle.h"
#include "journal/tile.h"

enum { LL_BUNDLE_MAX = LL_TILE_WIDTH * (2 + 65535), LL_PAYLOADS_MAX = LL_TILE_WIDTH * (4 + (1 << 17)) };

/* Appends the file of that path ("checkpoint", "tile/0/000"); LL_NOTFOUND when there is none. */
struct ll_log_files {
    int (*get)(void *ctx, const char *path, size_t max, struct ll_buf *out, struct ll_err *err);
    void *ctx;
};
/* Files below a folder; dir is borrowed. */
struct ll_log_files ll_log_folder(const char *dir);

/* The folder of a tree: "" for SHA-256, "sm3/" for the shadow tree. */
const char *ll_tree_prefix(enum ll_digest_alg alg);

/* Appends a hash tile (32 bytes a hash, t->width of them) or bundle.  LL_INVALID names a file of another length. */
int ll_tile_read(const struct ll_log_files *f, enum ll_digest_alg alg, const struct ll_tile *t,
                 struct ll_buf *out, struct ll_err *err) LL_MUST;

/* A tree of `size` leaves in its tiles, with the last few tiles kept in memory.  For one thread. */
struct ll_tree;
int ll_tree_open(const struct ll_log_files *f, enum ll_digest_alg alg, uint64_t size, struct ll_tree **ret,
                 struct ll_err *err) LL_MUST;
struct ll_tree *ll_tree_close(struct ll_tree *t); /* NULL is fine; returns NULL */
struct ll_node_source ll_tree_source(struct ll_tree *t);

/* Appends one entry of a log of `size` entries. */
int ll_log_entry(const struct ll_log_files *f, uint64_t index, uint64_t size, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
/* Appends what a sealed entry commits to; LL_NOTFOUND when it was erased, or is not kept here. */
int ll_log_payload(const struct ll_log_files *f, uint64_t index, uint64_t size, struct ll_buf *out,
                   struct ll_err *err) LL_MUST;

/* Payload bundles (tile.h): each item has a length of four bytes, big-endian, with 2^32 - 1 for one that was erased.
 * 1, 0 and LL_INVALID as ll_bundle_next; ret->p is NULL for an erased one. */
int ll_payloads_next(struct ll_str *rest, struct ll_str *ret, struct ll_err *err) LL_MUST;

#endif
