/* looktree.h - the tree over every subject's chain of looks, whose root goes into the journal (journal/looklist.h).
 *
 * (1) It follows from table `look` alone, which follows from the journal.  A call waits for nothing here and does nothing for it.
 * (2) Every `every_s` seconds in which anybody was looked at an entry of type `looks` commits to all chains as the ledger has them, and
 *     once a day when nobody was; the work takes at most a tenth of the time.
 * (3) Paths are given under the last commitment, whole or not at all; after a crash that lost track of it, under the next one.
 *
 * Parts of the tree (262 144, by the first 18 bits of a pseudonym) keep their hash in the store, those above are in memory: 16 MB. */
#ifndef LL_SHARE_LOOKTREE_H
#define LL_SHARE_LOOKTREE_H

#include "journal/looklist.h"
#include "share/ledger.h"

struct ll_looktree;

/* Everything is borrowed until ll_looktree_close. */
int ll_looktree_open(struct ll_store *st, struct ll_journal *journal, struct ll_ledger *ledger,
                     unsigned every_s, struct ll_looktree **ret, struct ll_err *err) LL_MUST;
struct ll_looktree *ll_looktree_close(struct ll_looktree *t); /* NULL is fine; returns NULL */
/* Commits to what there is now, if that is more than the last time. */
int ll_looktree_commit(struct ll_looktree *t, struct ll_err *err) LL_MUST;

struct ll_look_place {
    struct ll_node sibling[LL_LOOK_HEIGHT];
    struct ll_look_head *others; /* of the same place; in the arena */
    size_t n_others;
    struct ll_look_head own; /* looks 0: nobody has looked */
    int64_t entry, entries;  /* which entry commits, and to how many */
};
/* Where a subject is in the tree of the last commitment.  LL_BUSY: there is none yet. */
int ll_looktree_place(struct ll_looktree *t, const char *subject, struct ll_arena *arena,
                      struct ll_look_place *ret, struct ll_err *err) LL_MUST;

#endif
