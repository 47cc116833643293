/* export_write.h - the rows of an export as a file of the form it was asked for in (share/export.h).
 *
 * (1) CSV (RFC 4180, UTF-8, names of items in the first line) and JSON lines go out piece by piece; Parquet and XLSX are made in the plan's
 *     scratch folder first.  All in memory that does not grow with the rows.
 * (2) What a spreadsheet would run as a formula is defused: in CSV by an apostrophe, in XLSX because every cell is text. */
#ifndef LL_REPORT_EXPORT_WRITE_H
#define LL_REPORT_EXPORT_WRITE_H

#include "share/export.h"

int ll_export_write(const struct ll_export_plan *plan, struct ll_err *err) LL_MUST;

#endif
