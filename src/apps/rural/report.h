/* report.h - the special credit report (专项信用报告) of a rural household: what is known of it by the categories of the list, from whom and as of when,
 * what is missing and why, and the values that lost.
 *
 * (1) Which categories a bank's report has, and what stands on its first page, are rows of rural_report_sections.csv: those of the bank, or those of
 *     nobody in particular.
 * (2) Every item of a category is in the annex with its source, or with why there is none.  Items that are not there are not left out.
 * (3) A consumer is shown what its grants and the farmer's consent cover; of other lenders only totals (household.h).  A consent that was recorded from
 *     paper is called so on the first page.
 * (4) It is handed out by report/issue.h, like the public credit report: numbered, journalled, signed, to be verified by anybody;
 *     so is the same for machines (JSON). */
#ifndef LL_APPS_RURAL_REPORT_H
#define LL_APPS_RURAL_REPORT_H

#include "apps/rural/told.h"
#include "report/issue.h"
#include "share/serving.h"

#define LL_RURAL_REPORT_KIND "rural"

enum { LL_RURAL_SECTIONS_MAX = 40, LL_RURAL_FRONT_MAX = 24 };

struct ll_rural_section {
    const char *category; /* of the list */
    const struct ll_rural_item *front[LL_RURAL_FRONT_MAX];
    size_t n_front; /* on the first page */
    const char *basis;
};
/* Of an organisation (NULL: of nobody), in the file's order; only: categories divided by blanks, NULL: all.  LL_USAGE: one of them is not there. */
int ll_rural_sections(struct ll_txn *tx, const struct ll_rural_list *l, const char *organisation,
                      const char *only, struct ll_arena *arena, struct ll_rural_section **ret, size_t *ret_n,
                      struct ll_err *err) LL_MUST;
/* What they read, as a service over its resources; in arena. */
int ll_rural_section_reads(const struct ll_rural_list *l, const struct ll_rural_section *sections, size_t n,
                           struct ll_arena *arena, struct ll_service *ret, struct ll_err *err) LL_MUST;

struct ll_rural_report {
    struct ll_issuer *issuer;
    const struct ll_rural *r;
    const char *origin; /* address of the platform, before /r/NUMBER */
};

struct ll_rural_report_ask {
    struct ll_str household;
    const char *purpose;
    const struct ll_actor *actor;
    const char *asked_by; /* as the report names who asked */
    enum ll_issue_format format;
    enum ll_lang lang;
    int64_t at;
    const struct ll_rural_section *sections;
    size_t n_sections;
    const struct ll_serving_said *said; /* the consent that was used; NULL: none was asked for */
    const struct ll_rural_told *rating; /* NULL: there is none */
    const char *viewer;                 /* organisation that is confined (household.h); NULL: none is */
    bool (*shows)(void *ctx, struct ll_str resource, struct ll_str item); /* NULL: everything */
    void *shows_ctx;
    const char *grants;
};

/* Makes it, without handing it out: *ret is for ll_issue_all, and everything it points to lives in arena; its body is the caller's to free. */
int ll_rural_report_make(const struct ll_rural_report *r, const struct ll_rural_report_ask *ask,
                         struct ll_arena *arena, struct ll_issue *ret, struct ll_err *err) LL_MUST;
/* Whether what an issued one was made from is still so: its household is read again as it was read then. */
int ll_rural_report_compare(struct ll_issuer *i, struct ll_txn *tx, const struct ll_rural *r,
                            const struct ll_issued *row, struct ll_arena *arena, struct ll_issued_now *ret,
                            struct ll_err *err) LL_MUST;

#endif
