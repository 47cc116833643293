/* header.c - see header.h.  No dictionary of Chinese is needed: headers are made of few words. */
#include "catalog/header.h"

#include "catalog/name.h"
#include "catalog/tbl/header_words.h"
#include "catalog/transform.h"

#include <stdio.h>
#include <string.h>

#define X(words, english) {words, english},
static const struct {
    const char *words, *english;
} groups[] = {LL_HEADER_WORDS(X)};
#undef X

enum { UNKNOWN = -1 };

static int32_t fold(int32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        cp -= 0xfee0;
    return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

static bool opens(int32_t cp)
{
    return cp == '(' || cp == '[' || cp == 0x3010 || cp == 0x3014;
}

static bool closes(int32_t cp)
{
    return cp == ')' || cp == ']' || cp == 0x3011 || cp == 0x3015;
}

/* Letters, digits and ideographs make words; the rest are marks between them. */
static bool matters(int32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || cp == 0x3007 ||
           (cp >= 0x3400 && cp <= 0x9fff) || cp >= 0x20000;
}

static bool ascii(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static const char *unit_of(struct ll_str bracket)
{
    static const char *const units[] = {
#define X(name, power) name,
        LL_UNITS(X)
#undef X
    };

    if (ll_str_starts(bracket, LL_STR("单位")))
        bracket.p += strlen("单位"), bracket.n -= strlen("单位");
    for (size_t i = 0; i < LL_COUNT(units); i++)
        if (ll_str_is(bracket, units[i]))
            return units[i];
    return ll_str_is(bracket, "万") ? "万元" : NULL;
}

/* Fills h->text; what is in brackets goes to `bracket` instead. */
static void clean(struct ll_str raw, struct ll_header *h)
{
    char bracket[LL_HEADER_TEXT], utf8[4];
    size_t n = 0, m = 0, at = 0;
    bool inside = false;

    for (int32_t cp; (cp = ll_utf8_next(raw, &at)) >= 0;) {
        cp = fold(cp);
        if (opens(cp)) {
            inside = true;
            m = 0;
        } else if (closes(cp) && inside) {
            inside = false;
            const char *unit = unit_of((struct ll_str){bracket, m});
            h->unit = unit ? unit : h->unit;
        } else if (matters(cp)) {
            size_t k = ll_utf8_put(utf8, (uint32_t)cp);
            char *into = inside ? bracket : h->text;
            size_t *used = inside ? &m : &n;
            if (*used + k < LL_HEADER_TEXT) {
                memcpy(into + *used, utf8, k);
                *used += k;
            }
        }
    }
    h->text[n] = 0;
}

/* The longest word of the table at the start of s; *len its bytes. */
static int longest(struct ll_str s, size_t *len)
{
    int best = UNKNOWN;

    *len = 0;
    for (size_t g = 0; g < LL_COUNT(groups); g++) {
        struct ll_str word, rest = ll_str(groups[g].words);
        while (rest.n) {
            ll_str_cut(rest, '|', &word, &rest);
            if (word.n > *len && ll_str_starts(s, word)) {
                *len = word.n;
                best = (int)g;
            }
        }
    }
    return best;
}

static size_t unknown_word(struct ll_str s)
{
    size_t n = 0, at = 0;

    while (n < s.n && ascii(s.p[n]))
        n++;
    if (n)
        return n;
    ll_utf8_next(s, &at);
    return at;
}

void ll_header_read(struct ll_str raw, struct ll_header *h)
{
    *h = (struct ll_header){.n = 0};
    clean(raw, h);
    struct ll_str rest = ll_str(h->text);
    while (rest.n && h->n < LL_HEADER_WORDS_MAX) {
        size_t len;
        int word = longest(rest, &len);
        if (word == UNKNOWN)
            len = unknown_word(rest);
        h->words[h->n].word = word;
        h->words[h->n++].s = (struct ll_str){rest.p, len};
        rest.p += len;
        rest.n -= len;
    }
}

static bool same_word(const struct ll_header *a, size_t i, const struct ll_header *b, size_t j)
{
    if (a->words[i].word != UNKNOWN || b->words[j].word != UNKNOWN)
        return a->words[i].word == b->words[j].word;
    return ll_str_eq(a->words[i].s, b->words[j].s);
}

/* A word of the table weighs as much as two characters that are in none. */
static double weight(const struct ll_header *h, size_t i)
{
    return h->words[i].word != UNKNOWN || h->words[i].s.n > 3 ? 2 : 1;
}

static double total(const struct ll_header *h)
{
    double sum = 0;

    for (size_t i = 0; i < h->n; i++)
        sum += weight(h, i);
    return sum;
}

/* Weight of the words of a that b has too, each used once. */
static double common(const struct ll_header *a, const struct ll_header *b)
{
    bool used[LL_HEADER_WORDS_MAX] = {false};
    double sum = 0;

    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            if (!used[j] && same_word(a, i, b, j)) {
                used[j] = true;
                sum += weight(a, i);
                break;
            }
    return sum;
}

double ll_header_alike(const struct ll_header *a, const struct ll_header *b)
{
    static const double SAME_WORDS = 0.92, OTHER_END = 0.55;

    if (!a->n || !b->n)
        return 0;
    if (strcmp(a->text, b->text) == 0)
        return 1;
    double share = 2 * common(a, b) / (total(a) + total(b));
    if (!same_word(a, a->n - 1, b, b->n - 1))
        share *= OTHER_END;
    return share * SAME_WORDS;
}

bool ll_header_has(const struct ll_header *h, const char *english)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->words[i].word != UNKNOWN && strcmp(groups[h->words[i].word].english, english) == 0)
            return true;
    return false;
}

bool ll_header_ends(const struct ll_header *h, const char *english)
{
    return h->n && h->words[h->n - 1].word != UNKNOWN &&
           strcmp(groups[h->words[h->n - 1].word].english, english) == 0;
}

bool ll_header_name(const struct ll_header *h, char out[49])
{
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        struct ll_str part = h->words[i].word != UNKNOWN ? ll_str(groups[h->words[i].word].english)
                                                         : h->words[i].s;
        if (!ascii(part.p[0]) || n + part.n + 2 > 48)
            continue;
        if (n)
            out[n++] = '_';
        memcpy(out + n, part.p, part.n);
        n += part.n;
    }
    out[n] = 0;
    return ll_name_check((struct ll_str){out, n}) == LL_NAME_OK;
}
