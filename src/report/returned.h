/* returned.h - a delivered workbook as it goes back to whoever filled it in: the same file, a comment on every cell that is wrong (what is wrong,
 * what to change), its row coloured, a sheet that lists all of it (xlsx_mark.h).  Corrected and delivered again, the rows close those they mend.
 *
 * Rows that a later delivery has mended are left alone.  LL_CONFLICT: the delivery is not checked yet, or nothing in it is wrong; LL_INVALID: it
 * was no workbook, or was refused as a whole. */
#ifndef LL_REPORT_RETURNED_H
#define LL_REPORT_RETURNED_H

#include "intake/data.h"

/* path must not be there.  ret_faults: cells that are commented; may be NULL. */
int ll_returned_workbook(struct ll_data *d, const char *delivery, enum ll_lang lang, const char *path,
                         size_t *ret_faults, struct ll_err *err) LL_MUST;

#endif
