/* report_impl.h - between report.c, which gathers, and report_body.c, which writes the document. */
#ifndef LL_APPS_CREDIT_REPORT_IMPL_H
#define LL_APPS_CREDIT_REPORT_IMPL_H

#include "apps/credit/report.h"
#include "apps/credit/sections.h"

enum ll_credit_state {
    LL_CREDIT_RECORDS,
    LL_CREDIT_NONE,
    LL_CREDIT_NO_DATA,
    LL_CREDIT_UNCONNECTED,
    LL_CREDIT_NOT_GRANTED
};

/* A row of the sections with what was found. */
struct ll_credit_part {
    const struct ll_credit_section *section;
    const struct ll_subject_group *group; /* shown; NULL: no records */
    const struct ll_subject_group *read;  /* all that there are; NULL: none */
    bool withheld;                        /* who asked may not be shown any of it */
    enum ll_credit_state state;
    int64_t newest; /* when the resource last published */
};

struct ll_credit_draft {
    const struct ll_credit *c;
    const struct ll_credit_ask *ask;
    struct ll_arena *arena;
    struct ll_subject *subject;
    struct ll_credit_part *parts;
    size_t n;
    bool sample; /* made of samples */
    char number[LL_ISSUE_NUMBER], code[LL_ISSUE_CODE];
};

int ll_credit_write(const struct ll_credit_draft *d, struct ll_doc **ret, struct ll_err *err) LL_MUST;

#endif
