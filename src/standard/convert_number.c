/* convert_number.c - numbers and yes or no. */
#include "standard/convert.h"

#include "base/err.h"
#include "standard/chars.h"
#include "standard/number.h"

#include <string.h>

enum { MOST_EXPONENT = 60 };

static ll_u128 pow10u(unsigned n)
{
    static const uint64_t SMALL[] = {1,           10,           100,           1000,          10000,
                                     100000,      1000000,      10000000,      100000000,     1000000000,
                                     10000000000, 100000000000, 1000000000000, 10000000000000};
    ll_u128 v = 1;

    for (; n >= LL_COUNT(SMALL); n -= LL_COUNT(SMALL) - 1)
        v *= SMALL[LL_COUNT(SMALL) - 1];
    return v * SMALL[n];
}

/* The ASCII form of the character at hand: itself, or what a full-width one stands for; 0 for others. */
static char ascii_at(struct ll_str s, size_t at, size_t *after)
{
    *after = at + 1;
    if (at >= s.n)
        return 0;
    if ((unsigned char)s.p[at] < 0x80)
        return s.p[at];
    *after = at;
    int32_t cp = ll_char_next(s, after);
    uint32_t narrow = cp < 0 ? 0 : ll_char_narrow((uint32_t)cp);
    if (narrow == 0x2212)
        return '-';
    return (char)(narrow < 0x80 ? narrow : 0);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- reading ---- */

/* Digits go into m until it is full.  Those behind the point that no longer fit are cut; of them only the first can matter, and only
 * when m is rounded to its own last place. */
static bool push(struct ll_number *v, unsigned *used, char c, bool behind_point)
{
    if (*used == LL_NUMBER_DIGITS) {
        v->half = v->cut ? v->half : c >= '5';
        v->cut = true;
        return behind_point;
    }
    v->m = v->m * 10 + (unsigned)(c - '0');
    *used += v->m != 0;
    v->exp -= behind_point;
    return true;
}

/* 1,234,567: one to three digits, then threes. */
struct grouping {
    unsigned groups, run;
};

static bool group_ends(struct grouping *g)
{
    bool ok = g->groups ? g->run == 3 : g->run >= 1 && g->run <= 3;

    g->groups++;
    g->run = 0;
    return ok;
}

static bool integer_part(struct ll_str s, size_t *at, struct ll_number *v, unsigned *used, bool *any)
{
    struct grouping g = {0, 0};
    size_t after, ahead;

    for (char c; (c = ascii_at(s, *at, &after)) != 0; *at = after) {
        if (digit(c)) {
            *any = true;
            g.run++;
            if (!push(v, used, c, false))
                return false;
        } else if (c == ',' && *any && digit(ascii_at(s, after, &ahead))) {
            if (!group_ends(&g))
                return false;
        } else {
            break;
        }
    }
    return g.groups == 0 || g.run == 3;
}

static bool fraction_part(struct ll_str s, size_t *at, struct ll_number *v, unsigned *used, bool *any)
{
    size_t after;
    char c = ascii_at(s, *at, &after);

    if (c != '.')
        return true;
    *at = after;
    bool before = *any;
    for (*any = false; digit(c = ascii_at(s, *at, &after)); *at = after) {
        *any = true;
        if (!push(v, used, c, true))
            return false;
    }
    *any |= before;
    return true;
}

/* E-5.  Nothing is read when what follows the letter is no number: 100EUR. */
static bool exponent_part(struct ll_str s, size_t *at, struct ll_number *v)
{
    size_t after, probe;
    char c = ascii_at(s, *at, &after);
    int exp = 0;

    if (c != 'e' && c != 'E')
        return true;
    c = ascii_at(s, after, &probe);
    bool minus = c == '-';
    if (c == '-' || c == '+')
        after = probe;
    if (!digit(ascii_at(s, after, &probe)))
        return true;
    for (; digit(c = ascii_at(s, after, &probe)); after = probe)
        if ((exp = exp * 10 + (c - '0')) > MOST_EXPONENT)
            return false;
    v->exp += minus ? -exp : exp;
    *at = after;
    return true;
}

bool ll_number_read(struct ll_str s, size_t *at, struct ll_number *ret)
{
    struct ll_number v = {0};
    size_t from = *at;
    unsigned used = 0;
    bool any = false;

    if (!integer_part(s, &from, &v, &used, &any) || !fraction_part(s, &from, &v, &used, &any) || !any ||
        !exponent_part(s, &from, &v))
        return false;
    *at = from;
    *ret = v;
    return true;
}

/* ---- arithmetic ---- */

/* v with a smaller exponent; false when it would have too many digits. */
static bool lower(struct ll_number *v, int exp)
{
    unsigned by = (unsigned)(v->exp - exp);

    if (v->m != 0 && (by > LL_NUMBER_DIGITS || v->m >= pow10u(LL_NUMBER_DIGITS) / pow10u(by)))
        return false;
    v->m = v->m ? v->m * pow10u(by) : 0;
    v->exp = exp;
    return true;
}

bool ll_number_add(struct ll_number *a, struct ll_number b)
{
    int exp = a->exp < b.exp ? a->exp : b.exp;

    if (a->m == 0 || b.m == 0) {
        *a = a->m == 0 ? b : *a;
        return true;
    }
    if (a->cut || b.cut || !lower(a, exp) || !lower(&b, exp))
        return false;
    a->m += b.m; /* below 2 * 10^38, which fits */
    return a->m < pow10u(LL_NUMBER_DIGITS);
}

bool ll_number_round(struct ll_number v, bool minus, unsigned scale, ll_i128 *ret)
{
    int shift = v.exp + (int)scale;

    if (shift >= 0) {
        if (!lower(&v, -(int)scale))
            return false;
        v.m += v.half; /* a cut number is full, so that it got here with shift 0 */
    } else if (shift < -(int)LL_NUMBER_DIGITS) {
        v.m = 0;
    } else {
        ll_u128 unit = pow10u((unsigned)-shift);
        v.m = v.m / unit + (v.m % unit >= unit - unit / 2);
    }
    if (v.m >= pow10u(LL_NUMBER_DIGITS))
        return false;
    *ret = minus ? -(ll_i128)v.m : (ll_i128)v.m;
    return true;
}

/* ---- converters ---- */

static enum ll_cv read_whole(struct ll_str raw, struct ll_number *v, bool *minus)
{
    struct ll_str s = ll_char_trim(raw);
    size_t at = 0, after;

    if (ll_word_empty(s))
        return LL_CV_EMPTY;
    char sign = ascii_at(s, 0, &after);
    *minus = sign == '-';
    if (sign == '-' || sign == '+')
        at = after;
    if (!ll_number_read(s, &at, v))
        return LL_CV_BAD;
    if (ascii_at(s, at, &after) == '%') {
        at = after;
        v->exp -= 2;
    }
    return at == s.n ? LL_CV_OK : LL_CV_BAD;
}

enum ll_cv ll_cv_decimal(struct ll_str raw, unsigned scale, ll_i128 *ret)
{
    struct ll_number v;
    bool minus;
    enum ll_cv cv = read_whole(raw, &v, &minus);

    if (cv == LL_CV_OK && !ll_number_round(v, minus, scale, ret))
        return LL_CV_BAD;
    return cv;
}

/* 12.0 is a whole number, as spreadsheets write it; 12.5 is none. */
enum ll_cv ll_cv_integer(struct ll_str raw, int64_t *ret)
{
    struct ll_number v, whole;
    ll_i128 i;
    bool minus;
    enum ll_cv cv = read_whole(raw, &v, &minus);

    if (cv != LL_CV_OK)
        return cv;
    for (whole = v; whole.exp < 0 && whole.m % 10 == 0; whole.exp++)
        whole.m /= 10;
    if (whole.m == 0)
        whole.exp = 0;
    if (whole.exp < 0 || whole.cut || !ll_number_round(whole, minus, 0, &i) || i < INT64_MIN || i > INT64_MAX)
        return LL_CV_BAD;
    *ret = (int64_t)i;
    return LL_CV_OK;
}

enum ll_cv ll_cv_boolean(struct ll_str raw, bool *ret)
{
    static const struct {
        const char *word;
        bool value;
    } WORDS[] = {{"1", true},      {"0", false},   {"是", true},     {"否", false},    {"有", true},
                 {"无", false},    {"Y", true},    {"N", false},     {"y", true},      {"n", false},
                 {"T", true},      {"F", false},   {"true", true},   {"false", false}, {"TRUE", true},
                 {"FALSE", false}, {"True", true}, {"False", false}, {"yes", true},    {"no", false},
                 {"YES", true},    {"NO", false},  {"Yes", true},    {"No", false},    {"真", true},
                 {"假", false},    {"√", true},    {"×", false},     {"１", true},     {"０", false}};
    struct ll_str s = ll_char_trim(raw);

    for (size_t i = 0; i < LL_COUNT(WORDS); i++)
        if (ll_str_is(s, WORDS[i].word)) {
            *ret = WORDS[i].value;
            return LL_CV_OK;
        }
    return ll_word_empty(s) ? LL_CV_EMPTY : LL_CV_BAD; /* 无 was found above: here it means no */
}

size_t ll_decimal_text(ll_i128 value, unsigned scale, char out[48])
{
    ll_u128 m = value < 0 ? -(ll_u128)value : (ll_u128)value;
    char digits[48], *p = digits + sizeof digits;
    unsigned n = 0;

    LL_ASSERT(scale <= 40);
    while (m > UINT64_MAX) { /* 128-bit division costs ten times that of 64 bits, and few amounts need it */
        if (n && n == scale)
            *--p = '.';
        *--p = (char)('0' + (int)(m % 10));
        m /= 10;
        n++;
    }
    uint64_t low = (uint64_t)m;
    do {
        if (n && n == scale)
            *--p = '.';
        *--p = (char)('0' + (int)(low % 10));
        low /= 10;
        n++;
    } while (low || n <= scale);
    if (value < 0)
        *--p = '-';
    size_t len = (size_t)(digits + sizeof digits - p);
    memcpy(out, p, len);
    out[len] = 0;
    return len;
}
