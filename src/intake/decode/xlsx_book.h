/* xlsx_book.h - a workbook's table of contents: which part holds which sheet, and what all sheets share. */
#ifndef LL_INTAKE_XLSX_BOOK_H
#define LL_INTAKE_XLSX_BOOK_H

#include "base/arena.h"
#include "intake/decode/xlsx_strings.h"
#include "intake/decode/xlsx_styles.h"

enum { LL_XLSX_SHEETS = 1024 }; /* more is refused */

struct ll_xlsx_tab {
    const char *name; /* as on its tab */
    const char *part;
    bool hidden;
    bool cells; /* a worksheet; charts and dialogs have none */
};

/* Read-only once open; strings live as long as the book. */
struct ll_xlsx_book {
    struct ll_xlsx_tab *tabs;
    size_t n_tabs;
    bool epoch1904;
    struct ll_xlsx_strings *strings;
    struct ll_xlsx_styles *styles;
    struct ll_arena *arena;
};

/* The package is used during the call only. */
int ll_xlsx_book_open(struct ll_xlsx_book **ret, struct ll_xlsx_zip *z, struct ll_err *err) LL_MUST;
struct ll_xlsx_book *ll_xlsx_book_close(struct ll_xlsx_book *b); /* NULL is fine; returns NULL */

#endif
