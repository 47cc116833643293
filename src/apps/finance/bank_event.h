/* bank_event.h - what a bank's system reports of its cases: the same steps as by hand, by a signed request, each event once.
 *
 * (1) The bank numbers its events.  A number that was recorded is answered as it was the first time when what is said is the same, to the byte of its canonical
 *     form, and refused (LL_CONFLICT) when it is not.
 * (2) An event that the case's state does not allow, or that contradicts what is known, is refused with the reason, and records nothing: its number may be
 *     used again when its turn has come. */
#ifndef LL_APPS_FINANCE_BANK_EVENT_H
#define LL_APPS_FINANCE_BANK_EVENT_H

#include "apps/finance/loan_case.h"

enum { LL_BANK_EVENT_NO_MAX = 64 };

struct ll_bank_event {
    const char *number, *loan_case, *event; /* event: a word, "drawn" */
    struct ll_str said;                     /* the request's body, canonical JSON */
    struct ll_loan_act act;                 /* without its action */
};
struct ll_bank_event_taken {
    bool first;
    const char *state; /* that the case entered; in env->arena */
    int64_t at;
};
/* LL_USAGE: no such event; LL_NOTFOUND: no case of the bank's. */
int ll_bank_event_take(const struct ll_deal_env *env, const struct ll_bank_event *e,
                       struct ll_bank_event_taken *ret, struct ll_err *err) LL_MUST;

#endif
