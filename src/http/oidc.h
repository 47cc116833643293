/* oidc.h - sign-in of subjects for other portals: what a request must say, the way back, and what the portal is told (OpenID Connect Core 1.0). */
#ifndef LL_HTTP_OIDC_H
#define LL_HTTP_OIDC_H

#include "http/app.h"
#include "http/request.h"
#include "share/portal.h"

/* The request of a portal as it came (Core 3.1.2.1, RFC 7636 4.3); NULL where it is missing. */
struct ll_oidc_asked {
    const char *client_id, *redirect_uri, *response_type, *scope, *state, *nonce, *code_challenge,
        *code_challenge_method;
};

/* "https://HOST": by the name that was asked for. */
const char *ll_oidc_issuer(struct ll_request *rq);

/* Fills *ret in the request's arena.  Fails only where nothing may be sent to the address (unknown, frozen); *error is what the portal is to be told otherwise
 * (RFC 6749, 4.1.2.1), NULL: it may go on. */
int ll_oidc_check(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx,
                  const struct ll_oidc_asked *asked, struct ll_portal_ask *ret, const char **error,
                  struct ll_err *err) LL_MUST;
/* The address with what is told there: name and value, then state and iss (RFC 9207).  NULL: no memory. */
const char *ll_oidc_back(struct ll_request *rq, const struct ll_oidc_asked *asked, const char *name,
                         const char *value);

/* Whom a subject's id stands for, for one organisation. */
int ll_oidc_pseudonym(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, const char *subject,
                      const char *organisation, char out[44], struct ll_err *err) LL_MUST;
/* Writes the reply of the token endpoint for a code that was used: access_token, id_token and what belongs to them. */
int ll_oidc_reply(struct ll_app *app, struct ll_request *rq, const struct ll_portal_code *of,
                  const char *organisation, struct ll_err *err) LL_MUST;
/* Writes the claims that rq->actor.portal opens. */
int ll_oidc_userinfo(struct ll_app *app, struct ll_request *rq, struct ll_err *err) LL_MUST;

#endif
