/* finance_event.c - see finance_event.h. */
#include "apps/finance/finance_event.h"

#include "base/clock.h"

#include <string.h>

#define RATE_OF_PERCENT "10000.0"

int ll_finance_event_add(struct ll_txn *tx, const struct ll_finance_event *e, struct ll_err *err)
{
    const struct ll_financing *f = e->f;
    const struct ll_loan_case *c = e->c;

    return ll_exec(
        tx, err,
        "INSERT INTO finance_event (at, kind, financing, loan_case, subject, organisation, product, amount, rate, term_months, reason,"
        " first_loan, renewal, region, industry, size) VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, -1),"
        " nullif($9, -1) / " RATE_OF_PERCENT ", nullif($10, -1), $11, $12, $13, $14, $15, $16)",
        "izzzzzziiiziizzz", ll_now_ms(), e->kind, f->id, c ? c->id : NULL, f->subject,
        c ? c->organisation : NULL, c ? c->product : f->product, e->amount, e->rate, e->term, e->reason,
        (int64_t)f->first_loan, (int64_t)(f->renews != NULL), f->region, f->industry, f->size);
}
