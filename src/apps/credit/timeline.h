/* timeline.h - what the credit platform itself adds to a subject's timeline (share/timeline.h): that it was put on a list and taken off again, by
 * a document or, where the rule of a list names a date, by rule; and that a record was repaired. */
#ifndef LL_APPS_CREDIT_TIMELINE_H
#define LL_APPS_CREDIT_TIMELINE_H

#include "apps/credit/listing.h"
#include "share/timeline.h"

/* ctx of ll_credit_timeline_visit: the timeline, and the rules of the lists (NULL: the pack is not loaded). */
struct ll_credit_timeline {
    struct ll_timeline *timeline;
    const struct ll_credit_rules *rules;
    int32_t today;
};

/* For ll_subject_opts: takes the facts that packs declare of a record, and those that the rules of lists make of it. */
ll_subject_visit_fn ll_credit_timeline_visit;
/* Afterwards: what was decided by documents.  vault: opens the names of records. */
int ll_credit_timeline_decided(const struct ll_credit_timeline *t, const struct ll_listing_env *env,
                               struct ll_vault *vault, const struct ll_subject *s,
                               struct ll_err *err) LL_MUST;

#endif
