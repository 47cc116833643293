/* xlsx_write.h - writes a table as a workbook that a person reads, corrects or fills in.
 *
 * (1) Every cell is text and its column is formatted as text: an identifier keeps all its digits, also when it is typed into an empty
 *     cell, and nothing is ever run as a formula, whatever character it starts with.  (Formulas are there only as checks of what is typed.)
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
    const char *const *
        groups; /* beside choices: what must stand in column group_by for a choice to be offered; NULL: all are */
    size_t group_by;
    const char *
        rule; /* formula that holds for a good value, '@' standing for the cell (xlsx_rules.c has names to use); NULL */
    const char *rule_text; /* what to say when it does not */
    bool strict;           /* a value that breaks the rule is not taken; otherwise it is warned about */
    bool locked, hidden;   /* not to be changed; not shown.  locked needs `protect` */
};

/* A further sheet of plain text, row by row; NULL cells are empty. */
struct ll_xlsx_side {
    const char *name;
    const char *const *cells; /* rows * columns */
    size_t rows, columns;
    bool hidden;
};

struct ll_xlsx_write_opts {
    const char *sheet; /* made to fit what sheet names may be */
    const struct ll_xlsx_column *columns;
    size_t n_columns;
    enum ll_lang lang;  /* of what the workbook says by itself */
    bool cut;           /* a cell that is too long is cut and says so at its end, instead of LL_TOOBIG */
    const char *banner; /* a title above the header; NULL: none */
    bool
        protect; /* titles, header and locked columns cannot be changed by mistake (no password: it is no secret) */
    const struct ll_xlsx_side *sides;
    size_t n_sides;
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
