/* xlsx_head.h - the top of a sheet: which rows are titles, which are the header, and what the columns are called.
 *
 * The header is the first row where most columns of the table have a name of their own: text that is no value, after merged ranges are
 * spread out.  Rows above it are titles.  It goes on downwards along vertical merges, and below horizontal ones when what stands
 * there names their columns; the parts of a name are then joined: 企业信息/名称.  Where the guess is wrong the delivery's options
 * say the row. */
#ifndef LL_INTAKE_XLSX_HEAD_H
#define LL_INTAKE_XLSX_HEAD_H

#include "intake/decode/xlsx_sheet.h"

enum {
    LL_XLSX_HEAD_ROWS = 64,   /* sheet rows that are looked at, from the first that is not empty */
    LL_XLSX_HEADER_DEPTH = 8, /* rows of a header at most */
};

struct ll_xlsx_header {
    uint32_t first, last;       /* sheet rows; 0: there is none */
    unsigned titles;            /* rows above it that have content */
    const struct ll_str *names; /* n of them, in the arena; an unnamed column has an empty one */
    size_t n;
};

struct ll_xlsx_head;

struct ll_xlsx_head *ll_xlsx_head_new(void);                    /* NULL when memory is out */
struct ll_xlsx_head *ll_xlsx_head_free(struct ll_xlsx_head *h); /* NULL is fine; returns NULL */
/* Copies the row; those beyond the head are ignored. */
int ll_xlsx_head_add(struct ll_xlsx_head *h, const struct ll_xlsx_row *row, struct ll_err *err) LL_MUST;

/* How many rows with content stand in sheet rows first to last. */
unsigned ll_xlsx_head_filled(const struct ll_xlsx_head *h, uint32_t first, uint32_t last);

/* wanted: 0 to find it, the sheet row it starts on, or negative when the sheet has none (then n is the width of the head). */
int ll_xlsx_head_find(const struct ll_xlsx_head *h, const struct ll_xlsx_merge *merges, size_t n_merges,
                      int wanted, struct ll_arena *arena, struct ll_xlsx_header *ret,
                      struct ll_err *err) LL_MUST;

#endif
