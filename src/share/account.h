/* account.h - the people who sign in: made by the system administrator, given duties by the security administrator, entered by an
 * invitation that is used once.
 *
 * (1) Who makes an account gives it no duty, and who gives duties makes no account.
 * (2) There is no default password: a password is chosen by its owner with an invitation, which is kept as a hash only.
 * (3) A wrong password costs as much time as a right one, for an account that does not exist too.
 * (4) After five wrong passwords in a row the account is locked for a minute, and twice as long with each one more, up to a day. */
#ifndef LL_SHARE_ACCOUNT_H
#define LL_SHARE_ACCOUNT_H

#include "base/arena.h"
#include "base/json.h"
#include "share/actor.h"
#include "store/store.h"

enum { LL_PASSWORD_LEAST = 10, LL_PASSWORD_MOST = 128, LL_ACCOUNT_ID_MOST = 64 };

struct ll_account {
    const char *id, *organisation, *name;
    const char *state; /* invited, active, disabled */
    unsigned duties;
    int64_t locked_until, made_at, seen_at; /* ms; 0: not */
};

/* LL_CONFLICT when the id is taken, LL_NOTFOUND for an organisation that the catalogue does not have. */
int ll_account_add(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                   struct ll_str organisation, struct ll_str name, struct ll_err *err) LL_MUST;
/* A new invitation; earlier ones of the account end.  token is the caller's to hand to the person, and to nobody else. */
int ll_account_invite(struct ll_store *st, const struct ll_actor *by, struct ll_str id, char token[44],
                      struct ll_err *err) LL_MUST;
/* Chooses the password with an invitation, which is used up.  Ends every session of the account. */
int ll_account_accept(struct ll_store *st, struct ll_str token, struct ll_str password,
                      struct ll_err *err) LL_MUST;
/* Sets the password without one: for whoever has just given the old one, and the command line on the machine itself. */
int ll_account_set_password(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                            struct ll_str password, struct ll_err *err) LL_MUST;
/* LL_SIGNIN does not tell which of the two was wrong.  *ret lives in arena. */
int ll_account_check(struct ll_store *st, struct ll_str id, struct ll_str password, struct ll_arena *arena,
                     struct ll_account *ret, struct ll_err *err) LL_MUST;

int ll_account_empower(struct ll_store *st, const struct ll_actor *by, struct ll_str id, unsigned duties,
                       struct ll_err *err) LL_MUST;
/* Disabled accounts cannot sign in and their sessions end. */
int ll_account_enable(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool enabled,
                      struct ll_err *err) LL_MUST;
int ll_account_unlock(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                      struct ll_err *err) LL_MUST;

int ll_account_get(struct ll_store *st, struct ll_str id, struct ll_arena *arena, struct ll_account *ret,
                   struct ll_err *err) LL_MUST;
/* Which accounts: each NULL or 0 for any.  text is found in ids and names; state may be "locked", too. */
struct ll_account_query {
    const char *text, *organisation, *state;
    unsigned duty;
    const char *sort; /* NULL: by organisation */
    size_t limit, offset;
};
int ll_account_list(struct ll_store *st, const struct ll_account_query *q, struct ll_arena *arena,
                    struct ll_account **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_account_json(const struct ll_account *a, struct ll_json *j);

/* On a data folder without accounts: makes the three administrators, each with an invitation.  *made tells whether it did. */
struct ll_first {
    const char *account;
    char token[44];
};
enum { LL_FIRST_COUNT = 3 };
int ll_account_first(struct ll_store *st, struct ll_first first[LL_FIRST_COUNT], bool *made,
                     struct ll_err *err) LL_MUST;

#endif
