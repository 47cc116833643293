/* xlsx_mark.h - the same workbook with comments on the cells that are wrong, their rows coloured, and a sheet that lists everything.
 *
 * (1) What the user made stays byte for byte, but for what is put in: cells, styles, widths, other sheets are not touched.  Colours are a
 *     conditional format, so that no cell's style changes.
 * (2) What an earlier marking put in is taken out first: a corrected workbook comes back clean.
 * (3) Wrong rows carry the batch and the row under which they were refused, in two hidden columns.
 * Bounds: those of xlsx_zip.h, and LL_XLSX_MARK_SHEET of the sheet's text, which is held in memory. */
#ifndef LL_REPORT_XLSX_MARK_H
#define LL_REPORT_XLSX_MARK_H

#include "intake/decode/bytes.h"
#include "intake/decode/xlsx_sheet.h"

#define LL_XLSX_MARK_SHEET ((uint64_t)64 << 20)
enum { LL_XLSX_MARK_COMMENTS = 20000 };

/* text NULL: the cell is coloured only.  Sorted by row and column, one a cell. */
struct ll_xlsx_fault {
    uint32_t row, column; /* row from 1, column from 0 */
    const char *text;
};
struct ll_xlsx_bad_row {
    uint32_t row;   /* sheet row */
    int64_t number; /* under which it was refused */
};
struct ll_xlsx_marks {
    const char *sheet; /* name of the data's */
    uint32_t header;   /* sheet row of its (last) header row */
    size_t n_columns;
    int batch_column, row_column; /* where the marks stand; -1: columns are added */
    const char *batch;
    const struct ll_xlsx_fault *faults;
    size_t n_faults;
    const struct ll_xlsx_bad_row *rows; /* ascending */
    size_t n_rows;
    const char *const *summary; /* summary_rows rows of summary_columns texts; NULL: empty */
    size_t summary_rows, summary_columns;
};

/* path must not be there. */
int ll_xlsx_mark(const struct ll_bytes *file, const struct ll_xlsx_marks *m, const char *path,
                 struct ll_err *err) LL_MUST;

#endif
