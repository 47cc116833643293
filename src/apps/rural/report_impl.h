/* report_impl.h - between report.c, which gathers, report_body.c, which writes the document, and report_json.c, which writes it for machines. */
#ifndef LL_APPS_RURAL_REPORT_IMPL_H
#define LL_APPS_RURAL_REPORT_IMPL_H

#include "apps/rural/report.h"

struct ll_rural_draft {
    const struct ll_rural_report *r;
    const struct ll_rural_report_ask *ask;
    struct ll_arena *arena;
    struct ll_household *h;
    const struct ll_rural_told *told; /* NULL: not rated */
    bool sample;                      /* made of samples */
    char number[LL_ISSUE_NUMBER], code[LL_ISSUE_CODE];
};

int ll_rural_report_write(const struct ll_rural_draft *d, struct ll_doc **ret, struct ll_err *err) LL_MUST;
struct ll_letter;
void ll_rural_report_rating(struct ll_letter *w, const struct ll_rural_draft *d);
void ll_rural_report_explain(struct ll_letter *w, const struct ll_rural_draft *d);
/* An object without its last brace (report/issue.h); on failure *out is freed. */
int ll_rural_report_json(const struct ll_rural_draft *d, struct ll_buf *out, struct ll_err *err) LL_MUST;

/* A value of an item as a person reads it: titles of codes, yes and no, its unit, identity numbers masked.  In arena; "" when memory is out. */
struct ll_str ll_household_text(const struct ll_rural_item *x, const struct ll_rural_source *s,
                                struct ll_str value, enum ll_lang lang, struct ll_arena *arena);

#endif
