/* template_guide.h - the sheet that says how a template is filled in. */
#ifndef LL_REPORT_TEMPLATE_GUIDE_H
#define LL_REPORT_TEMPLATE_GUIDE_H

#include "report/template.h"
#include "report/xlsx_write.h"

/* false: memory is out.  Everything lies in arena. */
bool ll_template_guide(struct ll_arena *arena, const struct ll_template *t, enum ll_lang lang,
                       struct ll_xlsx_side *ret);

#endif
