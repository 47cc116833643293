/* xlsx_sniff.h - looks at a file's first and last bytes before the ZIP library does, and says what else it is. */
#ifndef LL_INTAKE_XLSX_SNIFF_H
#define LL_INTAKE_XLSX_SNIFF_H

#include "base/err.h"

/* LL_OK when the file is a whole ZIP file with a directory of sane size; otherwise an error that names what the file is (an old
 * .xls, an encrypted workbook, a renamed CSV or web page, a cut-off upload ...) and what to do about it. */
int ll_xlsx_sniff(const char *path, struct ll_err *err) LL_MUST;

#endif
