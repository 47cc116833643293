/* financing_fit.h - products for one financing: the firm against their rules (match.h), and what is wanted against their terms.
 *
 * (1) The order is declared and is all there is: fewest rules and terms missed, fewest not known, lowest rate, name.  Nothing else of a product enters it.
 * (2) A term that nobody asked for fits, but a guarantee: who offers none is served by products without one (and by guarantors, who give one).
 * (3) Pure functions of the values and of the wish. */
#ifndef LL_APPS_FINANCE_FINANCING_FIT_H
#define LL_APPS_FINANCE_FINANCING_FIT_H

#include "apps/finance/match.h"
#include "apps/finance/tbl/financing_words.h"

#define X(id, ...) LL_FIT_##id,
enum ll_fit_term { LL_FIT_TERMS(X) LL_FIT_TERM_COUNT };
#undef X

/* What a firm wants: fen, months, millionths a year (-1: any). */
struct ll_financing_wish {
    int64_t amount, term, rate_most;
    const char *guarantee, *repayment; /* code, word; NULL: none, any */
};

struct ll_financing_fit {
    struct ll_product_match match;
    bool fits[LL_FIT_TERM_COUNT];
    size_t missed; /* terms */
};

/* ret: as many as there are products, in the declared order. */
int ll_financing_fit(const struct ll_products *all, const struct ll_feature_value *values,
                     const struct ll_financing_wish *wish, struct ll_arena *arena,
                     struct ll_financing_fit *ret, struct ll_err *err) LL_MUST;
/* "pass", "miss", "unknown": rules and terms together. */
const char *ll_financing_fit_word(const struct ll_financing_fit *f);
/* key: an array of the terms, each told in words. */
void ll_financing_fit_put(struct ll_json *j, const char *key, const struct ll_financing_fit *f);

#endif
