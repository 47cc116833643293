/* tls.h - the certificate and key that the server shows, and the authorities whose certificates of clients it takes.
 *
 * (1) The files are looked at again every few seconds and when told to; a pair that is whole and fits serves the next handshake.
 *     Connections that are open keep what they began with.
 * (2) A pair that does not fit, has ended, or cannot be read changes nothing: it is logged once, and the old one goes on.
 * (3) The key's file may not be readable by everybody, and its content is wiped from memory once it was taken in.
 *
 * One is open at a time in a process: the library's question for a certificate carries no word of ours. */
#ifndef LL_HTTP_TLS_H
#define LL_HTTP_TLS_H

#include "base/buf.h"
#include "base/err.h"

#include <gnutls/abstract.h>

struct ll_tls;

struct ll_tls_opts {
    const char *certificate, *key; /* PEM; the certificate first, then those that lead to an authority */
    const char *client_ca;         /* PEM; NULL or "": clients are not asked for a certificate */
    unsigned keep_s;               /* no handshake lasts longer */
};

int ll_tls_open(const struct ll_tls_opts *o, struct ll_tls **ret, struct ll_err *err) LL_MUST;
struct ll_tls *ll_tls_close(struct ll_tls *t); /* after the server that uses it; NULL is fine; returns NULL */
/* Takes in what changed; `now` even when the files look the same.  One caller at a time. */
void ll_tls_refresh(struct ll_tls *t, bool now);
/* Is this name or address (of a Host header, without port) one of the certificate's? */
bool ll_tls_named(struct ll_tls *t, struct ll_str host);

/* For the daemon: TLS 1.2 and 1.3 with forward secrecy only. */
extern const char ll_tls_priorities[];
const char *
ll_tls_client_ca(const struct ll_tls *t); /* PEM as it was at the start; NULL: clients are not asked */
gnutls_certificate_retrieve_function3 ll_tls_certificate;

enum ll_shown { LL_SHOWN_NOT_ASKED, LL_SHOWN_NONE, LL_SHOWN_GOOD, LL_SHOWN_BAD };
/* What a client showed at the handshake of this session. */
enum ll_shown ll_tls_shown(struct ll_tls *t, gnutls_session_t session);

#endif
