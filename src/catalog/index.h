/* index.h - finds things by name: an open-addressing table of string to pointer in an arena.  It only grows and is immutable
 * once its owner stops adding; then any thread may look up.  Keys are borrowed. */
#ifndef LL_CATALOG_INDEX_H
#define LL_CATALOG_INDEX_H

#include "base/arena.h"

struct ll_index_slot {
    struct ll_str key;
    const void *value;
};

struct ll_index {
    struct ll_arena *arena;
    struct ll_index_slot *slots;
    size_t n, cap; /* cap a power of two, or 0 */
};

void ll_index_init(struct ll_index *ix, struct ll_arena *arena);
/* Keeps the first value of a key.  1: added; 0: the key was there; LL_NOMEM. */
int ll_index_add(struct ll_index *ix, struct ll_str key, const void *value);
void ll_index_replace(struct ll_index *ix, struct ll_str key, const void *value); /* key is there */
const void *ll_index_find(const struct ll_index *ix, struct ll_str key); /* NULL when it is not there */
/* The key nearest to s by edit distance, when it is near enough to be a slip (about a third of its length); n = 0 otherwise.
 * Among equals the first in byte order, so that the answer does not depend on the order of adding. */
struct ll_str ll_index_nearest(const struct ll_index *ix, struct ll_str s);

#endif
