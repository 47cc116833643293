/* element.c - see element.h: names, titles and texts come from the tables. */
#include "standard/element.h"

#include "base/buf.h"

enum { MOST_DIGITS = 38 }; /* what DECIMAL holds in the lake */

#define X(id, name, lake, segment) [LL_TYPE_##id] = name,
static const char *const TYPE_NAMES[] = {LL_TYPES(X)};
#undef X

static const char *const TYPE_TITLES[LL_TYPE_COUNT][2] = {
    [LL_TYPE_TEXT] = {"文本", "a text"},
    [LL_TYPE_INTEGER] = {"整数", "a whole number"},
    [LL_TYPE_DECIMAL] = {"数值", "a number"},
    [LL_TYPE_DATE] = {"日期", "a date"},
    [LL_TYPE_DATETIME] = {"日期时间", "a date and time"},
    [LL_TYPE_BOOLEAN] = {"是否值", "a yes or no"},
    [LL_TYPE_CODE] = {"代码", "a code"},
    [LL_TYPE_IDENTIFIER] = {"标识符", "an identifier"},
};

#define X(id, code, dimension, title, title_en, zh, en)                                                      \
    [LL_FAULT_##id] = {code, LL_DIM_##dimension, {title, title_en}, {zh, en}},
static const struct {
    const char *code;
    enum ll_dimension dimension;
    const char *title[2], *text[2];
} FAULTS[] = {LL_FAULTS(X)};
#undef X

#define X(id, name, zh, en) [LL_DIM_##id] = {name, {zh, en}},
static const struct {
    const char *name, *title[2];
} DIMENSIONS[] = {LL_DIMENSIONS(X)};
#undef X

const char *ll_type_name(enum ll_type t)
{
    LL_ASSERT(t < LL_TYPE_COUNT);
    return TYPE_NAMES[t];
}

const char *ll_type_title(enum ll_type t, enum ll_lang lang)
{
    LL_ASSERT(t < LL_TYPE_COUNT);
    return TYPE_TITLES[t][lang];
}

/* "(18,2)" or "(18)" */
static bool parse_digits(struct ll_str s, unsigned *precision, unsigned *scale)
{
    struct ll_str p, rest;
    int64_t digits, decimals = 0;

    if (s.n < 3 || s.p[0] != '(' || s.p[s.n - 1] != ')')
        return false;
    s = (struct ll_str){s.p + 1, s.n - 2};
    bool two = ll_str_cut(s, ',', &p, &rest);
    if (!ll_str_i64(ll_str_trim(p), 1, MOST_DIGITS, &digits))
        return false;
    if (two && !ll_str_i64(ll_str_trim(rest), 0, digits, &decimals))
        return false;
    *precision = (unsigned)digits;
    *scale = (unsigned)decimals;
    return true;
}

bool ll_type_parse(struct ll_str s, enum ll_type *ret, unsigned *precision, unsigned *scale)
{
    static const struct ll_str DECIMAL = {"decimal", 7};

    s = ll_str_trim(s);
    *precision = *scale = 0;
    if (ll_str_starts(s, DECIMAL)) {
        *ret = LL_TYPE_DECIMAL;
        return parse_digits((struct ll_str){s.p + DECIMAL.n, s.n - DECIMAL.n}, precision, scale);
    }
    for (int t = 0; t < LL_TYPE_COUNT; t++)
        if (ll_str_is(s, TYPE_NAMES[t])) {
            *ret = (enum ll_type)t;
            return true;
        }
    return false;
}

const char *ll_fault_title(struct ll_str code, enum ll_lang lang)
{
    for (size_t f = 0; f < LL_FAULT_COUNT; f++)
        if (ll_str_is(code, FAULTS[f].code))
            return FAULTS[f].title[lang];
    return NULL;
}

const char *ll_fault_code(enum ll_fault f)
{
    LL_ASSERT(f < LL_FAULT_COUNT);
    return FAULTS[f].code;
}

enum ll_dimension ll_fault_dimension(enum ll_fault f)
{
    LL_ASSERT(f < LL_FAULT_COUNT);
    return FAULTS[f].dimension;
}

const char *ll_dimension_name(enum ll_dimension d)
{
    LL_ASSERT(d < LL_DIM_COUNT);
    return DIMENSIONS[d].name;
}

const char *ll_dimension_title(enum ll_dimension d, enum ll_lang lang)
{
    LL_ASSERT(d < LL_DIM_COUNT);
    return DIMENSIONS[d].title[lang];
}

bool ll_dimension_parse(struct ll_str s, enum ll_dimension *ret)
{
    for (int d = 0; d < LL_DIM_COUNT; d++)
        if (ll_str_is(s, DIMENSIONS[d].name)) {
            *ret = (enum ll_dimension)d;
            return true;
        }
    return false;
}

void ll_fault_text(struct ll_buf *out, enum ll_fault f, enum ll_lang lang, struct ll_str item,
                   struct ll_str value, struct ll_str detail)
{
    const struct {
        struct ll_str mark, text;
    } FILL[] = {{LL_STR("{item}"), item}, {LL_STR("{value}"), value}, {LL_STR("{detail}"), detail}};

    LL_ASSERT(f < LL_FAULT_COUNT);
    struct ll_str t = ll_str(FAULTS[f].text[lang]);
    while (t.n) {
        size_t step = 0;
        for (size_t i = 0; i < LL_COUNT(FILL) && !step; i++)
            if (ll_str_starts(t, FILL[i].mark)) {
                ll_buf_str(out, FILL[i].text);
                step = FILL[i].mark.n;
            }
        if (!step)
            ll_buf_c(out, t.p[step++]);
        t.p += step;
        t.n -= step;
    }
}
