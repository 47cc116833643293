/* deed_store.h - deeds, their steps and proposals as rows of the control database.  What may be written is decided in deed_decide.c. */
#ifndef LL_APPS_FINANCE_DEED_STORE_H
#define LL_APPS_FINANCE_DEED_STORE_H

#include "apps/finance/deed_asset.h"
#include "apps/finance/deed_step.h"
#include "store/rows.h"

struct ll_deed_row {
    struct ll_deed d; /* its head is in `d` */
    const char *kind, *state, *head;
    int64_t created_at, changed_at;
};

/* LL_NOTFOUND. */
int ll_deed_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_deed_row *ret,
                struct ll_err *err) LL_MUST;
/* before NULL: it is new.  Whoever takes part is one of its parties for good. */
int ll_deed_put(struct ll_txn *tx, const struct ll_deed *before, const struct ll_deed *after, int64_t now,
                struct ll_err *err) LL_MUST;
/* A party, now or before, or somebody whose signature a party waits for: they must read what they sign. */
int ll_deed_is_party(struct ll_txn *tx, const char *organisation, const char *deed, bool *ret,
                     struct ll_err *err) LL_MUST;

struct ll_deed_query {
    const char *organisation; /* a party, now or before; NULL: any */
    const char *kind, *state; /* NULL: any */
    const char *role;         /* holder, obligor, financier: what the organisation is now; NULL: anything */
    const char *sort;         /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_deed_list(struct ll_txn *tx, const struct ll_deed_query *q, struct ll_arena *arena,
                 struct ll_deed_row **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

/* signatures: a line each, organisation, a blank, JWS: what the step's hash is over. */
struct ll_deed_step_row {
    int64_t id, seq, at, journal; /* journal < 0: not in it yet */
    const char *deed, *act, *statement, *signatures, *entry;
};
int ll_deed_step_put(struct ll_txn *tx, const struct ll_deed_step_row *s, int64_t *ret_id,
                     struct ll_err *err) LL_MUST;
/* LL_NOTFOUND. */
int ll_deed_step_get(struct ll_txn *tx, const char *deed, int64_t seq, struct ll_arena *arena,
                     struct ll_deed_step_row *ret, struct ll_err *err) LL_MUST;
/* Those of a deed from its issue on, those of what it was split from first. */
int ll_deed_steps(struct ll_txn *tx, const struct ll_deed *d, struct ll_arena *arena,
                  struct ll_deed_step_row **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* Steps that the journal does not have yet, oldest first. */
int ll_deed_steps_pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena,
                          struct ll_deed_step_row **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_deed_step_entered(struct ll_txn *tx, int64_t id, int64_t journal, struct ll_err *err) LL_MUST;
/* Reads a line of signatures and moves on; false at the end. */
bool ll_deed_signature_next(struct ll_str *lines, struct ll_str *ret_organisation, struct ll_str *ret_jws);

struct ll_deed_proposal {
    const char *statement, *deed, *act, *state, *signatures, *made_by;
    int64_t made_at, changed_at;
};
/* 1, or 0. */
int ll_deed_proposal_get(struct ll_txn *tx, const char *statement, struct ll_arena *arena,
                         struct ll_deed_proposal *ret, struct ll_err *err) LL_MUST;
struct ll_deed_proposal_query {
    const char *organisation; /* one that has to sign or did; NULL: any */
    const char *state, *deed; /* NULL: any */
    bool mine;                /* only those that wait for this organisation */
    const char *sort;         /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_deed_proposal_list(struct ll_txn *tx, const struct ll_deed_proposal_query *q, struct ll_arena *arena,
                          struct ll_deed_proposal **ret, size_t *ret_n, int64_t *ret_total,
                          struct ll_err *err) LL_MUST;
/* Who has to sign it, in the order of their codes. */
struct ll_deed_signer {
    const char *organisation;
    bool has;
};
int ll_deed_signers_of(struct ll_txn *tx, const char *statement, struct ll_arena *arena,
                       struct ll_deed_signer *ret, size_t room, size_t *ret_n, struct ll_err *err) LL_MUST;

#endif
