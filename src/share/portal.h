/* portal.h - other portals in which subjects sign in with what they have here (OpenID Connect Core 1.0, authorization code flow).
 *
 * (1) A portal is a client (client.h) with addresses to return to, registered beforehand and compared whole (RFC 9700, 4.1.3).
 * (2) A code is for one use within a minute, by that client, at that address, with the verifier of its challenge (RFC 7636, S256 alone). It lies in
 *     memory as a hash, and a restart ends it.
 * (3) A portal knows a subject by a pseudonym that no other organisation has (pairwise, Core 8.1), and more only as far as it was asked and the subject agreed. */
#ifndef LL_SHARE_PORTAL_H
#define LL_SHARE_PORTAL_H

#include "base/arena.h"
#include "base/json.h"
#include "share/actor.h"
#include "share/tbl/portal_scopes.h"
#include "store/store.h"

#define X(id, ...) LL_SCOPE_AT_##id,
enum ll_portal_scope_at { LL_PORTAL_SCOPES(X) LL_PORTAL_SCOPE_COUNT };
#undef X
#define X(id, ...) LL_PORTAL_##id = 1u << LL_SCOPE_AT_##id,
enum ll_portal_scope { LL_PORTAL_SCOPES(X) };
#undef X

enum {
    LL_PORTAL_URI = 512,      /* bytes of an address to return to */
    LL_PORTAL_URIS = 8,       /* of a client */
    LL_PORTAL_STATE = 1024,   /* bytes */
    LL_PORTAL_NONCE = 256,    /* bytes */
    LL_PORTAL_CHALLENGE = 43, /* characters of a SHA-256 in base64url */
    LL_CODE_S = 60,           /* how long a code can be used */
    LL_CODES_MOST = 4096      /* codes at once */
};

/* LL_INVALID unless it is https://HOST..., or http:// at the machine itself (RFC 8252, 7.3), without fragment and user. */
int ll_portal_uri_check(struct ll_str uri, struct ll_err *err) LL_MUST;
/* Replaces the addresses of a client; n 0: it is no portal any more. */
int ll_portal_set_uris(struct ll_store *st, const struct ll_actor *by, struct ll_str client,
                       const struct ll_str *uris, size_t n, struct ll_err *err) LL_MUST;
/* An array of them, of an object that is open. */
int ll_portal_put_uris(struct ll_txn *tx, struct ll_str client, struct ll_json *j, const char *key,
                       struct ll_err *err) LL_MUST;

/* The scopes in text that we know, as bits; others are passed over (Core 3.1.2.1). */
unsigned ll_portal_scopes(struct ll_str text);
const char *ll_portal_scope_word(enum ll_portal_scope_at s);
const char *ll_portal_scope_title(enum ll_portal_scope_at s, enum ll_lang lang);
void ll_portal_scopes_text(unsigned scopes, char out[64]); /* "openid profile" */

/* What was asked for. */
struct ll_portal_ask {
    const char *client, *redirect, *nonce, *challenge; /* nonce may be NULL */
    unsigned scopes;
    const char *organisation, *title; /* of the client */
};
/* Whether the client may be returned to there, and whose it is: what has to be known before anything is sent to that address.  LL_NOTFOUND: no such client, or it
 * is not enabled, or the address is not one of its own. */
int ll_portal_known(struct ll_txn *tx, struct ll_arena *arena, struct ll_portal_ask *ask,
                    struct ll_err *err) LL_MUST;

/* --- codes; threads may share one ---------------------------------------------------------------------------------------- */

struct ll_codes;
struct ll_portal_code {
    struct ll_portal_ask ask; /* without organisation and title */
    const char *subject;      /* its id here */
    int64_t signed_in;        /* ms */
};
int ll_codes_new(struct ll_codes **ret, struct ll_err *err) LL_MUST;
struct ll_codes *ll_codes_free(struct ll_codes *c); /* NULL is fine; returns NULL */
/* LL_BUSY when LL_CODES_MOST wait at once. */
int ll_codes_make(struct ll_codes *c, const struct ll_portal_code *of, char code[44],
                  struct ll_err *err) LL_MUST;
/* What the code stands for, which ends it.  LL_DENIED: there is none, or it has ended, or client, address or verifier are not those it was made for. */
int ll_codes_use(struct ll_codes *c, struct ll_str code, const char *client, struct ll_str redirect,
                 struct ll_str verifier, struct ll_arena *arena, struct ll_portal_code *ret,
                 struct ll_err *err) LL_MUST;

/* --- what a subject can read of it --------------------------------------------------------------------------------------- */

/* Notes that the subject let the portal know so much: for the subject, and as evidence with the pairwise pseudonym. */
int ll_portal_note(struct ll_txn *tx, const struct ll_portal_ask *ask, const char *subject,
                   const char *pseudonym, struct ll_err *err) LL_MUST;
/* Member items: portals that the subject signed in to, latest first. */
int ll_portal_put_list(struct ll_txn *tx, const char *subject, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
