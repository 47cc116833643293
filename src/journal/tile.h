/* tile.h - how the tree lies in files (C2SP tlog-tiles): a tile is up to 256 hashes side by side, an entry bundle up to 256 entries.
 *
 *   tile/<L>/<N>[.p/<W>]      tile N of level L: nodes of height 8 L, numbers 256 N to 256 N + W - 1
 *   tile/entries/<N>[.p/<W>]  the entries below tile N of level 0
 *   tile/payload/<N>[.p/<W>]  ours: what sealed entries commit to (entry.h), in the same order; not part of the tree
 *
 * <N> is written in groups of three digits, all but the last with an x before: 1234067 is x001/x234/067.  W is 1 to 255. */
#ifndef LL_JOURNAL_TILE_H
#define LL_JOURNAL_TILE_H

#include "base/buf.h"
#include "base/err.h"

enum {
    LL_TILE_WIDTH = 256,
    LL_TILE_LEVELS = 8, /* 2^64 leaves */
    LL_TILE_ENTRIES = 64,
    LL_TILE_PAYLOAD = 65,
    LL_TILE_PATH = 64
};

struct ll_tile {
    unsigned level; /* 0 to 63, LL_TILE_ENTRIES or LL_TILE_PAYLOAD */
    uint64_t n;
    unsigned width; /* LL_TILE_WIDTH: whole */
};

void ll_tile_path(const struct ll_tile *t, char out[LL_TILE_PATH]);
/* False for anything that ll_tile_path does not write. */
bool ll_tile_parse(struct ll_str path, struct ll_tile *ret);
/* How wide tile n of a level is in a tree of `size` leaves: 0 (not there) to LL_TILE_WIDTH.  Bundles count as level 0. */
unsigned ll_tile_width(unsigned level, uint64_t n, uint64_t size);

/* Entry bundles: each entry is a length of two bytes, big-endian, and its bytes.  1: *ret is the next entry and *rest what follows;
 * 0: nothing is left; LL_INVALID: what is left is no entry. */
int ll_bundle_next(struct ll_str *rest, struct ll_str *ret, struct ll_err *err) LL_MUST;

#endif
