/* model_check.c - whether a model gives every firm exactly one outcome (model.h, promise 2). */
#include "apps/finance/model_impl.h"

#include <stdlib.h>
#include <string.h>

static int by_from(const void *a, const void *b)
{
    const struct ll_model_band *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind != LL_MODEL_RANGE || x->has_from != y->has_from)
        return x->has_from != y->has_from && x->kind == LL_MODEL_RANGE ? (x->has_from ? 1 : -1)
               : x->line < y->line                                     ? -1
                                                                       : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* Ranges join: the first begins nowhere, each begins where the one before it ends, the last ends nowhere. */
static void check_ranges(struct ll_model_reading *r, const struct ll_model_indicator *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct ll_model_band *b = &x->bands[i], *before = i ? b - 1 : NULL;
        bool joins = before ? before->has_to && b->has_from && before->to == b->from : !b->has_from;
        if (!joins)
            ll_model_fault(
                r, b->line, LL_MC_FROM, "各档的范围有空缺或重叠（首档不写 from，每档从上一档的 to 开始）",
                "ranges leave a gap or overlap (the first has no from, each begins where the one before ends)");
        if (i + 1 == n && b->has_to)
            ll_model_fault(r, b->line, LL_MC_TO, "最后一档不写 to", "the last range has no to");
    }
    if (!n)
        ll_model_fault(r, x->bands[0].line, LL_MC_IS, "数值指标须有 range 档",
                       "a numeric indicator has bands range");
}

static void check_codes(struct ll_model_reading *r, const struct ll_model_indicator *x)
{
    for (size_t i = 0; i < x->n; i++) {
        struct ll_str rest = x->bands[i].codes, one;
        while (rest.n) {
            ll_str_cut(rest, '|', &one, &rest);
            for (size_t k = 0; k < i; k++) {
                struct ll_str others = x->bands[k].codes, other;
                while (others.n) {
                    ll_str_cut(others, '|', &other, &others);
                    if (ll_str_eq(one, other))
                        ll_model_fault(r, x->bands[i].line, LL_MC_VALUE, "同一代码出现在两档",
                                       "a code stands in two bands");
                }
            }
        }
    }
}

static void check_indicator(struct ll_model_reading *r, struct ll_model_indicator *x)
{
    size_t n[4] = {0};

    if (!x->n)
        return;
    qsort(x->bands, x->n, sizeof *x->bands, by_from);
    for (size_t i = 0; i < x->n; i++)
        n[x->bands[i].kind]++;
    if (n[LL_MODEL_MISSING] != 1)
        ll_model_fault(r, x->bands[0].line, LL_MC_IS, "每个指标须有一行 missing（没有值时的分数）",
                       "each indicator has one band missing (points where there is no value)");
    if (x->feature->code ? n[LL_MODEL_OTHER] != 1 : n[LL_MODEL_OTHER] != 0)
        ll_model_fault(r, x->bands[0].line, LL_MC_IS, "代码指标须有一行 other（其他代码的分数）",
                       "an indicator of codes has one band other (points of any other code)");
    if (x->feature->code)
        check_codes(r, x);
    else
        check_ranges(r, x, n[LL_MODEL_RANGE]);
}

static void check_reason(struct ll_model_reading *r, const char *code, size_t line)
{
    if (code && !ll_model_reason(r->model, code))
        ll_model_fault(r, line, LL_MC_REASON, "没有这个原因代码的 reason 行",
                       "there is no row reason of this code");
}

static void check_scorecard(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;

    if (!m->n_indicators || !m->n_cuts)
        ll_model_fault(r, 0, LL_MC_ROW, "评分卡须有 band 与 cut", "a scorecard has rows band and cut");
    for (size_t i = 0; i < m->n_indicators; i++) {
        check_indicator(r, &m->indicators[i]);
        for (size_t k = 0; k < m->indicators[i].n; k++)
            check_reason(r, m->indicators[i].bands[k].reason, m->indicators[i].bands[k].line);
    }
    for (size_t i = 0; i < m->n_cuts; i++) {
        bool last = i + 1 == m->n_cuts;
        if (m->cuts[i].has_from == last)
            ll_model_fault(r, m->cuts[i].line, LL_MC_FROM, "只有最后一行 cut 不写 from",
                           "the last row cut, and no other, has no from");
        if (i && m->cuts[i].has_from && m->cuts[i].milli >= m->cuts[i - 1].milli)
            ll_model_fault(r, m->cuts[i].line, LL_MC_FROM, "cut 须按分数从高到低",
                           "cuts go from high to low");
    }
}

static int by_number(const void *a, const void *b)
{
    const struct ll_model_rule *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static void check_table(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;

    if (!m->n_rules || !r->has_else)
        ll_model_fault(r, 0, LL_MC_ROW, "决策表须有规则（when、then）与 else",
                       "a decision table has rules (when, then) and else");
    qsort(m->rules, m->n_rules, sizeof *m->rules, by_number);
    for (size_t i = 0; i < m->n_rules; i++) {
        const struct ll_model_rule *x = &m->rules[i];
        if (!x->n || !x->has_then)
            ll_model_fault(r, x->line, LL_MC_RULE, "规则须有 when 与 then", "a rule has when and then");
        for (size_t k = 0; k < x->outcome.n; k++)
            check_reason(r, x->outcome.reasons[k], x->line);
    }
    for (size_t k = 0; k < m->otherwise.n; k++)
        check_reason(r, m->otherwise.reasons[k], 0);
}

void ll_model_check(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;

    if (!m->rows)
        ll_model_fault(r, 0, LL_MC_ROW, "表是空的", "the table is empty");
    else if (m->scorecard)
        check_scorecard(r);
    else
        check_table(r);
    for (size_t i = 0; i < m->n_reasons; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->reasons[i].code, m->reasons[k].code) == 0)
                ll_model_fault(r, m->reasons[i].line, LL_MC_REASON, "原因代码重复", "a reason stands twice");
}
