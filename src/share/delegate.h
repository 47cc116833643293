/* delegate.h - who may act for an enterprise: natural persons to whom it delegates, each signed in by a passkey of its own.
 *
 * (1) The enterprise, signed in by the passkey of its legal representative, makes a code (256 bits, kept as a hash); the person who takes it within a day, signed in
 *     as itself, is the delegate.  Nobody but who has the code can, and it is used up.
 * (2) A delegation has scopes (tbl/delegate_scopes.h) and an end.  What is in no scope cannot be delegated.
 * (3) Every request of a delegate asks ll_delegate_acts, so that an end holds from the next one.  Either side may end it.
 * (4) Steps are those of flow DELEGATION, in the journal.  What a delegate does says who did it and for whom: struct ll_actor has both.
 * (5) The same code, of kind `legal_representative`, shows that a person is who the registration names; whether it is, the caller knows.  It lets nobody act. */
#ifndef LL_SHARE_DELEGATE_H
#define LL_SHARE_DELEGATE_H

#include "share/consent.h"
#include "share/flow.h"
#include "share/tbl/delegate_scopes.h"

#define X(id, ...) LL_DELEGATE_AT_##id,
enum ll_delegate_scope_at { LL_DELEGATE_SCOPES(X) LL_DELEGATE_SCOPE_COUNT };
#undef X
#define X(id, ...) LL_DELEGATE_##id = 1u << LL_DELEGATE_AT_##id,
enum ll_delegate_scope { LL_DELEGATE_SCOPES(X) };
#undef X

enum {
    LL_DELEGATES_MOST = 50, /* of a firm that are invited or act at once; as many firms a person sees */
    LL_DELEGATE_CODE_MS = 24 * 3600000,
    LL_DELEGATE_DAYS = 731,
    LL_DELEGATE_NOTE = 50 /* characters */
};

const char *ll_delegate_scope_word(enum ll_delegate_scope_at s);
const char *ll_delegate_scope_title(enum ll_delegate_scope_at s, enum ll_lang lang);
/* LL_USAGE names the word that is none, or says that there is none at all. */
int ll_delegate_scopes_read(const char *const *words, size_t n, unsigned *ret, struct ll_err *err) LL_MUST;

struct ll_delegation {
    const char *id, *firm, *person; /* subjects; person NULL: nobody has taken it */
    const char *title, *mask;       /* of the other side than the one that reads; NULL: nobody yet */
    const char *note;               /* what the firm calls it; NULL */
    bool representative;            /* kind legal_representative */
    unsigned scopes;
    enum ll_state state;
    int64_t until_at, made_at, changed_at;
};

struct ll_delegate_new {
    bool representative;
    unsigned scopes;
    int64_t until_at; /* of staff */
    const char *note; /* NULL */
};
/* env->actor: the enterprise.  *ret_token: the code.  LL_DENIED: not signed in by the legal representative's passkey; LL_INVALID: an end that is past or too far. */
int ll_delegate_invite(const struct ll_consent_env *env, const struct ll_delegate_new *n,
                       struct ll_delegation *ret, const char **ret_token, struct ll_err *err) LL_MUST;
/* Reads: what the code is for.  LL_NOTFOUND: none, used up, past. */
int ll_delegate_open(const struct ll_consent_env *env, const char *token, struct ll_delegation *ret,
                     struct ll_err *err) LL_MUST;
/* env->actor: the person.  fits false, of kind legal_representative: it is not whom the registration names. */
int ll_delegate_take(const struct ll_consent_env *env, struct ll_delegation *d, bool fits,
                     struct ll_err *err) LL_MUST;
/* By the firm, or by the person. */
int ll_delegate_end(const struct ll_consent_env *env, const char *id, struct ll_err *err) LL_MUST;

/* Reads, the newest first: a firm's delegations, a person's firms.  A code that nobody took in time is not among them. */
int ll_delegates_of(const struct ll_consent_env *env, const char *firm, struct ll_delegation **ret,
                    size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_delegates_for(const struct ll_consent_env *env, const char *person, struct ll_delegation **ret,
                     size_t *ret_n, struct ll_err *err) LL_MUST;
/* Reads: the newest of kind legal_representative that somebody took; 1, or 0. */
int ll_delegate_representative(const struct ll_consent_env *env, const char *firm, struct ll_delegation *ret,
                               struct ll_err *err) LL_MUST;

/* Whether the person may act under the delegation within the scope, now; *ret says for which firm, and how the person is called.  LL_DENIED otherwise. */
int ll_delegate_acts(struct ll_txn *tx, const char *person, const char *id, enum ll_delegate_scope_at scope,
                     struct ll_arena *arena, struct ll_delegation *ret, struct ll_err *err) LL_MUST;

/* An object: what the reader may see of it. */
void ll_delegation_put(struct ll_json *j, const struct ll_delegation *d);

#endif
