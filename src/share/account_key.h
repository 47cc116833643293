/* account_key.h - the passkeys of accounts (passkeys.h): registered by their owner, who has just shown the password, another passkey
 * or an invitation; signing in with one needs no name to be typed.
 *
 * (1) The last way to sign in is never removed: an account without password keeps one passkey.
 * (2) Every registration and removal is noted for the journal (admin.h). */
#ifndef LL_SHARE_ACCOUNT_KEY_H
#define LL_SHARE_ACCOUNT_KEY_H

#include "share/account.h"
#include "share/passkeys.h"

enum { LL_PASSKEY_NAME_MOST = 64 };

struct ll_account_key {
    const char *id, *name;
    bool backup;
    int64_t made_at, used_at, warned_at; /* ms; 0: not */
};

/* What WebAuthn calls the user handle: tells the account's passkeys together, and nobody the account. */
void ll_account_handle(struct ll_str account, unsigned char out[LL_DIGEST]);

int ll_account_key_add(struct ll_txn *tx, const struct ll_actor *by, const char *account, const char *name,
                       const struct ll_webauthn_credential *credential, struct ll_arena *arena,
                       struct ll_account_key *ret, struct ll_err *err) LL_MUST;
int ll_account_key_list(struct ll_txn *tx, struct ll_str account, struct ll_arena *arena,
                        struct ll_account_key **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_account_key_rename(struct ll_txn *tx, struct ll_str account, struct ll_str id, const char *name,
                          struct ll_err *err) LL_MUST;
/* LL_CONFLICT: it is the last way to sign in. */
int ll_account_key_remove(struct ll_txn *tx, const struct ll_actor *by, struct ll_str account,
                          struct ll_str id, struct ll_err *err) LL_MUST;
void ll_account_key_json(const struct ll_account_key *k, struct ll_json *j);

/* Who uses the passkey, by an active account; handle: what the authenticator says of its user, base64url, NULL where it does not.  LL_SIGNIN
 * for every reason but LL_CONFLICT (passkeys.h). */
int ll_account_recognise(struct ll_txn *tx, const struct ll_webauthn_want *want, const char *key,
                         const char *handle, const struct ll_webauthn_use *use, struct ll_arena *arena,
                         struct ll_account *ret, struct ll_err *err) LL_MUST;

/* An invitation taken up with a passkey instead of a password: for whom it is, and then the end of it. */
int ll_account_invited(struct ll_txn *tx, struct ll_str token, struct ll_arena *arena,
                       const char **ret_account, struct ll_err *err) LL_MUST;
int ll_account_accept_key(struct ll_txn *tx, struct ll_str token, const char *name,
                          const struct ll_webauthn_credential *credential, struct ll_arena *arena,
                          struct ll_err *err) LL_MUST;

#endif
