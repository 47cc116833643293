/* bulktree.h - builds one index b-tree of SQLite's file format from records that come in order: pages are filled to the brim and
 * written once, each level keeping only the page being filled.
 *
 * Such a tree holds a table WITHOUT ROWID as well as an index.  Unlike in other b-trees, a record between two leaves stands in the
 * interior page only. */
#ifndef LL_STORE_BULKTREE_H
#define LL_STORE_BULKTREE_H

#include "store/pagefile.h"

enum { LL_TREE_LEVELS = 20 };

struct ll_bulklevel {
    uint8_t *page;             /* NULL: not reached yet */
    unsigned cells, top, last; /* cells on the page; where the lowest begins; size of the one added last */
    uint8_t *waiting;          /* the cell that did not fit; it goes up once another follows */
    unsigned n_waiting;
};

struct ll_bulktree {
    struct ll_pagefile *file;
    uint32_t root;
    struct ll_bulklevel levels[LL_TREE_LEVELS]; /* 0: leaves */
};

/* root: the page that SQLite gave the tree. */
void ll_bulktree_init(struct ll_bulktree *t, struct ll_pagefile *f, uint32_t root);
/* record: in SQLite's record format; above all before it, in the order of the index. */
int ll_bulktree_add(struct ll_bulktree *t, struct ll_str record, struct ll_err *err) LL_MUST;
int ll_bulktree_finish(struct ll_bulktree *t, struct ll_err *err) LL_MUST;
void ll_bulktree_free(struct ll_bulktree *t); /* also when it was never begun (all zero) */

#endif
