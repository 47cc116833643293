/* match_plan.h - many firms against many targets (products, policies): what their rules have in common is judged once a firm.
 *
 * (1) A firm and a target come to the same as by ll_target_meet.
 * (2) A plan holds each different rule once and each different group of rules once; a target is a list of groups.  Products of a kind ask much the same, so that
 *     their hundreds come to a few dozen rules.
 * (3) A plan does not change and may be shared by threads; the scratch is a thread's own. */
#ifndef LL_APPS_FINANCE_MATCH_PLAN_H
#define LL_APPS_FINANCE_MATCH_PLAN_H

#include "apps/finance/target.h"

struct ll_match_plan;
/* In arena; needs the targets as long. */
int ll_match_plan_new(const struct ll_targets *all, struct ll_arena *arena, const struct ll_match_plan **ret,
                      struct ll_err *err) LL_MUST;
size_t ll_match_plan_rules(const struct ll_match_plan *plan);   /* different ones */
size_t ll_match_plan_scratch(const struct ll_match_plan *plan); /* bytes */

struct ll_match_met {
    uint8_t misses, unknown; /* groups of rules */
};
/* ret: one a target, in their order. */
void ll_match_plan_meet(const struct ll_match_plan *plan, const struct ll_feature_value *values,
                        uint8_t *scratch, struct ll_match_met *ret);

#endif
