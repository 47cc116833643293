/* template.h - an empty workbook for one resource, which a department fills in and delivers. */
#ifndef LL_REPORT_TEMPLATE_H
#define LL_REPORT_TEMPLATE_H

#include "catalog/model.h"

/* One column for each column that the resource's default mapping reads by name, under the first of its names; notes say what belongs
 * there, closed lists of codes become drop-down lists. */
int ll_template_xlsx(const struct ll_resource *r, enum ll_lang lang, const char *path,
                     struct ll_err *err) LL_MUST;

#endif
