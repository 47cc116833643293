/* finance_event.h - table finance_event: what happened to financings and loan cases, append-only, for statistics.
 *
 * (1) A row is written in the transaction of what it tells, and is never changed or deleted (triggers refuse it).
 * (2) A row has what the firm was at that moment, so that a figure of a day needs no other table. */
#ifndef LL_APPS_FINANCE_FINANCE_EVENT_H
#define LL_APPS_FINANCE_FINANCE_EVENT_H

#include "apps/finance/loan_case.h"

struct ll_finance_event {
    const char *kind;
    const struct ll_financing *f;
    const struct ll_loan_case *c; /* NULL: of the financing itself */
    int64_t amount, rate, term;   /* fen, millionths, months; -1: none */
    const char *reason;           /* a code; NULL */
};
int ll_finance_event_add(struct ll_txn *tx, const struct ll_finance_event *e, struct ll_err *err) LL_MUST;

#endif
