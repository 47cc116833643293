/* xlsx_sheet.h - streams one worksheet: its rows with text cells, and what stands around them.
 *
 * (1) Rows come in document order; a row without a cell that shows anything is left out.
 * (2) Memory is one row and the list of merged ranges.
 * (3) Formulas give the value that the spreadsheet stored; a formula without one is a flaw, never an empty cell in silence.
 * (4) What the sheet claims its dimensions to be is not looked at. */
#ifndef LL_INTAKE_XLSX_SHEET_H
#define LL_INTAKE_XLSX_SHEET_H

#include "intake/decode/xlsx_book.h"

enum {
    LL_XLSX_ROWS = 1048576,
    LL_XLSX_COLUMNS = 16384,
    LL_XLSX_MERGES = 1 << 20,
    LL_XLSX_CELL = 1 << 20, /* bytes of one cell's text; a spreadsheet allows 32 767 characters */
};
#define LL_XLSX_ROW_TEXT ((size_t)64 << 20)

enum ll_xlsx_kind { LL_XLSX_EMPTY, LL_XLSX_TEXT, LL_XLSX_NUMERIC, LL_XLSX_DAY, LL_XLSX_BOOLEAN };

enum ll_xlsx_flaw {
    LL_XLSX_SOUND,
    LL_XLSX_LOST_DIGITS, /* number of 16 digits or more */
    LL_XLSX_NOT_NUMBER,
    LL_XLSX_NO_STRING, /* index of a shared string that is not there */
    LL_XLSX_NO_RESULT, /* formula without a stored result */
    LL_XLSX_LONG_TEXT
};

struct ll_xlsx_cell {
    struct ll_str text;
    uint32_t column;    /* from 0 */
    unsigned char kind; /* enum ll_xlsx_kind */
    unsigned char flaw; /* enum ll_xlsx_flaw */
};

struct ll_xlsx_row {
    uint32_t number; /* sheet row, from 1 */
    const struct ll_xlsx_cell
        *cells; /* n of them, none empty, in document order; valid until the next call */
    size_t n;
};

struct ll_xlsx_merge {
    uint32_t top, bottom; /* rows, from 1 */
    uint16_t left, right; /* columns, from 0 */
};

struct ll_xlsx_sheet;

int ll_xlsx_sheet_open(struct ll_xlsx_sheet **ret, struct ll_xlsx_zip *z, const struct ll_xlsx_book *book,
                       const char *part, struct ll_err *err) LL_MUST;
struct ll_xlsx_sheet *ll_xlsx_sheet_close(struct ll_xlsx_sheet *s); /* NULL is fine; returns NULL */

/* 1: *row is filled; 0: the end; < 0: the part cannot be read on. */
int ll_xlsx_sheet_next(struct ll_xlsx_sheet *s, struct ll_xlsx_row *row, struct ll_err *err) LL_MUST;

/* Known once the end was reached. */
const struct ll_xlsx_merge *ll_xlsx_sheet_merges(const struct ll_xlsx_sheet *s, size_t *ret_n);
uint32_t ll_xlsx_sheet_hidden_rows(const struct ll_xlsx_sheet *s);
uint32_t ll_xlsx_sheet_hidden_columns(const struct ll_xlsx_sheet *s);

/* "AB12" to column 27, row 12; false when it is none or beyond the grid. */
bool ll_xlsx_ref(struct ll_str ref, uint32_t *column, uint32_t *row);
/* 27 to "AB"; returns out. */
char *ll_xlsx_column_name(uint32_t column, char out[4]);

#endif
