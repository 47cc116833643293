/* doc_impl.h - a document as its renderers walk it (doc.h). */
#ifndef LL_REPORT_DOC_IMPL_H
#define LL_REPORT_DOC_IMPL_H

#include "report/doc.h"

enum ll_block_kind {
    LL_BLOCK_PAGE,
    LL_BLOCK_SECTION,
    LL_BLOCK_SUBSECTION,
    LL_BLOCK_NOTE,
    LL_BLOCK_PAIR, /* label, value */
    LL_BLOCK_TABLE,
    LL_BLOCK_BADGE,
    LL_BLOCK_BAR,      /* label, text of the value */
    LL_BLOCK_VERIFY,   /* url, lines */
    LL_BLOCK_SIGNATURE /* lines */
};

struct ll_doc_line { /* a row of a table, or a line of a box */
    struct ll_doc_line *next;
    struct ll_doc_cell *cells;
};

struct ll_block {
    struct ll_block *next;
    enum ll_block_kind kind;
    enum ll_tone tone;
    bool wide;
    struct ll_str head, text;
    double share; /* of a bar, 0 to 1 */
    struct ll_doc_column *columns;
    size_t n_columns;
    struct ll_doc_line *first, *last;
};

struct ll_doc {
    struct ll_arena *arena;
    struct ll_doc_opts o;
    struct ll_block *first, *last;
    size_t cells;
    bool no_memory, too_big;
};

/* LL_NOMEM or LL_TOOBIG when it could not be built whole. */
int ll_doc_whole(const struct ll_doc *d, struct ll_err *err) LL_MUST;

#endif
