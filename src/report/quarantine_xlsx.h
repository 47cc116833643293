/* quarantine_xlsx.h - the refused rows of a batch as a workbook: the source's own columns, the marks by which a corrected row closes the one
 * it mends, and the reasons in red.  The workbook can be corrected and delivered again as it is. */
#ifndef LL_REPORT_QUARANTINE_XLSX_H
#define LL_REPORT_QUARANTINE_XLSX_H

#include "intake/quarantine.h"

/* LL_TOOBIG when there are more open rows than a sheet takes; a cell that is too long is cut and says so.  The CSV has no such limits. */
int ll_quarantine_xlsx(struct ll_data *d, const char *batch, enum ll_lang lang, const char *path,
                       struct ll_err *err) LL_MUST;

#endif
