/* rule.h - what a product asks of a firm, as rules over its indicators: a pure function of the indicators' values, told in plain words.
 *
 * (1) A rule compares one indicator with a limit or with codes.  Rules of one group are alternatives: one of them has to pass; all groups have to.
 * (2) A rule passes, misses, or is not known: an indicator without a value neither passes nor misses, whatever the operator.  A group passes when one rule
 *     does, misses when every rule misses, and is not known otherwise.
 * (3) A numeric rule that misses says by how much; 0 where only the bound itself is excluded (more than 5, and it is 5). */
#ifndef LL_APPS_FINANCE_RULE_H
#define LL_APPS_FINANCE_RULE_H

#include "apps/finance/feature.h"
#include "apps/finance/tbl/rule_operators.h"

enum { LL_RULE_CODES_MAX = 32 };

enum ll_rule_operator {
#define X(id, ...) LL_RULE_##id,
    LL_RULE_OPERATORS(X)
#undef X
        LL_RULE_OPERATOR_COUNT_
};
enum ll_rule_result {
#define X(id, word) LL_RULE_##id,
    LL_RULE_RESULTS(X)
#undef X
};

struct ll_rule {
    const char *indicator, *value, *basis;
    const struct ll_feature *feature; /* what it compares */
    size_t at;                        /* of the feature in its set */
    enum ll_rule_operator op;
    double limit;               /* of an operator over numbers */
    const struct ll_str *codes; /* of one over codes */
    size_t n_codes;
    struct ll_str said; /* what ll_rule_put writes, put together once; n 0: not yet */
};

struct ll_rule_group {
    const char *name;
    struct ll_rule *rules;
    size_t n;
};

struct ll_rule_met {
    enum ll_rule_result result;
    double gap; /* of a numeric rule that misses; NAN otherwise */
};

/* cells: indicator, operator, value, basis.  In arena; needs the set as long.  LL_INVALID says what is wrong. */
enum { LL_RULE_CELLS = 4 };
int ll_rule_read(const struct ll_str *cells, const struct ll_feature_set *set, struct ll_arena *arena,
                 struct ll_rule *ret, struct ll_err *err) LL_MUST;

/* values: one a feature of the set. */
struct ll_rule_met ll_rule_meet(const struct ll_rule *r, const struct ll_feature_value *values);
enum ll_rule_result ll_rule_group_meet(const struct ll_rule_group *g, const struct ll_feature_value *values);

const char *ll_rule_operator_word(enum ll_rule_operator op);
const char *ll_rule_result_word(enum ll_rule_result r);
/* "经营年限不少于 2 年", "Years in business: at least 2 years". */
void ll_rule_text(const struct ll_rule *r, enum ll_lang lang, struct ll_buf *out);
/* The unit as English has it; what is not known as it stands. */
const char *ll_unit_en(const char *unit, double number);

#endif
