/* convert_phone.c - telephone numbers of the mainland. */
#include "standard/convert.h"

#include "standard/chars.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 24, AREA_MOST = 4, EXTENSION_MOST = 6 };

/* The digits of a cell and where its separators were. */
struct dialled {
    char digits[MOST + 1];
    bool gap[MOST + 1]; /* gap[i]: a separator before digit i */
    size_t n;
    size_t extension; /* digits before the extension; n when none is named */
    bool plus;
};

/* 转, 分机, ext. */
static size_t extension_word(struct ll_str s)
{
    static const struct ll_str WORDS[] = {{"转分机", 9}, {"转", 3},  {"分机", 6},
                                          {"ext.", 4},   {"ext", 3}, {"x", 1}};

    for (size_t i = 0; i < LL_COUNT(WORDS); i++)
        if (ll_str_starts(s, WORDS[i]))
            return WORDS[i].n;
    return 0;
}

static bool separator(uint32_t cp)
{
    return cp == '-' || cp == '(' || cp == ')' || cp == '.' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212;
}

static bool read_digits(struct ll_str s, struct dialled *d)
{
    size_t at = 0;

    *d = (struct dialled){.extension = MOST + 1};
    for (size_t from = 0; from < s.n; from = at) {
        int32_t next = ll_char_next(s, &at);
        uint32_t cp = ll_char_narrow((uint32_t)next);
        if (next < 0)
            return false;
        size_t word = extension_word((struct ll_str){s.p + from, s.n - from});
        if (word && d->extension > MOST && d->n) {
            d->extension = d->n;
            at = from + word;
        } else if (cp == '+' && d->n == 0 && !d->plus) {
            d->plus = true;
        } else if (separator(cp) || ll_char_class(cp) == LL_CHAR_BLANK) {
            d->gap[d->n] = true;
        } else if (cp >= '0' && cp <= '9' && d->n < MOST) {
            d->digits[d->n++] = (char)cp;
        } else if (ll_char_class(cp) != LL_CHAR_INVISIBLE) {
            return false;
        }
    }
    if (d->extension > MOST)
        d->extension = d->n;
    else if (d->extension == d->n) /* 转 and nothing behind it */
        return false;
    return true;
}

static void drop(struct dialled *d, size_t k)
{
    memmove(d->digits, d->digits + k, d->n - k + 1);
    memmove(d->gap, d->gap + k, sizeof d->gap - k * sizeof d->gap[0]);
    d->n -= k;
    d->extension -= k;
}

static bool mobile(const char *p)
{
    return p[0] == '1' && p[1] >= '3' && p[1] <= '9';
}

/* Takes off the country code; true when there was one. */
static bool drop_country(struct dialled *d)
{
    if (strncmp(d->digits, "0086", 4) == 0) {
        drop(d, 4);
        return true;
    }
    if (strncmp(d->digits, "86", 2) == 0 && d->extension > 10 &&
        (d->plus || d->gap[2] || mobile(d->digits + 2))) {
        drop(d, 2);
        return true;
    }
    return false;
}

static bool toll_free(const char *p)
{
    return strncmp(p, "400", 3) == 0 || strncmp(p, "800", 3) == 0;
}

/* Where the extension begins when only a separator tells: at the first gap behind digits `from` to `to`. */
static void find_extension(struct dialled *d, size_t from, size_t to)
{
    for (size_t k = from; k <= to && d->extension == d->n; k++)
        if (k < d->n && d->gap[k])
            d->extension = k;
}

/* Area code, local number of 7 or 8 digits, extension. */
static bool fixed_line(struct dialled *d, size_t area)
{
    find_extension(d, area + 7, area + 8);
    if (d->extension < area + 7 || d->extension > area + 8 || d->digits[area] < '2')
        return false;
    for (size_t k = area + 1; k < d->extension; k++) /* 822-3344 and 8223 3344, but no 2023-05-01 */
        if (d->gap[k] && k != d->extension - 4)
            return false;
    /* without an area code, 4001234-567 would be a toll-free number too, and 8613... a mobile with its country code */
    bool doubtful = area == 0 && (toll_free(d->digits) || strncmp(d->digits, "86", 2) == 0);
    return d->n - d->extension <= (doubtful ? 0 : EXTENSION_MOST);
}

static size_t write_parts(const struct dialled *d, size_t area, char out[MOST * 2])
{
    int n = snprintf(out, MOST * 2, "%.*s%s%.*s", (int)area, d->digits, area ? "-" : "",
                     (int)(d->extension - area), d->digits + area);

    if (d->n > d->extension)
        n += snprintf(out + n, MOST * 2 - (size_t)n, "-%s", d->digits + d->extension);
    return (size_t)n;
}

static size_t write_digits(const struct dialled *d, char out[MOST * 2])
{
    memcpy(out, d->digits, d->n);
    return d->n;
}

/* The canonical form, or 0 when it is no number of the mainland. */
static size_t canonical(struct dialled *d, char out[MOST * 2])
{
    bool country = drop_country(d);
    const char *p = d->digits;

    if (d->plus && !country)
        return 0;
    if (p[0] == '0' && d->n == 12 && mobile(p + 1)) /* the old way of dialling a mobile from elsewhere */
        drop(d, 1);
    if (d->n == 11 && d->extension == 11 && mobile(p))
        return write_digits(d, out);
    if (d->n >= 10 && toll_free(p) && !country) {
        find_extension(d, 10, 10);
        return d->extension == 10 && d->n - 10 <= EXTENSION_MOST ? write_parts(d, 0, out) : 0;
    }
    if ((d->n == 5 || d->n == 6) && d->extension == d->n && p[0] == '9' && (p[1] == '5' || p[1] == '6'))
        return write_digits(d, out);
    if (country && p[0] != '0' && d->n < MOST) { /* +86 796 ...: the area code's 0 is left out abroad */
        memmove(d->digits + 1, d->digits, d->n + 1);
        memmove(d->gap + 1, d->gap, MOST * sizeof d->gap[0]);
        d->digits[0] = '0';
        d->n++;
        d->extension++;
    }
    size_t area = p[0] != '0' ? 0 : p[1] == '1' || p[1] == '2' ? 3 : AREA_MOST;
    if ((area == 3 && p[1] == '1' && p[2] != '0') || (area && p[1] == '0'))
        return 0;
    return fixed_line(d, area) ? write_parts(d, area, out) : 0;
}

/* 13800138000, as most are written. */
static bool plain_mobile(struct ll_str s)
{
    if (s.n != 11 || !mobile(s.p))
        return false;
    for (size_t i = 2; i < 11; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

enum ll_cv ll_cv_phone(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out)
{
    struct dialled d;
    char text[MOST * 2];

    if (plain_mobile(raw)) {
        *out = raw;
        return LL_CV_OK;
    }
    enum ll_cv cv = ll_cv_text(raw, scratch, out);
    if (cv != LL_CV_OK)
        return cv;
    if (!read_digits(*out, &d))
        return LL_CV_BAD;
    size_t n = canonical(&d, text);
    if (n == 0)
        return LL_CV_BAD;
    struct ll_str number = {text, n};
    if (ll_str_eq(number, *out))
        return LL_CV_OK;
    ll_buf_clear(scratch);
    ll_buf_str(scratch, number);
    *out = ll_buf_view(scratch);
    return scratch->failed ? LL_CV_BAD : LL_CV_OK;
}
