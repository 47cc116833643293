/* convert_amount.c - amounts of money, in figures, in Chinese numerals, or in both.
 *
 * The text is read as tokens.  A figure (1,234.5) or a numeral (壹) waits until what follows says what it counts: 百, 万, 元, 角.  Each
 * such word must be smaller than the one before, so that 1亿2000万 is a sum and 3万5万 is refused.  What could be meant in two ways
 * (3万5: 35 000 or 30 005) is refused too. */
#include "standard/convert.h"

#include "standard/chars.h"
#include "standard/number.h"
#include "standard/tbl/amount_words.h"
#include "standard/tbl/currencies.h"

#include <string.h>

enum token {
    STOP,
    BAD,
    FIGURE,
    NUMERAL,
    SMALL,
    BIG,
    YUAN,
    PART,
    MONEY,
    WHOLE,
    OPEN,
    CLOSE,
    COLON,
    MINUS,
    PLUS
};

enum money_word { NAME, UNIT };
struct currency {
    struct ll_str word;
    char iso[4];
    enum money_word is;
};

struct scan {
    struct ll_str s;
    size_t at;
    struct ll_number number; /* FIGURE, NUMERAL */
    int power;               /* SMALL, BIG, PART: of ten */
    const struct currency *currency;
};

/* What has been read of an amount. */
struct sum {
    struct ll_number whole, section, waiting;
    int last_small, last_big, last_part; /* powers; the next must be smaller */
    bool any, waits, numeral;            /* something was read; `waiting` holds it; it was a numeral */
    bool zero;                           /* a 零 stood before the waiting numeral */
    bool unit;                           /* 元 or its like was read */
    bool scaled;                         /* some word said what the figure counts */
    bool ended, minus, sign;
    unsigned depth; /* open brackets */
    const struct currency *currency;
};

/* ---- tokens ---- */

struct word {
    enum token token;
    int value;
};

/* A switch, so that the compiler makes the search.  Rows of a table may be alike: NOLINTBEGIN(bugprone-branch-clone) */
static struct word word_of(uint32_t cp)
{
    switch (cp) {
#define X(cp, token, value)                                                                                  \
    case cp:                                                                                                 \
        return (struct word){token, value};
        LL_AMOUNT_WORDS(X)
#undef X
    default:
        return (struct word){BAD, 0};
    }
}
/* NOLINTEND(bugprone-branch-clone) */

#define X(word, iso, is) {{word, sizeof(word) - 1}, iso, is},
static const struct currency CURRENCIES[] = {LL_CURRENCIES(X)};
#undef X
static const struct currency *const YUAN_RENMINBI = &CURRENCIES[0];

static enum token money(struct scan *sc)
{
    struct ll_str s = {sc->s.p + sc->at, sc->s.n - sc->at};

    for (size_t i = 0; i < LL_COUNT(CURRENCIES); i++)
        if (ll_starts_upper(s, CURRENCIES[i].word)) {
            sc->currency = &CURRENCIES[i];
            sc->at += CURRENCIES[i].word.n;
            return MONEY;
        }
    return BAD;
}

static enum token word(struct scan *sc, uint32_t cp, size_t after)
{
    struct word w = word_of(cp);
    size_t next = after;

    if (w.token == BAD)
        return money(sc);
    sc->power = w.value;
    sc->at = after;
    if (w.token == NUMERAL)
        sc->number = (struct ll_number){.m = (unsigned)w.value};
    if (w.token == BIG && w.value == 4 && ll_char_next(sc->s, &next) == U'亿') { /* 万亿 */
        sc->power = 12;
        sc->at = next;
    }
    return w.token;
}

static enum token next_token(struct scan *sc)
{
    size_t after = sc->at;

    for (int32_t cp; (cp = ll_char_next(sc->s, &after)) >= 0; sc->at = after) {
        uint32_t c = ll_char_narrow((uint32_t)cp);
        if ((c >= '0' && c <= '9') || c == '.')
            return ll_number_read(sc->s, &sc->at, &sc->number) ? FIGURE : BAD;
        if (ll_char_class(c) == LL_CHAR_VISIBLE)
            return word(sc, c, after);
    }
    return sc->at == sc->s.n ? STOP : BAD;
}

/* ---- the sum ---- */

static void sum_begin(struct sum *a)
{
    *a = (struct sum){.last_small = 4, .last_big = 16};
}

static bool wait_for(struct sum *a, struct ll_number v, bool numeral)
{
    bool after_zero = a->waits && a->numeral && a->waiting.m == 0;

    if ((a->waits && !after_zero) || a->ended)
        return false;
    a->zero = after_zero;
    a->waiting = v;
    a->waits = a->any = true;
    a->numeral = numeral;
    return true;
}

/* Takes what waits as units of the section.  After 百, 千, 万 or 亿 a lone numeral must have a 零 before it: 一百五 is 150 to
 * one and 105 to another. */
static bool settle(struct sum *a)
{
    bool behind_word = a->last_small == 2 || a->last_small == 3 || (a->last_small == 4 && a->last_big != 16);

    if (!a->waits)
        return true;
    if (a->numeral && a->waiting.m && behind_word && !a->zero)
        return false;
    a->waits = false;
    return ll_number_add(&a->section, a->waiting);
}

static bool small(struct sum *a, int power)
{
    struct ll_number v = a->waiting;

    if (a->unit || power >= a->last_small)
        return false;
    if (!a->waits || (a->numeral && v.m == 0)) { /* 十万: ten, not none */
        if (power != 1 || a->last_small != 4)
            return false;
        v = (struct ll_number){.m = 1};
    }
    v.exp += power;
    a->any = a->scaled = true;
    a->last_small = power;
    a->waits = false;
    return ll_number_add(&a->section, v);
}

static bool big(struct sum *a, int power)
{
    if (a->unit || power >= a->last_big || (!a->waits && a->last_small == 4) || !settle(a))
        return false;
    a->section.exp += power;
    a->last_big = power;
    a->last_small = 4;
    a->scaled = true;
    if (!ll_number_add(&a->whole, a->section))
        return false;
    a->section = (struct ll_number){0};
    return true;
}

static bool yuan(struct sum *a)
{
    if (a->unit || !a->any || a->last_part < 0 || !settle(a) || !ll_number_add(&a->whole, a->section))
        return false;
    a->section = (struct ll_number){0};
    a->unit = a->scaled = true;
    return true;
}

/* 角 and 分 count one digit. */
static bool part(struct sum *a, int power)
{
    struct ll_number v = a->waiting;
    bool behind_others = !a->unit && a->scaled && a->last_part == 0;

    if (!a->waits || v.exp != 0 || v.m > 9 || power >= a->last_part || behind_others)
        return false;
    v.exp = power;
    a->waits = false;
    a->last_part = power;
    a->scaled = true;
    return ll_number_add(&a->whole, v);
}

/* Behind a figure the name of a currency counts it (100美元), unless it is only a remark in brackets: 100(人民币). */
static bool named(struct sum *a, const struct currency *c)
{
    if (a->currency && strcmp(a->currency->iso, c->iso) != 0)
        return false;
    a->currency = c;
    if (!a->any || a->unit || a->last_part < 0)
        return true;
    return c->is == UNIT || a->depth == 0 || a->scaled ? yuan(a) : true;
}

static bool bracket(struct sum *a, enum token t)
{
    if (t == CLOSE && a->depth == 0)
        return false;
    a->depth += t == OPEN ? 1u : -1u;
    return a->depth <= 1;
}

static bool take_sign(struct sum *a, enum token t)
{
    if (a->any || a->sign)
        return false;
    a->sign = true;
    a->minus = t == MINUS;
    return true;
}

static bool ends(struct sum *a)
{
    bool ok = a->any && !a->ended && (a->unit || a->last_part < 0 || yuan(a));

    a->ended = true;
    return ok;
}

static bool take(struct sum *a, const struct scan *sc, enum token t)
{
    switch (t) {
    case FIGURE:
    case NUMERAL:
        return wait_for(a, sc->number, t == NUMERAL);
    case SMALL:
        return small(a, sc->power);
    case BIG:
        return big(a, sc->power);
    case YUAN:
        return yuan(a);
    case PART:
        return part(a, sc->power);
    case MONEY:
        return named(a, sc->currency);
    case WHOLE:
        return ends(a);
    case OPEN:
    case CLOSE:
        return bracket(a, t);
    case COLON:
        return !a->any;
    case MINUS:
    case PLUS:
        return take_sign(a, t);
    default:
        return false;
    }
}

/* A figure that waits at the end counts what `unit` says; behind 万 or 元 it says nothing for certain. */
static bool finish(struct sum *a)
{
    bool lone = !a->scaled;

    if (!a->any || a->depth != 0)
        return false;
    if (a->waits && (a->unit || a->last_part < 0 || (!a->numeral && !lone)))
        return false;
    return settle(a) && ll_number_add(&a->whole, a->section);
}

static bool sum_text(struct sum *a, struct ll_str s)
{
    struct scan sc = {.s = s};

    for (enum token t; (t = next_token(&sc)) != STOP;)
        if (!take(a, &sc, t))
            return false;
    return finish(a);
}

/* A unit is an amount without its figure: 万元 is one 万元. */
static bool unit_of(struct ll_str unit, struct ll_number *ret, const struct currency **currency)
{
    static const struct {
        struct ll_str text;
        int power;
    } USUAL[] = {{{"", 0}, 0}, {{"元", 3}, 0}, {{"万元", 6}, 4}, {{"亿元", 6}, 8}};
    struct sum a;

    for (size_t i = 0; i < LL_COUNT(USUAL); i++)
        if (ll_str_eq(unit, USUAL[i].text)) {
            *ret = (struct ll_number){.m = 1, .exp = USUAL[i].power};
            return true;
        }
    sum_begin(&a);
    wait_for(&a, (struct ll_number){.m = 1}, false);
    if (!sum_text(&a, unit) || a.whole.m != 1 || a.minus)
        return false;
    *ret = a.whole;
    *currency = a.currency;
    return true;
}

enum ll_cv ll_cv_amount(struct ll_str raw, struct ll_str unit, unsigned scale, ll_i128 *ret, char currency[4])
{
    struct ll_str s = ll_char_trim(raw);
    const struct currency *by_unit = NULL;
    struct ll_number per_unit;
    struct sum a;

    if (ll_word_empty(s))
        return LL_CV_EMPTY;
    sum_begin(&a);
    if (!sum_text(&a, s) || !unit_of(unit, &per_unit, &by_unit))
        return LL_CV_BAD;
    if (!a.scaled)
        a.whole.exp += per_unit.exp;
    if (!ll_number_round(a.whole, a.minus, scale, ret))
        return LL_CV_BAD;
    const struct currency *c = a.currency ? a.currency : by_unit ? by_unit : YUAN_RENMINBI;
    memcpy(currency, c->iso, 4);
    return LL_CV_OK;
}
