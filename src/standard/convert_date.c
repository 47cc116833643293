/* convert_date.c - dates and times as departments write them.
 *
 * Only what can be read in one way is a date: the year has four digits and comes first.  01/05/2023 could be May or January, and
 * 2023-05 has no day; both are LL_CV_BAD.  A zone (Z, +08:00) is read over: the time is taken as written. */
#include "standard/convert.h"

#include "base/clock.h"
#include "standard/chars.h"

#include <stdio.h>
#include <string.h>

enum { EXCEL_EPOCH = 25569, EXCEL_FIRST = 20000, EXCEL_LAST = 80000 }; /* the epoch: serial of 1970-01-01 */

static const int64_t US_PER_DAY = 86400000000;

/* One run of digits, Arabic or Chinese. */
struct field {
    uint64_t value;
    unsigned digits;
};

struct moment {
    int32_t days;
    int64_t us; /* of the day */
};

/* ---- reading characters ---- */

struct reader {
    struct ll_str s;
    size_t at;
};

/* The character at hand in half width; -1 at the end, -2 for what is not UTF-8. */
static int32_t peek(const struct reader *r, size_t *after)
{
    size_t at = r->at;

    if (at < r->s.n && (unsigned char)r->s.p[at] < 0x80) {
        *after = at + 1;
        return r->s.p[at];
    }
    int32_t cp = ll_char_next(r->s, &at);
    *after = at;
    return cp < 0 ? cp : (int32_t)ll_char_narrow((uint32_t)cp);
}

static bool skip_blanks(struct reader *r)
{
    size_t from = r->at, after;

    for (int32_t cp; (cp = peek(r, &after)) >= 0 && ll_char_class((uint32_t)cp) != LL_CHAR_VISIBLE;)
        r->at = after;
    return r->at > from;
}

static bool take(struct reader *r, int32_t cp)
{
    size_t after;

    if (peek(r, &after) != cp)
        return false;
    r->at = after;
    return true;
}

/* 0 to 9, or -1. */
static int chinese_digit(int32_t cp)
{
    static const int32_t DIGITS[] = {U'零', U'一', U'二', U'三', U'四', U'五', U'六', U'七', U'八', U'九'};

    if (cp == U'〇' || cp == U'○' || cp == 'O')
        return 0;
    for (int i = 0; i < 10; i++)
        if (DIGITS[i] == cp)
            return i;
    return -1;
}

/* 十 is ten behind what stands before it, 廿 and 卅 are 20 and 30. */
static unsigned chinese_ten(int32_t cp)
{
    return cp == U'十' ? 1 : cp == U'廿' ? 2 : cp == U'卅' ? 3 : 0;
}

static bool arabic_field(struct reader *r, struct field *f)
{
    size_t after;

    *f = (struct field){0};
    for (int32_t cp; (cp = peek(r, &after)) >= '0' && cp <= '9' && f->digits < 14; r->at = after) {
        f->value = f->value * 10 + (uint64_t)(cp - '0');
        f->digits++;
    }
    return f->digits > 0;
}

/* 二〇二三 by digits; 十二, 二十, 三十一, 廿一 by tens. */
static bool chinese_field(struct reader *r, struct field *f)
{
    bool tens = false, unit = false;
    size_t after;

    *f = (struct field){0};
    for (int32_t cp; (cp = peek(r, &after)) >= 0 && f->digits < 5; r->at = after) {
        int digit = chinese_digit(cp);
        unsigned ten = chinese_ten(cp);
        if (digit >= 0 && tens && unit)
            return false;
        if (ten && (tens || f->digits > 1 || (ten > 1 && f->digits)))
            return false;
        if (ten) {
            f->value = (f->digits ? f->value : ten) * 10;
            tens = true;
        } else if (digit >= 0) {
            f->value = tens ? f->value + (uint64_t)digit : f->value * 10 + (uint64_t)digit;
            unit = tens;
        } else {
            break;
        }
        f->digits++;
    }
    if (tens) /* written without leading zeros, so as good as two digits */
        f->digits = 2;
    return f->digits > 0;
}

static bool field(struct reader *r, struct field *f)
{
    return arabic_field(r, f) || chinese_field(r, f);
}

/* ---- times ---- */

/* .123456 as microseconds; further digits are cut. */
static bool fraction(struct reader *r, int64_t *us)
{
    int64_t weight = 100000;
    size_t after, n = 0;

    *us = 0;
    if (!take(r, '.') && !take(r, ','))
        return true;
    for (int32_t cp; (cp = peek(r, &after)) >= '0' && cp <= '9'; r->at = after, n++) {
        *us += weight * (cp - '0');
        weight /= 10;
    }
    return n > 0;
}

static bool zone(struct reader *r)
{
    struct field hours, minutes;

    skip_blanks(r);
    if (take(r, 'Z') || take(r, 'z'))
        return true;
    if (!take(r, '+') && !take(r, '-'))
        return true;
    if (!arabic_field(r, &hours))
        return false;
    if (hours.digits == 4)
        return hours.value / 100 <= 14 && hours.value % 100 < 60;
    if (hours.digits != 2 || hours.value > 14)
        return false;
    return !take(r, ':') || (arabic_field(r, &minutes) && minutes.digits == 2 && minutes.value < 60);
}

static bool clock_valid(const struct field *h, const struct field *m, const struct field *s)
{
    return h->digits <= 2 && m->digits <= 2 && s->digits <= 2 && h->value < 24 && m->value < 60 &&
           s->value < 60;
}

static int64_t clock_us(uint64_t h, uint64_t m, uint64_t s)
{
    return (int64_t)((h * 60 + m) * 60 + s) * 1000000;
}

/* 12:30, 12:30:45.123, 12时30分45秒, 12点30分, with a zone. */
static bool time_of_day(struct reader *r, int64_t *us)
{
    struct field h, m = {0}, s = {0};
    int64_t part = 0;

    if (!field(r, &h))
        return false;
    if (take(r, ':')) {
        if (!arabic_field(r, &m) || m.digits != 2)
            return false;
        if (take(r, ':') && (!arabic_field(r, &s) || s.digits != 2 || !fraction(r, &part)))
            return false;
    } else if (take(r, U'时') || take(r, U'点')) {
        if (field(r, &m) && !take(r, U'分'))
            return false;
        if (m.digits && field(r, &s) && !take(r, U'秒'))
            return false;
    } else {
        return false;
    }
    *us = clock_us(h.value, m.value, s.value) + part;
    return clock_valid(&h, &m, &s) && zone(r);
}

/* ---- dates ---- */

static bool day_valid(uint64_t y, uint64_t m, uint64_t d, int32_t *days)
{
    if (y < 1 || y > 9999 || m > 12 || d > 31 || !ll_civil_valid((int)y, (unsigned)m, (unsigned)d))
        return false;
    *days = ll_days_from_civil((int)y, (unsigned)m, (unsigned)d);
    return true;
}

/* 年 must be followed by 月, and any other separator by itself. */
static bool separators(struct reader *r, int32_t *second)
{
    static const char SAME[] = "-/.";

    for (const char *c = SAME; *c; c++)
        if (take(r, (unsigned char)*c)) {
            *second = (unsigned char)*c;
            return true;
        }
    *second = U'月';
    return take(r, U'年');
}

/* What follows the year: month and day. */
static bool after_year(struct reader *r, const struct field *year, int32_t *days)
{
    struct field month, day;
    int32_t second;

    skip_blanks(r);
    if (year->digits != 4 || !separators(r, &second))
        return false;
    skip_blanks(r);
    if (!field(r, &month))
        return false;
    skip_blanks(r);
    if (!take(r, second))
        return false;
    skip_blanks(r);
    if (!field(r, &day) || month.digits > 2 || day.digits > 2)
        return false;
    size_t back = r->at;
    skip_blanks(r);
    if (second != U'月' || (!take(r, U'日') && !take(r, U'号')))
        r->at = back;
    return day_valid(year->value, month.value, day.value, days);
}

/* 20230501 and 20230501123045. */
static bool compact(const struct field *f, struct moment *m)
{
    uint64_t date = f->digits == 14 ? f->value / 1000000 : f->value;
    uint64_t time = f->digits == 14 ? f->value % 1000000 : 0;

    m->us = clock_us(time / 10000, time / 100 % 100, time % 100);
    return time / 10000 < 24 && time / 100 % 100 < 60 && time % 100 < 60 &&
           day_valid(date / 10000, date / 100 % 100, date % 100, &m->days);
}

/* A spreadsheet's serial, with the time as its fraction; to the millisecond, since that is what a double holds of it. */
static bool serial(struct reader *r, const struct field *f, struct moment *m)
{
    int64_t part = 0, weight = 1;
    size_t after;

    if (f->value < EXCEL_FIRST || f->value > EXCEL_LAST)
        return false;
    if (take(r, '.'))
        for (int32_t cp; (cp = peek(r, &after)) >= '0' && cp <= '9'; r->at = after)
            if (weight < 1000000000000) { /* twelve digits are a tenth of a microsecond */
                part = part * 10 + (cp - '0');
                weight *= 10;
            }
    int64_t ms = (int64_t)(((ll_i128)part * 2 * (US_PER_DAY / 1000) + weight) / (2 * weight));
    m->days = (int32_t)f->value - EXCEL_EPOCH + (int32_t)(ms / (US_PER_DAY / 1000));
    m->us = ms % (US_PER_DAY / 1000) * 1000;
    return true;
}

static bool moment(struct ll_str raw, struct moment *m)
{
    struct reader r = {raw, 0};
    struct field first;

    m->us = 0;
    skip_blanks(&r);
    if (!field(&r, &first))
        return false;
    bool dated = first.digits == 5                         ? serial(&r, &first, m)
                 : first.digits == 8 || first.digits == 14 ? compact(&first, m)
                                                           : after_year(&r, &first, &m->days);
    if (!dated)
        return false;
    bool gap = skip_blanks(&r);
    if (r.at == r.s.n)
        return true;
    if (first.digits == 5 || first.digits == 14)
        return false;
    if (!gap && !take(&r, 'T') && !take(&r, 't') && !ll_str_ends((struct ll_str){raw.p, r.at}, LL_STR("日")))
        return false;
    if (!time_of_day(&r, &m->us))
        return false;
    skip_blanks(&r);
    return r.at == r.s.n;
}

/* Databases that cannot leave a date out write zeros. */
static bool nothing(struct ll_str raw)
{
    struct ll_str s = ll_char_trim(raw);

    return ll_word_empty(s) || ll_str_is(s, "0000-00-00") || ll_str_is(s, "0000-00-00 00:00:00");
}

/* 2023-05-01 and nothing else: what nearly every export writes. */
static bool iso(struct ll_str raw, int32_t *days)
{
    const char *p = raw.p;
    unsigned v[10], bad = 0;

    if (raw.n != 10 || p[4] != '-' || p[7] != '-')
        return false;
    for (int i = 0; i < 10; i++)
        v[i] = (unsigned)(unsigned char)p[i] - '0';
    v[4] = v[7] = 0;
    for (int i = 0; i < 10; i++)
        bad |= v[i] > 9;
    return !bad &&
           day_valid(((v[0] * 10 + v[1]) * 10 + v[2]) * 10 + v[3], v[5] * 10 + v[6], v[8] * 10 + v[9], days);
}

enum ll_cv ll_cv_date(struct ll_str raw, int32_t *days)
{
    struct moment m;

    if (iso(raw, days))
        return LL_CV_OK;
    if (!moment(raw, &m))
        return nothing(raw) ? LL_CV_EMPTY : LL_CV_BAD;
    *days = m.days;
    return LL_CV_OK;
}

enum ll_cv ll_cv_datetime(struct ll_str raw, int64_t *us)
{
    struct moment m = {0};

    if (!iso(raw, &m.days) && !moment(raw, &m))
        return nothing(raw) ? LL_CV_EMPTY : LL_CV_BAD;
    *us = m.days * US_PER_DAY + m.us;
    return LL_CV_OK;
}

size_t ll_date_text(int32_t days, char out[16])
{
    unsigned m, d;
    int y;

    ll_civil_from_days(days, &y, &m, &d);
    /* by hand: publishing writes every date of a batch through here */
    memcpy(out, "0000-00-00", 11);
    out[0] += (char)(y / 1000 % 10);
    out[1] += (char)(y / 100 % 10);
    out[2] += (char)(y / 10 % 10);
    out[3] += (char)(y % 10);
    out[5] += (char)(m / 10);
    out[6] += (char)(m % 10);
    out[8] += (char)(d / 10);
    out[9] += (char)(d % 10);
    return 10;
}

size_t ll_datetime_text(int64_t us, char out[32])
{
    const int64_t day_us = INT64_C(86400000000);
    int64_t day = us / day_us - (us % day_us < 0);
    int second = (int)((us - day * day_us) / 1000000);
    size_t n = ll_date_text((int32_t)day, out);

    return n +
           (size_t)snprintf(out + n, 32 - n, "T%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
}
