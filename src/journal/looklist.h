/* looklist.h - that a subject's list of looks is whole: a chain for each subject, and one root over all chains that stands in the journal.
 *
 *   link   = SHA-256("luling-look/v1\n" || salt || index || leaf)             one entry of the journal that is about somebody
 *   head 0 = SHA-256("luling-looks/v1\n" || pseudonym)                         nobody has looked yet
 *   head n = SHA-256("luling-look-chain/v1\n" || head n-1 || link n)
 *   slot   = SHA-256("luling-look-slot/v1\n" || pseudonym || n || head n)     of the subject of one place
 *
 * index and n are 8 bytes, highest first; leaf is the entry's RFC 6962 hash, salt that of its sealed part (entry.h), the pseudonym its
 * 32 bytes.  The tree over the slots is binary and 64 high: the first 64 bits of a pseudonym say where it is, 0 to the left.  A
 * place where nobody is counts as 32 zero bytes, and so does a node over two of them; any other node is RFC 6962's.  Should a place ever
 * have several subjects, they go in ascending order, and the hash of those before stands in front of each pseudonym.  Entries of the
 * type `looks` say which root the first `entries` entries of the journal make.
 *
 * (1) Whoever has the root can tell a list from which a look was left out, moved or exchanged, and that of somebody else.  That nobody
 *     has looked is shown as well: by an empty place.
 * (2) The path to the root consists of hashes alone: it tells of no other subject more than roughly how many there are.
 * (3) A link without its salt says nothing.  A look whose contents are withheld, or were erased, still counts. */
#ifndef LL_JOURNAL_LOOKLIST_H
#define LL_JOURNAL_LOOKLIST_H

#include "journal/entry.h"
#include "journal/merkle.h"
#include "journal/policy.h"

enum { LL_LOOK_HEIGHT = 64, LL_LOOKLIST_MAX = 64 << 20, LL_LOOK_PAGE = 500 };

struct ll_look_head {
    unsigned char subject[LL_DIGEST]; /* its pseudonym */
    uint64_t looks;
    struct ll_node head;
};

/* Reads a pseudonym as entries have it. */
bool ll_look_subject(struct ll_str text, unsigned char out[LL_DIGEST]);
void ll_look_start(struct ll_look_head *h); /* h->subject is set */
void ll_look_link(struct ll_str salt, uint64_t index, const struct ll_node *leaf, struct ll_node *ret);
void ll_look_add(struct ll_look_head *h, const struct ll_node *link);

/* Orders by pseudonym. */
int ll_look_order(const void *a, const void *b);
/* The node at `depth` (0: the root) over n heads in order, all of which lie under it. */
void ll_look_node(const struct ll_look_head *h, size_t n, unsigned depth, struct ll_node *ret);
/* The same, and what a path needs: the siblings below that node on the way to a place, sibling[0] at the bottom.  The heads of the
 * place itself are *ret_n from *ret_at. */
void ll_look_path(const struct ll_look_head *h, size_t n, unsigned depth,
                  const unsigned char subject[LL_DIGEST], struct ll_node sibling[LL_LOOK_HEIGHT],
                  size_t *ret_at, size_t *ret_n, struct ll_node *ret);
/* A parent, where empty ones count as nothing. */
void ll_look_join(const struct ll_node *left, const struct ll_node *right, struct ll_node *ret);

/* A file of one or more pages, one after the other: docs/internals/journal.md has the form. */
struct ll_look_shown {
    uint64_t nth;
    uint64_t entry;         /* in the journal, where it is shown */
    struct ll_str payload;  /* p NULL: not shown */
    const char *why;        /* not shown: "withheld", "erased" */
    struct ll_entry parsed; /* of one that is shown */
};
typedef void ll_look_fn(void *ctx, const struct ll_look_shown *look);

struct ll_looklist_checked {
    char subject[LL_PSEUDONYM_TEXT];
    uint64_t first, looks, shown,
        entries;    /* looks first to looks of those that the first `entries` entries of the journal have */
    uint64_t index; /* of the entry that says so */
    int64_t committed_ms;
    bool whole; /* from the first to the last */
};

/* subject: whose list it has to be; NULL: whoever's.  show may be NULL.  LL_INVALID says what does not fit. */
int ll_looklist_verify(struct ll_str text, const struct ll_policy *policy, const char *subject,
                       ll_look_fn *show, void *ctx, struct ll_looklist_checked *ret,
                       struct ll_err *err) LL_MUST;

#endif
