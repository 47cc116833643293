/* chars.c - see chars.h. */
#include "standard/chars.h"

#include "standard/tbl/empty_words.h"

#include <string.h>

struct range {
    uint32_t first, last;
};

static const struct range BLANKS[] = {
    {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
    {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

/* In order.  Variation selectors are not here: they choose the glyph of a name's character. */
static const struct range INVISIBLES[] = {
    {0x00, 0x08},       /* controls, but for those that are blanks */
    {0x0e, 0x1f},       /* the same */
    {0x7f, 0x9f},       /* the same */
    {0xad, 0xad},       /* soft hyphen */
    {0x34f, 0x34f},     /* grapheme joiner */
    {0x61c, 0x61c},     /* Arabic letter mark */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x180e, 0x180e},   /* Mongolian vowel separator */
    {0x200b, 0x200f},   /* zero width, directions */
    {0x202a, 0x202e},   /* directions */
    {0x2060, 0x206f},   /* word joiner, directions */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xfeff, 0xfeff},   /* byte order mark */
    {0xffa0, 0xffa0},   /* Hangul filler */
    {0xfff9, 0xfffb},   /* annotations */
    {0xe0000, 0xe007f}, /* tags */
};

/* r is in order. */
static bool within(const struct range *r, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n && cp >= r[i].first; i++)
        if (cp <= r[i].last)
            return true;
    return false;
}

enum ll_char_class ll_char_class(uint32_t cp)
{
    if ((cp > 0x20 && cp < 0x7f) || (cp > 0x3000 && cp < 0xfeff && cp != 0x3164))
        return LL_CHAR_VISIBLE;
    if (within(BLANKS, LL_COUNT(BLANKS), cp))
        return LL_CHAR_BLANK;
    return within(INVISIBLES, LL_COUNT(INVISIBLES), cp) ? LL_CHAR_INVISIBLE : LL_CHAR_VISIBLE;
}

bool ll_char_chinese(uint32_t cp)
{
    return (cp >= 0x2e80 && cp <= 0x9fff && cp != 0x3000) || (cp >= 0xf900 && cp <= 0xfaff) ||
           (cp >= 0xfe30 && cp <= 0xfe4f) || (cp >= 0xff01 && cp <= 0xff60) ||
           (cp >= 0x20000 && cp <= 0x3fffd);
}

static bool visible_ascii(char c)
{
    return (unsigned char)(c - 0x21) < 0x7f - 0x21;
}

struct ll_str ll_char_trim(struct ll_str s)
{
    size_t first = s.n, last = 0, at = 0;

    if (s.n && visible_ascii(s.p[0]) && visible_ascii(s.p[s.n - 1]))
        return s;
    for (size_t from = 0; from < s.n; from = at) {
        int32_t cp = ll_char_next(s, &at);
        if (cp >= 0 && ll_char_class((uint32_t)cp) != LL_CHAR_VISIBLE)
            continue;
        first = from < first ? from : first;
        last = at;
    }
    return first < last ? (struct ll_str){s.p + first, last - first} : LL_STR("");
}

bool ll_starts_upper(struct ll_str s, struct ll_str upper)
{
    if (s.n < upper.n)
        return false;
    for (size_t i = 0; i < upper.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != (unsigned char)upper.p[i])
            return false;
    }
    return true;
}

enum { LONGEST = 9 };
#define X(word) _Static_assert(sizeof(word) - 1 <= LONGEST, "longest word for nothing");
LL_EMPTY_WORDS(X)
#undef X

bool ll_word_empty(struct ll_str s)
{
#define X(word) {word, sizeof(word) - 1},
    static const struct ll_str WORDS[] = {LL_EMPTY_WORDS(X)};
#undef X

    if (s.n == 0)
        return true;
    if (s.n > LONGEST)
        return false;
    for (size_t i = 0; i < LL_COUNT(WORDS); i++)
        if (WORDS[i].n == s.n && ll_starts_upper(s, WORDS[i]))
            return true;
    return false;
}
