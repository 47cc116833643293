/* link_em.h - the Fellegi-Sunter model: what agreement and disagreement are worth, estimated without labels.
 *
 * A pair of records shows a pattern: a level for each comparison (link_model.h).  Among pairs of one subject a comparison shows level k with
 * probability m[k], among others with u[k]; given which it is, comparisons are independent.  Its weight is log2(m/u), the weights of a pair
 * add up to its own, and the share lambda of pairs that are of one subject is where the sum begins.  Pure arithmetic. */
#ifndef LL_APPS_CREDIT_LINK_EM_H
#define LL_APPS_CREDIT_LINK_EM_H

#include "apps/credit/link_model.h"

struct ll_link_params {
    double lambda; /* that two records, one of each side, are of one subject */
    double m[LL_LINK_COMPARISONS][LL_LINK_LEVELS + 1], u[LL_LINK_COMPARISONS][LL_LINK_LEVELS + 1];
};

struct ll_link_pattern {
    double count;
    int8_t level[LL_LINK_COMPARISONS]; /* -1: nothing to compare */
};
struct ll_link_patterns {
    struct ll_link_pattern *list;
    size_t n, cap;
};
int ll_link_patterns_add(struct ll_link_patterns *p, const struct ll_link_pattern *one,
                         struct ll_err *err) LL_MUST;
void ll_link_patterns_free(struct ll_link_patterns *p);

/* m falling with the level's weakness, u the other way: where the estimation begins. */
void ll_link_params_init(const struct ll_link_model *m, struct ll_link_params *p);
/* u from pairs drawn at random, nearly all of which are of different subjects.  No level is left without a little probability.  With `known`
 * each pair counts by how likely it is of different subjects after m, u and lambda so far: in a table full of duplicates the few pairs that
 * agree by chance are fewer than those that agree because they are one. */
void ll_link_estimate_u(const struct ll_link_model *m, const struct ll_link_patterns *random, bool known,
                        struct ll_link_params *p);

struct ll_link_em {
    double lambda;     /* share of the session's pairs that are of one subject */
    double matches;    /* the same as a number of pairs */
    double likelihood; /* logarithm, per pair */
    unsigned rounds;
    bool converged;
};
enum { LL_LINK_ROUNDS = 500 };
/* Estimates m of the comparisons that `live` marks, and the session's own share, by expectation and maximisation; u stays.  The likelihood
 * never falls from one round to the next.  on_round (NULL: none) is told after each. */
void ll_link_em_run(const struct ll_link_model *m, const struct ll_link_patterns *pairs, const bool *live,
                    struct ll_link_params *p, struct ll_link_em *ret,
                    void (*on_round)(void *ctx, const struct ll_link_em *), void *ctx);
/* The share of one subject among all `total` pairs, m and u given: those that no rule brought together count as of different subjects. */
double ll_link_estimate_lambda(const struct ll_link_model *m, const struct ll_link_patterns *pairs,
                               double total, const struct ll_link_params *p);

/* log2(m/u); 0 for level -1. */
double ll_link_weight(const struct ll_link_params *p, size_t comparison, int level);
double ll_link_prior(const struct ll_link_params *p); /* log2 of lambda's odds */
double
ll_link_probability(double weight); /* of a pair whose weights, the prior's among them, add up to this */
double ll_link_weight_of(double probability);

#endif
