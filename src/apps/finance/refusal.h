/* refusal.h - reasons for which a loan is refused: code table FIN_REFUSAL_REASON, and what the firm may do about each (refusal_advice.csv). */
#ifndef LL_APPS_FINANCE_REFUSAL_H
#define LL_APPS_FINANCE_REFUSAL_H

#include "catalog/catalog.h"
#include "store/store.h"

#define LL_REFUSAL_TABLE "FIN_REFUSAL_REASON"
#define LL_REFUSAL_OTHER "99" /* takes a note */

struct ll_refusal_advice {
    const char *text[2]; /* by enum ll_lang; NULL: none */
};
/* In arena; a code that no pack advises on has none. */
int ll_refusal_advice(struct ll_txn *tx, const char *code, struct ll_arena *arena,
                      struct ll_refusal_advice *ret, struct ll_err *err) LL_MUST;

#endif
