/* deed_file.h - a deed as a file that proves itself: statements, signatures, public keys, and for every step the journal's entry and its proof
 * (docs/internals/collaboration.md has the form).  Checked with the keys that sign the journal and nothing else: no server, no data folder.
 *
 * (1) What a verified file says of the deed follows from signatures and proofs alone; the state that is written in it is compared, not believed.
 * (2) A refusal's proof that something is encumbered (luling-encumbrance/v1) is checked by the same command. */
#ifndef LL_APPS_FINANCE_DEED_FILE_H
#define LL_APPS_FINANCE_DEED_FILE_H

#include "apps/finance/deed_store.h"
#include "base/json.h"
#include "journal/journal.h"

enum { LL_DEED_FILE_MAX = 64 << 20 };

/* Writes the file of a deed.  LL_BUSY: its newest steps wait for the journal, or for its witnesses. */
int ll_deed_file_put(struct ll_txn *tx, struct ll_journal *journal, const struct ll_deed_row *row,
                     struct ll_arena *arena, struct ll_json *j, struct ll_err *err) LL_MUST;

/* A step that holds. */
struct ll_deed_file_step {
    const struct ll_deed_statement *s;
    const char *signers[LL_DEED_ROLE_COUNT];
    size_t n_signers;
    int64_t time_ms; /* of the journal */
    uint64_t entry;
};
typedef void ll_deed_file_fn(void *ctx, const struct ll_deed_file_step *step);

struct ll_deed_checked {
    bool encumbrance; /* it is the proof of a refusal: `asset`, `identity`, `entry` and `time_ms` are set */
    struct ll_deed deed;
    size_t steps, signatures;
    uint64_t entry; /* of the newest step */
    int64_t time_ms;
    const char *ledger, *asset, *identity;
};
/* show may be NULL.  LL_INVALID says what does not hold; texts in the arena. */
int ll_deed_file_verify(struct ll_str text, const struct ll_policy *policy, ll_deed_file_fn *show, void *ctx,
                        struct ll_arena *arena, struct ll_deed_checked *ret, struct ll_err *err) LL_MUST;

#endif
