/* arena.h - memory of one request, job or loaded object: allocated piece by piece, freed at once.
 * Not thread-safe: one arena, one thread at a time. */
#ifndef LL_BASE_ARENA_H
#define LL_BASE_ARENA_H

#include "base/str.h"

struct ll_arena;

/* ceiling: bytes after which allocation returns NULL; 0 means 1 GiB.  NULL when memory is out. */
struct ll_arena *ll_arena_new(size_t ceiling);
struct ll_arena *ll_arena_free(struct ll_arena *a); /* NULL is fine; returns NULL */
void ll_arena_reset(struct ll_arena *a);            /* everything allocated so far is gone; keeps a block */
size_t ll_arena_used(const struct ll_arena *a);

void *ll_arena_alloc(struct ll_arena *a, size_t n); /* aligned to 16, zeroed; NULL over the ceiling */
void *ll_arena_array(struct ll_arena *a, size_t n, size_t size); /* overflow-checked */
char *ll_arena_dup(struct ll_arena *a, struct ll_str s);         /* NUL-terminated copy */
char *ll_arena_printf(struct ll_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
