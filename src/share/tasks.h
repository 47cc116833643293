/* tasks.h - what waits for somebody, the most urgent first, whatever its kind.
 *
 * (1) A matter waits for whoever may take its next step by tbl/workflow_states.h.  Taking something back is always possible and so is
 *     nothing that waits; a step that several may take waits for the one nearest to it, and for the platform only where nobody else is
 *     named.
 * (2) Beside the matters of the flows: deliveries that wait for a decision, or failed (rather than were refused) and were not made up for, rows in quarantine that
 *     nobody has corrected yet, grants that end within LL_TASK_GRANT_DAYS, and campaigns of collection that end within LL_TASK_CAMPAIGN_DAYS or are
 *     past their last day and not ended.
 * (3) Nothing is remembered: every question is answered from the tables as they are.  Of each kind at most LL_TASKS_KIND_MAX are read. */
#ifndef LL_SHARE_TASKS_H
#define LL_SHARE_TASKS_H

#include "catalog/catalog.h"
#include "share/flow.h"

enum {
    LL_TASKS_KIND_MAX = 1000,
    LL_TASK_GRANT_DAYS = 30,
    LL_TASK_FAILED_DAYS = 30,
    LL_TASK_CAMPAIGN_DAYS = 7
};

#define LL_TASK_KINDS(X)                                                                                     \
    X(DELIVERY, "delivery")                                                                                  \
    X(QUARANTINE, "quarantine")                                                                              \
    X(APPLICATION, "application")                                                                            \
    X(DEMAND, "demand")                                                                                      \
    X(OBJECTION, "objection")                                                                                \
    X(REPAIR, "repair")                                                                                      \
    X(GRANT, "grant")                                                                                        \
    X(CAMPAIGN, "campaign")                                                                                  \
    X(INSTITUTION, "institution")                                                                            \
    X(PRODUCT, "product")                                                                                    \
    X(POLICY, "policy")                                                                                      \
    X(LOAN_CASE, "loan_case")                                                                                \
    X(COMPLAINT, "complaint")
#define X(name, word) LL_TASK_##name,
enum ll_task_kind { LL_TASK_KINDS(X) LL_TASK_KIND_COUNT };
#undef X

struct ll_task {
    enum ll_task_kind kind;
    const char *id; /* of the delivery, application ...; of quarantined rows the resource */
    const char *resource, *title, *title_en; /* resource and title_en may be NULL */
    const char *organisation, *provider;     /* who asks, who provides; NULL: nobody */
    const char *state, *state_title[2];      /* by enum ll_lang */
    int64_t count;                           /* rows in quarantine; otherwise 1 */
    int64_t since, due_at;                   /* due_at 0: no time limit runs */
};

struct ll_task_query {
    const struct ll_actor *actor;
    const char *only; /* matters of this organisation; NULL: of all */
    bool all;         /* whoever they wait for, and of the flows those whose time limit runs */
};

int ll_tasks(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_task_query *q,
             struct ll_arena *arena, struct ll_task **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
const char *ll_task_word(enum ll_task_kind kind);
/* A whole Task object, as of `now`. */
void ll_task_json(struct ll_json *j, const struct ll_task *t, int64_t now);

#endif
