/* bulktree.c - see bulktree.h.
 *
 * (1) When a page is full, the record that did not fit waits.  When another comes, the page is written, the waiting record goes up
 *     as the divider between that page and the next, and the new one begins the next page: no page is ever empty.
 * (2) At the end, a record that still waits becomes the only one of the last page, and the last one of the full page the divider.
 * (3) Only the topmost page of each level is in memory; the last page of the highest level is the root. */
#include "store/bulktree.h"

#include "store/sqrecord.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEAF = 0x0a,
    INTERIOR = 0x02,
    CHILD = 4, /* bytes of a page number */
    /* How much of a record stays on a page of an index b-tree; the rest goes to overflow pages (fileformat2, 1.6). */
    MAX_LOCAL = (LL_PAGE_SIZE - 12) * 64 / 255 - 23,
    MIN_LOCAL = (LL_PAGE_SIZE - 12) * 32 / 255 - 23,
    MAX_CELL = MAX_LOCAL + 9 + 2 * CHILD,
};

static void put_u16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put_u32(uint8_t *p, uint32_t v)
{
    put_u16(p, v >> 16);
    put_u16(p + 2, v & 0xffff);
}

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void ll_bulktree_init(struct ll_bulktree *t, struct ll_pagefile *f, uint32_t root)
{
    *t = (struct ll_bulktree){.file = f, .root = root};
}

void ll_bulktree_free(struct ll_bulktree *t)
{
    for (size_t i = 0; i < LL_TREE_LEVELS; i++) {
        free(t->levels[i].page);
        free(t->levels[i].waiting);
    }
    *t = (struct ll_bulktree){0};
}

/* --- pages --------------------------------------------------------------------------------------------------------- */

static unsigned header_size(unsigned level)
{
    return level ? 12 : 8;
}

static void clear(struct ll_bulklevel *l)
{
    l->cells = 0;
    l->top = LL_PAGE_SIZE;
}

static int need_level(struct ll_bulktree *t, unsigned level, struct ll_err *err)
{
    LL_ASSERT(level <
              LL_TREE_LEVELS); /* four cells a page at least: 4^20 pages are more than a file can have */
    struct ll_bulklevel *l = &t->levels[level];
    if (l->page)
        return LL_OK;
    l->page = calloc(1, LL_PAGE_SIZE);
    l->waiting = calloc(1, MAX_CELL);
    if (!l->page || !l->waiting)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    clear(l);
    return LL_OK;
}

static bool fits(const struct ll_bulklevel *l, unsigned level, unsigned n)
{
    return header_size(level) + 2 * (l->cells + 1) + n <= l->top;
}

/* Where a cell of n bytes goes. */
static uint8_t *room_for(struct ll_bulklevel *l, unsigned level, unsigned n)
{
    l->top -= n;
    l->last = n;
    put_u16(l->page + header_size(level) + 2 * l->cells++, l->top);
    return l->page + l->top;
}

static void place(struct ll_bulklevel *l, unsigned level, const uint8_t *cell, unsigned n)
{
    memcpy(room_for(l, level, n), cell, n);
}

/* The page's header, and zeroes where an earlier page left something. */
static void complete(struct ll_bulklevel *l, unsigned level, uint32_t right)
{
    unsigned used = header_size(level) + 2 * l->cells;

    memset(l->page + used, 0, l->top - used);
    l->page[0] = level ? INTERIOR : LEAF;
    put_u16(l->page + 1, 0);
    put_u16(l->page + 3, l->cells);
    put_u16(l->page + 5, l->top);
    l->page[7] = 0;
    if (level)
        put_u32(l->page + 8, right);
}

/* --- growing ------------------------------------------------------------------------------------------------------- */

static int add_cell(struct ll_bulktree *t, unsigned level, const uint8_t *cell, unsigned n,
                    struct ll_err *err);

/* Writes the level's page and puts the divider, a cell of this level, into the level above with the page as its left child. */
static int close_page(struct ll_bulktree *t, unsigned level, const uint8_t *divider, unsigned n,
                      struct ll_err *err)
{
    struct ll_bulklevel *l = &t->levels[level];
    uint8_t cell[MAX_CELL];
    uint32_t number, right = 0;
    unsigned skip = 0;
    int rc;

    if (level) { /* the divider's own left child becomes the last child of the page */
        skip = CHILD;
        right = get_u32(divider);
    }
    memcpy(cell + CHILD, divider + skip, n - skip);
    complete(l, level, right);
    if ((rc = ll_pagefile_append(t->file, l->page, &number, err)) < 0)
        return rc;
    clear(l);
    put_u32(cell, number);
    return add_cell(t, level + 1, cell, n - skip + CHILD, err);
}

static int add_cell(struct ll_bulktree *t, unsigned level, const uint8_t *cell, unsigned n,
                    struct ll_err *err)
{
    struct ll_bulklevel *l = &t->levels[level];
    int rc = need_level(t, level, err);

    if (rc < 0)
        return rc;
    if (l->n_waiting) {
        unsigned waiting = l->n_waiting;
        l->n_waiting = 0;
        if ((rc = close_page(t, level, l->waiting, waiting, err)) < 0)
            return rc;
    } else if (!fits(l, level, n)) {
        memcpy(l->waiting, cell, n);
        l->n_waiting = n;
        return LL_OK;
    }
    place(l, level, cell, n);
    return LL_OK;
}

/* Writes what of the record does not stay on the page; *first is the first overflow page. */
static int spill(struct ll_bulktree *t, struct ll_str rest, uint32_t *first, struct ll_err *err)
{
    uint8_t page[LL_PAGE_SIZE];
    uint32_t number;
    int rc;

    for (*first = 0; rest.n;) {
        size_t n = rest.n < LL_PAGE_SIZE - CHILD ? rest.n : LL_PAGE_SIZE - CHILD;
        uint32_t own = ll_pagefile_after(t->file->next - 1);
        memset(page, 0, sizeof page);
        put_u32(page, n < rest.n ? ll_pagefile_after(own) : 0);
        memcpy(page + CHILD, rest.p, n);
        if ((rc = ll_pagefile_append(t->file, page, &number, err)) < 0)
            return rc;
        LL_ASSERT(number == own);
        *first = *first ? *first : own;
        rest.p += n;
        rest.n -= n;
    }
    return LL_OK;
}

static size_t local_size(size_t n)
{
    if (n <= MAX_LOCAL)
        return n;
    size_t local = MIN_LOCAL + (n - MIN_LOCAL) % (LL_PAGE_SIZE - CHILD);
    return local <= MAX_LOCAL ? local : MIN_LOCAL;
}

int ll_bulktree_add(struct ll_bulktree *t, struct ll_str record, struct ll_err *err)
{
    struct ll_bulklevel *leaf = &t->levels[0];
    uint8_t cell[MAX_CELL], *to;
    size_t local = local_size(record.n);
    unsigned n = ll_sqrec_varint(cell, record.n);
    uint32_t overflow;
    int rc;

    if (local == record.n && leaf->page && !leaf->n_waiting && fits(leaf, 0, n + (unsigned)local)) {
        to = room_for(leaf, 0, n + (unsigned)local); /* nearly all: straight to the page */
        memcpy(to, cell, n);
        memcpy(to + n, record.p, local);
        return LL_OK;
    }
    memcpy(cell + n, record.p, local);
    n += (unsigned)local;
    if (local < record.n) {
        if ((rc = spill(t, (struct ll_str){record.p + local, record.n - local}, &overflow, err)) < 0)
            return rc;
        put_u32(cell + n, overflow);
        n += CHILD;
    }
    return add_cell(t, 0, cell, n, err);
}

/* --- the end ------------------------------------------------------------------------------------------------------- */

/* Promise (2): the waiting cell gets a page of its own. */
static int settle(struct ll_bulktree *t, unsigned level, struct ll_err *err)
{
    struct ll_bulklevel *l = &t->levels[level];
    uint8_t divider[MAX_CELL];
    unsigned n = l->last, waiting = l->n_waiting;
    int rc;

    if (!waiting)
        return LL_OK;
    memcpy(divider, l->page + l->top, n);
    l->top += n;
    l->cells--;
    l->n_waiting = 0;
    if ((rc = close_page(t, level, divider, n, err)) < 0)
        return rc;
    place(l, level, l->waiting, waiting);
    return LL_OK;
}

int ll_bulktree_finish(struct ll_bulktree *t, struct ll_err *err)
{
    uint32_t right = 0;
    int rc = need_level(t, 0, err);

    for (unsigned level = 0; rc == LL_OK; level++) {
        struct ll_bulklevel *l = &t->levels[level];
        if ((rc = settle(t, level, err)) < 0)
            break;
        complete(l, level, right);
        if (level + 1 == LL_TREE_LEVELS || !t->levels[level + 1].page)
            return ll_pagefile_put(t->file, t->root, l->page, err);
        rc = ll_pagefile_append(t->file, l->page, &right, err);
    }
    return rc;
}
