/* utf8.c - the UTF-8 part of str.h. */
#include "base/str.h"

#include <string.h>

#ifdef __x86_64__
#include <tmmintrin.h>
#endif

/* Length of the well-formed sequence at p (n > 0 bytes are there), or 0.  The ranges are those of RFC 3629 section 4. */
static size_t sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    size_t want = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n < want)
        return 0;
    unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < want; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return want;
}

int32_t ll_utf8_next(struct ll_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;

    if (*at >= s.n)
        return -1;
    size_t len = sequence(p, s.n - *at);
    *at += len ? len : 1;
    switch (len) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    case 3:
        return (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    case 4:
        return (p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 | (p[3] & 0x3f);
    default:
        return 0xfffd;
    }
}

size_t ll_utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        return 0;
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

size_t ll_utf8_count(struct ll_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

static size_t bad_from(struct ll_str s, size_t i)
{
    while (i < s.n) {
        uint64_t w;
        if (s.n - i >= 8 && (memcpy(&w, s.p + i, 8), (w & 0x8080808080808080u) == 0)) {
            i += 8;
            continue;
        }
        size_t len = sequence((const unsigned char *)s.p + i, s.n - i);
        if (!len)
            return i;
        i += len;
    }
    return s.n;
}

#ifdef __x86_64__
/* 16 bytes at a time, after J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): three look-ups by
 * half bytes say which pairs of neighbours cannot stand together; the third and fourth bytes of a sequence follow from
 * what stands two and three bytes before them. */
#define SSSE3 __attribute__((target("ssse3")))

enum {
    TOO_SHORT = 1,    /* a lead byte, then no continuation */
    TOO_LONG = 2,     /* ASCII, then a continuation */
    OVERLONG_3 = 4,   /* E0 80..9F */
    TOO_LARGE = 8,    /* F4 90.. and above */
    SURROGATE = 16,   /* ED A0..BF */
    OVERLONG_2 = 32,  /* C0, C1 */
    TOO_LARGE_8 = 64, /* F5 80..8F and above */
    OVERLONG_4 = 64,  /* F0 80..8F */
    TWO_CONTS = -128, /* two continuations; right only as the end of a longer sequence */
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTS,
    BIG_LOW = ANY_LOW | TOO_LARGE | TOO_LARGE_8
};

SSSE3 static inline __m128i pairs(__m128i v, __m128i before)
{
    const __m128i first_high = _mm_setr_epi8(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS, TWO_CONTS,
        TWO_CONTS, TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
        TOO_SHORT | TOO_LARGE | TOO_LARGE_8 | OVERLONG_4);
    const __m128i first_low = _mm_setr_epi8(ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
                                            ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW, ANY_LOW | TOO_LARGE,
                                            BIG_LOW, BIG_LOW, BIG_LOW, BIG_LOW, BIG_LOW, BIG_LOW, BIG_LOW,
                                            BIG_LOW, BIG_LOW | SURROGATE, BIG_LOW, BIG_LOW);
    const __m128i second_high = _mm_setr_epi8(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_8 | OVERLONG_4,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_SHORT);
    const __m128i half = _mm_set1_epi8(0x0f);
    __m128i one = _mm_alignr_epi8(v, before, 15), two = _mm_alignr_epi8(v, before, 14),
            three = _mm_alignr_epi8(v, before, 13);
    __m128i wrong = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(first_high, _mm_and_si128(_mm_srli_epi16(one, 4), half)),
                      _mm_shuffle_epi8(first_low, _mm_and_si128(one, half))),
        _mm_shuffle_epi8(second_high, _mm_and_si128(_mm_srli_epi16(v, 4), half)));
    __m128i third = _mm_subs_epu8(two, _mm_set1_epi8(0xe0 - 0x80)),
            fourth = _mm_subs_epu8(three, _mm_set1_epi8(0xf0 - 0x80));
    __m128i must = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));
    return _mm_xor_si128(must, wrong);
}

/* Where the whole of s before is valid, but for a sequence that its end may cut: a multiple of 64. */
SSSE3 static size_t valid_blocks(struct ll_str s)
{
    const __m128i ends = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, (char)(0xf0 - 1),
                                       (char)(0xe0 - 1), (char)(0xc0 - 1));
    __m128i before = _mm_setzero_si128(), cut = before;
    size_t at = 0;

    for (; s.n - at >= 64; at += 64) {
        const __m128i *p = (const __m128i *)(const void *)(s.p + at);
        __m128i a = _mm_loadu_si128(p), b = _mm_loadu_si128(p + 1), c = _mm_loadu_si128(p + 2),
                d = _mm_loadu_si128(p + 3);
        __m128i wrong = cut;
        if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) != 0) {
            wrong = _mm_or_si128(_mm_or_si128(pairs(a, before), pairs(b, a)),
                                 _mm_or_si128(pairs(c, b), pairs(d, c)));
            cut = _mm_subs_epu8(d, ends);
        }
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xffff)
            break;
        before = d;
    }
    return at;
}
/* The last sequence that begins before `at` may go on beyond it, or should: its first byte. */
static size_t back_to_lead(struct ll_str s, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        unsigned char c = (unsigned char)s.p[at - back];
        if (c >= 0xc0)
            return at - back;
        if (c < 0x80)
            break;
    }
    return at;
}

#endif

size_t ll_utf8_bad(struct ll_str s)
{
    size_t at = 0;

#ifdef __x86_64__
    if (s.n >= 64 && __builtin_cpu_supports("ssse3"))
        at = back_to_lead(s, valid_blocks(s));
#endif
    return bad_from(s, at);
}

/* The wide blocks that Chinese text uses; a full East Asian Width table would add nothing we print. */
static bool wide(int32_t cp)
{
    return (cp >= 0x1100 && cp <= 0x115f) || (cp >= 0x2e80 && cp <= 0xa4cf) ||
           (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xf900 && cp <= 0xfaff) ||
           (cp >= 0xfe30 && cp <= 0xfe6f) || (cp >= 0xff00 && cp <= 0xff60) ||
           (cp >= 0xffe0 && cp <= 0xffe6) || (cp >= 0x20000 && cp <= 0x3fffd);
}

size_t ll_utf8_width(struct ll_str s)
{
    size_t at = 0, columns = 0;

    for (int32_t cp; (cp = ll_utf8_next(s, &at)) >= 0;)
        columns += wide(cp) ? 2 : 1;
    return columns;
}
