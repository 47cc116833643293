/* link_em.c - see link_em.h. */
#include "apps/credit/link_em.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST = 1e-9; /* no probability is 0: one odd pair must not decide all by itself */
static const double STILL = 1e-7; /* EM ends when nothing moves more than this */

int ll_link_patterns_add(struct ll_link_patterns *p, const struct ll_link_pattern *one, struct ll_err *err)
{
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 256;
        struct ll_link_pattern *list = realloc(p->list, cap * sizeof *list);
        if (!list)
            return ll_no_memory(err);
        p->list = list;
        p->cap = cap;
    }
    p->list[p->n++] = *one;
    return LL_OK;
}

void ll_link_patterns_free(struct ll_link_patterns *p)
{
    free(p->list);
    *p = (struct ll_link_patterns){0};
}

/* Counts to probabilities, each level having been seen `extra` times more than it was. */
static void share(const double *counts, size_t n, double extra, double *out)
{
    double sum = 0;

    for (size_t k = 0; k <= n; k++)
        sum += counts[k] + extra;
    for (size_t k = 0; k <= n && sum > 0; k++)
        out[k] = (counts[k] + extra) / sum;
}

void ll_link_params_init(const struct ll_link_model *m, struct ll_link_params *p)
{
    memset(p, 0, sizeof *p);
    p->lambda = 1e-4;
    for (size_t c = 0; c < m->n_comparisons; c++) {
        size_t n = m->comparisons[c].n;
        for (size_t k = 0; k <= n; k++) {
            p->m[c][k] = k == n ? 0.9 : 0.1 / (double)n;
            p->u[c][k] = k == 0 ? 0.9 : 0.1 / (double)n;
        }
    }
}

double ll_link_weight(const struct ll_link_params *p, size_t c, int level)
{
    return level < 0 ? 0 : log2(fmax(p->m[c][level], LEAST) / fmax(p->u[c][level], LEAST));
}

double ll_link_prior(const struct ll_link_params *p)
{
    return log2(p->lambda / (1 - p->lambda));
}

double ll_link_probability(double weight)
{
    return 1 / (1 + exp2(-weight));
}

double ll_link_weight_of(double probability)
{
    const double most = 1 - 1e-12;
    double p = fmin(fmax(probability, 1 - most), most);

    return log2(p / (1 - p));
}

/* ---- rounds ---- */

struct sums {
    double m[LL_LINK_COMPARISONS][LL_LINK_LEVELS + 1];
    double matches, pairs, likelihood;
};

/* How likely a pattern is a match; the logarithm of its own probability beside it. */
static double match_share(const struct ll_link_model *m, const struct ll_link_pattern *t, const bool *live,
                          const struct ll_link_params *p, double lambda, double *likelihood)
{
    double if_match = log(lambda), if_not = log1p(-lambda);

    for (size_t c = 0; c < m->n_comparisons; c++)
        if (live[c] && t->level[c] >= 0) {
            if_match += log(fmax(p->m[c][t->level[c]], LEAST));
            if_not += log(fmax(p->u[c][t->level[c]], LEAST));
        }
    double most = fmax(if_match, if_not);
    *likelihood = most + log(exp(if_match - most) + exp(if_not - most));
    return exp(if_match - *likelihood);
}

/* One look at every pattern: how likely it is a match, and what that adds to the counts. */
static void expect(const struct ll_link_model *m, const struct ll_link_patterns *pairs, const bool *live,
                   const struct ll_link_params *p, double lambda, struct sums *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < pairs->n; i++) {
        const struct ll_link_pattern *t = &pairs->list[i];
        double likelihood, match = match_share(m, t, live, p, lambda, &likelihood) * t->count;
        s->likelihood += likelihood * t->count;
        s->matches += match;
        s->pairs += t->count;
        for (size_t c = 0; c < m->n_comparisons; c++)
            if (live[c] && t->level[c] >= 0)
                s->m[c][t->level[c]] += match;
    }
}

/* Returns the greatest movement. */
static double maximise(const struct ll_link_model *m, const bool *live, const struct sums *s,
                       struct ll_link_params *p, double *lambda)
{
    double moved = 0, share_of_matches = fmin(fmax(s->matches / s->pairs, 1e-12), 1 - 1e-6);

    moved = fabs(share_of_matches - *lambda);
    *lambda = share_of_matches;
    for (size_t c = 0; c < m->n_comparisons; c++) {
        double now[LL_LINK_LEVELS + 1] = {0}, seen = 0;
        for (size_t k = 0; k <= m->comparisons[c].n; k++)
            seen += s->m[c][k];
        if (!live[c] || seen <= 0)
            continue;
        share(s->m[c], m->comparisons[c].n, 0, now);
        for (size_t k = 0; k <= m->comparisons[c].n; k++) {
            moved = fmax(moved, fabs(now[k] - p->m[c][k]));
            p->m[c][k] = now[k];
        }
    }
    return moved;
}

/* What was seen too seldom to tell stays possible: an estimate of exactly 0 comes of a small sample. */
static void soften(const struct ll_link_model *m, const bool *live, const struct sums *s,
                   struct ll_link_params *p)
{
    for (size_t c = 0; c < m->n_comparisons; c++)
        if (live[c])
            share(s->m[c], m->comparisons[c].n, 0.5, p->m[c]);
}

void ll_link_em_run(const struct ll_link_model *m, const struct ll_link_patterns *pairs, const bool *live,
                    struct ll_link_params *p, struct ll_link_em *ret,
                    void (*on_round)(void *ctx, const struct ll_link_em *), void *ctx)
{
    struct sums s = {.pairs = 0}; /* filled by the first round, of which there is always one */

    *ret = (struct ll_link_em){.lambda = 0.1};
    if (!pairs->n)
        return;
    while (ret->rounds < LL_LINK_ROUNDS && !ret->converged) {
        expect(m, pairs, live, p, ret->lambda, &s);
        ret->likelihood = s.likelihood / s.pairs;
        ret->converged = maximise(m, live, &s, p, &ret->lambda) < STILL;
        ret->matches = ret->lambda * s.pairs;
        ret->rounds++;
        if (on_round)
            on_round(ctx, ret);
    }
    soften(m, live, &s, p);
}

void ll_link_estimate_u(const struct ll_link_model *m, const struct ll_link_patterns *random, bool known,
                        struct ll_link_params *p)
{
    double counts[LL_LINK_COMPARISONS][LL_LINK_LEVELS + 1] = {0};
    bool live[LL_LINK_COMPARISONS];

    for (size_t c = 0; c < LL_LINK_COMPARISONS; c++)
        live[c] = true;
    for (size_t i = 0; i < random->n; i++) {
        const struct ll_link_pattern *t = &random->list[i];
        double likelihood, match = known ? match_share(m, t, live, p, p->lambda, &likelihood) : 0;
        for (size_t c = 0; c < m->n_comparisons; c++)
            if (t->level[c] >= 0)
                counts[c][t->level[c]] += t->count * (1 - match);
    }
    for (size_t c = 0; c < m->n_comparisons; c++)
        share(counts[c], m->comparisons[c].n, 0.5, p->u[c]);
}

double ll_link_estimate_lambda(const struct ll_link_model *m, const struct ll_link_patterns *pairs,
                               double total, const struct ll_link_params *p)
{
    bool live[LL_LINK_COMPARISONS];
    double lambda = p->lambda, before = 0;
    struct sums s;

    for (size_t c = 0; c < LL_LINK_COMPARISONS; c++)
        live[c] = true;
    for (unsigned i = 0; i < LL_LINK_ROUNDS && fabs(lambda - before) > 1e-6 * lambda; i++) {
        expect(m, pairs, live, p, lambda, &s);
        before = lambda;
        lambda = fmin(fmax(s.matches / total, 1e-12), 0.5);
    }
    return lambda;
}
