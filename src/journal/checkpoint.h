/* checkpoint.h - what a log commits to (C2SP tlog-checkpoint): origin, number of entries, root; the text of a signed note.
 *
 *   <origin>
 *   <size, decimal>
 *   <root, base64>
 *   [further lines, none of them empty] */
#ifndef LL_JOURNAL_CHECKPOINT_H
#define LL_JOURNAL_CHECKPOINT_H

#include "journal/merkle.h"
#include "journal/note.h"

struct ll_checkpoint {
    struct ll_str origin; /* borrowed from the text */
    uint64_t size;        /* at most 2^63 - 1 */
    struct ll_node root;
    struct ll_str rest; /* the further lines */
};

int ll_checkpoint_parse(struct ll_str text, struct ll_checkpoint *ret, struct ll_err *err) LL_MUST;
void ll_checkpoint_put(const char *origin, uint64_t size, const struct ll_node *root, struct ll_buf *out);

/* A note whose text is a checkpoint of `origin` and which the first of the keys signed (rule 2 of note.h holds for all of them). */
int ll_checkpoint_open(struct ll_str note, const char *origin, const struct ll_vkey *keys, size_t n,
                       struct ll_note *ret_note, struct ll_checkpoint *ret, struct ll_err *err) LL_MUST;

/* A decimal number as these formats write it: no sign, no leading zero, at most 2^63 - 1. */
bool ll_decimal(struct ll_str s, uint64_t *ret);

#endif
