/* report.h - the public credit report (公共信用信息报告) of one subject: everything that the sections of pack `credit` name, joined from all
 * resources, each fact with its source and time.
 *
 * (1) What is not there is told apart: no record at the source, a source that has not delivered, one that is not connected, a value that is
 *     masked or that the source left empty.
 * (2) Identifiers of natural persons are masked.
 * (3) A record that is disputed at this moment is marked so.
 * (4) A consumer is shown the sections, and of them the items, that its grants cover; the others say so.
 * (5) It is handed out by report/issue.h: numbered, journalled, signed, to be verified by anybody. */
#ifndef LL_APPS_CREDIT_REPORT_H
#define LL_APPS_CREDIT_REPORT_H

#include "report/issue.h"
#include "share/marks.h"
#include "share/tables.h"

#define LL_CREDIT_KIND "credit"

/* What a report is made with; everything borrowed.  Threads may share one. */
struct ll_credit {
    struct ll_issuer *issuer;
    struct ll_store *store;
    struct ll_tables *tables;
    const struct ll_catalog *cat;
    const char *origin; /* address of the platform, before /r/NUMBER */
    struct ll_marks *marks;
};

struct ll_credit_ask {
    struct ll_str who; /* an identifier or a name */
    const char *purpose;
    const struct ll_actor *actor;
    const char *asked_by; /* as the report names who asked */
    enum ll_issue_format format;
    enum ll_lang lang;
    int64_t at;
    /* Of a consumer: what it may be shown, and the grants that say so.  NULL: everything.  A consumer is shown no records of others in which
     * the subject occurs. */
    bool (*shows)(void *ctx, struct ll_str resource, struct ll_str item);
    void *shows_ctx;
    const char *grants;
};

/* What a report reads, as a service over its resources (share/serving.h); in arena. */
int ll_credit_reads(const struct ll_credit *c, struct ll_arena *arena, struct ll_service *ret,
                    struct ll_err *err) LL_MUST;

/* Makes it, without handing it out: *ret is for ll_issue_all, and everything it points to lives in arena; its body is the caller's to free.
 * LL_NOTFOUND: nothing is known of the subject; LL_CONFLICT: several have the name. */
int ll_credit_make(const struct ll_credit *c, const struct ll_credit_ask *ask, struct ll_arena *arena,
                   struct ll_issue *ret, struct ll_err *err) LL_MUST;

#endif
