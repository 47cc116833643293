/* template.h - an empty workbook for one resource, which a department or whoever collects for it fills in and delivers.
 *
 * (1) One column for each column that the resource's default mapping reads by name (intake/form.h): notes, drop-down lists, and checks of what is
 *     typed in.  Titles, header and what is filled in beforehand are locked.
 * (2) It says what it is (intake/decode/xlsx_form.h): delivered as something else it is refused, and a row that nobody filled in is none.
 * (3) Two hidden columns are kept for the marks of a row that comes back (returned.h). */
#ifndef LL_REPORT_TEMPLATE_H
#define LL_REPORT_TEMPLATE_H

#include "intake/form.h"

enum { LL_TEMPLATE_ROWS = 5000 }; /* most rows that are prepared for an area */

struct ll_template {
    const struct ll_form *form;
    enum ll_lang lang;          /* of the table; the instructions are in both */
    const char *region;         /* lists of regions offer what lies in it; NULL: all */
    const char *area_item;      /* item of the area, whose column comes first; NULL: for no area */
    const char *area;           /* its code */
    const char *area_title;     /* the same in words */
    size_t rows;                /* rows with the area filled in and the rest empty */
    const struct ll_str *known; /* n_known rows of form->n texts: what is there already */
    size_t n_known;
};

int ll_template_xlsx(const struct ll_template *t, const char *path, struct ll_err *err) LL_MUST;

#endif
