/* xlsx_number.c - see xlsx_number.h. */
#include "intake/decode/xlsx_number.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000LL
#define EXACT 9007199254740992.0 /* 2^53: integers up to here are exact in a double */
#define KEPT 1e15                /* a spreadsheet keeps 15 digits of what is typed */

enum { LAST_1900 = 2958465, LAST_1904 = 2957003 }; /* 9999-12-31 */

static bool all_digits(struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* Most numbers are short and already in their shortest form: no conversion to and from binary is needed then. */
static bool is_plain(struct ll_str s)
{
    struct ll_str whole, part;

    if (s.n > 1 && s.p[0] == '-' && s.p[1] != '0')
        s = (struct ll_str){s.p + 1, s.n - 1};
    if (s.n > 16)
        return false;
    if (!ll_str_cut(s, '.', &whole, &part))
        return all_digits(s) && s.n <= 15 && (s.p[0] != '0' || s.n == 1);
    return all_digits(whole) && all_digits(part) && whole.n + part.n <= 15 && part.p[part.n - 1] != '0' &&
           (whole.p[0] != '0' || whole.n == 1);
}

static bool parse(struct ll_str s, double *ret)
{
    char text[LL_XLSX_NUMBER_TEXT];
    char *end;

    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    if (strspn(text, "+-.0123456789eE") != s.n) /* strtod also takes hexadecimal, infinities and blanks */
        return false;
    *ret = strtod(text, &end);
    return *end == 0 && isfinite(*ret);
}

/* Digits and decimal exponent of the shortest decimal that reads back as v: v = 0.d1d2d3... * 10^point. */
static size_t shortest(double v, char digits[24], int *point)
{
    char text[40];

    for (int precision = 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, v);
        if (strtod(text, NULL) == v)
            break;
    }
    const char *e = strchr(text, 'e');
    size_t n = 0;
    for (const char *p = text; p < e; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    *point = atoi(e + 1) + 1;
    return n;
}

static size_t lay_out(double v, char out[LL_XLSX_NUMBER_TEXT])
{
    char digits[24];
    int point;
    size_t n = 0, count = shortest(fabs(v), digits, &point);

    if (v == 0)
        return (size_t)snprintf(out, LL_XLSX_NUMBER_TEXT, "0");
    if (point > 21 || point < -8)
        return (size_t)snprintf(out, LL_XLSX_NUMBER_TEXT, "%.*g", (int)count, v);
    if (v < 0)
        out[n++] = '-';
    if (point <= 0)
        out[n++] = '0';
    for (int i = 0; i < point; i++)
        out[n++] = (size_t)i < count ? digits[i] : '0';
    if ((int)count > point)
        out[n++] = '.';
    for (int i = point; i < 0; i++)
        out[n++] = '0';
    for (size_t i = point > 0 ? (size_t)point : 0; i < count; i++)
        out[n++] = digits[i];
    return n;
}

/* Sixteen digits and more are trusted only if no spreadsheet can have rounded them: an exact integer whose digits beyond the
 * fifteenth are not all zero was written by another program. */
static bool digits_lost(double v)
{
    double a = fabs(v);

    if (a < KEPT)
        return false;
    return a > EXACT || fmod(a, 10) == 0 || a != floor(a);
}

static size_t pad(char out[LL_XLSX_NUMBER_TEXT], size_t n, unsigned digits)
{
    if (n >= digits || !all_digits((struct ll_str){out, n}))
        return n;
    memmove(out + (digits - n), out, n);
    memset(out, '0', digits - n);
    return digits;
}

/* A long run of digits is shown as the file has it: whoever corrects it looks for that. */
static size_t number(struct ll_str value, double v, char out[LL_XLSX_NUMBER_TEXT])
{
    if (v >= KEPT && all_digits(value)) {
        memcpy(out, value.p, value.n);
        return value.n;
    }
    return lay_out(v, out);
}

static size_t day_text(int64_t day, bool epoch1904, char *out, size_t n)
{
    unsigned m, d;
    int y;

    if (!epoch1904 && day == 0)
        return (size_t)snprintf(out, n, "1900-01-00");
    if (!epoch1904 && day == 60)
        return (size_t)snprintf(out, n, "1900-02-29");
    int32_t first = epoch1904 ? ll_days_from_civil(1904, 1, 1)
                              : ll_days_from_civil(1899, 12, day < 60 ? 31 : 30);
    ll_civil_from_days(first + (int32_t)day, &y, &m, &d);
    return (size_t)snprintf(out, n, "%04d-%02u-%02u", y, m, d);
}

static size_t clock_text(int64_t ms, unsigned fraction, char *out, size_t n)
{
    static const unsigned scale[] = {1000, 100, 10, 1};
    int64_t s = ms / 1000;
    size_t len = (size_t)snprintf(out, n, "%02lld:%02d:%02d", (long long)(s / 3600), (int)(s / 60 % 60),
                                  (int)(s % 60));

    if (fraction)
        len += (size_t)snprintf(out + len, n - len, ".%0*d", (int)fraction,
                                (int)(ms % 1000) / (int)scale[fraction]);
    return len;
}

/* Rounds to what the format shows, so that 08:29:59.9999 of a computed time is 08:30:00. */
static int64_t to_ms(double serial, unsigned fraction)
{
    static const int64_t unit[] = {1000, 100, 10, 1};

    return llround(serial * (double)DAY_MS / (double)unit[fraction]) * unit[fraction];
}

static size_t moment(double serial, struct ll_xlsx_format f, bool epoch1904, char out[LL_XLSX_NUMBER_TEXT])
{
    int64_t ms = to_ms(serial, f.digits);
    size_t n = 0;

    if (f.look == LL_XLSX_DATE)
        return day_text((int64_t)floor(serial), epoch1904, out, LL_XLSX_NUMBER_TEXT);
    if (f.look == LL_XLSX_ELAPSED)
        return clock_text(ms, f.digits, out, LL_XLSX_NUMBER_TEXT);
    if (f.look == LL_XLSX_TIME && serial < 1)
        return clock_text(ms % DAY_MS, f.digits, out, LL_XLSX_NUMBER_TEXT);
    n = day_text(ms / DAY_MS, epoch1904, out, LL_XLSX_NUMBER_TEXT);
    out[n++] = ' ';
    return n + clock_text(ms % DAY_MS, f.digits, out + n, LL_XLSX_NUMBER_TEXT - n);
}

enum ll_xlsx_number ll_xlsx_number_text(struct ll_str value, struct ll_xlsx_format f, bool epoch1904,
                                        char out[LL_XLSX_NUMBER_TEXT], size_t *ret_n, bool *ret_day)
{
    double v, last = epoch1904 ? LAST_1904 + 1 : LAST_1900 + 1;
    bool day = f.look != LL_XLSX_NUMBER && f.look != LL_XLSX_PADDED;

    *ret_day = false;
    if (!day && is_plain(value)) {
        memcpy(out, value.p, value.n);
        *ret_n = f.look == LL_XLSX_PADDED ? pad(out, value.n, f.digits) : value.n;
        return LL_XLSX_NUMBER_OK;
    }
    if (!parse(value, &v))
        return LL_XLSX_NUMBER_BAD;
    if (day && v >= 0 && v < last - 1.0 / 86400) {
        *ret_day = true;
        *ret_n = moment(v, f, epoch1904, out);
        return LL_XLSX_NUMBER_OK;
    }
    *ret_n = number(value, v, out);
    if (f.look == LL_XLSX_PADDED)
        *ret_n = pad(out, *ret_n, f.digits);
    return digits_lost(v) ? LL_XLSX_NUMBER_DIGITS : LL_XLSX_NUMBER_OK;
}

static bool all_zero(struct ll_str s)
{
    while (s.n && s.p[s.n - 1] == '0')
        s.n--;
    return s.n == 0;
}

size_t ll_xlsx_iso_text(struct ll_str value, struct ll_xlsx_format f, char out[LL_XLSX_NUMBER_TEXT])
{
    struct ll_str day, time, whole, fraction;

    if (value.n >= LL_XLSX_NUMBER_TEXT)
        value.n = LL_XLSX_NUMBER_TEXT - 1;
    if (!ll_str_cut(value, 'T', &day, &time)) {
        memcpy(out, value.p, value.n);
        return value.n;
    }
    if (time.n && time.p[time.n - 1] == 'Z')
        time.n--;
    if (ll_str_cut(time, '.', &whole, &fraction) && all_zero(fraction))
        time = whole;
    bool midnight = ll_str_is(time, "00:00:00") || ll_str_is(time, "00:00") || time.n == 0;
    if (f.look == LL_XLSX_DATE || (midnight && f.look != LL_XLSX_DATETIME))
        time.n = 0;
    return (size_t)snprintf(out, LL_XLSX_NUMBER_TEXT, "%.*s%s%.*s", LL_STR_ARG(day), time.n ? " " : "",
                            LL_STR_ARG(time));
}
