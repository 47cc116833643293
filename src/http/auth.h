/* auth.h - who sends a request, and whether the route takes it from them.
 *
 * A person shows the session cookie, a system an access token; nothing else counts.  A request that changes something with a cookie
 * must also carry the header X-Luling-Request, which no form and no page of another origin can send without our leave.  A route that
 * belongs to an organisation (route->scope) is checked against it before its handler runs. */
#ifndef LL_HTTP_AUTH_H
#define LL_HTTP_AUTH_H

#include "http/app.h"
#include "http/request.h"

struct ll_credentials {
    const char *cookie;        /* value of the session cookie; NULL: none */
    const char *authorization; /* header; NULL: none */
    const char *marker;        /* X-Luling-Request; NULL: none */
    const char *acts_for;      /* Luling-Acts-For: a delegation under which the person acts; NULL: none */
    const char *host;          /* Host header; NULL: none */
    const char *remote;        /* the caller's address */
    bool secure;               /* came over TLS: the cookie must too */
    bool clear;                /* came over a network without: only what is public may be read */
    bool uncertified;          /* systems must show a certificate, and none was shown */
};

#define LL_SESSION_COOKIE "luling_session"

/* Fills rq->actor and the rest of what is known of the caller; LL_SIGNIN or LL_DENIED when the route is not for them. */
int ll_auth(struct ll_app *app, struct ll_request *rq, const struct ll_credentials *c,
            struct ll_err *err) LL_MUST;
/* Set-Cookie for a session token; "" ends the session in the browser. */
int ll_auth_set_cookie(struct ll_request *rq, const char *token, struct ll_err *err) LL_MUST;

#endif
