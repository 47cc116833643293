/* clock.h - time as the product writes it: UTC instants with milliseconds, and calendar days. */
#ifndef LL_BASE_CLOCK_H
#define LL_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LL_TIME_TEXT 32

int64_t ll_now_ms(void);   /* since 1970, UTC; LULING_NOW (ms) fixes it, for tests and repeatable demos */
uint64_t ll_mono_us(void); /* monotonic, for durations */
/* "2026-11-23T08:15:30.123Z" */
char *ll_time_text(int64_t ms, char out[LL_TIME_TEXT]);
bool ll_time_parse(const char *s, int64_t *ret_ms); /* that form, or a date alone (midnight UTC) */

/* Days since 1970-01-01 of the proleptic Gregorian calendar, and back. */
int32_t ll_days_from_civil(int y, unsigned m, unsigned d);
void ll_civil_from_days(int32_t days, int *y, unsigned *m, unsigned *d);
int32_t ll_local_day(int64_t ms); /* the day of that instant where the program runs */
int32_t ll_today(void);           /* where the program runs: its users' calendar, not UTC's */
bool ll_civil_valid(int y, unsigned m, unsigned d); /* years 1 to 9999 */

#endif
