/* xlsx_rows.h - the rows below a sheet's header, as the rest of intake reads them.
 *
 * A merged range in the data belongs to its top left cell.  Departments merge downwards to group rows (one township beside its
 * villages), so the value is repeated in its column for the rows below that have content of their own; to the right it is not.
 * A row always has at least the header's columns; one with a cell beyond them has all its cells and a fault. */
#ifndef LL_INTAKE_XLSX_ROWS_H
#define LL_INTAKE_XLSX_ROWS_H

#include "intake/decode/xlsx_form.h"
#include "lake/rows.h"

/* What the rows of a sheet are read with; borrowed by every reader. */
struct ll_xlsx_plan {
    const struct ll_bytes *file;
    const struct ll_xlsx_book *book;
    const char *part;
    const struct ll_str *names;
    size_t n_columns;
    uint32_t header_last;               /* rows up to here are no data; 0: there is no header */
    const struct ll_xlsx_merge *merges; /* that go downwards below the header, by top */
    size_t n_merges;
    const struct ll_xlsx_form *form; /* NULL: no form of ours */
};

/* Opens the package anew: a reader is independent of all others. */
int ll_xlsx_rows_open(struct ll_rows **ret, const struct ll_xlsx_plan *plan, struct ll_err *err) LL_MUST;

#endif
