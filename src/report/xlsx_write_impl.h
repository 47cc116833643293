/* xlsx_write_impl.h - what the parts of the workbook writer share: xlsx_write.c (the table), xlsx_rules.c (lists, checks, further sheets). */
#ifndef LL_REPORT_XLSX_WRITE_IMPL_H
#define LL_REPORT_XLSX_WRITE_IMPL_H

#include "base/buf.h"
#include "base/fs.h"
#include "intake/decode/xlsx_sheet.h"
#include "report/xlsx_write.h"

#include <xlsxwriter.h>

enum {
    WIDTH_ROWS = 200, /* rows by which the widths of columns are chosen */
    NARROWEST = 8,
    WIDEST = 48,
    REASONS_WIDTH = 60,
    SHEET_NAME = 31,  /* characters */
    TEXT_FORMAT = 49, /* the built-in number format @ */
    GB2312 = 134,     /* for programs that pick another font by it */
    ESCAPED = 7,      /* characters of an escape */
    NOTE = 1000,      /* most characters of a note */
    CELL_BYTES = 8 * LL_XLSX_WRITE_CELL,
};

#define CHOICES_SHEET "下拉选项"
#define FONT                                                                                                 \
    "微软雅黑" /* Microsoft YaHei: on every Windows since Vista, and what WPS falls back from with equal widths */

struct column {
    bool reasons, locked, hidden;
    unsigned width;
};

struct ll_xlsx_write {
    char path[LL_PATH], tmp[LL_PATH], dir[LL_PATH];
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *text, *reasons, *title, *required, *locked, *banner, *wrapped;
    struct column *columns;
    size_t n_columns;
    uint32_t rows;      /* written, the header excluded */
    uint32_t shown;     /* of these, rows that show anything */
    struct ll_buf cell; /* the cell at hand, as the library takes it */
    enum ll_lang lang;
    uint32_t header; /* sheet row of the header, from 0 */
    bool cut, protect;
    bool moved;
};

int ll_xlsx_no_memory(struct ll_err *err) LL_MUST;
int ll_xlsx_lib_fail(lxw_error e, struct ll_err *err) LL_MUST;
int ll_xlsx_put(struct ll_xlsx_write *w, lxw_worksheet *sheet, uint32_t row, size_t column,
                struct ll_str text, lxw_format *format, struct ll_err *err) LL_MUST;

/* Lists and checks of the columns; the further sheets. */
int ll_xlsx_rules(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err) LL_MUST;
int ll_xlsx_sides(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err) LL_MUST;

#endif
