/* deeds.h - the collaboration ledger of one platform: signed statements in, steps of deeds out.
 *
 * (1) A step counts once all who must sign have, each with a key that is registered for a system of theirs at that moment, neither it nor they being
 *     frozen or disabled.  Until then it is a proposal that waits.
 * (2) Everything that arrives at the same time is decided in one transaction, one after the other: of two banks that finance one deed, or the
 *     same invoice under two deeds, one wins.  Decided means written; acknowledged means that the journal has it as well, under the same wait.
 * (3) What was decided and did not reach the journal, because the program ended or the disk was full, is brought in before anything else: not twice.
 * (4) Whoever is refused because something is encumbered learns no more than that; the entry of the journal that made it so proves it.
 * (5) Nobody who is not a party learns that a deed is there.
 *
 * Threads share it freely. */
#ifndef LL_APPS_FINANCE_DEEDS_H
#define LL_APPS_FINANCE_DEEDS_H

#include "apps/finance/deed_store.h"
#include "base/json.h"
#include "crypto/keyring.h"
#include "journal/journal.h"

struct ll_deeds;

/* Everything is borrowed until ll_deeds_close.  Brings in what rule (3) says. */
int ll_deeds_open(struct ll_store *st, struct ll_journal *journal, struct ll_keyring *keys,
                  struct ll_deeds **ret, struct ll_err *err) LL_MUST;
struct ll_deeds *ll_deeds_close(struct ll_deeds *d);   /* NULL is fine; returns NULL */
const char *ll_deeds_ledger(const struct ll_deeds *d); /* its name in statements: the journal's origin */

/* What an existing claim is told by. */
struct ll_deed_encumbrance {
    struct ll_deed_asset asset;
    int64_t journal; /* of the entry that made it so; < 0: not there yet */
};
struct ll_deed_outcome {
    char statement[LL_DEED_HASH + 1];
    const char *document; /* in the arena */
    int64_t seq;
    bool entered;
    uint64_t journal;                        /* entered: the entry */
    const char *missing[LL_DEED_ROLE_COUNT]; /* whose signatures it waits for */
    size_t n_missing;
    bool encumbered; /* refused for that reason */
    struct ll_deed_encumbrance encumbrance;
};

/* One or more signatures of one statement, sent by a system of `organisation`, which signed one of them.  The same again has the same outcome.
 * LL_CONFLICT with encumbered set, or another refusal; LL_IO: the journal cannot be written, and the step will be brought in. */
int ll_deeds_offer(struct ll_deeds *d, const char *organisation, const struct ll_str *jws, size_t n,
                   struct ll_arena *arena, struct ll_deed_outcome *ret, struct ll_err *err) LL_MUST;
/* An organisation that signed takes its word back while others have not: this statement never counts.  LL_NOTFOUND, LL_CONFLICT. */
int ll_deeds_withdraw(struct ll_deeds *d, const char *organisation, const char *statement,
                      struct ll_err *err) LL_MUST;

/* The proof that something is encumbered, as an object (docs/internals/collaboration.md).  Its "proof" is null while the checkpoint waits for witnesses. */
int ll_deeds_put_encumbrance(struct ll_deeds *d, const struct ll_deed_encumbrance *e, struct ll_json *j,
                             struct ll_err *err) LL_MUST;

#endif
