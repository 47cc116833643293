/* deed.h - the collaboration ledger's deeds: receivables, orders, warehouse receipts, guarantees and pledges as chains of signed statements.
 *
 * (1) A statement is canonical JSON (journal/canon.h) that says one act on one deed: which, the how manieth, and the hash of the statement before
 *     it.  Whoever must sign signs these very bytes, so that a signature holds for this act, here, now, and for nothing else.
 * (2) What may follow what, and who must sign, is the table tbl/deed_rules.h; nothing else decides it.  The server, the verifier without a server
 *     and the tests apply the same function.
 * (3) The parts of a split have, together, the amount that was split; no more is financed than a deed's amount; an end is an end.
 * (4) Everything here is a function of its arguments: no store, no clock.
 *
 * Amounts are whole fen.  A part's chain goes on where its parent's ends: its next statement follows the split. */
#ifndef LL_APPS_FINANCE_DEED_H
#define LL_APPS_FINANCE_DEED_H

#include "apps/finance/tbl/deed_words.h"
#include "base/arena.h"
#include "base/err.h"

#define X(id, ...) LL_DEED_##id,
enum ll_deed_kind { LL_DEED_KINDS(X) LL_DEED_KIND_COUNT };
#undef X
#define X(id, ...) LL_DEED_IS_##id,
enum ll_deed_state { LL_DEED_STATES(X) LL_DEED_STATE_COUNT };
#undef X
#define X(id, ...) LL_DEED_DO_##id,
enum ll_deed_act { LL_DEED_ACTS(X) LL_DEED_ACT_COUNT };
#undef X
#define X(id, ...) LL_DEED_OF_##id,
enum ll_deed_role { LL_DEED_ROLES(X) LL_DEED_ROLE_COUNT };
#undef X
#define X(id, ...) LL_DEED_REF_##id,
enum ll_deed_ref { LL_DEED_REFERENCES(X) LL_DEED_REF_COUNT };
#undef X
enum ll_deed_claim { LL_CLAIM_NOTHING, LL_CLAIM_TAKE, LL_CLAIM_FREE };

enum {
    LL_DEED_ID = 22,    /* characters: 16 bytes in base64url */
    LL_DEED_HASH = 43,  /* characters: 32 bytes in base64url */
    LL_DEED_PARTY = 64, /* bytes of an organisation's code */
    LL_DEED_NOTE = 600, /* bytes */
    LL_DEED_NUMBER = 128,
    LL_DEED_REFS = 32,
    LL_DEED_PARTS = 64,
    LL_DEED_STEPS = 1000, /* of one deed: after so many it is only brought to its end */
    LL_DEED_STATEMENT_MAX = 16 << 10
};
#define LL_DEED_AMOUNT_MAX INT64_C(1000000000000000) /* fen: ten trillion yuan */

struct ll_deed_reference {
    enum ll_deed_ref type;
    const char *number;
};
struct ll_deed_part {
    const char *document;
    int64_t amount;
};

/* Texts are NULL where the act has no such member. */
struct ll_deed_statement {
    char id[LL_DEED_HASH + 1]; /* its hash */
    enum ll_deed_act act;
    enum ll_deed_kind kind;
    const char *document, *ledger, *prev, *holder, *obligor, *to, *financier, *due, *note, *secures;
    int64_t seq, amount, financed;
    struct ll_deed_reference refs[LL_DEED_REFS];
    struct ll_deed_part parts[LL_DEED_PARTS];
    size_t n_refs, n_parts;
};

/* LL_INVALID says which member is wrong; LL_TOOBIG.  Texts are copied into the arena. */
int ll_deed_read(struct ll_str payload, struct ll_arena *arena, struct ll_deed_statement *ret,
                 struct ll_err *err) LL_MUST;
/* What names a statement: SHA-256 of "luling-statement/v1\n" and its bytes, in base64url. */
void ll_deed_hash(struct ll_str payload, char out[LL_DEED_HASH + 1]);

/* How a deed stands.  Texts are borrowed. */
struct ll_deed {
    const char *document, *root, *parent; /* parent: of a part; root: what was issued */
    enum ll_deed_kind kind;
    enum ll_deed_state state;
    int64_t amount, financed, seq;
    const char *holder, *obligor, *financier, *due, *secures;
    char head[LL_DEED_HASH + 1]; /* of its last statement */
};

/* before NULL: there is no such deed.  LL_CONFLICT: the deed has moved on, or its state does not allow it; LL_INVALID: an amount or a party is wrong, or it
 * is another ledger's.  *ret_claim: what becomes of the claim. */
int ll_deed_apply(const struct ll_deed *before, const struct ll_deed_statement *s, const char *ledger,
                  struct ll_deed *after, enum ll_deed_claim *ret_claim, struct ll_err *err) LL_MUST;
/* Part i of a deed that s has split. */
void ll_deed_part(const struct ll_deed *after, const struct ll_deed_statement *s, size_t i,
                  struct ll_deed *ret);
/* Whose signatures the act takes, in the order of the roles, each organisation once.  0: the table has no such act. */
size_t ll_deed_signers(const struct ll_deed *before, const struct ll_deed_statement *s,
                       const char *ret[LL_DEED_ROLE_COUNT]);
/* Whether the organisation takes part in it as it stands. */
bool ll_deed_has(const struct ll_deed *d, const char *organisation);

/* A row of the table, for those who show it; false past the last. */
struct ll_deed_rule {
    unsigned kinds, signers; /* bits by enum ll_deed_kind, ll_deed_role */
    enum ll_deed_state from, to;
    enum ll_deed_act act;
    enum ll_deed_claim claim;
};
bool ll_deed_rule(size_t i, struct ll_deed_rule *ret);

const char *ll_deed_kind_word(enum ll_deed_kind k);
const char *ll_deed_kind_title(enum ll_deed_kind k, enum ll_lang lang);
bool ll_deed_kind_find(struct ll_str word, enum ll_deed_kind *ret);
const char *ll_deed_state_word(enum ll_deed_state s);
const char *ll_deed_state_title(enum ll_deed_state s, enum ll_lang lang);
bool ll_deed_state_find(struct ll_str word, enum ll_deed_state *ret);
bool ll_deed_state_ends(enum ll_deed_state s);
const char *ll_deed_act_word(enum ll_deed_act a);
const char *ll_deed_act_title(enum ll_deed_act a, enum ll_lang lang);
bool ll_deed_act_find(struct ll_str word, enum ll_deed_act *ret);
const char *ll_deed_role_word(enum ll_deed_role r);
const char *ll_deed_ref_word(enum ll_deed_ref r);
bool ll_deed_ref_find(struct ll_str word, enum ll_deed_ref *ret);
/* Whether a kind may name it, and what makes it unique. */
bool ll_deed_ref_of(enum ll_deed_ref r, enum ll_deed_kind k, bool *ret_holder, bool *ret_obligor);

#endif
