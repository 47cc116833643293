/* target.h - whom something is for: groups of rules over a firm's indicators (rule.h), regions and industries.  Products and policies have one.
 *
 * (1) Regions and industries are rules, too: over the indicators `region` and `industry`, by beginnings of codes.
 * (2) All groups have to be met, of a group one rule; what is not known is not missed. */
#ifndef LL_APPS_FINANCE_TARGET_H
#define LL_APPS_FINANCE_TARGET_H

#include "apps/finance/rule.h"

enum { LL_TARGET_GROUPS_MAX = 24 };

struct ll_target {
    const char *regions, *industries; /* lists divided by |; "": any */
    struct ll_rule_group groups[LL_TARGET_GROUPS_MAX];
    size_t n_groups;
};
/* Several of them, over the same indicators. */
struct ll_targets {
    const struct ll_target **list;
    size_t n;
    const struct ll_feature_set *set;
};

/* ---- making ---- */

struct ll_target_reading {
    struct ll_arena *arena;
    const struct ll_feature_set *set;
    size_t n_rules, most; /* of everything that is read together */
};
/* Appends a rule (cells of LL_RULE_CELLS) to the group of that name.  LL_INVALID says what is wrong; where is the caller's. */
int ll_target_add(struct ll_target_reading *r, struct ll_target *t, struct ll_str group,
                  const struct ll_str *cells, struct ll_err *err) LL_MUST;
/* The groups of its regions and industries: the last to be added. */
int ll_target_add_scope(struct ll_target_reading *r, struct ll_target *t, const char *basis,
                        struct ll_err *err) LL_MUST;

/* ---- meeting ---- */

struct ll_target_met {
    size_t misses, unknown; /* groups of rules */
};
struct ll_target_met ll_target_meet(const struct ll_target *t, const struct ll_feature_value *values);
const char *ll_target_met_word(struct ll_target_met met); /* "pass", "miss", "unknown" */
/* Whether the list divided by | is empty or has `what`, or with begins a beginning of it; nothing asked for is in every list. */
bool ll_target_lists(const char *list, struct ll_str what, bool begins);

/* ---- telling: members of an object that is open ---- */

/* key: the codes of a list divided by |, each with what it is called. */
void ll_target_put_codes(struct ll_json *j, const char *key, const char *list,
                         const struct ll_codeset *codes);
/* "regions", "industries". */
void ll_target_put_scope(struct ll_json *j, const struct ll_catalog *cat, const struct ll_target *t);
/* "groups": what it asks. */
int ll_target_put(struct ll_json *j, const struct ll_target *t, struct ll_err *err) LL_MUST;
/* A firm's values as answers have them, each put together once; values, arena: living as long. */
struct ll_match_values {
    const struct ll_feature_value *values;
    struct ll_str *said; /* by indicator; n 0: not yet */
    struct ll_arena *arena;
};
int ll_match_values_init(struct ll_match_values *v, const struct ll_feature_set *set,
                         const struct ll_feature_value *values, struct ll_arena *arena,
                         struct ll_err *err) LL_MUST;
/* "result", "misses", "unknown", "groups": each rule with what it came to. */
int ll_target_put_met(struct ll_json *j, const struct ll_target *t, const struct ll_match_values *v,
                      struct ll_err *err) LL_MUST;
/* "indicator", ..., "text", "text_en" of one rule. */
int ll_rule_put(struct ll_json *j, const struct ll_rule *r, struct ll_err *err) LL_MUST;

#endif
