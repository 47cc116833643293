/* xlsx_form.h - a workbook that Luling made to be filled in says so on a hidden sheet: of which resource and version it is, for which area, on
 * which sheet and where the data stand.  The workbook is still anybody's file: what it says is only used to read it and to refuse it where it
 * does not fit. */
#ifndef LL_INTAKE_XLSX_FORM_H
#define LL_INTAKE_XLSX_FORM_H

#include "intake/decode/xlsx_sheet.h"

#define LL_XLSX_FORM_SHEET "_luling"
#define LL_XLSX_FORM_MARK "luling-template"
/* Sheets of ours beside the data, which are no data. */
#define LL_XLSX_RESULT_SHEET "核查结果"
#define LL_XLSX_GUIDE_ZH "填写说明"
#define LL_XLSX_GUIDE_EN "Instructions"

struct ll_xlsx_form {
    const char *resource, *area, *sheet; /* resource NULL: the workbook is no such form */
    int64_t version;
    uint32_t header; /* sheet row */
    uint32_t fixed;  /* the first so many columns are filled in beforehand: a row of these alone is blank */
    uint32_t marks;  /* columns from this one on are ours, too; 0: none */
};

int ll_xlsx_form_read(struct ll_xlsx_zip *z, const struct ll_xlsx_book *book, struct ll_arena *arena,
                      struct ll_xlsx_form *ret, struct ll_err *err) LL_MUST;
/* A row that nobody filled in. */
bool ll_xlsx_form_blank(const struct ll_xlsx_form *f, const struct ll_xlsx_row *row);
/* A sheet of ours that holds no data, by its name. */
bool ll_xlsx_form_beside(const char *sheet);

#endif
