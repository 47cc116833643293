/* arena.c - a list of blocks, each twice the last up to 1 MiB. */
#include "base/arena.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

struct block {
    struct block *next;
    size_t cap, used;
    _Alignas(16) char bytes[];
};

struct ll_arena {
    struct block *head;
    size_t used, ceiling;
};

struct ll_arena *ll_arena_new(size_t ceiling)
{
    struct ll_arena *a = calloc(1, sizeof *a);

    if (a)
        a->ceiling = ceiling ? ceiling : (size_t)1 << 30;
    return a;
}

static void free_blocks(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

struct ll_arena *ll_arena_free(struct ll_arena *a)
{
    if (a)
        free_blocks(a->head);
    free(a);
    return NULL;
}

void ll_arena_reset(struct ll_arena *a)
{
    if (!a->head)
        return;
    free_blocks(a->head->next);
    a->head->next = NULL;
    memset(a->head->bytes, 0, a->head->used);
    a->head->used = 0;
    a->used = 0;
}

size_t ll_arena_used(const struct ll_arena *a)
{
    return a->used;
}

static struct block *grow(struct ll_arena *a, size_t n)
{
    size_t cap = a->head ? a->head->cap * 2 : FIRST_BLOCK;

    if (cap > LARGEST_STEP)
        cap = LARGEST_STEP;
    if (cap < n)
        cap = n;
    struct block *b = calloc(1, sizeof *b + cap);
    if (!b)
        return NULL;
    b->cap = cap;
    b->next = a->head;
    a->head = b;
    return b;
}

void *ll_arena_alloc(struct ll_arena *a, size_t n)
{
    if (n > a->ceiling)
        return NULL;
    n = (n + 15) & ~(size_t)15;
    if (n > a->ceiling - a->used)
        return NULL;
    struct block *b = a->head;
    if (!b || b->cap - b->used < n)
        b = grow(a, n);
    if (!b)
        return NULL;
    void *p = b->bytes + b->used;
    b->used += n;
    a->used += n;
    return p;
}

void *ll_arena_array(struct ll_arena *a, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    return ll_arena_alloc(a, bytes ? bytes : 1);
}

char *ll_arena_dup(struct ll_arena *a, struct ll_str s)
{
    char *p = ll_arena_alloc(a, s.n + 1);

    if (p && s.n)
        memcpy(p, s.p, s.n);
    return p;
}

char *ll_arena_printf(struct ll_arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return NULL;
    char *p = ll_arena_alloc(a, (size_t)n + 1);
    if (!p)
        return NULL;
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return p;
}
