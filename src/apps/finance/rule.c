/* rule.c - see rule.h. */
#include "apps/finance/rule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SHOWN = 64 };

static const struct {
    const char *word;
    bool code;
    const char *says[2];
} operators[] = {
#define X(id, word, code, zh, en) {word, code, {zh, en}},
    LL_RULE_OPERATORS(X)
#undef X
};
static const char *const results[] = {
#define X(id, word) word,
    LL_RULE_RESULTS(X)
#undef X
};
static const struct {
    const char *zh, *one, *many;
} units[] = {
#define X(zh, one, many) {zh, one, many},
    LL_RULE_UNITS(X)
#undef X
};

const char *ll_rule_operator_word(enum ll_rule_operator op)
{
    return operators[op].word;
}

const char *ll_rule_result_word(enum ll_rule_result r)
{
    return results[r];
}

const char *ll_unit_en(const char *unit, double number)
{
    for (size_t i = 0; i < LL_COUNT(units); i++)
        if (strcmp(units[i].zh, unit) == 0)
            return number == 1 ? units[i].one : units[i].many;
    return unit;
}

/* ---- meeting ---- */

static bool compares(enum ll_rule_operator op, double value, double limit)
{
    switch (op) {
    case LL_RULE_GE:
        return value >= limit;
    case LL_RULE_GT:
        return value > limit;
    case LL_RULE_LE:
        return value <= limit;
    case LL_RULE_LT:
        return value < limit;
    case LL_RULE_EQ:
        return value == limit;
    default:
        return value != limit;
    }
}

static bool lists(const struct ll_rule *r, struct ll_str code)
{
    bool begins = r->op == LL_RULE_STARTS || r->op == LL_RULE_NOT_STARTS;
    bool found = false;

    for (size_t i = 0; i < r->n_codes && !found; i++)
        found = begins ? ll_str_starts(code, r->codes[i]) : ll_str_eq(code, r->codes[i]);
    return found == (r->op == LL_RULE_IN || r->op == LL_RULE_STARTS);
}

struct ll_rule_met ll_rule_meet(const struct ll_rule *r, const struct ll_feature_value *values)
{
    const struct ll_feature_value *v = &values[r->at];
    struct ll_rule_met met = {.result = LL_RULE_UNKNOWN, .gap = NAN};

    if (v->kind != (operators[r->op].code ? LL_FV_CODE : LL_FV_NUMBER))
        return met;
    if (operators[r->op].code) {
        met.result = lists(r, v->code) ? LL_RULE_PASS : LL_RULE_MISS;
        return met;
    }
    met.result = compares(r->op, v->number, r->limit) ? LL_RULE_PASS : LL_RULE_MISS;
    if (met.result == LL_RULE_MISS && r->op != LL_RULE_NE)
        met.gap = fabs(v->number - r->limit);
    return met;
}

enum ll_rule_result ll_rule_group_meet(const struct ll_rule_group *g, const struct ll_feature_value *values)
{
    enum ll_rule_result all = LL_RULE_MISS;

    for (size_t i = 0; i < g->n; i++) {
        enum ll_rule_result one = ll_rule_meet(&g->rules[i], values).result;
        if (one == LL_RULE_PASS)
            return LL_RULE_PASS;
        if (one == LL_RULE_UNKNOWN)
            all = LL_RULE_UNKNOWN;
    }
    return all;
}

/* ---- reading ---- */

enum cell { INDICATOR, OPERATOR, VALUE, BASIS };

static int wrong(struct ll_str name, const char *zh, const char *en, struct ll_err *err)
{
    char where[2 * NAME_SHOWN];

    ll_fail_texts(err, LL_INVALID, zh, en);
    snprintf(where, sizeof where, "%.*s", (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN), name.p);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

static int read_codes(struct ll_rule *r, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_str *codes = ll_arena_array(arena, LL_RULE_CODES_MAX, sizeof *codes);
    struct ll_str rest = ll_str(r->value), one;

    if (!codes)
        return ll_no_memory(err);
    r->codes = codes;
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (!(one = ll_str_trim(one)).n || r->n_codes == LL_RULE_CODES_MAX)
            return wrong(ll_str(r->indicator), "value 中的代码为空或过多",
                         "a code of value is empty, or there are too many", err);
        codes[r->n_codes++] = one;
    }
    return LL_OK;
}

static int read_limit(struct ll_rule *r, struct ll_err *err)
{
    char *end = NULL;

    r->limit = strtod(r->value, &end);
    return end == r->value || *end || !isfinite(r->limit)
               ? wrong(ll_str(r->indicator), "value 应为数", "value is a number", err)
               : LL_OK;
}

int ll_rule_read(const struct ll_str *cells, const struct ll_feature_set *set, struct ll_arena *arena,
                 struct ll_rule *ret, struct ll_err *err)
{
    int at = ll_feature_at(set, cells[INDICATOR]);
    struct ll_rule r = {.indicator = ll_arena_dup(arena, cells[INDICATOR]),
                        .value = ll_arena_dup(arena, cells[VALUE]),
                        .basis = ll_arena_dup(arena, cells[BASIS])};
    int rc;

    if (!r.indicator || !r.value || !r.basis)
        return ll_no_memory(err);
    if (at < 0)
        return wrong(cells[INDICATOR], "没有这个指标", "there is no such indicator", err);
    while (r.op < LL_RULE_OPERATOR_COUNT_ && !ll_str_is(cells[OPERATOR], operators[r.op].word))
        r.op++;
    r.at = (size_t)at;
    r.feature = &set->features[at];
    if (r.op == LL_RULE_OPERATOR_COUNT_ || operators[r.op].code != r.feature->code)
        return wrong(cells[INDICATOR], "没有这种比较，或与指标的类型不符",
                     "there is no such operator, or it is not for an indicator of this type", err);
    if (!r.value[0])
        return wrong(cells[INDICATOR], "缺少 value", "value is missing", err);
    if ((rc = operators[r.op].code ? read_codes(&r, arena, err) : read_limit(&r, err)) == LL_OK)
        *ret = r;
    return rc;
}

/* ---- words ---- */

static void code_text(const struct ll_rule *r, enum ll_lang lang, struct ll_buf *out)
{
    for (size_t i = 0; i < r->n_codes; i++) {
        const struct ll_code *c = r->feature->codes ? ll_codeset_by_code(r->feature->codes, r->codes[i])
                                                    : NULL;
        struct ll_str title = !c ? r->codes[i] : lang == LL_EN && c->title_en.n ? c->title_en : c->title;
        if (i)
            ll_buf_z(out, lang == LL_ZH ? "、" : ", ");
        ll_buf_str(out, title);
    }
}

/* Of yes and no, which a rule asks for: 1, 0; -1: it is about a quantity. */
static int asks(const struct ll_rule *r)
{
    if (r->feature->unit[0] || (r->limit != 0 && r->limit != 1))
        return -1;
    if (r->op == LL_RULE_EQ || (r->op == LL_RULE_GE && r->limit == 1) ||
        (r->op == LL_RULE_LE && r->limit == 0))
        return r->limit == 1;
    return -1;
}

static void number_text(const struct ll_rule *r, enum ll_lang lang, struct ll_buf *out)
{
    const char *unit = lang == LL_ZH ? r->feature->unit : ll_unit_en(r->feature->unit, r->limit);
    bool none = r->limit == 0 && (r->op == LL_RULE_LE || r->op == LL_RULE_EQ);

    if (asks(r) >= 0)
        ll_buf_z(out, lang == LL_ZH ? (asks(r) ? "：是" : "：否") : asks(r) ? "yes" : "no");
    else if (none)
        ll_buf_z(out, lang == LL_ZH ? "：没有" : "none");
    else
        ll_buf_printf(out, "%s %s%s%s", operators[r->op].says[lang], r->value,
                      unit[0] && strcmp(unit, "%") != 0 ? " " : "", unit);
}

void ll_rule_text(const struct ll_rule *r, enum ll_lang lang, struct ll_buf *out)
{
    ll_buf_z(out, r->feature->title[lang]);
    if (lang == LL_EN)
        ll_buf_z(out, ": ");
    if (!operators[r->op].code) {
        number_text(r, lang, out);
        return;
    }
    ll_buf_z(out, operators[r->op].says[lang]);
    ll_buf_c(out, ' ');
    code_text(r, lang, out);
    if (lang == LL_ZH && r->n_codes > 1 && r->op == LL_RULE_IN)
        ll_buf_z(out, " 之一");
}
