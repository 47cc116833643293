/* str.c - see str.h. */
#include "base/str.h"

#include <string.h>

struct ll_str ll_str(const char *z)
{
    return (struct ll_str){z, z ? strlen(z) : 0};
}

bool ll_str_eq(struct ll_str a, struct ll_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool ll_str_is(struct ll_str a, const char *z)
{
    return ll_str_eq(a, ll_str(z));
}

int ll_str_cmp(struct ll_str a, struct ll_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool ll_str_starts(struct ll_str s, struct ll_str prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

bool ll_str_ends(struct ll_str s, struct ll_str suffix)
{
    return s.n >= suffix.n && memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct ll_str ll_str_trim(struct ll_str s)
{
    while (s.n && blank(s.p[0]))
        s.p++, s.n--;
    while (s.n && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool ll_str_cut(struct ll_str s, char sep, struct ll_str *head, struct ll_str *rest)
{
    const char *at = s.n ? memchr(s.p, sep, s.n) : NULL;

    if (!at) {
        *head = s;
        *rest = (struct ll_str){s.p + s.n, 0};
        return false;
    }
    *head = (struct ll_str){s.p, (size_t)(at - s.p)};
    *rest = (struct ll_str){at + 1, s.n - head->n - 1};
    return true;
}

bool ll_str_i64(struct ll_str s, int64_t min, int64_t max, int64_t *ret)
{
    bool minus = s.n && s.p[0] == '-';
    size_t i = minus ? 1 : 0;
    int64_t v = 0;

    if (i >= s.n || s.n - i > 19)
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
            return false;
    }
    if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
        return false;
    if (v < min || v > max)
        return false;
    *ret = v;
    return true;
}

uint64_t ll_str_hash(struct ll_str s)
{
    uint64_t h = 0xcbf29ce484222325u ^ s.n;

    for (; s.n >= 8; s.p += 8, s.n -= 8) {
        uint64_t w;
        memcpy(&w, s.p, 8);
        h = (h ^ w) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

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

size_t ll_utf8_bad(struct ll_str s)
{
    size_t i = 0;

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
