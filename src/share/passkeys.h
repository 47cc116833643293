/* passkeys.h - passkeys as they are stored, whoever they belong to: an account of the platform or a subject of data.
 *
 * (1) A passkey counts only where the person was recognised by it (UV), never by its presence alone.
 * (2) Its counter is stored with every use.  One that did not move is refused (LL_CONFLICT): there may be a copy of the authenticator.
 * (3) A passkey that was ended stays, so that what it signed can be verified, and verifies nothing new. */
#ifndef LL_SHARE_PASSKEYS_H
#define LL_SHARE_PASSKEYS_H

#include "base/arena.h"
#include "crypto/webauthn.h"
#include "store/store.h"

enum ll_passkey_owner { LL_OF_ACCOUNT, LL_OF_SUBJECT, LL_PASSKEY_OWNER_COUNT };
enum { LL_PASSKEYS_MOST = 32, LL_PASSKEY_ID_MOST = LL_CREDENTIAL_ID_MAX * 4 / 3 + 2 };

struct ll_passkey_stored {
    const char *id, *owner; /* id: base64url, as browsers write it */
    struct ll_str cose;
    bool backup; /* may be backed up: a passkey that is on more than one device */
    uint32_t sign_count;
};

/* LL_NOTFOUND: none of this id, or it was ended.  *ret lives in arena. */
int ll_passkey_get(struct ll_txn *tx, enum ll_passkey_owner kind, const char *id, struct ll_arena *arena,
                   struct ll_passkey_stored *ret, struct ll_err *err) LL_MUST;
/* Verifies a use of it and stores the counter.  want: its challenge is the caller's. */
int ll_passkey_use(struct ll_txn *tx, enum ll_passkey_owner kind, const struct ll_passkey_stored *k,
                   const struct ll_webauthn_want *want, const struct ll_webauthn_use *use,
                   struct ll_err *err) LL_MUST;
/* Notes, in a transaction of its own, that there may be a copy: after ll_passkey_use said LL_CONFLICT and its transaction is over. */
int ll_passkey_warn(struct ll_store *st, enum ll_passkey_owner kind, const char *id,
                    struct ll_err *err) LL_MUST;
/* The ids of an owner's passkeys, newest first, LL_PASSKEYS_MOST at most. */
int ll_passkey_ids(struct ll_txn *tx, enum ll_passkey_owner kind, const char *owner, struct ll_arena *arena,
                   const char *const **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* Base64url of bytes, in arena; NULL: out of memory. */
const char *ll_passkey_text(struct ll_arena *arena, struct ll_str bytes);

#endif
