/* challenge.h - challenges that passkeys sign where nothing is decided: signing in, and registering.
 *
 * A challenge is a token (share/tokens.h) that belongs to a use instead of a client: random, of ten minutes, good for one answer. */
#ifndef LL_HTTP_CHALLENGE_H
#define LL_HTTP_CHALLENGE_H

#include "http/app.h"
#include "http/passkey.h"

/* use: what it is for, and whose it is; at most LL_TOKEN_CLIENT - 1 bytes that begin with '?'.  Fills in ask->site, challenge and expires_at. */
int ll_challenge_issue(struct ll_app *app, const char *use, unsigned char bytes[LL_DIGEST],
                       struct ll_passkey_ask *ask, struct ll_err *err) LL_MUST;
/* The challenge that the browser says was signed: one of ours, for this use, and not used before.  The verifier compares the bytes. */
int ll_challenge_take(struct ll_app *app, const char *use, const struct ll_passkey *p,
                      unsigned char bytes[LL_DIGEST], struct ll_err *err) LL_MUST;

#endif
