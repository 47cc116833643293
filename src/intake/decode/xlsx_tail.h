/* xlsx_tail.h - looks at the end of a ZIP file before the ZIP library does. */
#ifndef LL_INTAKE_XLSX_TAIL_H
#define LL_INTAKE_XLSX_TAIL_H

#include "intake/decode/bytes.h"

/* LL_OK when the file ends in a ZIP directory of sane size; otherwise an error that says whether it is cut off, too large or no
 * workbook at all. */
int ll_xlsx_tail_check(const struct ll_bytes *file, struct ll_err *err) LL_MUST;

#endif
