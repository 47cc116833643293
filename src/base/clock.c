/* clock.c - see clock.h.  The civil-calendar arithmetic is the usual era method (400 years of 146097 days). */
#include "base/clock.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t ll_now_ms(void)
{
    const char *fixed = getenv("LULING_NOW");
    int64_t ms;
    struct timespec t;

    if (fixed && ll_str_i64(ll_str(fixed), 0, INT64_MAX, &ms))
        return ms;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

uint64_t ll_mono_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

int32_t ll_days_from_civil(int y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + (int32_t)doe - 719468;
}

void ll_civil_from_days(int32_t days, int *y, unsigned *m, unsigned *d)
{
    int32_t z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;

    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int)yoe + era * 400 + (*m <= 2);
}

int32_t ll_today(void)
{
    return ll_local_day(ll_now_ms());
}

int32_t ll_local_day(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    if (!localtime_r(&seconds, &tm))
        return (int32_t)(seconds / 86400);
    return ll_days_from_civil(tm.tm_year + 1900, (unsigned)tm.tm_mon + 1, (unsigned)tm.tm_mday);
}

bool ll_civil_valid(int y, unsigned m, unsigned d)
{
    static const unsigned char month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1)
        return false;
    return d <= month_days[m - 1] + (unsigned)(m == 2 && leap);
}

char *ll_time_text(int64_t ms, char out[LL_TIME_TEXT])
{
    int64_t days = ms / 86400000;
    int64_t rest = ms % 86400000;
    int y;
    unsigned m, d;

    if (rest < 0) {
        rest += 86400000;
        days--;
    }
    ll_civil_from_days((int32_t)days, &y, &m, &d);
    int s = (int)(rest / 1000);
    snprintf(out, LL_TIME_TEXT, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", y, m, d, s / 3600, s / 60 % 60, s % 60,
             (int)(rest % 1000));
    return out;
}

bool ll_time_parse(const char *s, int64_t *ret_ms)
{
    int y, h = 0, mi = 0, sec = 0, ms = 0, used = 0;
    unsigned m, d;

    if (sscanf(s, "%4d-%2u-%2u%n", &y, &m, &d, &used) != 3 || used != 10 || !ll_civil_valid(y, m, d))
        return false;
    if (s[used] != 0) {
        int more = 0;
        if (sscanf(s + used, "T%2d:%2d:%2d.%3dZ%n", &h, &mi, &sec, &ms, &more) != 4 || s[used + more] != 0)
            return false;
        if (h < 0 || h > 23 || mi < 0 || mi > 59 || sec < 0 || sec > 59 || ms < 0)
            return false;
    }
    *ret_ms = (int64_t)ll_days_from_civil(y, m, d) * 86400000 + ((h * 60 + mi) * 60 + sec) * 1000LL + ms;
    return true;
}
