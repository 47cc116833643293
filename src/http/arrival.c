/* arrival.c - where a request comes from and by which name it asked for us: decided from its connection and headers, before anything
 * else is believed. */
#include "http/exchange.h"

#include "http/tls.h"

#include <string.h>
#include <strings.h>

struct joining {
    const char *name;
    struct ll_buf *out;
};

static enum MHD_Result join_one(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct joining *j = cls;

    (void)kind;
    if (strcasecmp(key, j->name) != 0)
        return MHD_YES;
    ll_buf_z(j->out, j->out->n ? ", " : "");
    ll_buf_z(j->out, value ? value : "");
    return MHD_YES;
}

/* Every line of a header, in order: a proxy may have added a line of its own behind the client's. */
static struct ll_str joined(struct ll_exchange *x, const char *name)
{
    struct ll_buf b = LL_BUF_INIT(x->server->o.header_max);
    struct joining j = {name, &b};
    char *text = NULL;
    size_t n;

    if (!MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, name))
        return (struct ll_str){NULL, 0};
    MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, join_one, &j);
    n = b.n;
    if (!b.failed)
        text = ll_arena_dup(x->rq.arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return (struct ll_str){text, text ? n : 0};
}

static enum ll_shown shown(struct ll_exchange *x)
{
    const union MHD_ConnectionInfo *info;

    if (!x->server->o.tls || !ll_tls_client_ca(x->server->o.tls))
        return LL_SHOWN_NOT_ASKED;
    if (x->conn && x->conn->shown)
        return (enum ll_shown)(x->conn->shown - 1);
    info = MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    enum ll_shown what = info ? ll_tls_shown(x->server->o.tls, info->tls_session) : LL_SHOWN_BAD;
    if (x->conn)
        x->conn->shown = 1 + (int)what;
    return what;
}

/* --- names ---------------------------------------------------------------------------------------------------------- */

static struct ll_str without_port(struct ll_str host)
{
    size_t n = host.n;

    while (n && host.p[n - 1] >= '0' && host.p[n - 1] <= '9')
        n--;
    return n && n < host.n && host.p[n - 1] == ':' ? (struct ll_str){host.p, n - 1} : host;
}

/* Names that no server elsewhere can make its own. */
static bool is_loopback(struct ll_str host)
{
    size_t i = 0;

    if (ll_str_is(host, "[::1]") || (host.n == 9 && strncasecmp(host.p, "localhost", 9) == 0))
        return true;
    while (i < host.n && strchr("0123456789.", host.p[i]))
        i++;
    return i == host.n && ll_str_starts(host, LL_STR("127."));
}

static bool is_listed(const char *names, struct ll_str host)
{
    struct ll_str rest = ll_str(names), name;

    while (rest.n) {
        ll_str_cut(rest, ',', &name, &rest);
        name = ll_str_trim(name);
        if (name.n == host.n && strncasecmp(name.p, host.p, host.n) == 0)
            return true;
    }
    return false;
}

/* A page elsewhere can make a browser send us requests under a name that resolves to this machine; beside the session
 * the name in Host is what tells them from our own. */
static bool host_is_ours(const struct ll_server *s, const char *text)
{
    const struct ll_site *site = atomic_load(&s->app->site); /* NULL in the instant before it is settled */
    const struct ll_server_opts *o = &s->o;
    struct ll_str host;

    if (!text)
        return true; /* HTTP/1.0 */
    host = without_port(ll_str(text));
    return host.n && (is_loopback(host) || is_listed(o->names, host) ||
                      (site && is_listed(site->rp_id, host)) || (o->tls && ll_tls_named(o->tls, host)));
}

static bool origin_is_ours(const char *origin, const char *host, bool secure)
{
    const char *scheme = secure ? "https://" : "http://";

    if (!origin)
        return true; /* not a browser, or a plain navigation */
    return host && strncmp(origin, scheme, strlen(scheme)) == 0 &&
           strcasecmp(origin + strlen(scheme), host) == 0;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

static void find_peer(struct ll_exchange *x, struct ll_peer *ret)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->mhd,
                                                                   MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct ll_forwarding said = {.forwarded = joined(x, "Forwarded"),
                                 .x_for = joined(x, "X-Forwarded-For"),
                                 .x_proto = joined(x, "X-Forwarded-Proto")};
    unsigned char addr[16];

    (void)ll_peer_addr(info ? info->client_addr : NULL, addr);
    ll_peer_find(&x->server->o.proxies, addr, x->server->o.tls != NULL, &said, ret);
}

int ll_arrival(struct ll_exchange *x, struct ll_arrival *ret)
{
    const char *host = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);

    find_peer(x, &ret->peer);
    ret->host = host;
    ret->certificate = shown(x);
    ret->origin = origin_is_ours(MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN),
                                 host, ret->peer.secure);
    if (!host_is_ours(x->server, host))
        return LL_REFUSE_HOST_REFUSED;
    return ret->certificate == LL_SHOWN_BAD ? LL_REFUSE_CERTIFICATE_REFUSED : -1;
}

bool ll_arrival_in_clear(const struct ll_arrival *a)
{
    return !a->peer.secure && !ll_peer_loopback(a->peer.addr);
}
