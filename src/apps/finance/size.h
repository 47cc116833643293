/* size.h - size class of an enterprise (统计上大中小微型企业划分办法, 2017): a pure function of its industry, persons, revenue and assets.
 *
 * (1) Limits are data (enterprise_sizes.csv, recalled: each row says so).  An enterprise is large, medium or small when every measure of its industry
 *     reaches the lower limit of that class, otherwise it goes a class down; below the limits of small it is micro.
 * (2) A measure that is missing leaves the class open, unless one that is known already makes it micro.
 * (3) The industry is a code of GB/T 4754 with its section ("C13", "K7010"); a scope is a list of beginnings of codes, `!` before one takes it out. */
#ifndef LL_APPS_FINANCE_SIZE_H
#define LL_APPS_FINANCE_SIZE_H

#include "apps/finance/tbl/sizes.h"
#include "base/arena.h"
#include "store/store.h"

enum ll_size {
#define X(id, word, code, zh, en) LL_SIZE_##id,
    LL_SIZES(X)
#undef X
};
enum ll_size_reason {
#define X(id, word, zh, en) LL_SIZE_BY_##id,
    LL_SIZE_REASONS(X)
#undef X
};
enum ll_size_measure { LL_SIZE_PERSONS, LL_SIZE_REVENUE, LL_SIZE_ASSETS, LL_SIZE_MEASURES };
enum { LL_SIZE_RULES_MAX = 100 };

struct ll_size_rule {
    const char *industry[2], *scope, *basis, *source; /* industry by language */
    enum ll_size_measure measure;
    int64_t least[LL_SIZE_LARGE + 1]; /* by class, from small on: persons, or yuan */
};

struct ll_size_facts {
    const char *industry;            /* NULL or "": not known */
    int64_t value[LL_SIZE_MEASURES]; /* persons, yuan; negative: not known */
};

struct ll_size_found {
    enum ll_size size;
    enum ll_size_reason reason;
    const struct ll_size_rule
        *rule[LL_SIZE_MEASURES];       /* those that apply; NULL: the measure does not count */
    enum ll_size by[LL_SIZE_MEASURES]; /* the class that each measure alone would give; NONE: not known */
};

struct ll_size_found ll_size_of(const struct ll_size_rule *rules, size_t n,
                                const struct ll_size_facts *facts);

/* A row of the table: industry, industry_en, scope, measure, large, medium, small, basis, source.  In arena. */
enum { LL_SIZE_CELLS = 9 };
int ll_size_rule_read(const struct ll_str *cells, struct ll_arena *arena, struct ll_size_rule *ret,
                      struct ll_err *err) LL_MUST;
/* All of the packs that are loaded, in arena; none is no error. */
int ll_size_rules_read(struct ll_txn *tx, struct ll_arena *arena, const struct ll_size_rule **ret,
                       size_t *ret_n, struct ll_err *err) LL_MUST;

const char *ll_size_word(enum ll_size s);
const char *ll_size_title(enum ll_size s, enum ll_lang lang);
const char *ll_size_code(enum ll_size s); /* of ENT_SIZE; NULL: none */
const char *ll_size_reason_word(enum ll_size_reason r);
const char *ll_size_reason_title(enum ll_size_reason r, enum ll_lang lang);

#endif
