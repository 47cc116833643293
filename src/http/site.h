/* site.h - the platform as seen from outside: its address, the passkeys that belong to it, and how often somebody who is not signed in
 * may ask.
 *
 * The address is setting public_origin ("https://hub.example.gov.cn"); without it http://localhost (https:// where the server speaks it)
 * and the port served.  Passkeys are
 * bound to its host, so that it is settled once. */
#ifndef LL_HTTP_SITE_H
#define LL_HTTP_SITE_H

#include "base/err.h"
#include "crypto/webauthn.h"

struct ll_app;
struct ll_request;

enum { LL_ORIGIN = 256 };

struct ll_site {
    char origin[LL_ORIGIN], rp_id[LL_ORIGIN];
    const char *origins[2]; /* NULL-terminated */
};

/* LL_USAGE unless it is https://HOST[:PORT], or http://localhost[:PORT]: browsers make passkeys for nothing else. */
int ll_site_parse(const char *origin, struct ll_site *ret, struct ll_err *err) LL_MUST;
/* Takes the address from the settings, or from the port and whether the server speaks TLS itself.  Once, before the address is told to anybody. */
int ll_site_settle(struct ll_app *app, bool tls, unsigned port, struct ll_err *err) LL_MUST;
/* LL_BUSY in the instant between listening and ll_site_settle. */
int ll_site(struct ll_app *app, const struct ll_site **ret, struct ll_err *err) LL_MUST;
/* What a browser must have signed; the challenge is the caller's. */
struct ll_webauthn_want ll_site_want(const struct ll_site *site);

/* LL_TOOMANY: this address must wait.  Every handler of a public route that costs something asks first. */
int ll_site_limit(struct ll_app *app, const struct ll_request *rq, struct ll_err *err) LL_MUST;

#endif
