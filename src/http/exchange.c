/* exchange.c - the life of a request: opened when its request line is there, matched and typed when its headers are, fed its
 * body, handed to its handler, answered, logged, counted.
 *
 * A refusal known from the headers is answered at once when the body is large or the client waits for permission to send it;
 * a small body is read and thrown away first, because closing under a client that still writes loses the answer. */
#include "http/exchange.h"

#include "http/approve.h"
#include "http/auth.h"
#include "http/durable.h"
#include "http/look.h"
#include "http/signing.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the log and the metrics say of a request that nobody waited for. */
enum { CLIENT_GONE = 499 };
enum { DRAIN_MAX = 1 << 20, ARENA_MAX = 64 << 20, ANSWER_MAX = 64 << 20 };

static void request_id(char out[24])
{
    static atomic_uint_fast64_t next;
    static atomic_uint_fast64_t base;
    uint64_t own = atomic_load(&base);

    if (own == 0) {
        own = ((uint64_t)ll_now_ms() << 20) ^ ll_mono_us();
        uint64_t none = 0;
        if (!atomic_compare_exchange_strong(&base, &none, own))
            own = none;
    }
    snprintf(out, 24, "%010" PRIx64 "%06" PRIx64, own & 0xffffffffffu,
             atomic_fetch_add(&next, 1) & 0xffffffu);
}

void *ll_exchange_open(void *server, const char *uri, struct MHD_Connection *mhd)
{
    struct ll_server *s = server;
    struct ll_exchange *x = calloc(1, sizeof(*x));

    if (!x)
        return NULL;
    x->rq.arena = ll_arena_new(ARENA_MAX);
    if (!x->rq.arena) {
        free(x);
        return NULL;
    }
    x->server = s;
    x->mhd = mhd;
    x->refusal = -1;
    x->began_us = ll_mono_us();
    x->rq.status = 200;
    x->rq.fd = -1;
    x->rq.out = LL_BUF_INIT(ANSWER_MAX);
    ll_json_init(&x->rq.json, &x->rq.out);
    request_id(x->rq.id);
    if (strlen(uri) > s->o.url_max) {
        x->rc = LL_USAGE;
        x->refusal = LL_REFUSE_URI_TOO_LONG;
        uri = "/";
    }
    char *copy = ll_arena_dup(x->rq.arena, ll_str(uri));
    x->uri = ll_str(copy ? copy : "/");
    atomic_fetch_add(&s->active, 1);
    return x;
}

static void refuse(struct ll_exchange *x, enum ll_refusal why)
{
    x->rc = LL_USAGE;
    x->refusal = (int)why;
}

static const char *header(struct ll_exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, name);
}

static void method_parse(struct ll_exchange *x, const char *method)
{
    x->head = strcmp(method, "HEAD") == 0;
    x->options = strcmp(method, "OPTIONS") == 0;
    x->method_known = x->head;
    x->method = LL_GET;
    for (unsigned m = 0; m < LL_METHOD_COUNT; m++)
        if (strcmp(method, ll_method_name(m)) == 0) {
            x->method = m;
            x->method_known = true;
        }
}

static int64_t body_max(const struct ll_exchange *x)
{
    if (!x->rq.route)
        return 0;
    return x->rq.route->body_max == LL_BODY_SETTING ? x->server->o.upload_max : x->rq.route->body_max;
}

static int64_t content_length(struct ll_exchange *x)
{
    const char *text = header(x, MHD_HTTP_HEADER_CONTENT_LENGTH);
    int64_t n = -1;

    if (text && !ll_str_i64(ll_str(text), 0, INT64_MAX, &n))
        n = -1;
    return n;
}

static int authenticate(struct ll_exchange *x, const struct ll_arrival *from)
{
    x->rq.range = header(x, MHD_HTTP_HEADER_RANGE);
    x->rq.if_range = header(x, MHD_HTTP_HEADER_IF_RANGE);
    x->rq.if_none_match = header(x, MHD_HTTP_HEADER_IF_NONE_MATCH);
    x->rq.agent = header(x, MHD_HTTP_HEADER_USER_AGENT);
    struct ll_credentials c = {
        .cookie = MHD_lookup_connection_value(x->mhd, MHD_COOKIE_KIND, LL_SESSION_COOKIE),
        .authorization = header(x, MHD_HTTP_HEADER_AUTHORIZATION),
        .marker = header(x, "X-Luling-Request"),
        .acts_for = header(x, "Luling-Acts-For"),
        .host = from->host,
        .remote = from->peer.text,
        .secure = from->peer.secure,
        .clear = ll_arrival_in_clear(from),
        .uncertified = from->certificate == LL_SHOWN_NONE && !from->peer.forwarded};

    return ll_auth(x->server->app, &x->rq, &c, &x->err);
}

/* Everything that the headers decide.  Leaves x->rc < 0 when the request is refused. */
static void head_decide(struct ll_exchange *x)
{
    struct ll_match match;
    struct ll_arrival from;
    struct ll_str path, query;
    int64_t length = content_length(x);
    int refused;

    if (x->server->app->locked) {
        refuse(x, LL_REFUSE_LOCKED);
        return;
    }
    refused = ll_arrival(x, &from);
    if (refused >= 0) {
        refuse(x, (enum ll_refusal)refused);
        return;
    }
    ll_str_cut(x->uri, '?', &path, &query);
    ll_route_match(ll_routes, ll_route_count, x->method, path, &match);
    x->allowed = match.allowed;
    if (!match.route || x->options || !x->method_known) {
        if (!match.allowed)
            refuse(x, LL_REFUSE_NOT_FOUND);
        else if (!x->options)
            refuse(x, LL_REFUSE_METHOD_NOT_ALLOWED);
        return;
    }
    x->rq.route = match.route;
    x->rq.target = x->uri;
    if (x->method != LL_GET && !from.origin) {
        refuse(x, LL_REFUSE_ORIGIN_REFUSED);
        return;
    }
    if (length > body_max(x)) {
        refuse(x, LL_REFUSE_BODY_TOO_LARGE);
        return;
    }
    if (atomic_load(&x->server->stopping)) {
        refuse(x, LL_REFUSE_STOPPING);
        return;
    }
    x->rc = ll_args_decode(x->rq.arena, &match, query, x->rq.args, &x->err);
    if (x->rc >= 0)
        x->rc = authenticate(x, &from);
    if (x->rc >= 0 && match.route->begin)
        x->rc = match.route->begin(x->server->app, &x->rq, &x->err);
    x->body = LL_BUF_INIT((size_t)body_max(x) + 1);
}

/* True when a refusal must not wait for the body. */
static bool answer_now(struct ll_exchange *x)
{
    return x->rc < 0 && (header(x, MHD_HTTP_HEADER_EXPECT) || content_length(x) > DRAIN_MAX);
}

static enum MHD_Result body_feed(struct ll_exchange *x, const char *p, size_t n)
{
    x->bytes_in += n;
    if (x->rc < 0)
        return x->bytes_in > (uint64_t)DRAIN_MAX && !x->rq.route ? MHD_NO : MHD_YES;
    if (x->bytes_in > (uint64_t)body_max(x)) {
        refuse(x, LL_REFUSE_BODY_TOO_LARGE);
        return MHD_YES;
    }
    if (x->rq.sink) {
        x->rc = x->rq.sink->write(x->rq.sink, p, n, &x->err);
        return MHD_YES;
    }
    if (ll_mono_us() - x->began_us > (uint64_t)x->server->o.body_s * 1000000)
        refuse(x, LL_REFUSE_BODY_TIMEOUT);
    else
        ll_buf_add(&x->body, p, n);
    return MHD_YES;
}

static void handle(struct ll_exchange *x)
{
    struct ll_request *rq = &x->rq;
    bool answered = false;

    if (x->body.failed)
        x->rc = ll_fail(&x->err, LL_NOMEM, "内存不足", "out of memory");
    rq->body = ll_buf_view(&x->body);
    if (x->rc >= 0 && !x->options)
        x->rc = ll_signing_check(x, &x->err);
    if (x->rc >= 0 && !x->options)
        x->rc = ll_approve(x->server->app, rq, header(x, "Luling-Approval"), &answered, &x->err);
    if (x->rc >= 0 && !x->options && !answered)
        x->rc = rq->route->handler(x->server->app, rq, &x->err);
    if (x->rc >= 0 && !x->options && rq->route->look)
        x->rc = ll_look_entry(rq, &x->err);
    if (x->rc >= 0 && rq->out.failed)
        x->rc = ll_fail(&x->err, LL_TOOBIG, "回答超过上限", "the answer is over the limit");
}

enum MHD_Result ll_exchange_access(void *server, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_n, void **exchange)
{
    struct ll_exchange *x = *exchange;
    const union MHD_ConnectionInfo *info;

    (void)server, (void)url, (void)version;
    if (!x)
        return MHD_NO;
    if (x->phase == LL_PHASE_HEAD) {
        x->phase = LL_PHASE_BODY;
        info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        x->conn = info ? info->socket_context : NULL;
        if (x->conn) {
            atomic_store(&x->conn->head_since, 0);
            atomic_store(&x->conn->receiving, true);
        }
        method_parse(x, method);
        if (x->rc >= 0)
            head_decide(x);
        return answer_now(x) ? (x->phase = LL_PHASE_ANSWERED, ll_reply_send(x)) : MHD_YES;
    }
    if (*upload_n) {
        size_t n = *upload_n;
        *upload_n = 0;
        return body_feed(x, upload, n);
    }
    if (x->phase == LL_PHASE_ANSWERED)
        return MHD_YES;
    if (x->phase == LL_PHASE_DURABLE) {
        x->phase = LL_PHASE_ANSWERED;
        ll_durable_end(x);
        return ll_reply_send(x);
    }
    x->phase = LL_PHASE_ANSWERED;
    if (x->conn)
        atomic_store(&x->conn->receiving, false);
    handle(x);
    if (x->rq.due.set) {
        ll_durable_begin(x);
        return MHD_YES; /* called again once the entry is durable */
    }
    return ll_reply_send(x);
}

static size_t route_index(const struct ll_exchange *x)
{
    return x->rq.route ? (size_t)(x->rq.route - ll_routes) : ll_route_count;
}

static void account(struct ll_exchange *x)
{
    uint64_t us = ll_mono_us() - x->began_us, out = x->head ? 0 : atomic_load(&x->bytes_out);
    char path[256] = "-";

    ll_metrics_request(x->server->app->metrics, route_index(x), x->rq.status, us, x->bytes_in, out);
    if (!x->server->o.access_log)
        return;
    if (x->rq.route && x->rc >= 0)
        ll_path_for_log(x->rq.route, x->rq.args, path, sizeof(path));
    else if (x->rq.route) /* its values may not have been decoded */
        snprintf(path, sizeof(path), "%s", x->rq.route->path);
    ll_log(LL_INFO, "http", "%s %s %s %u in=%" PRIu64 " out=%" PRIu64 " us=%" PRIu64, x->rq.id,
           x->head           ? "HEAD"
           : x->options      ? "OPTIONS"
           : x->method_known ? ll_method_name(x->method)
                             : "?",
           path, x->rq.status, x->bytes_in, out, us);
}

void ll_request_free(struct ll_request *rq)
{
    if (rq->sink)
        rq->sink->close(rq->sink);
    if (rq->stream)
        rq->stream->close(rq->stream);
    if (rq->fd >= 0)
        close(rq->fd);
    ll_buf_free(&rq->out);
    ll_buf_free(&rq->due.payload);
    ll_arena_free(rq->arena);
}

void ll_exchange_close(void *server, struct MHD_Connection *mhd, void **exchange,
                       enum MHD_RequestTerminationCode how)
{
    struct ll_exchange *x = *exchange;

    (void)server, (void)mhd, (void)how;
    if (!x)
        return;
    if (x->phase != LL_PHASE_ANSWERED)
        x->rq.status = CLIENT_GONE;
    if (x->conn) {
        atomic_store(&x->conn->receiving, false);
        atomic_store(&x->conn->head_since, ll_mono_us());
    }
    account(x);
    atomic_fetch_sub(&x->server->active, 1);
    ll_buf_free(&x->body);
    ll_request_free(&x->rq);
    free(x);
    *exchange = NULL;
}
