/* month.h - the monthly use report: what was called in a calendar month, per grant and resource, by whom, and what was refused and why.
 *
 * Everything is summed from table `usage`, which follows from the journal alone (ledger.h): the sums are the journal's.  Days are those
 * of the place where the program runs. */
#ifndef LL_SHARE_MONTH_H
#define LL_SHARE_MONTH_H

#include "base/arena.h"
#include "base/json.h"
#include "store/store.h"

enum { LL_MONTH_LINES = 10000, LL_MONTH_PURPOSES = 20, LL_MONTH_COLUMNS = 17 };

/* A month of the calendar, as text "2026-11". */
struct ll_month_span {
    int year;
    unsigned month;
    int64_t from_day, to_day;
    bool over; /* it is */
};
int ll_month_span(struct ll_str text, struct ll_month_span *ret, struct ll_err *err) LL_MUST;

struct ll_month_sums {
    int64_t calls, keys, records, subjects, refused;
};

struct ll_month_refusal {
    const char *condition;
    int64_t calls;
};

/* A grant's use of its resource; grant "": refused before any grant was found. */
struct ll_month_line {
    const char *grant, *organisation, *organisation_name, *resource, *resource_title, *provider, *purpose;
    struct ll_month_sums sums;
    int64_t peak, per_day, total,
        used; /* keys of the busiest day; quotas (0: none); keys since the grant began */
    const struct ll_month_refusal *refusals;
    size_t n_refusals;
};

struct ll_month {
    int year;
    unsigned month;
    int64_t from_day, to_day;
    int64_t entries;                   /* of the journal that were read */
    bool over;                         /* the month is */
    const struct ll_month_line *lines; /* by organisation, resource, grant */
    size_t n_lines;
    const struct ll_month_refusal *refusals, *purposes; /* of all; calls by purpose, most first */
    size_t n_refusals, n_purposes;
    struct ll_month_sums sums;
};

/* text: "2026-11".  either: calls by this organisation or of what it provides; NULL: all.  Everything lives in arena.  LL_TOOBIG: more lines
 * than LL_MONTH_LINES. */
int ll_month_read(struct ll_txn *tx, struct ll_str text, const char *either, struct ll_arena *arena,
                  struct ll_month *ret, struct ll_err *err) LL_MUST;
void ll_month_put(const struct ll_month *m, struct ll_json *j);

/* The same as a table: the titles, then a row a line, then the sums. */
typedef int ll_month_row_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_month_rows(const struct ll_month *m, enum ll_lang lang, ll_month_row_fn *put, void *ctx,
                  struct ll_err *err) LL_MUST;

#endif
