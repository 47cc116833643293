/* reply.c - turns what a handler left in its request into bytes on the wire: headers, compression, streams, errors. */
#include "http/durable.h"
#include "http/exchange.h"
#include "http/signing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { BLOCK = 32 << 10, PUMP_MAX = 8 << 20, BUSY_MS = 2000 };

static const struct {
    const char *name;
    unsigned status;
    const char *zh, *en;
} refusals[] = {
#define X(name, status, zh, en) {#name, status, zh, en},
    LL_REFUSALS(X)
#undef X
};

static char nothing[1]; /* never written; libmicrohttpd asks for a pointer that is not const */

static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                             "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
                             "frame-ancestors 'none'";
static const char *const security[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

void ll_reply_file(struct ll_request *rq, int fd, int64_t size, const char *type)
{
    rq->fd = fd;
    rq->fd_size = size;
    rq->type = type;
}

void ll_reply_stream(struct ll_request *rq, struct ll_stream *s, const char *type)
{
    rq->stream = s;
    rq->type = type;
}

int ll_reply_download(struct ll_request *rq, const char *file_name, struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT(4096);

    ll_buf_z(&b, "attachment; filename=\"");
    for (const char *c = file_name; *c; c++) {
        bool plain = *c >= ' ' && *c <= '~' && !strchr("\"\\%;", *c);
        ll_buf_c(&b, *(plain ? c : "_"));
    }
    ll_buf_z(&b, "\"; filename*=UTF-8''");
    ll_buf_percent(&b, ll_str(file_name), "");
    rq->disposition = b.failed ? NULL : ll_arena_dup(rq->arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return rq->disposition ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

/* ---- streams ---- */

static void pump_link(struct ll_pump *p)
{
    struct ll_server *s = p->server;

    pthread_mutex_lock(&s->lock);
    p->next = s->pumps;
    if (p->next)
        p->next->prev = p;
    s->pumps = p;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    ll_metrics_streams(s->app->metrics, 1);
}

static void pump_free(void *cls)
{
    struct ll_pump *p = cls;
    struct ll_server *s = p->server;

    pthread_mutex_lock(&s->lock);
    if (p->prev)
        p->prev->next = p->next;
    else
        s->pumps = p->next;
    if (p->next)
        p->next->prev = p->prev;
    pthread_mutex_unlock(&s->lock);
    ll_metrics_streams(s->app->metrics, -1);
    p->stream->close(p->stream);
    ll_buf_free(&p->buf);
    free(p);
}

/* Suspends the connection until the watch wakes it; without this libmicrohttpd would ask us in a busy loop. */
static ssize_t pump_sleep(struct ll_pump *p)
{
    pthread_mutex_lock(&p->server->lock);
    p->asleep = true;
    MHD_suspend_connection(p->mhd);
    pthread_mutex_unlock(&p->server->lock);
    return 0;
}

static ssize_t pump_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct ll_pump *p = cls;
    bool stopping = atomic_load(&p->server->stopping);
    enum ll_stream_state state;
    size_t n;

    (void)pos;
    if (p->sent == p->buf.n && !p->ended) {
        ll_buf_clear(&p->buf);
        p->sent = 0;
        state = p->stream->read(p->stream, &p->buf, stopping);
        p->ended = state == LL_STREAM_END || (state == LL_STREAM_WAIT && stopping);
        if (p->buf.failed)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (p->sent == p->buf.n)
        return p->ended ? MHD_CONTENT_READER_END_OF_STREAM : pump_sleep(p);
    n = p->buf.n - p->sent < max ? p->buf.n - p->sent : max;
    memcpy(out, p->buf.p + p->sent, n);
    p->sent += n;
    atomic_fetch_add(p->bytes_out, n);
    return (ssize_t)n;
}

void ll_pump_wake(struct ll_server *s)
{
    for (struct ll_pump *p = s->pumps; p; p = p->next)
        if (p->asleep) {
            p->asleep = false;
            MHD_resume_connection(p->mhd);
        }
}

static struct MHD_Response *response_stream(struct ll_exchange *x)
{
    struct ll_pump *p = calloc(1, sizeof(*p));
    struct MHD_Response *r;

    if (!p)
        return NULL;
    p->server = x->server;
    p->mhd = x->mhd;
    p->stream = x->rq.stream;
    p->buf = LL_BUF_INIT(PUMP_MAX);
    p->bytes_out = &x->bytes_out;
    r = MHD_create_response_from_callback(x->rq.stream_size ? (uint64_t)x->rq.stream_size : MHD_SIZE_UNKNOWN,
                                          BLOCK, pump_read, p, pump_free);
    if (!r) {
        free(p);
        return NULL;
    }
    x->rq.stream = NULL;
    pump_link(p);
    return r;
}

/* ---- bodies in memory ---- */

static bool accepts(struct ll_exchange *x, const char *coding)
{
    const char *v = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    const char *at = v ? strcasestr(v, coding) : NULL;

    return at && strncmp(at + strlen(coding), ";q=0", 4) != 0;
}

/* zlib over a whole buffer, in either direction; 31 is the gzip format. */
static bool gzip_all(struct ll_str in, struct ll_buf *out, bool inflate_it)
{
    z_stream z = {.next_in = (const Bytef *)in.p, .avail_in = (uInt)in.n};
    unsigned char block[BLOCK];
    int rc = inflate_it ? inflateInit2(&z, 31) : deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);

    if (rc != Z_OK)
        return false;
    do {
        z.next_out = block;
        z.avail_out = sizeof(block);
        rc = inflate_it ? inflate(&z, Z_FINISH) : deflate(&z, Z_FINISH);
        ll_buf_add(out, block, sizeof(block) - z.avail_out);
    } while (rc == Z_OK || (rc == Z_BUF_ERROR && z.avail_out == 0));
    (void)(inflate_it ? inflateEnd(&z) : deflateEnd(&z));
    return rc == Z_STREAM_END && !out->failed;
}

static void buf_release(void *cls)
{
    free(cls);
}

/* Gives the buffer's memory to the response. */
static struct MHD_Response *response_buf(struct ll_exchange *x, struct ll_buf *b)
{
    struct MHD_Response *r;

    atomic_store(&x->bytes_out, b->n);
    if (!b->p)
        return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    r = MHD_create_response_from_buffer_with_free_callback_cls(b->n, b->p, buf_release, b->p);
    if (r)
        *b = (struct ll_buf){.ceiling = b->ceiling};
    return r;
}

static void header_add(struct MHD_Response *r, const char *name, const char *value)
{
    if (r && value)
        (void)MHD_add_response_header(r, name, value);
}

static struct MHD_Response *response_fixed(struct ll_exchange *x)
{
    struct ll_request *rq = &x->rq;
    const char *known = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    struct MHD_Response *r;

    if (known && rq->etag && strcmp(known, rq->etag) == 0) {
        rq->status = MHD_HTTP_NOT_MODIFIED;
        r = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    } else if (rq->fixed_brotli.n && accepts(x, "br")) {
        r = MHD_create_response_from_buffer(rq->fixed_brotli.n, (void *)rq->fixed_brotli.p,
                                            MHD_RESPMEM_PERSISTENT);
        atomic_store(&x->bytes_out, rq->fixed_brotli.n);
        header_add(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "br");
    } else if (rq->fixed_gzip && !accepts(x, "gzip")) {
        if (!gzip_all(rq->fixed, &rq->out, true))
            return NULL;
        r = response_buf(x, &rq->out);
    } else {
        r = MHD_create_response_from_buffer(rq->fixed.n, (void *)rq->fixed.p, MHD_RESPMEM_PERSISTENT);
        atomic_store(&x->bytes_out, rq->fixed.n);
        if (rq->fixed_gzip)
            header_add(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    header_add(r, MHD_HTTP_HEADER_ETAG, rq->etag);
    if (rq->fixed_gzip)
        header_add(r, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return r;
}

static struct MHD_Response *response_file(struct ll_exchange *x)
{
    struct MHD_Response *r = MHD_create_response_from_fd64((uint64_t)x->rq.fd_size, x->rq.fd);

    if (r)
        x->rq.fd = -1;
    atomic_store(&x->bytes_out, (uint64_t)x->rq.fd_size);
    return r;
}

static struct MHD_Response *response_text(struct ll_exchange *x)
{
    struct ll_request *rq = &x->rq;
    size_t from = x->server->o.gzip_min;
    struct ll_buf packed = LL_BUF_INIT(rq->out.ceiling);
    struct ll_answer_signature s;
    struct MHD_Response *r;

    if (ll_signing_asked(x)) { /* sent as it was signed */
        ll_signing_answer(x, ll_buf_view(&rq->out), &s);
        r = response_buf(x, &rq->out);
        header_add(r, "Content-Digest", s.digest);
        header_add(r, "Signature-Input", s.input);
        header_add(r, "Signature", s.signature);
        return r;
    }

    if (!from || rq->out.n < from || !accepts(x, "gzip") ||
        !gzip_all(ll_buf_view(&rq->out), &packed, false)) {
        ll_buf_free(&packed);
        return response_buf(x, &rq->out);
    }
    r = response_buf(x, &packed);
    header_add(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    header_add(r, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return r;
}

/* ---- errors ---- */

static void error_body(struct ll_exchange *x)
{
    struct ll_json *j = &x->rq.json;
    bool ours = x->refusal >= 0;

    ll_buf_free(&x->rq.out);
    ll_json_init(j, &x->rq.out);
    x->rq.type = NULL;
    x->rq.fixed = (struct ll_str){0};
    x->rq.disposition = NULL;
    x->rq.content_range = NULL;
    x->rq.status = ours ? refusals[x->refusal].status : (unsigned)ll_rc_http(x->rc);
    ll_json_obj(j);
    ll_json_key(j, "error");
    ll_json_obj(j);
    ll_json_kz(j, "code", ours ? refusals[x->refusal].name : ll_rc_name(x->rc));
    ll_json_kz(j, "zh", ours ? refusals[x->refusal].zh : ll_err_text(&x->err, LL_ZH));
    ll_json_kz(j, "en", ours ? refusals[x->refusal].en : ll_err_text(&x->err, LL_EN));
    ll_json_kz(j, "request", x->rq.id);
    if (x->rq.condition)
        ll_json_kz(j, "condition", x->rq.condition);
    ll_json_end_obj(j);
    if (x->rq.evidence.p) {
        ll_json_key(j, "evidence");
        ll_json_raw(j, x->rq.evidence);
    }
    ll_durable_put(x, j);
    ll_json_end_obj(j);
}

static void allow_header(struct ll_exchange *x, struct MHD_Response *r)
{
    struct ll_buf list = LL_BUF_INIT(128);

    ll_buf_z(&list, x->allowed & 1u << LL_GET ? "OPTIONS, HEAD" : "OPTIONS");
    for (unsigned m = 0; m < LL_METHOD_COUNT; m++)
        if (x->allowed & 1u << m)
            ll_buf_printf(&list, ", %s", ll_method_name(m));
    header_add(r, MHD_HTTP_HEADER_ALLOW, list.p);
    ll_buf_free(&list);
}

static struct MHD_Response *response_make(struct ll_exchange *x)
{
    struct ll_request *rq = &x->rq;

    if (x->rc < 0) {
        error_body(x);
        return response_text(x);
    }
    if (x->options) {
        rq->status = MHD_HTTP_NO_CONTENT;
        return response_buf(x, &rq->out);
    }
    if (rq->stream)
        return response_stream(x);
    if (rq->fd >= 0)
        return response_file(x);
    return rq->fixed.p ? response_fixed(x) : response_text(x);
}

/* A document that brings its style sheet along may use that, and nothing else. */
static void policy_header(struct ll_exchange *x, struct MHD_Response *r)
{
    struct ll_buf text = LL_BUF_INIT(512);

    if (x->rq.style_source && x->rc >= 0)
        ll_buf_printf(
            &text,
            "default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            x->rq.style_source);
    ll_buf_c(&text, 0);
    header_add(r, "Content-Security-Policy", text.n > 1 ? text.p : policy);
    ll_buf_free(&text);
}

/* RFC 9110, 10.2.3: whole seconds.  Of what is only busy nobody knows how long it is; a moment is a fair guess. */
static const char *retry_after(const struct ll_request *rq, char out[24])
{
    uint64_t ms = rq->wait_ms ? rq->wait_ms : rq->status == MHD_HTTP_SERVICE_UNAVAILABLE ? BUSY_MS : 0;

    if (!ms)
        return NULL;
    snprintf(out, 24, "%" PRIu64, (ms + 999) / 1000);
    return out;
}

enum MHD_Result ll_reply_send(struct ll_exchange *x)
{
    struct MHD_Response *r = response_make(x);
    struct ll_request *rq = &x->rq;
    enum MHD_Result done;
    char receipt[24], seconds[24];

    if (!r)
        return MHD_NO;
    policy_header(x, r);
    for (size_t i = 0; i < LL_COUNT(security); i++)
        header_add(r, security[i][0], security[i][1]);
    if (rq->status != MHD_HTTP_NO_CONTENT)
        header_add(r, MHD_HTTP_HEADER_CONTENT_TYPE, rq->type ? rq->type : "application/json; charset=utf-8");
    header_add(r, MHD_HTTP_HEADER_CACHE_CONTROL,
               rq->immutable && x->rc >= 0 ? "public, max-age=31536000, immutable"
               : rq->etag && x->rc >= 0    ? "no-cache"
                                           : "no-store");
    header_add(r, "X-Request-Id", rq->id);
    header_add(r, "X-Robots-Tag", rq->noindex ? "noindex, noarchive" : NULL);
    header_add(r, "Luling-Receipt", ll_durable_index(x, receipt));
    header_add(r, MHD_HTTP_HEADER_RETRY_AFTER, retry_after(rq, seconds));
    header_add(r, "Strict-Transport-Security", rq->secure ? "max-age=31536000" : NULL);
    header_add(r, MHD_HTTP_HEADER_LOCATION, x->rc >= 0 ? rq->location : NULL);
    header_add(r, MHD_HTTP_HEADER_CONTENT_DISPOSITION, rq->disposition);
    header_add(r, MHD_HTTP_HEADER_SET_COOKIE, rq->set_cookie);
    if (rq->content_range) {
        header_add(r, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
        header_add(r, MHD_HTTP_HEADER_CONTENT_RANGE, rq->content_range[0] ? rq->content_range : NULL);
        header_add(r, MHD_HTTP_HEADER_ETAG, rq->etag);
    }
    if (rq->status == MHD_HTTP_UNAUTHORIZED)
        header_add(r, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"luling\"");
    if (x->options || x->refusal == LL_REFUSE_METHOD_NOT_ALLOWED)
        allow_header(x, r);
    if (atomic_load(&x->server->stopping))
        header_add(r, MHD_HTTP_HEADER_CONNECTION, "close");
    done = MHD_queue_response(x->mhd, rq->status, r);
    MHD_destroy_response(r);
    return done;
}
