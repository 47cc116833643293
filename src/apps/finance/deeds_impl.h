/* deeds_impl.h - what deeds.c and deed_decide.c share. */
#ifndef LL_APPS_FINANCE_DEEDS_IMPL_H
#define LL_APPS_FINANCE_DEEDS_IMPL_H

#include "apps/finance/deeds.h"

/* One offer while it is under way. */
struct ll_deed_work {
    struct ll_deed_work *next;
    const char *organisation;
    struct ll_deed_signature
        signature[LL_DEED_ROLE_COUNT]; /* each holds; whose each is, is asked in the transaction */
    size_t n;
    struct ll_deed_statement *s;
    struct ll_arena *arena;
    struct ll_deed_outcome *out;
    struct ll_err *err;
    int rc;
    int64_t step;        /* row that was written; 0: none */
    struct ll_str entry; /* for the journal */
    bool done;
};

struct ll_deed_deciding {
    struct ll_txn *tx;
    const char *ledger;
    struct ll_str asset_key;
    int64_t now, journal_size;
};

/* Returns < 0 when the transaction has to be given up; what concerns the offer alone is left in w->rc. */
int ll_deed_decide(const struct ll_deed_deciding *c, struct ll_deed_work *w, struct ll_err *err) LL_MUST;

#endif
