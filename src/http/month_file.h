/* month_file.h - the monthly use report as a file that a spreadsheet opens. */
#ifndef LL_HTTP_MONTH_FILE_H
#define LL_HTTP_MONTH_FILE_H

#include "share/month.h"

/* UTF-8 with a byte order mark, so that a spreadsheet reads it right; cells that would run as formulas are defused. */
int ll_month_csv(const struct ll_month *m, enum ll_lang lang, struct ll_buf *out, struct ll_err *err) LL_MUST;
int ll_month_xlsx(const struct ll_month *m, enum ll_lang lang, const char *path, struct ll_err *err) LL_MUST;

#endif
