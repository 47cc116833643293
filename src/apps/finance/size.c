/* size.c - see size.h. */
#include "apps/finance/size.h"

#include "catalog/pack.h"

#include <stdlib.h>
#include <string.h>

enum { WAN = 10000 };

static const struct {
    const char *word, *code, *title[2];
} sizes[] = {
#define X(id, word, code, zh, en) {word, code, {zh, en}},
    LL_SIZES(X)
#undef X
};
static const struct {
    const char *word, *title[2];
} reasons[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_SIZE_REASONS(X)
#undef X
};

const char *ll_size_word(enum ll_size s)
{
    return sizes[s].word;
}

const char *ll_size_title(enum ll_size s, enum ll_lang lang)
{
    return sizes[s].title[lang];
}

const char *ll_size_code(enum ll_size s)
{
    return sizes[s].code;
}

const char *ll_size_reason_word(enum ll_size_reason r)
{
    return reasons[r].word;
}

const char *ll_size_reason_title(enum ll_size_reason r, enum ll_lang lang)
{
    return reasons[r].title[lang];
}

/* ---- which limits apply ---- */

enum fit { OUTSIDE, PERHAPS, INSIDE };

/* How a code lies to one beginning: below it, above it (a finer code would tell), or elsewhere. */
static enum fit lies(struct ll_str code, struct ll_str beginning)
{
    return ll_str_starts(code, beginning) ? INSIDE : ll_str_starts(beginning, code) ? PERHAPS : OUTSIDE;
}

static enum fit fits(const char *scope, struct ll_str code)
{
    struct ll_str rest = ll_str(scope), one;
    enum fit in = OUTSIDE, out = OUTSIDE;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        bool taken_out = one.n && one.p[0] == '!';
        enum fit f = lies(code, taken_out ? (struct ll_str){one.p + 1, one.n - 1} : one),
                 *to = taken_out ? &out : &in;
        if (f > *to)
            *to = f;
    }
    if (out == INSIDE)
        return OUTSIDE;
    return in == INSIDE && out == PERHAPS ? PERHAPS : in;
}

/* ---- the class ---- */

static enum ll_size class_of(const struct ll_size_rule *r, int64_t value)
{
    enum ll_size s = LL_SIZE_LARGE;

    if (value < 0)
        return LL_SIZE_NONE;
    while (s > LL_SIZE_MICRO && value < r->least[s])
        s--;
    return s;
}

static void settle(struct ll_size_found *found, const struct ll_size_facts *facts)
{
    bool missing = false;
    enum ll_size lowest = LL_SIZE_LARGE;

    for (size_t m = 0; m < LL_SIZE_MEASURES; m++) {
        if (!found->rule[m])
            continue;
        found->by[m] = class_of(found->rule[m], facts->value[m]);
        missing = missing || found->by[m] == LL_SIZE_NONE;
        if (found->by[m] != LL_SIZE_NONE && found->by[m] < lowest)
            lowest = found->by[m];
    }
    found->size = missing && lowest != LL_SIZE_MICRO ? LL_SIZE_NONE : lowest;
    found->reason = found->size == LL_SIZE_NONE ? LL_SIZE_BY_MISSING : LL_SIZE_BY_FOUND;
}

struct ll_size_found ll_size_of(const struct ll_size_rule *rules, size_t n, const struct ll_size_facts *facts)
{
    struct ll_size_found found = {.size = LL_SIZE_NONE, .reason = LL_SIZE_BY_NO_INDUSTRY};
    struct ll_str code = ll_str(facts->industry);
    enum fit best = OUTSIDE;

    if (!code.n)
        return found;
    for (size_t i = 0; i < n; i++) {
        enum fit f = fits(rules[i].scope, code);
        if (f == INSIDE)
            found.rule[rules[i].measure] = &rules[i];
        if (f > best)
            best = f;
    }
    if (best == INSIDE)
        settle(&found, facts);
    else
        found.reason = best == PERHAPS ? LL_SIZE_BY_COARSE : LL_SIZE_BY_NO_RULE;
    return found;
}

/* ---- reading ---- */

enum column { INDUSTRY, INDUSTRY_EN, SCOPE, MEASURE, LARGE, MEDIUM, SMALL, BASIS, SOURCE };
static const char *const columns[LL_SIZE_CELLS] = {
    "industry", "industry_en", "scope", "measure", "large_min", "medium_min", "small_min", "basis", "source"};

int ll_size_rule_read(const struct ll_str *cells, struct ll_arena *arena, struct ll_size_rule *ret,
                      struct ll_err *err)
{
    const char **texts[] = {&ret->industry[LL_ZH], &ret->industry[LL_EN], &ret->scope, &ret->basis,
                            &ret->source};
    static const enum column from[] = {INDUSTRY, INDUSTRY_EN, SCOPE, BASIS, SOURCE};

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (!(*texts[i] = ll_arena_dup(arena, cells[from[i]])))
            return ll_no_memory(err);
    ret->measure = ll_str_is(cells[MEASURE], "X")   ? LL_SIZE_PERSONS
                   : ll_str_is(cells[MEASURE], "Y") ? LL_SIZE_REVENUE
                                                    : LL_SIZE_ASSETS;
    for (enum ll_size s = LL_SIZE_SMALL; s <= LL_SIZE_LARGE; s++)
        if (!ll_str_i64(cells[LARGE + (LL_SIZE_LARGE - s)], 1, INT32_MAX, &ret->least[s]))
            return ll_fail(err, LL_INVALID, "enterprise_sizes.csv：%s 的限额不是数",
                           "enterprise_sizes.csv: a limit of %s is no number", ret->industry[LL_ZH]);
    for (enum ll_size s = LL_SIZE_SMALL; s <= LL_SIZE_LARGE; s++)
        ret->least[s] *= ret->measure == LL_SIZE_PERSONS ? 1 : WAN;
    return LL_OK;
}

struct reading {
    struct ll_arena *arena;
    struct ll_size_rule *list;
    size_t n;
};

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;

    (void)pack;
    if (r->n == LL_SIZE_RULES_MAX)
        return ll_fail(err, LL_TOOBIG, "enterprise_sizes.csv 超过 %d 行",
                       "enterprise_sizes.csv has more than %d rows", LL_SIZE_RULES_MAX);
    return ll_size_rule_read(cells, r->arena, &r->list[r->n++], err);
}

int ll_size_rules_read(struct ll_txn *tx, struct ll_arena *arena, const struct ll_size_rule **ret,
                       size_t *ret_n, struct ll_err *err)
{
    struct reading r = {.arena = arena, .list = ll_arena_array(arena, LL_SIZE_RULES_MAX, sizeof *r.list)};
    int rc = r.list
                 ? ll_pack_use_each(tx, NULL, "enterprise_sizes.csv", columns, LL_SIZE_CELLS, take, &r, err)
                 : ll_no_memory(err);

    *ret = r.list;
    *ret_n = r.n;
    return rc;
}
