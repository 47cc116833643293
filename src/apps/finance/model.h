/* model.h - an institution's own model: a scorecard or a decision table over indicators, as a table that it uploads.  Read, checked as a whole, evaluated: pure.
 *
 * (1) The table is CSV; each row says by `row` what it is:
 *       base                  points that everybody has
 *       band                  of an indicator: is = range (from, to), code (value: codes divided by |), other, missing; points; reason
 *       cut                   from so many points on: result, limit_min, limit_max (万元); descending, the last without `from`
 *       when, then, else      of a decision table: conditions of a rule, its outcome and reasons; rules in the order of their numbers; else: when none applies
 *       reason                a code and its words
 * (2) Every firm has exactly one outcome: bands of an indicator cover every value and the lack of one, cuts every score, `else` the rest.  What is not so is refused,
 *     each fault with its line and column.
 * (3) Points are thousandths, added as integers.  An indicator without a value meets no condition but `missing`.
 * (4) Reasons of a scorecard are those of the bands that cost most (the indicator's most points less those given), LL_MODEL_TOLD at most. */
#ifndef LL_APPS_FINANCE_MODEL_H
#define LL_APPS_FINANCE_MODEL_H

#include "apps/finance/rule.h"
#include "apps/finance/tbl/model_words.h"

enum {
    LL_MODEL_BYTES = 256 << 10,
    LL_MODEL_ROWS = 2000,
    LL_MODEL_INDICATORS = 64,
    LL_MODEL_BANDS = 32, /* of an indicator */
    LL_MODEL_CUTS = 10,
    LL_MODEL_RULES = 200,
    LL_MODEL_CONDITIONS = 20, /* of a rule */
    LL_MODEL_REASONS = 200,
    LL_MODEL_TOLD = 4,    /* reasons of one firm */
    LL_MODEL_WORDS = 200, /* characters */
    LL_MODEL_FAULTS = 50,
    LL_MODEL_MILLI = 1000
};
#define LL_MODEL_POINTS 100000  /* most points of a row, either way */
#define LL_MODEL_LIMIT 10000000 /* 万元 */

enum ll_model_result {
#define X(id, ...) LL_MODEL_##id,
    LL_MODEL_RESULTS(X)
#undef X
        LL_MODEL_RESULT_COUNT_
};
const char *ll_model_result_word(enum ll_model_result r);
const char *ll_model_result_title(enum ll_model_result r, enum ll_lang lang);

struct ll_model_reason {
    const char *code, *words[2]; /* words: empty where the institution gave none */
    size_t line;
};
struct ll_model_outcome {
    enum ll_model_result result;
    double limit_min, limit_max; /* 万元; NAN: none */
    const char *reasons[LL_MODEL_TOLD];
    size_t n;
};
enum ll_model_band_kind { LL_MODEL_RANGE, LL_MODEL_CODES, LL_MODEL_OTHER, LL_MODEL_MISSING };
struct ll_model_band {
    enum ll_model_band_kind kind;
    bool has_from, has_to;
    double from, to;
    struct ll_str codes; /* divided by | */
    int64_t milli;
    const char *reason; /* NULL */
    size_t line;
};
struct ll_model_indicator {
    const struct ll_feature *feature;
    size_t at; /* of the feature in its set */
    struct ll_model_band *bands;
    size_t n;
    int64_t most;
};
struct ll_model_cut {
    bool has_from;
    int64_t milli;
    struct ll_model_outcome outcome;
    size_t line;
};
enum ll_model_test { LL_MODEL_COMPARES, LL_MODEL_IS_KNOWN, LL_MODEL_IS_MISSING };
struct ll_model_condition {
    enum ll_model_test test;
    size_t at;
    struct ll_rule rule; /* of COMPARES */
};
struct ll_model_rule {
    int64_t number;
    struct ll_model_condition *conditions;
    size_t n, line;
    bool has_then;
    struct ll_model_outcome outcome;
};
struct ll_model {
    const struct ll_feature_set *set;
    bool scorecard;
    int64_t base;
    struct ll_model_indicator *indicators;
    size_t n_indicators;
    struct ll_model_cut *cuts;
    size_t n_cuts;
    struct ll_model_rule *rules;
    size_t n_rules;
    struct ll_model_outcome otherwise;
    struct ll_model_reason *reasons;
    size_t n_reasons, rows;
    bool uses[LL_FEATURES_MAX]; /* indicators that it names */
    struct ll_str
        shape; /* the table but for its numbers and words: models of one shape differ in these alone */
};

struct ll_model_fault {
    size_t line; /* 0: the table as a whole */
    const char *column, *zh, *en;
};
struct ll_model_faults {
    struct ll_model_fault list[LL_MODEL_FAULTS];
    size_t n, more;
};
/* In arena; needs the set as long.  *ret NULL: there are faults.  An error is memory's, or the file's as a whole. */
int ll_model_read(struct ll_str csv, const struct ll_feature_set *set, struct ll_arena *arena,
                  const struct ll_model **ret, struct ll_model_faults *faults, struct ll_err *err) LL_MUST;

struct ll_model_scored {
    const struct ll_model_outcome *outcome;
    int64_t milli; /* of a scorecard */
    const char *reasons[LL_MODEL_TOLD];
    size_t n;
};
/* values: one a feature of the set. */
void ll_model_apply(const struct ll_model *m, const struct ll_feature_value *values,
                    struct ll_model_scored *ret);
const struct ll_model_reason *ll_model_reason(const struct ll_model *m,
                                              const char *code); /* NULL: no words */

#endif
