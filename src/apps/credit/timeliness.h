/* timeliness.h - whether departments report their decisions of double publicity in time: per department and month, and one by one.
 *
 * (1) A decision counts in the month in which it was made. It was reported when the first delivery that holds it was received; rows that were
 *     refused are not reported, they count in the month in which they came.
 * (2) It is in time when no more than the kind's report_days working days (publicity_kinds.csv) lie between the two, the day of the decision not
 *     counting. Working days are those of share/workdays.h.
 * (3) Everything follows from the lake by one statement, each time it is asked: every version that published batches brought, what was
 *     withdrawn left out.
 *
 *   late       reported after more working days than that
 *   ungrounded published, but its basis names no law (《…》); kinds without such an item have none
 *   repeated   deliveries of a decision that was there already, and brought nothing new
 *   shared     decisions whose document number stands in another department's reports, too
 *   gaps       numbers missing between the lowest and the highest of a department's yearly series: a hint that reports are missing, no proof
 *   refused    rows in quarantine, by the department that their own cells name */
#ifndef LL_APPS_CREDIT_TIMELINESS_H
#define LL_APPS_CREDIT_TIMELINESS_H

#include "apps/credit/publicity.h"
#include "base/json.h"
#include "intake/data.h"

struct ll_timely_ask {
    const struct ll_public_kind *kind;
    const struct ll_resource *resource; /* the kind's */
    int32_t from, to;                   /* months of decisions, as their first days; both are among them */
    const char *department;             /* code; NULL: all */
    const char *or_named;               /* with department: those that go by this name count as well; NULL */
};

enum { LL_TIMELY_MONTHS = 60, LL_TIMELY_LINES = 20000, LL_TIMELY_GAPS = 20 };

struct ll_timely_line {
    const char *code, *name; /* of the department; code "": it is not known (refused rows only) */
    int32_t month;           /* its first day */
    int64_t decided, in_time, late, late_days,
        worst; /* late_days: of all late ones together, beyond the limit; worst: of one */
    int64_t ungrounded, repeated, shared, refused;
};

/* A yearly series of document numbers with holes. */
struct ll_timely_gap {
    const char *code, *name, *series; /* "吉市监罚〔2026〕" */
    int64_t lowest, highest, reported, missing;
    const char *first; /* of the missing numbers, at most LL_TIMELY_GAPS, divided by ", " */
};

struct ll_timely {
    const struct ll_timely_line *lines; /* by department's code, month */
    size_t n;
    struct ll_timely_line sums;
    const struct ll_timely_gap *gaps; /* most missing first */
    size_t n_gaps;
    int32_t today;
    bool calendar_known; /* of every year that matters the working days are known */
};

/* Everything in arena.  LL_USAGE: the months are in no order or too many. */
int ll_timely_read(struct ll_data *d, const struct ll_timely_ask *ask, struct ll_arena *arena,
                   struct ll_timely *ret, struct ll_err *err) LL_MUST;

/* --- one by one ------------------------------------------------------------------------------------------------------------ */

enum ll_timely_what {
    LL_TIMELY_ALL,
    LL_TIMELY_LATE,
    LL_TIMELY_UNGROUNDED,
    LL_TIMELY_REPEATED,
    LL_TIMELY_SHARED
};

struct ll_timely_record {
    const char *number, *party, *party_code, *code, *name; /* party_code: "" where it has none */
    const char *others; /* departments that have the number, too, divided by "、" */
    bool person;        /* party is a natural person: to be masked where it is shown */
    int32_t decided, reported;
    int64_t days, beyond, told; /* working days; beyond the limit; how often it was delivered */
};

/* The worst first.  *ret_total: how many there are. */
int ll_timely_records(struct ll_data *d, const struct ll_timely_ask *ask, enum ll_timely_what what,
                      int64_t offset, int64_t limit, struct ll_arena *arena, struct ll_timely_record **ret,
                      size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

void ll_timely_put(const struct ll_timely *t, const struct ll_timely_ask *ask, struct ll_json *j);
void ll_timely_record_put(const struct ll_timely_record *r, struct ll_json *j);
/* The lines and their sum as a table: the titles, then a row each. */
enum { LL_TIMELY_COLUMNS = 13 };
typedef int ll_timely_row_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_timely_rows(const struct ll_timely *t, enum ll_lang lang, ll_timely_row_fn *put, void *ctx,
                   struct ll_err *err) LL_MUST;
/* What the months default to: the twelve that end with this one. */
void ll_timely_year(struct ll_timely_ask *ask);

enum { LL_DAY_TEXT = 16 };
const char *ll_day_text(int32_t day, char out[LL_DAY_TEXT]);   /* 2026-05-01 */
const char *ll_month_text(int32_t day, char out[LL_DAY_TEXT]); /* 2026-05 */

/* "2026-05" as the first day of that month; LL_USAGE when it is none. */
int ll_timely_month(struct ll_str text, int32_t *ret, struct ll_err *err) LL_MUST;

#endif
