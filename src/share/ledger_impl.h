/* ledger_impl.h - what was read of the journal and is not in the tables yet: ledger.c gathers it, ledger_write.c writes it. */
#ifndef LL_SHARE_LEDGER_IMPL_H
#define LL_SHARE_LEDGER_IMPL_H

#include "share/ledger.h"
#include "share/lookrow.h"

/* Rounds are large where much came, since every round goes through the whole of a table that is ordered by pseudonyms. */
enum { LL_LEDGER_SLOTS = 4096, LL_LEDGER_LOOKS = 1 << 19 };

/* One row of `usage` that grows. */
struct ll_ledger_sum {
    const char *key; /* the primary key's texts, each with its NUL; NULL: a free slot */
    size_t n_key;
    int64_t day, calls, keys, records, subjects, last_at;
};

/* An entry of the journal that is about somebody, and one of those it is about. */
struct ll_ledger_about {
    struct ll_ledger_about *next;
    struct ll_look_entry entry;
};
struct ll_ledger_look {
    char subject[LL_PSEUDONYM_TEXT];
    bool given; /* something of this subject was handed out */
    const struct ll_ledger_about *about;
};

/* What was read and is not written yet. */
struct ll_ledger_round {
    struct ll_arena *arena;
    struct ll_ledger_sum *sums; /* LL_LEDGER_SLOTS, open addressing */
    size_t n_sums;
    struct ll_ledger_about *abouts, *newest; /* in the order of the journal */
    struct ll_ledger_look *looks;
    size_t n_looks;
    int64_t entries; /* all below it are in */
};

/* Everything in one transaction; the looks are put in order. */
int ll_ledger_write(struct ll_store *st, struct ll_ledger_round *r, struct ll_err *err) LL_MUST;

#endif
