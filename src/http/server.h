/* server.h - one HTTP/1.1 server, with or without TLS.  Hides the library that moves the bytes.
 *
 * (1) Without TLS it listens on a loopback address; on another one only for the proxies named, and takes no connection from anybody
 *     else there.
 * (2) Every limit has a number: request line, headers, body, connections, idle time.  What exceeds one gets an answer that says so
 *     where HTTP allows one.
 * (3) A request either reaches its handler with every parameter typed and in range, or is refused before.
 * (4) Every answer carries the security headers and a request id; the log has the id, the route and no identifier of a person.
 * (5) Stopping waits for requests under way, up to the stated time, and ends streams politely. */
#ifndef LL_HTTP_SERVER_H
#define LL_HTTP_SERVER_H

#include "base/err.h"
#include "http/peer.h"

struct ll_app;
struct ll_server;
struct ll_tls;

struct ll_server_opts {
    const char *address; /* of IP, or localhost */
    unsigned port;       /* 0: any free one */
    unsigned threads, max_conns;
    unsigned idle_s;   /* a connection that sends no whole request head or body piece for so long is closed */
    unsigned body_s;   /* a body that is not streamed must be there within */
    size_t header_max; /* request line and headers */
    size_t url_max;    /* path and query */
    int64_t upload_max; /* a streamed body whose route leaves the limit to the settings (LL_BODY_SETTING) */
    size_t gzip_min; /* JSON answers from this size on are compressed where the client takes it; 0: never */
    bool access_log;
    struct ll_tls *tls; /* NULL: plain HTTP */
    const char
        *names; /* by which it may be called beside the loopback's and its certificate's, with commas */
    struct ll_proxies proxies; /* whose word on where a request comes from counts */
};
#define LL_SERVER_OPTS_INIT                                                                                  \
    {                                                                                                        \
        .address = "127.0.0.1", .port = 8642, .threads = 4, .max_conns = 1024, .idle_s = 60, .body_s = 30,   \
        .header_max = 16 << 10, .url_max = 8 << 10, .gzip_min = 2048, .access_log = true, .names = ""        \
    }

/* Listens and serves from threads of its own.  app must outlive the server. */
int ll_server_start(struct ll_server **ret, const struct ll_server_opts *o, struct ll_app *app,
                    struct ll_err *err) LL_MUST;
unsigned ll_server_port(const struct ll_server *s);
/* No new connections; waits up to grace_ms for requests under way; then closes all.  NULL is fine; returns NULL. */
struct ll_server *ll_server_stop(struct ll_server *s, unsigned grace_ms);

#endif
