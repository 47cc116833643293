/* meter.h - what is left of a grant's quotas: calls a second, a day and in all.
 *
 * (1) A look-up of one key is a call: a batch of 1000 takes 1000 from the quotas.
 * (2) Taking asks and reserves in one step, so that callers side by side never get more than there is.  What was taken and then not
 *     answered is given back.
 * (3) What was used before the program started comes from the ledger (ledger.h), which must have caught up when the meter is opened. */
#ifndef LL_SHARE_METER_H
#define LL_SHARE_METER_H

#include "share/grant.h"

struct ll_meter;
enum ll_meter_answer { LL_METER_OK, LL_METER_RATE, LL_METER_DAY, LL_METER_TOTAL };

int ll_meter_open(struct ll_store *st, struct ll_meter **ret,
                  struct ll_err *err) LL_MUST;       /* st must outlive it */
struct ll_meter *ll_meter_close(struct ll_meter *m); /* NULL is fine; returns NULL */

/* *ret_wait_ms (RATE): when to come again. */
int ll_meter_take(struct ll_meter *m, const struct ll_grant *g, size_t calls, int64_t now_ms,
                  enum ll_meter_answer *ret, uint64_t *ret_wait_ms, struct ll_err *err) LL_MUST;
/* The same without a look at the rate: for what was asked for by one call and comes to many keys. */
int ll_meter_reserve(struct ll_meter *m, const struct ll_grant *g, size_t calls, int64_t now_ms,
                     enum ll_meter_answer *ret, struct ll_err *err) LL_MUST;
void ll_meter_give_back(struct ll_meter *m, const struct ll_grant *g, size_t calls);

#endif
