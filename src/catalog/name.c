/* name.c - see name.h. */
#include "catalog/name.h"

#include "catalog/tbl/sql_keywords.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_CHARS = 48, VARIANT_MAX = 32, TOKEN_MAX = 64, DISTANCE_MAX_CHARS = 64 };

#define X(word) word,
static const char *const keywords[] = {LL_SQL_KEYWORDS(X)};
#undef X

static int by_word(const void *key, const void *entry)
{
    return ll_str_cmp(*(const struct ll_str *)key, ll_str(*(const char *const *)entry));
}

bool ll_sql_keyword(struct ll_str s)
{
    return bsearch(&s, keywords, LL_COUNT(keywords), sizeof *keywords, by_word) != NULL;
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

enum ll_name_fault ll_name_check(struct ll_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_CHARS || !lower(s.p[0]))
        return LL_NAME_FORM;
    for (size_t i = 1; i < s.n; i++)
        if (!lower(s.p[i]) && !digit(s.p[i]) && s.p[i] != '_')
            return LL_NAME_FORM;
    if (ll_str_starts(s, LL_STR("ll_")))
        return LL_NAME_RESERVED;
    return ll_sql_keyword(s) ? LL_NAME_KEYWORD : LL_NAME_OK;
}

bool ll_table_name_ok(struct ll_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_CHARS || !upper(s.p[0]))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!upper(s.p[i]) && !digit(s.p[i]) && s.p[i] != '_')
            return false;
    return true;
}

bool ll_variant_name_ok(struct ll_str s)
{
    if (s.n == 0 || s.n > VARIANT_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!lower(s.p[i]) && !digit(s.p[i]) && s.p[i] != '_')
            return false;
    return true;
}

bool ll_token_ok(struct ll_str s)
{
    if (s.n == 0 || s.n > TOKEN_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!lower(s.p[i]) && !upper(s.p[i]) && !digit(s.p[i]) && !strchr(".-_", s.p[i]))
            return false;
    return true;
}

static size_t decode(struct ll_str s, int32_t out[DISTANCE_MAX_CHARS])
{
    size_t n = 0, at = 0;

    for (int32_t cp; n < DISTANCE_MAX_CHARS && (cp = ll_utf8_next(s, &at)) >= 0;)
        out[n++] = cp;
    return n;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment over three rows.  Longer strings are compared by their first DISTANCE_MAX_CHARS. */
size_t ll_edit_distance(struct ll_str a, struct ll_str b, size_t limit)
{
    int32_t x[DISTANCE_MAX_CHARS], y[DISTANCE_MAX_CHARS];
    size_t rows[3][DISTANCE_MAX_CHARS + 1];
    size_t n = decode(a, x), m = decode(b, y);

    if ((n > m ? n - m : m - n) > limit)
        return limit + 1;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *before = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];
        size_t row_least = now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t d = before[j - 1] + (x[i - 1] != y[j - 1]);
            d = least(d, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                d = least(d, second[j - 2] + 1);
            now[j] = d;
            row_least = least(row_least, d);
        }
        if (row_least > limit)
            return limit + 1;
    }
    return least(rows[n % 3][m], limit + 1);
}

struct ll_near ll_near_start(struct ll_str wanted)
{
    size_t n = ll_utf8_count(wanted);
    size_t limit = n < 3 ? 1 : (n + 2) / 3;

    return (struct ll_near){.wanted = wanted, .limit = limit, .distance = limit + 1};
}

void ll_near_try(struct ll_near *n, struct ll_str candidate)
{
    size_t d = ll_edit_distance(n->wanted, candidate, n->limit);

    if (d > n->limit || d > n->distance)
        return;
    if (d == n->distance && n->best.n && ll_str_cmp(n->best, candidate) <= 0)
        return;
    n->best = candidate;
    n->distance = d;
}
