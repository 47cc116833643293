/* workdays.h - working days of mainland China, by which time limits are counted.
 *
 * Public holidays and the weekends worked to make up for them are generated at build (tools/gen_workdays.py) for the years whose notice
 * was published; in other years Monday to Friday work, which ll_workday_known tells.  A day is that of China (UTC+8), wherever the
 * program runs. */
#ifndef LL_SHARE_WORKDAYS_H
#define LL_SHARE_WORKDAYS_H

#include "base/clock.h"

bool ll_workday_is(int32_t day); /* days since 1970-01-01 */
bool ll_workday_known(int32_t day);
/* The nth working day after `day` (n > 0), which itself does not count; n < 0: before it; n = 0: day. */
int32_t ll_workday_add(int32_t day, int n);
/* Working days after `from` up to and with `to`; negative when to lies before from. */
int ll_workdays_between(int32_t from, int32_t to);

int32_t ll_workday_of(int64_t ms);   /* the day in China of an instant */
int64_t ll_workday_end(int32_t day); /* the instant at which it ends there */
/* The end of the nth working day after the day of `from`: a time limit of n working days, whose first day does not count. */
int64_t ll_workday_due(int64_t from_ms, int n);

#endif
