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

bool ll_str_has_word(struct ll_str words, struct ll_str word)
{
    struct ll_str one;

    while (words.n) {
        ll_str_cut(words, ' ', &one, &words);
        if (one.n && ll_str_eq(one, word))
            return true;
    }
    return false;
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

void ll_hide_numbers(char *text)
{
    enum { SHOWN = 3, LONGEST = 6 };
    size_t run = 0;

    for (char *p = text;; p++) {
        bool digit = (*p >= '0' && *p <= '9') || (run && (*p == 'X' || *p == 'x'));
        if (digit) {
            run++;
            continue;
        }
        if (run > LONGEST)
            memset(p - run + SHOWN, '*', run - SHOWN);
        run = 0;
        if (!*p)
            return;
    }
}
