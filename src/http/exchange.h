/* exchange.h - inside the server: one request and its answer on a connection of libmicrohttpd. */
#ifndef LL_HTTP_EXCHANGE_H
#define LL_HTTP_EXCHANGE_H

#include "http/app.h"
#include "http/peer.h"
#include "http/request.h"
#include "http/server.h"
#include "http/tbl/refusals.h"
#include "http/tls.h"

#include <microhttpd.h>
#include <pthread.h>

#define X(name, ...) LL_REFUSE_##name,
enum ll_refusal { LL_REFUSALS(X) LL_REFUSAL_COUNT };
#undef X

/* A connection, for the watch that closes those that dribble. */
struct ll_conn {
    struct ll_conn *prev, *next;
    int fd;
    atomic_uint_fast64_t head_since; /* when the wait for a request head began; 0: a request is under way */
    atomic_bool receiving;           /* a body is not all there yet */
    int shown;                       /* 1 + enum ll_shown of the client's certificate; 0: not looked at */
};

/* A streamed answer that may sleep; linked while it lives. */
struct ll_pump {
    struct ll_pump *prev, *next;
    struct ll_server *server;
    struct MHD_Connection *mhd;
    struct ll_stream *stream;
    struct ll_buf buf;
    size_t sent;
    bool asleep, ended;
    atomic_uint_fast64_t *bytes_out;
};

struct ll_server {
    struct ll_server_opts o;
    struct ll_app *app;
    struct MHD_Daemon *daemon;
    unsigned port;
    atomic_bool stopping;
    atomic_uint active; /* requests begun and not completed */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct ll_conn *conns; /* under lock */
    struct ll_pump *pumps; /* under lock */
    pthread_t watch;
    bool watching;
};

enum ll_phase { LL_PHASE_HEAD, LL_PHASE_BODY, LL_PHASE_DURABLE, LL_PHASE_ANSWERED };

struct ll_exchange {
    struct ll_request rq;
    struct ll_server *server;
    struct MHD_Connection *mhd;
    struct ll_conn *conn;
    struct ll_str uri; /* as received: path and query */
    enum ll_phase phase;
    enum ll_method method;
    bool method_known, options, head;
    int rc;      /* < 0: refused or failed; the answer is an error */
    int refusal; /* enum ll_refusal, or -1: err says it */
    unsigned allowed;
    struct ll_err err;
    struct ll_buf body;
    uint64_t began_us, bytes_in;
    atomic_uint_fast64_t bytes_out;
    struct ll_receipt receipt; /* phase DURABLE: of rq.due, unless due_rc < 0 */
    int due_rc;
    struct ll_err due_err;
};

/* Callbacks of libmicrohttpd. */
void *ll_exchange_open(void *server, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result ll_exchange_access(void *server, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_n, void **exchange);
void ll_exchange_close(void *server, struct MHD_Connection *mhd, void **exchange,
                       enum MHD_RequestTerminationCode how);

/* Where a request comes from. */
struct ll_arrival {
    struct ll_peer peer;
    const char *host; /* header; NULL */
    bool origin;      /* it names no page of another site */
    enum ll_shown certificate;
};

/* The refusal (enum ll_refusal) that follows from it alone, or -1. */
int ll_arrival(struct ll_exchange *x, struct ll_arrival *ret);
bool ll_arrival_in_clear(const struct ll_arrival *a); /* over a network, where others may read along */

/* Queues the answer that x->rq (or x->refusal, x->err) holds. */
enum MHD_Result ll_reply_send(struct ll_exchange *x);
/* Wakes sleeping streams; with `all` also those that have nothing to say. */
void ll_pump_wake(struct ll_server *s);
void ll_request_free(struct ll_request *rq);

#endif
