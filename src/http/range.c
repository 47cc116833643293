/* range.c - see range.h. */
#include "http/range.h"

#include <string.h>

/* "-500": the last 500 bytes. */
static enum ll_range_kind suffix(struct ll_str text, int64_t size, struct ll_range *ret)
{
    int64_t n;

    if (!ll_str_i64(text, 0, INT64_MAX, &n))
        return LL_RANGE_ALL;
    if (!n || !size)
        return LL_RANGE_NONE;
    n = n < size ? n : size;
    *ret = (struct ll_range){size - n, n};
    return LL_RANGE_PART;
}

static bool digits(struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

enum ll_range_kind ll_range_parse(const char *header, int64_t size, struct ll_range *ret)
{
    struct ll_str text = ll_str(header), unit, first, last;
    int64_t from, to = size - 1;

    *ret = (struct ll_range){0, size};
    if (!ll_str_cut(text, '=', &unit, &text) || !ll_str_is(unit, "bytes"))
        return LL_RANGE_ALL;
    text = ll_str_trim(text);
    if (!text.n || memchr(text.p, ',', text.n) || !ll_str_cut(text, '-', &first, &last))
        return LL_RANGE_ALL;
    if (!first.n)
        return digits(last) ? suffix(last, size, ret) : LL_RANGE_ALL;
    if (!digits(first) || (last.n && !digits(last)))
        return LL_RANGE_ALL;
    if (!ll_str_i64(first, 0, INT64_MAX - 1, &from))
        return LL_RANGE_NONE; /* more than any file has */
    if (last.n && (!ll_str_i64(last, 0, INT64_MAX - 1, &to) || to >= size))
        to = size - 1;
    if (from >= size)
        return LL_RANGE_NONE;
    if (to < from)
        return LL_RANGE_ALL;
    *ret = (struct ll_range){from, to - from + 1};
    return LL_RANGE_PART;
}

bool ll_range_holds(const char *if_range, const char *etag)
{
    return !if_range || strcmp(if_range, etag) == 0;
}

bool ll_etag_matches(const char *if_none_match, const char *etag)
{
    struct ll_str rest = ll_str(if_none_match), one;

    while (rest.n) {
        ll_str_cut(rest, ',', &one, &rest);
        one = ll_str_trim(one);
        if (ll_str_is(one, "*"))
            return true;
        if (ll_str_starts(one, LL_STR("W/")))
            one = (struct ll_str){one.p + 2, one.n - 2};
        if (ll_str_is(one, etag))
            return true;
    }
    return false;
}
