/* model_read.c - a model's table, read row by row (model.h).  model_check.c looks at it as a whole. */
#include "apps/finance/model_impl.h"

#include "base/csv_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[LL_MODEL_COLUMN_COUNT][3] = {
#define X(id, name) {name},
    LL_MODEL_COLUMNS(X)
#undef X
};

void ll_model_fault(struct ll_model_reading *r, size_t line, enum ll_model_column column, const char *zh,
                    const char *en)
{
    struct ll_model_faults *f = r->faults;

    if (f->n == LL_MODEL_FAULTS)
        f->more++;
    else
        f->list[f->n++] = (struct ll_model_fault){
            line, column < LL_MODEL_COLUMN_COUNT ? columns[column][0] : NULL, zh, en};
}

/* ---- cells ---- */

static struct ll_str cell(const struct ll_model_reading *r, enum ll_model_column c)
{
    return r->cells[c];
}

static void fault(struct ll_model_reading *r, enum ll_model_column column, const char *zh, const char *en)
{
    ll_model_fault(r, r->line, column, zh, en);
}

static const char *keep(struct ll_model_reading *r, struct ll_str s)
{
    const char *text = ll_arena_dup(r->arena, s);

    r->nomem |= !text;
    return text;
}

/* Finite, within `most` either way, at most three decimals where milli is asked for. */
static bool number(struct ll_model_reading *r, enum ll_model_column c, double most, double *ret)
{
    struct ll_str s = cell(r, c);
    char text[32], *end = text;

    *ret = 0;
    if (s.n && s.n < sizeof text) {
        memcpy(text, s.p, s.n);
        text[s.n] = 0;
        *ret = strtod(text, &end);
    }
    if (s.n && end == text + s.n && isfinite(*ret) && fabs(*ret) <= most && !memchr(s.p, 'x', s.n) &&
        !memchr(s.p, 'X', s.n))
        return true;
    fault(r, c, "应为数，且不超出范围", "a number within bounds is needed");
    return false;
}

static int64_t milli(struct ll_model_reading *r, enum ll_model_column c)
{
    double x = 0;

    if (!number(r, c, LL_MODEL_POINTS, &x))
        return 0;
    if (fabs(x * LL_MODEL_MILLI - nearbyint(x * LL_MODEL_MILLI)) > 1e-6)
        fault(r, c, "分数至多三位小数", "points have three decimals at most");
    return llround(x * LL_MODEL_MILLI);
}

static const struct ll_feature *feature(struct ll_model_reading *r, size_t *at)
{
    int found = ll_feature_at(r->model->set, cell(r, LL_MC_INDICATOR));

    if (found < 0) {
        fault(r, LL_MC_INDICATOR, "没有这个指标", "there is no such indicator");
        return NULL;
    }
    *at = (size_t)found;
    r->model->uses[found] = true;
    return &r->model->set->features[found];
}

static void read_limits(struct ll_model_reading *r, struct ll_model_outcome *o)
{
    o->limit_min = o->limit_max = NAN;
    if (!cell(r, LL_MC_LIMIT_MIN).n && !cell(r, LL_MC_LIMIT_MAX).n)
        return;
    if (number(r, LL_MC_LIMIT_MIN, LL_MODEL_LIMIT, &o->limit_min) &&
        number(r, LL_MC_LIMIT_MAX, LL_MODEL_LIMIT, &o->limit_max) &&
        (o->limit_min < 0 || o->limit_min > o->limit_max))
        fault(r, LL_MC_LIMIT_MAX, "额度应为从小到大的两个数（万元）", "limits are two rising numbers (万元)");
}

static void read_outcome(struct ll_model_reading *r, struct ll_model_outcome *o, bool reasons)
{
    struct ll_str rest = reasons ? cell(r, LL_MC_REASON) : LL_STR(""), one;
    unsigned i = 0;

    while (i < LL_MODEL_RESULT_COUNT_ &&
           !ll_str_is(cell(r, LL_MC_RESULT), ll_model_result_word((enum ll_model_result)i)))
        i++;
    if (i == LL_MODEL_RESULT_COUNT_)
        fault(r, LL_MC_RESULT, "应为 pass、refer 或 decline", "one of pass, refer and decline is needed");
    else
        o->result = (enum ll_model_result)i;
    read_limits(r, o);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (o->n == LL_MODEL_TOLD) {
            fault(r, LL_MC_REASON, "原因代码至多 4 个", "there are 4 reasons at most");
            return;
        }
        o->reasons[o->n++] = keep(r, one);
    }
}

/* ---- rows ---- */

static void take_base(struct ll_model_reading *r)
{
    if (r->has_base)
        fault(r, LL_MC_ROW, "base 只能有一行", "there is one row base at most");
    r->has_base = true;
    r->model->base = milli(r, LL_MC_POINTS);
}

static struct ll_model_indicator *indicator(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;
    size_t at = 0, i = 0;
    const struct ll_feature *f = feature(r, &at);

    if (!f)
        return NULL;
    while (i < m->n_indicators && m->indicators[i].at != at)
        i++;
    if (i == m->n_indicators) {
        if (i == LL_MODEL_INDICATORS) {
            fault(r, LL_MC_INDICATOR, "指标超过 64 个", "there are more than 64 indicators");
            return NULL;
        }
        m->indicators[i] = (struct ll_model_indicator){
            .feature = f,
            .at = at,
            .bands = ll_arena_array(r->arena, LL_MODEL_BANDS, sizeof(struct ll_model_band))};
        r->nomem |= !m->indicators[i].bands;
        m->n_indicators++;
    }
    return r->nomem ? NULL : &m->indicators[i];
}

static void read_range(struct ll_model_reading *r, const struct ll_feature *f, struct ll_model_band *b)
{
    static const double most = 1e15;

    if (f->code)
        fault(r, LL_MC_IS, "这个指标是代码，不能按范围分档", "this indicator is a code and has no ranges");
    b->has_from = cell(r, LL_MC_FROM).n > 0;
    b->has_to = cell(r, LL_MC_TO).n > 0;
    if (b->has_from)
        (void)number(r, LL_MC_FROM, most, &b->from);
    if (b->has_to)
        (void)number(r, LL_MC_TO, most, &b->to);
    if (b->has_from && b->has_to && b->from >= b->to)
        fault(r, LL_MC_TO, "to 应大于 from", "to is more than from");
}

static void take_band(struct ll_model_reading *r)
{
    static const char *const kinds[] = {"range", "code", "other", "missing"};
    struct ll_model_indicator *x = indicator(r);
    unsigned kind = 0;

    if (!x)
        return;
    if (x->n == LL_MODEL_BANDS) {
        fault(r, LL_MC_INDICATOR, "一个指标至多 32 档", "an indicator has 32 bands at most");
        return;
    }
    while (kind < LL_COUNT(kinds) && !ll_str_is(cell(r, LL_MC_IS), kinds[kind]))
        kind++;
    if (kind == LL_COUNT(kinds)) {
        fault(r, LL_MC_IS, "应为 range、code、other 或 missing",
              "one of range, code, other and missing is needed");
        return;
    }
    struct ll_model_band *b = &x->bands[x->n++];
    *b = (struct ll_model_band){
        .kind = (enum ll_model_band_kind)kind, .line = r->line, .milli = milli(r, LL_MC_POINTS)};
    if (b->kind == LL_MODEL_RANGE)
        read_range(r, x->feature, b);
    if ((b->kind == LL_MODEL_CODES || b->kind == LL_MODEL_OTHER) && !x->feature->code)
        fault(r, LL_MC_IS, "这个指标是数，不能按代码分档", "this indicator is a number and has no codes");
    if (b->kind == LL_MODEL_CODES) {
        b->codes = (struct ll_str){keep(r, cell(r, LL_MC_VALUE)), cell(r, LL_MC_VALUE).n};
        if (!b->codes.n)
            fault(r, LL_MC_VALUE, "须写出代码", "the codes are needed");
    }
    if (cell(r, LL_MC_REASON).n)
        b->reason = keep(r, cell(r, LL_MC_REASON));
    x->most = x->n == 1 || b->milli > x->most ? b->milli : x->most;
}

static void take_cut(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;

    if (m->n_cuts == LL_MODEL_CUTS) {
        fault(r, LL_MC_ROW, "cut 至多 10 行", "there are 10 rows cut at most");
        return;
    }
    struct ll_model_cut *c = &m->cuts[m->n_cuts++];
    *c = (struct ll_model_cut){.has_from = cell(r, LL_MC_FROM).n > 0, .line = r->line};
    if (c->has_from)
        c->milli = milli(r, LL_MC_FROM);
    read_outcome(r, &c->outcome, false);
}

/* The rule that the row is of; rows of a rule may stand anywhere. */
static struct ll_model_rule *rule(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;
    int64_t number = 0;
    size_t i = 0;

    if (!ll_str_i64(cell(r, LL_MC_RULE), 1, 100000, &number)) {
        fault(r, LL_MC_RULE, "须写明是第几条规则", "the number of the rule is needed");
        return NULL;
    }
    while (i < m->n_rules && m->rules[i].number != number)
        i++;
    if (i == LL_MODEL_RULES) {
        fault(r, LL_MC_RULE, "规则超过 200 条", "there are more than 200 rules");
        return NULL;
    }
    if (i == m->n_rules) {
        m->rules[i] = (struct ll_model_rule){
            .number = number,
            .line = r->line,
            .conditions = ll_arena_array(r->arena, LL_MODEL_CONDITIONS, sizeof(struct ll_model_condition))};
        r->nomem |= !m->rules[i].conditions;
        m->n_rules++;
    }
    return r->nomem ? NULL : &m->rules[i];
}

static void take_when(struct ll_model_reading *r)
{
    struct ll_model_rule *of = rule(r);
    const struct ll_str cells[LL_RULE_CELLS] = {cell(r, LL_MC_INDICATOR), cell(r, LL_MC_IS),
                                                cell(r, LL_MC_VALUE), LL_STR("own")};
    struct ll_model_condition c = {.test = LL_MODEL_COMPARES};
    struct ll_err why;

    if (!of || !feature(r, &c.at))
        return;
    if (of->n == LL_MODEL_CONDITIONS) {
        fault(r, LL_MC_RULE, "一条规则至多 20 个条件", "a rule has 20 conditions at most");
        return;
    }
    if (ll_str_is(cells[1], "missing"))
        c.test = LL_MODEL_IS_MISSING;
    else if (ll_str_is(cells[1], "known"))
        c.test = LL_MODEL_IS_KNOWN;
    else if (ll_rule_read(cells, r->model->set, r->arena, &c.rule, &why) < 0) {
        const char *zh = keep(r, ll_str(why.zh)), *en = keep(r, ll_str(why.en));
        fault(r, LL_MC_IS, zh, en);
        return;
    }
    of->conditions[of->n++] = c;
}

static void take_then(struct ll_model_reading *r)
{
    struct ll_model_rule *of = rule(r);

    if (!of)
        return;
    if (of->has_then)
        fault(r, LL_MC_ROW, "一条规则只能有一行 then", "a rule has one row then");
    of->has_then = true;
    read_outcome(r, &of->outcome, true);
}

static void take_else(struct ll_model_reading *r)
{
    if (r->has_else)
        fault(r, LL_MC_ROW, "else 只能有一行", "there is one row else");
    r->has_else = true;
    read_outcome(r, &r->model->otherwise, true);
}

static void take_reason(struct ll_model_reading *r)
{
    struct ll_model *m = r->model;

    if (m->n_reasons == LL_MODEL_REASONS) {
        fault(r, LL_MC_ROW, "原因至多 200 个", "there are 200 reasons at most");
        return;
    }
    if (!cell(r, LL_MC_REASON).n || cell(r, LL_MC_REASON).n > 20)
        fault(r, LL_MC_REASON, "须写原因代码，至多 20 个字符",
              "the code of the reason is needed, 20 characters at most");
    if (ll_utf8_count(cell(r, LL_MC_WORDS)) > LL_MODEL_WORDS ||
        ll_utf8_count(cell(r, LL_MC_WORDS_EN)) > LL_MODEL_WORDS)
        fault(r, LL_MC_WORDS, "说明至多 200 个字符", "the words have 200 characters at most");
    m->reasons[m->n_reasons++] = (struct ll_model_reason){
        .code = keep(r, cell(r, LL_MC_REASON)),
        .words = {keep(r, cell(r, LL_MC_WORDS)), keep(r, cell(r, LL_MC_WORDS_EN))},
        .line = r->line};
}

enum { SCORECARD = 1, TABLE = 2 };
#define C(id) (1u << LL_MC_##id)
static const struct {
    const char *name;
    unsigned of, takes; /* of: kinds of model; takes: columns that it may fill */
    void (*take)(struct ll_model_reading *r);
} rows[] = {
    {"base", SCORECARD, C(POINTS), take_base},
    {"band", SCORECARD, C(INDICATOR) | C(IS) | C(FROM) | C(TO) | C(VALUE) | C(POINTS) | C(REASON), take_band},
    {"cut", SCORECARD, C(FROM) | C(RESULT) | C(LIMIT_MIN) | C(LIMIT_MAX), take_cut},
    {"when", TABLE, C(RULE) | C(INDICATOR) | C(IS) | C(VALUE), take_when},
    {"then", TABLE, C(RULE) | C(RESULT) | C(LIMIT_MIN) | C(LIMIT_MAX) | C(REASON), take_then},
    {"else", TABLE, C(RESULT) | C(LIMIT_MIN) | C(LIMIT_MAX) | C(REASON), take_else},
    {"reason", SCORECARD | TABLE, C(REASON) | C(WORDS) | C(WORDS_EN), take_reason},
};

/* Two tables of one shape differ in numbers and words alone. */
static void add_shape(struct ll_model_reading *r)
{
    for (unsigned c = 0; c < LL_MODEL_COLUMN_COUNT; c++) {
        struct ll_str s = r->cells[c];
        char text[32], *end = text;
        bool blank = c == LL_MC_WORDS || c == LL_MC_WORDS_EN;
        if (s.n && s.n < sizeof text) {
            memcpy(text, s.p, s.n);
            text[s.n] = 0;
            (void)strtod(text, &end);
            blank |= end == text + s.n;
        }
        ll_buf_str(&r->shape, blank ? LL_STR("#") : s);
        ll_buf_c(&r->shape, '\x1f');
    }
}

static int take_row(void *ctx, uint64_t line, const struct ll_str *cells, const struct ll_err *wrong,
                    struct ll_err *err)
{
    struct ll_model_reading *r = ctx;
    size_t i = 0;

    r->line = line;
    r->cells = cells;
    r->model->rows++;
    if (wrong) {
        const char *zh = keep(r, ll_str(wrong->zh)), *en = keep(r, ll_str(wrong->en));
        fault(r, LL_MODEL_COLUMN_COUNT, zh, en);
        return r->nomem ? ll_no_memory(err) : LL_OK;
    }
    while (i < LL_COUNT(rows) && !ll_str_is(cells[LL_MC_ROW], rows[i].name))
        i++;
    if (i == LL_COUNT(rows)) {
        fault(r, LL_MC_ROW, "应为 base、band、cut、when、then、else 或 reason",
              "one of base, band, cut, when, then, else and reason is needed");
        return LL_OK;
    }
    r->kinds = r->kinds ? r->kinds & rows[i].of : rows[i].of;
    if (!r->kinds)
        fault(r, LL_MC_ROW, "评分卡的行与决策表的行不能混用",
              "rows of a scorecard and of a decision table do not mix");
    r->kinds = r->kinds ? r->kinds : rows[i].of;
    for (unsigned c = LL_MC_ROW + 1; c < LL_MODEL_COLUMN_COUNT; c++)
        if (cells[c].n && !(rows[i].takes & 1u << c))
            fault(r, (enum ll_model_column)c, "这种行不填这一列",
                  "this kind of row leaves this column empty");
    rows[i].take(r);
    add_shape(r);
    return r->nomem ? ll_no_memory(err) : LL_OK;
}

int ll_model_read(struct ll_str csv, const struct ll_feature_set *set, struct ll_arena *arena,
                  const struct ll_model **ret, struct ll_model_faults *faults, struct ll_err *err)
{
    struct ll_model *m = ll_arena_alloc(arena, sizeof *m);
    struct ll_model_reading r = {
        .model = m, .arena = arena, .faults = faults, .shape = LL_BUF_INIT(2 * LL_MODEL_BYTES)};
    const struct ll_csv_list list = {.titles = columns,
                                     .n = LL_MODEL_COLUMN_COUNT,
                                     .most = LL_MODEL_ROWS,
                                     .missing_zh = "没有 row 列",
                                     .missing_en = "there is no column row",
                                     .row = take_row,
                                     .ctx = &r};
    int rc;

    *ret = NULL;
    *faults = (struct ll_model_faults){.n = 0};
    if (!m)
        return ll_no_memory(err);
    m->set = set;
    m->indicators = ll_arena_array(arena, LL_MODEL_INDICATORS, sizeof *m->indicators);
    m->cuts = ll_arena_array(arena, LL_MODEL_CUTS, sizeof *m->cuts);
    m->rules = ll_arena_array(arena, LL_MODEL_RULES, sizeof *m->rules);
    m->reasons = ll_arena_array(arena, LL_MODEL_REASONS, sizeof *m->reasons);
    rc = m->indicators && m->cuts && m->rules && m->reasons ? ll_csv_list_read(csv, &list, err)
                                                            : ll_no_memory(err);
    if (rc == LL_OK) {
        m->scorecard = (r.kinds & SCORECARD) != 0;
        ll_model_check(&r);
        m->shape = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&r.shape)), r.shape.n};
        rc = r.shape.failed || !m->shape.p || r.nomem ? ll_no_memory(err) : LL_OK;
    }
    ll_buf_free(&r.shape);
    *ret = rc == LL_OK && !faults->n ? m : NULL;
    return rc;
}
