/* workdays.c - see workdays.h. */
#include "share/workdays.h"

#include "base/str.h"
#include "workdays.gen.h"

enum { DAY_MS = 86400000, CHINA_MS = 8 * 3600000, THURSDAY = 3 }; /* 1970-01-01 was a Thursday; Monday is 0 */

/* Days that are not what their weekday says, ascending. */
static const struct exception {
    int32_t day;
    bool works;
} exceptions[] = {LL_WORKDAY_ROWS};

static const struct exception *find(int32_t day)
{
    size_t low = 0, high = LL_COUNT(exceptions);

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (exceptions[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < LL_COUNT(exceptions) && exceptions[low].day == day ? &exceptions[low] : NULL;
}

bool ll_workday_is(int32_t day)
{
    const struct exception *e = find(day);

    return e ? e->works : ((day % 7 + 7) + THURSDAY) % 7 < 5;
}

bool ll_workday_known(int32_t day)
{
    unsigned m, d;
    int y;

    ll_civil_from_days(day, &y, &m, &d);
    return y >= LL_WORKDAY_FIRST && y <= LL_WORKDAY_LAST;
}

int32_t ll_workday_add(int32_t day, int n)
{
    int step = n < 0 ? -1 : 1;

    while (n) {
        day += step;
        if (ll_workday_is(day))
            n -= step;
    }
    return day;
}

int ll_workdays_between(int32_t from, int32_t to)
{
    int n = 0;

    if (to < from)
        return -ll_workdays_between(to, from);
    for (int32_t day = from + 1; day <= to; day++)
        n += ll_workday_is(day);
    return n;
}

int32_t ll_workday_of(int64_t ms)
{
    int64_t local = ms + CHINA_MS;

    return (int32_t)((local - (local % DAY_MS + DAY_MS) % DAY_MS) / DAY_MS);
}

int64_t ll_workday_end(int32_t day)
{
    return ((int64_t)day + 1) * DAY_MS - CHINA_MS;
}

int64_t ll_workday_due(int64_t from_ms, int n)
{
    return ll_workday_end(ll_workday_add(ll_workday_of(from_ms), n));
}
