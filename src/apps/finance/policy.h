/* policy.h - the policy library: support that departments give to firms, as tables of packs declare it and departments publish it; what it gives, whom it is for, how
 * and until when to apply.
 *
 * (1) A row of policies.csv is a policy, rows of policy_rules.csv are its rules; both make its target (target.h).  A row is read and checked as the form is that a department
 *     fills in (policy_version.h): there is no second idea of a policy.
 * (2) A policy is open from its first day to its last; one that has ended is shown as such and fits nobody.
 * (3) The order of matches is declared: fewest groups of rules missed, fewest not known, the soonest to end, code. */
#ifndef LL_APPS_FINANCE_POLICY_H
#define LL_APPS_FINANCE_POLICY_H

#include "apps/finance/form.h"
#include "apps/finance/product_form.h"
#include "apps/finance/tbl/policy_words.h"

enum { LL_POLICIES_MAX = 500, LL_POLICY_RULES_MAX = 8000, LL_POLICY_DAY = 10 };

enum ll_policy_level {
#define X(id, ...) LL_POLICY_##id,
    LL_POLICY_LEVELS(X)
#undef X
        LL_POLICY_LEVEL_COUNT_
};
enum ll_policy_unit {
#define X(id, ...) LL_POLICY_IN_##id,
    LL_POLICY_UNITS(X)
#undef X
        LL_POLICY_UNIT_COUNT_
};
enum ll_policy_time {
#define X(id, ...) LL_POLICY_IS_##id,
    LL_POLICY_TIMES(X)
#undef X
        LL_POLICY_TIME_COUNT_
};

struct ll_policy {
    const char *name, *title[2], *organisation, *department[2],
        *document;    /* document: its number; "": none */
    const char *kind; /* code of FIN_POLICY_KIND */
    const char *summary[2], *benefit[2];
    const char *steps[2], *materials[2];               /* lines divided by | */
    const char *link, *from, *until, *contact, *phone; /* days as 2026-01-31; "": none */
    const char *products;                              /* codes divided by | */
    const char *basis, *source;
    double amount; /* NAN: no number */
    enum ll_policy_level level;
    enum ll_policy_unit unit; /* LL_POLICY_UNIT_COUNT_: none */
    bool sample;
    struct ll_target target;
};
struct ll_policies {
    struct ll_policy *list;
    size_t n;
    const struct ll_feature_set *set;
};

extern const struct ll_form_kind ll_policy_form;

/* In arena; needs the catalogue as long.  None at all is no fault; LL_INVALID: which row is wrong, and in which field. */
int ll_policies_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_policies **ret, struct ll_err *err) LL_MUST;
const struct ll_policy *ll_policy_find(const struct ll_policies *all, struct ll_str name); /* NULL: none */
int ll_policies_targets(const struct ll_policies *all, struct ll_arena *arena, struct ll_targets *ret,
                        struct ll_err *err) LL_MUST;

/* today: 2026-01-31. */
enum ll_policy_time ll_policy_time(const struct ll_policy *p, const char *today);

/* What a list asks for; empty and negative: whatever. */
struct ll_policy_query {
    struct ll_str q, kind, organisation, region, industry, product;
    int level;
    bool open; /* only those that are open today */
    const char *today;
    const char *sort; /* "until", "-until", ...; NULL: open ones first, the soonest to end before others */
};
/* ret: as many pointers as there are policies. */
size_t ll_policies_filter(const struct ll_policies *all, const struct ll_policy_query *q,
                          const struct ll_policy **ret);

struct ll_policy_match {
    const struct ll_policy *policy;
    struct ll_target_met met;
};
/* Those that are open today, in the declared order; ret: as many as there are policies. */
size_t ll_policies_match(const struct ll_policies *all, const char *today,
                         const struct ll_feature_value *values, struct ll_policy_match *ret);

/* Members of an object that is open: what every list has of a policy; its rules, how to apply, and the rest, with those of its products that are there. */
void ll_policy_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy *p,
                   const char *today);
int ll_policy_put_whole(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy *p,
                        const char *today, const struct ll_products *products, struct ll_err *err) LL_MUST;
/* An object: the policy, how it was met, and each rule with what it came to. */
int ll_policy_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy_match *m,
                        const char *today, const struct ll_match_values *v, struct ll_err *err) LL_MUST;

#endif
