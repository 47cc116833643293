/* xlsx_write.h - writes a table as a workbook that a person reads, corrects or fills in.
 *
 * (1) Every cell is text and its column is formatted as text: an identifier keeps all its digits, also when it is typed into an empty
 *     cell, and nothing is ever run as a formula, whatever character it starts with.
 * (2) What was written is what the workbook reader gets back, character for character.
 * (3) The file appears under its name whole or not at all.  It is read back before that, because the library that writes it does not
 *     notice a full disk.
 * Memory is bounded by one row. */
#ifndef LL_REPORT_XLSX_WRITE_H
#define LL_REPORT_XLSX_WRITE_H

#include "base/err.h"
#include "base/str.h"

enum {
    LL_XLSX_WRITE_ROWS = 1048575,
    LL_XLSX_WRITE_COLUMNS = 16384,
    LL_XLSX_WRITE_CELL = 32767 /* characters */
};

struct ll_xlsx_column {
    const char *title;
    const char *note;           /* shown beside the title; NULL: none */
    bool required;              /* the title stands out */
    bool reasons;               /* why the row is here: red, wrapped, wide */
    const char *const *choices; /* n_choices: what the drop-down list offers; other values bring a warning */
    size_t n_choices;
};

struct ll_xlsx_write_opts {
    const char *sheet; /* made to fit what sheet names may be */
    const struct ll_xlsx_column *columns;
    size_t n_columns;
    enum ll_lang lang; /* of what the workbook says by itself */
    bool cut;          /* a cell that is too long is cut and says so at its end, instead of LL_TOOBIG */
};

struct ll_xlsx_write;

/* The file and what is needed meanwhile lie in the folder of path.  opts is used during the call only. */
int ll_xlsx_write_open(struct ll_xlsx_write **ret, const char *path, const struct ll_xlsx_write_opts *opts,
                       struct ll_err *err) LL_MUST;
/* Missing cells (p NULL) and those beyond n are left empty.  LL_TOOBIG: more rows, or more characters in a cell, than a sheet takes. */
int ll_xlsx_write_row(struct ll_xlsx_write *w, const struct ll_str *cells, size_t n,
                      struct ll_err *err) LL_MUST;
/* Puts the file in its place.  Only ll_xlsx_write_free may follow. */
int ll_xlsx_write_finish(struct ll_xlsx_write *w, struct ll_err *err) LL_MUST;
/* NULL is fine; returns NULL.  Without finish nothing is left behind. */
struct ll_xlsx_write *ll_xlsx_write_free(struct ll_xlsx_write *w);

#endif
