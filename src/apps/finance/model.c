/* model.c - what a model makes of a firm (model.h): pure. */
#include "apps/finance/model.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *title[2];
} results[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_MODEL_RESULTS(X)
#undef X
};

const char *ll_model_result_word(enum ll_model_result r)
{
    return results[r].word;
}

const char *ll_model_result_title(enum ll_model_result r, enum ll_lang lang)
{
    return results[r].title[lang];
}

const struct ll_model_reason *ll_model_reason(const struct ll_model *m, const char *code)
{
    for (size_t i = 0; i < m->n_reasons; i++)
        if (strcmp(m->reasons[i].code, code) == 0)
            return &m->reasons[i];
    return NULL;
}

/* ---- scorecards ---- */

static bool lists(struct ll_str codes, struct ll_str code)
{
    struct ll_str one;

    while (codes.n) {
        ll_str_cut(codes, '|', &one, &codes);
        if (ll_str_eq(one, code))
            return true;
    }
    return false;
}

static bool fits(const struct ll_model_band *b, const struct ll_feature_value *v)
{
    switch (b->kind) {
    case LL_MODEL_RANGE:
        return v->kind == LL_FV_NUMBER && (!b->has_from || v->number >= b->from) &&
               (!b->has_to || v->number < b->to);
    case LL_MODEL_CODES:
        return v->kind == LL_FV_CODE && lists(b->codes, v->code);
    case LL_MODEL_OTHER:
        return v->kind == LL_FV_CODE;
    default:
        return v->kind == LL_FV_NONE;
    }
}

/* `other` counts when no band names the code, wherever it stands. */
static const struct ll_model_band *band_of(const struct ll_model_indicator *x,
                                           const struct ll_feature_value *v)
{
    const struct ll_model_band *other = NULL;

    for (size_t i = 0; i < x->n; i++) {
        if (!fits(&x->bands[i], v))
            continue;
        if (x->bands[i].kind != LL_MODEL_OTHER)
            return &x->bands[i];
        other = &x->bands[i];
    }
    return other;
}

struct cost {
    const char *reason;
    int64_t milli;
    size_t at;
};

static int by_cost(const void *a, const void *b)
{
    const struct cost *x = a, *y = b;

    return x->milli != y->milli ? (x->milli > y->milli ? -1 : 1) : x->at < y->at ? -1 : 1;
}

static void tell(struct cost *costs, size_t n, struct ll_model_scored *ret)
{
    qsort(costs, n, sizeof *costs, by_cost);
    for (size_t i = 0; i < n && ret->n < LL_MODEL_TOLD; i++) {
        bool told = false;
        for (size_t k = 0; k < ret->n; k++)
            told |= strcmp(ret->reasons[k], costs[i].reason) == 0;
        if (!told)
            ret->reasons[ret->n++] = costs[i].reason;
    }
}

static void score(const struct ll_model *m, const struct ll_feature_value *values,
                  struct ll_model_scored *ret)
{
    struct cost costs[LL_MODEL_INDICATORS];
    size_t n = 0, cut = 0;

    ret->milli = m->base;
    for (size_t i = 0; i < m->n_indicators; i++) {
        const struct ll_model_indicator *x = &m->indicators[i];
        const struct ll_model_band *b = band_of(x, &values[x->at]);
        if (!b) /* bands cover everything: model_read.c */
            continue;
        ret->milli += b->milli;
        if (b->reason)
            costs[n++] = (struct cost){b->reason, x->most - b->milli, i};
    }
    while (cut + 1 < m->n_cuts && ret->milli < m->cuts[cut].milli)
        cut++;
    ret->outcome = &m->cuts[cut].outcome;
    tell(costs, n, ret);
}

/* ---- decision tables ---- */

static bool meets(const struct ll_model_condition *c, const struct ll_feature_value *values)
{
    if (c->test == LL_MODEL_COMPARES)
        return ll_rule_meet(&c->rule, values).result == LL_RULE_PASS;
    return (values[c->at].kind == LL_FV_NONE) == (c->test == LL_MODEL_IS_MISSING);
}

static const struct ll_model_outcome *decide(const struct ll_model *m, const struct ll_feature_value *values)
{
    for (size_t i = 0; i < m->n_rules; i++) {
        bool all = true;
        for (size_t k = 0; k < m->rules[i].n && all; k++)
            all = meets(&m->rules[i].conditions[k], values);
        if (all)
            return &m->rules[i].outcome;
    }
    return &m->otherwise;
}

void ll_model_apply(const struct ll_model *m, const struct ll_feature_value *values,
                    struct ll_model_scored *ret)
{
    *ret = (struct ll_model_scored){.outcome = NULL};
    if (m->scorecard) {
        score(m, values, ret);
        return;
    }
    ret->outcome = decide(m, values);
    ret->n = ret->outcome->n;
    memcpy(ret->reasons, ret->outcome->reasons, sizeof ret->reasons);
}
