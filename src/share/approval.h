/* approval.h - an act that its account confirms with a passkey, as evidence that outlives both.
 *
 * (1) What is signed is a text that says who does what to which thing in which state, with the whole content of the request: the challenge is
 *     SHA-256("luling-approve/v1\n" nonce SHA-256(text)), as with consents (crypto/webauthn.h).
 * (2) An approval is good for one attempt of exactly that act, by that account, within LL_APPROVAL_MS; when the thing changed meanwhile, or
 *     the request is another, it is not.
 * (3) What was used stays: text, nonce, client data, authenticator data, signature and public key.  The event of the act, and its
 *     entry in the journal, carry the SHA-256 of that evidence. */
#ifndef LL_SHARE_APPROVAL_H
#define LL_SHARE_APPROVAL_H

#include "base/json.h"
#include "share/actor.h"
#include "share/passkeys.h"

enum { LL_APPROVAL_MS = 300000, LL_APPROVAL_ID = 44, LL_APPROVAL_CONTENT_MAX = 65536 };

struct ll_approval_rule {
    const char *permission;
    const char *actions; /* with blanks between them; NULL: all */
    const char *state;   /* a query; NULL: none */
};

/* NULL: acts under this permission need no confirmation. */
const struct ll_approval_rule *ll_approval_rule(const char *permission);
bool ll_approval_meant(const struct ll_approval_rule *r, struct ll_str action);

/* What is about to be done. */
struct ll_approval_act {
    const struct ll_actor *actor;
    const char *name; /* of the account's owner */
    const struct ll_permission *permission;
    const struct ll_approval_rule *rule; /* NULL: without a state */
    struct ll_str method, target;        /* of the request */
    struct ll_str object;                /* the route's first parameter */
    struct ll_str content;               /* of the body, canonical; n 0: none */
    const char *origin;                  /* of the platform */
};

struct ll_approval {
    const char *id, *text;
    int64_t expires_at;
    unsigned char challenge[LL_DIGEST];
};

/* Puts the act into words and waits for the passkey. */
int ll_approval_ask(struct ll_txn *tx, const struct ll_approval_act *act, struct ll_arena *arena,
                    struct ll_approval *ret, struct ll_err *err) LL_MUST;
/* The passkey's answer.  LL_NOTFOUND: no such question of this account, or it has expired; LL_DENIED: another's passkey; LL_INVALID: it
 * was answered before, or does not verify; LL_CONFLICT: see passkeys.h. */
int ll_approval_sign(struct ll_txn *tx, const char *account, const char *id,
                     const struct ll_webauthn_want *site, const char *key, const struct ll_webauthn_use *use,
                     struct ll_arena *arena, struct ll_err *err) LL_MUST;
/* Uses it up for the act.  *ret_digest: SHA-256 of the evidence in hex, in arena. */
int ll_approval_take(struct ll_txn *tx, const char *id, const struct ll_approval_act *act,
                     struct ll_arena *arena, const char **ret_digest, struct ll_err *err) LL_MUST;
/* The evidence whose digest this is, as JSON text in arena. */
int ll_approval_evidence(struct ll_txn *tx, struct ll_str digest, struct ll_arena *arena, struct ll_str *ret,
                         struct ll_err *err) LL_MUST;

#endif
