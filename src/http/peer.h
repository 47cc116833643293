/* peer.h - who is at the other end: the address of the connection, or, where a proxy that we trust tells it, the one behind it.
 *
 * (1) A forwarded header counts only when the connection comes from a network of the setting trusted_proxies; anybody else's is passed
 *     over, whatever it says.
 * (2) Only one kind of header is believed (setting forwarded_header): a proxy writes one kind and hands the other through as the client
 *     sent it.
 * (3) The list is read from its end, where the nearest proxy wrote, up to the first address that is no trusted proxy; what stands before
 *     that was written by the client and counts for nothing. */
#ifndef LL_HTTP_PEER_H
#define LL_HTTP_PEER_H

#include "share/grant.h"

#include <arpa/inet.h>

enum ll_forwarded { LL_X_FORWARDED_FOR, LL_FORWARDED }; /* as the choices of setting forwarded_header */

struct ll_proxies {
    struct ll_network *list;
    size_t n;
    enum ll_forwarded header;
};

struct ll_peer {
    unsigned char addr[16]; /* IPv4 as ::ffff:a.b.c.d */
    char text[INET6_ADDRSTRLEN];
    bool secure;    /* the client spoke TLS, to us or to the proxy */
    bool forwarded; /* a proxy told it */
};

/* What a request said, several lines of a header joined by commas; p NULL where it is not there. */
struct ll_forwarding {
    struct ll_str forwarded, x_for, x_proto;
};

bool ll_proxies_have(const struct ll_proxies *p, const unsigned char addr[16]);
/* The address of a socket as 16 bytes; false for another family. */
bool ll_peer_addr(const struct sockaddr *a, unsigned char ret[16]);
void ll_peer_find(const struct ll_proxies *p, const unsigned char addr[16], bool tls,
                  const struct ll_forwarding *said, struct ll_peer *ret);
bool ll_peer_loopback(const unsigned char addr[16]);

#endif
