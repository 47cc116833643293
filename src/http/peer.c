/* peer.c - see peer.h.  Forwarded is RFC 7239; X-Forwarded-For and -Proto have no standard but one use. */
#include "http/peer.h"

#include <string.h>
#include <strings.h>

enum { HOPS_MAX = 32 };

static const unsigned char v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

bool ll_proxies_have(const struct ll_proxies *p, const unsigned char addr[16])
{
    for (size_t i = 0; i < p->n; i++)
        if (ll_network_has(&p->list[i], addr))
            return true;
    return false;
}

bool ll_peer_addr(const struct sockaddr *a, unsigned char ret[16])
{
    if (a && a->sa_family == AF_INET) {
        memcpy(ret, v4_prefix, sizeof v4_prefix);
        memcpy(ret + 12, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
        return true;
    }
    if (a && a->sa_family == AF_INET6) {
        memcpy(ret, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
        return true;
    }
    memset(ret, 0, 16);
    return false;
}

bool ll_peer_loopback(const unsigned char addr[16])
{
    static const unsigned char one[16] = {[15] = 1};

    return memcmp(addr, one, 16) == 0 || (memcmp(addr, v4_prefix, 12) == 0 && addr[12] == 127);
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80" */
static bool read_node(struct ll_str s, unsigned char ret[16])
{
    const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
    struct ll_str rest;

    if (s.n && s.p[0] == '[')
        return ll_str_cut((struct ll_str){s.p + 1, s.n - 1}, ']', &s, &rest) && memchr(s.p, ':', s.n) &&
               ll_address_parse(s, ret) && (!rest.n || rest.p[0] == ':');
    if (colon && !memchr(colon + 1, ':', s.n - (size_t)(colon + 1 - s.p)))
        s.n = (size_t)(colon - s.p);
    return ll_address_parse(s, ret);
}

/* The last element of a list whose commas may stand in quotes; *s becomes what is before it. */
static struct ll_str last_element(struct ll_str *s)
{
    struct ll_str e = *s;
    bool quoted = false;
    size_t at = s->n;

    if (!s->n)
        return e;
    while (at && (quoted || s->p[at - 1] != ','))
        quoted ^= s->p[--at] == '"';
    e = (struct ll_str){s->p + at, s->n - at};
    s->n = at ? at - 1 : 0;
    return ll_str_trim(e);
}

struct hop {
    struct ll_str node, proto;
};

/* for and proto of an element of Forwarded. */
static struct hop read_pairs(struct ll_str element)
{
    struct ll_str rest = element, pair, name, value;
    struct hop h = {.node = {NULL, 0}};

    while (rest.n) {
        ll_str_cut(rest, ';', &pair, &rest);
        ll_str_cut(ll_str_trim(pair), '=', &name, &value);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = (struct ll_str){value.p + 1, value.n - 2};
        if (name.n == 3 && strncasecmp(name.p, "for", 3) == 0)
            h.node = value;
        else if (name.n == 5 && strncasecmp(name.p, "proto", 5) == 0)
            h.proto = value;
    }
    return h;
}

static bool is_https(struct ll_str proto)
{
    return proto.n == 5 && strncasecmp(proto.p, "https", 5) == 0;
}

/* From the nearest hop outwards, until an address is not a proxy's.  A word that is no address ("unknown") is somebody of whom nothing
 * is known: the unspecified address, never the proxy's own, which may be the loopback's. */
static void walk(const struct ll_proxies *p, struct ll_str list, bool pairs, struct ll_peer *ret)
{
    for (int hops = 0; list.n && hops < HOPS_MAX; hops++) {
        struct ll_str element = last_element(&list);
        struct hop h = pairs ? read_pairs(element) : (struct hop){.node = element};
        if (!read_node(h.node, ret->addr))
            memset(ret->addr, 0, sizeof ret->addr);
        ret->forwarded = true;
        if (pairs)
            ret->secure = is_https(h.proto);
        if (!ll_proxies_have(p, ret->addr))
            return;
    }
}

static void write_text(struct ll_peer *r)
{
    bool v4 = memcmp(r->addr, v4_prefix, 12) == 0;

    if (!inet_ntop(v4 ? AF_INET : AF_INET6, r->addr + (v4 ? 12 : 0), r->text, sizeof r->text))
        r->text[0] = 0;
}

void ll_peer_find(const struct ll_proxies *p, const unsigned char addr[16], bool tls,
                  const struct ll_forwarding *said, struct ll_peer *ret)
{
    struct ll_str proto = said->x_proto;

    *ret = (struct ll_peer){.secure = tls};
    memcpy(ret->addr, addr, 16);
    if (ll_proxies_have(p, addr) && p->header == LL_FORWARDED)
        walk(p, said->forwarded, true, ret);
    else if (ll_proxies_have(p, addr))
        walk(p, said->x_for, false, ret);
    if (ret->forwarded && p->header == LL_X_FORWARDED_FOR)
        ret->secure = is_https(last_element(&proto));
    write_text(ret);
}
