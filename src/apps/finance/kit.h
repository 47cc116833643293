/* kit.h - statistics of one or two indicators over all firms of a study, for who builds a model: never of fewer than LL_KIT_CELL firms.  Pure.
 *
 * (1) Every count that is ever told about an indicator in a study is a sum over the same base cells, whatever number of bins and method were asked for. Each has
 *     LL_KIT_CELL firms at least.  Where good and bad are told apart, cells are sums of those, with that many good, bad and others (firms without an outcome) each.
 *     So the difference of any two answers is such a sum, too, or nothing: no differencing comes to a smaller cell.
 * (2) What would be a cell of its own and is too small is merged: neighbouring ranges; codes into `other`, and if that is too small the smallest of the rest with it
 *     (complementary, so that a total less what is told does not give it away); firms without a value into the first range, or into `other`.
 * (3) Edges are quantiles rounded to three digits: no firm's own value, no least, no greatest.
 * (4) A table of two indicators has the one grouping that it always has, merged until every cell is large enough; a correlation has two decimals and has no variants. */
#ifndef LL_APPS_FINANCE_KIT_H
#define LL_APPS_FINANCE_KIT_H

#include "apps/finance/feature.h"

enum {
    LL_KIT_CELL = 10,
    LL_KIT_BASE = 100, /* quantiles that base cells are made of */
    LL_KIT_BINS = 20,  /* most that may be asked for */
    LL_KIT_CODES = 60, /* most that are told apart */
    LL_KIT_CROSS = 5,  /* groups of each side of a table */
    LL_KIT_PAIRS = 50  /* fewest firms of a correlation */
};

/* One indicator of n firms. */
struct ll_kit_column {
    const struct ll_feature *feature;
    size_t n;
    double *numbers;      /* NAN: no value */
    struct ll_str *codes; /* of an indicator of codes; n 0: no value */
};
/* What became of each firm; NULL: nobody asks. */
enum ll_kit_outcome { LL_KIT_OUT = -1, LL_KIT_GOOD, LL_KIT_BAD };

struct ll_kit_bin {
    bool has_from, has_to, other, missing; /* missing: firms without a value are in it */
    double from, to;
    struct ll_str codes[LL_KIT_CODES];
    size_t n_codes;
    int64_t firms, good, bad, out; /* out: of neither */
    double woe;                    /* NAN: no outcome */
};
struct ll_kit_bins {
    struct ll_kit_bin *list;
    size_t n;
    int64_t firms, good, bad, out;
    double iv; /* NAN: no outcome */
};
enum ll_kit_method { LL_KIT_QUANTILE, LL_KIT_WIDTH };
/* In arena.  outcome: one of each firm; NULL: not asked.  LL_INVALID: too few firms for a single cell. */
int ll_kit_bin(const struct ll_kit_column *c, const signed char *outcome, enum ll_kit_method method,
               size_t bins, struct ll_arena *arena, struct ll_kit_bins *ret, struct ll_err *err) LL_MUST;

struct ll_kit_cross {
    struct ll_kit_bins a, b; /* the groups of each side, with their sums */
    int64_t *cells;          /* a.n rows of b.n */
};
int ll_kit_cross(const struct ll_kit_column *a, const struct ll_kit_column *b, struct ll_arena *arena,
                 struct ll_kit_cross *ret, struct ll_err *err) LL_MUST;

struct ll_kit_correlation {
    int64_t firms; /* rounded down to tens */
    double pearson, spearman;
};
int ll_kit_correlate(const struct ll_kit_column *a, const struct ll_kit_column *b, struct ll_arena *arena,
                     struct ll_kit_correlation *ret, struct ll_err *err) LL_MUST;

#endif
