/* loan.h - what became of households' loans, event by event as banks record it, and what that shows: the effect (成效).
 *
 * (1) A loan is known by its bank and the bank's own number; its events come in an order (tbl/loan_events.h), none before the last, none twice.  Events
 *     are never changed.  Each stands in the journal.
 * (2) Of the household the table has a blind index, its village and the grade that it had when the loan was applied for.  A bank that records learns
 *     nothing of the household, not even that it is one.
 * (3) A loan counts as assisted when the same bank verified the household or had its report from LL_ASSISTED_DAYS before the application until the
 *     money was lent: as recorded here (rural_used), not as anybody says.
 * (4) Statistics count recorded events only, each figure with how many it rests on; medians of fewer than LL_EFFECT_LEAST loans are not told. */
#ifndef LL_APPS_RURAL_LOAN_H
#define LL_APPS_RURAL_LOAN_H

#include "apps/rural/names.h"
#include "base/json.h"
#include "share/actor.h"

enum { LL_LOAN_REFERENCE_MAX = 64, LL_ASSISTED_DAYS = 60, LL_EFFECT_LEAST = 3 };

#define X(id, ...) LL_LOAN_##id,
#include "apps/rural/tbl/loan_events.h"
enum ll_loan_event_kind { LL_LOAN_EVENTS(X) LL_LOAN_EVENT_COUNT };
#undef X
bool ll_loan_event_of(const char *word, enum ll_loan_event_kind *ret);

struct ll_loan_event {
    const char *reference;
    enum ll_loan_event_kind kind;
    int64_t day, fen, overdue_days; /* fen, overdue_days: -1 not given */
    const char *household, *village,
        *grade; /* of APPLIED; household as names.h has it, grade NULL: not rated */
};
/* LL_CONFLICT: not after what is recorded; LL_INVALID: what is lacking, or a day before the last event's or in the future. */
int ll_loan_record(struct ll_txn *tx, const struct ll_actor *by, const struct ll_loan_event *e,
                   struct ll_err *err) LL_MUST;

/* That the organisation verified the household now ("check"), or had its report ("report"). */
int ll_loan_used(struct ll_txn *tx, const char *organisation, const char *household, const char *kind,
                 struct ll_err *err) LL_MUST;

struct ll_effect_query {
    const char *organisation; /* NULL: all */
    const char *within;       /* code of a region; "": all */
    int64_t from_day, to_day; /* of the application */
};
/* Members of an object that is open: "loans", "events", "grades": [...], "days": {"assisted": {...}, "other": {...}}. */
int ll_effect_put(struct ll_txn *tx, const struct ll_effect_query *q, struct ll_arena *arena,
                  struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
