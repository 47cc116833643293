/* lookrow.h - how the looks at a subject lie in the store.
 *
 * `look_entry` has a row for each entry of the journal that is about somebody: its link (journal/looklist.h) and, where something was
 * handed out, to whom by which grant.  `look` has a row for a run of looks at one subject that came together: their entries, and
 * where the chain stands after them.  Calls for many subjects, and several calls for the same ones, so take few rows. */
#ifndef LL_SHARE_LOOKROW_H
#define LL_SHARE_LOOKROW_H

#include "base/arena.h"
#include "base/buf.h"
#include "journal/looklist.h"
#include "store/store.h"

enum { LL_LOOK_RUN = 256 }; /* looks in a row at most */

/* What an entry was; shared by its looks. */
struct ll_look_entry {
    int64_t entry, at;
    struct ll_node link;
    const char *resource, *organisation, *grant; /* NULL: nothing was handed out */
};
int ll_look_entry_write(struct ll_txn *tx, const struct ll_look_entry *e, struct ll_err *err) LL_MUST;

/* The entries of a run as text: rising numbers, commas between, `!` before one that gave nothing of the subject. */
void ll_look_run_add(struct ll_buf *run, int64_t entry, bool given);
bool ll_look_run_next(struct ll_str *run, int64_t *entry, bool *given);

/* The chain's end: looks 0 where nobody has looked. */
int ll_look_chain_end(struct ll_txn *tx, const char *subject, struct ll_look_head *ret,
                      struct ll_err *err) LL_MUST;
/* h: where the chain stands after the run. */
int ll_look_run_write(struct ll_txn *tx, const char *subject, int64_t first, int64_t last,
                      const struct ll_look_head *h, struct ll_str run, struct ll_err *err) LL_MUST;
/* Where the chain stood before entry `before` and after at most `looks` looks, whichever is less. */
int ll_look_chain_at(struct ll_txn *tx, const char *subject, int64_t before, uint64_t looks,
                     struct ll_look_head *ret, struct ll_err *err) LL_MUST;

/* The looks of a chain after the first `after`, oldest first, with their links as base64. */
typedef int ll_look_link_fn(void *ctx, int64_t entry, struct ll_str link, struct ll_err *err);
int ll_look_links(struct ll_txn *tx, const char *subject, uint64_t after, int64_t before, size_t limit,
                  ll_look_link_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

/* Who got something of a resource about a subject, and with which entry last. */
struct ll_recipient {
    const char *organisation, *grant;
    int64_t entry, at;
};
struct ll_recipients {
    struct ll_arena *arena;
    struct ll_recipient *list;
    size_t n, room;
};
/* Takes in what a run handed out of the resource. */
int ll_recipients_add(struct ll_recipients *r, struct ll_txn *tx, const char *resource, struct ll_str run,
                      struct ll_err *err) LL_MUST;

#endif
