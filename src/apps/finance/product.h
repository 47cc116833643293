/* product.h - the products of the finance platform, as tables of packs declare them and institutions publish them: what they are, and what they ask of a firm.
 *
 * (1) A row of products.csv is a product, rows of product_rules.csv are its rules; both make its target (target.h).
 * (2) What institutions publish (product_version.h) stands in the same list, made by the same code.
 * (3) Amounts are 万元, rates percent a year, terms months.
 * (4) The order of products is the caller's; there is none that can be paid for. */
#ifndef LL_APPS_FINANCE_PRODUCT_H
#define LL_APPS_FINANCE_PRODUCT_H

#include "apps/finance/target.h"
#include "apps/finance/tbl/product_kinds.h"

enum { LL_PRODUCTS_MAX = 1000, LL_PRODUCT_RULES_MAX = 16000 };

enum ll_product_kind {
#define X(id, ...) LL_PRODUCT_##id,
    LL_PRODUCT_KINDS(X)
#undef X
        LL_PRODUCT_KIND_COUNT_
};

struct ll_product {
    const char *name, *title[2], *institution[2], *basis, *source;
    const char *guarantee, *repayment, *sizes; /* lists divided by |; "": any */
    const char *materials[2];
    const char *organisation; /* who takes applications for it here; "": nobody */
    enum ll_product_kind kind;
    double amount_min, amount_max, rate_min, rate_max;
    int64_t term_min, term_max, days; /* days: working days until payout; 0: not promised */
    bool first_loan, online, sample;
    struct ll_target target;
    struct ll_str said; /* what ll_product_put writes, put together once; n 0: not yet */
};

struct ll_products {
    struct ll_product *list;
    size_t n;
    const struct ll_feature_set *set; /* what the rules are over */
};

/* In arena; needs the catalogue as long.  LL_NOTFOUND: no pack has products; LL_INVALID: which row is wrong. */
int ll_products_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_products **ret, struct ll_err *err) LL_MUST;
/* Counts up whenever what institutions and departments publish changes: beside the catalogue's generation it tells whether products and policies that are held still stand. */
int ll_products_generation(struct ll_txn *tx, uint64_t *ret, struct ll_err *err) LL_MUST;
const struct ll_product *ll_product_find(const struct ll_products *all, struct ll_str name); /* NULL: none */
/* In arena, in the order of the list. */
int ll_products_targets(const struct ll_products *all, struct ll_arena *arena, struct ll_targets *ret,
                        struct ll_err *err) LL_MUST;

/* What a list asks for; empty and negative: whatever. */
struct ll_product_query {
    struct ll_str q, region, industry, guarantee;
    int kind, size; /* size: enum ll_size */
    int64_t amount; /* 万元 that are wanted */
    bool first_loan;
    const char *sort; /* "rate", "-amount", ...; NULL: rate */
};
/* ret: as many pointers as there are products. */
size_t ll_products_filter(const struct ll_products *all, const struct ll_product_query *q,
                          const struct ll_product **ret);

/* Members of an object that is open: what every list has of a product; its rules and the rest. */
void ll_product_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p);
int ll_product_put_whole(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p,
                         struct ll_err *err) LL_MUST;

#endif
