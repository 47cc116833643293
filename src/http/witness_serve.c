/* witness_serve.c - see witness_serve.h. */
#include "http/witness_serve.h"

#include "base/clock.h"
#include "journal/witness.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, CONNS = 256, IDLE_S = 15 };

struct exchange {
    struct ll_buf body;
    bool post;
};

static enum MHD_Result answer(struct MHD_Connection *mhd, unsigned status, const char *type,
                              const struct ll_buf *body)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(body->n, body->p ? body->p : (char[]){0},
                                                             MHD_RESPMEM_MUST_COPY);
    enum MHD_Result done;

    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    done = MHD_queue_response(mhd, status, r);
    MHD_destroy_response(r);
    return done;
}

/* "/<64 digits>/checkpoint" */
static unsigned get(struct ll_witness *w, struct ll_str path, struct ll_buf *out)
{
    struct ll_str hex, rest;

    if (path.n < 1 || !ll_str_cut((struct ll_str){path.p + 1, path.n - 1}, '/', &hex, &rest) ||
        !ll_str_is(rest, "checkpoint"))
        return 404;
    return ll_witness_get(w, hex, out);
}

static enum MHD_Result finish(struct ll_witness *w, struct MHD_Connection *mhd, struct exchange *x,
                              const char *url)
{
    const char *type = "text/plain; charset=utf-8";
    struct ll_buf out = LL_BUF_INIT(LL_NOTE_MAX * 4);
    unsigned status;

    if (!x->post)
        status = get(w, ll_str(url), &out);
    else if (strcmp(url, "/add-checkpoint") != 0)
        status = 404;
    else if (x->body.failed)
        status = 413;
    else
        status = ll_witness_add(w, ll_buf_view(&x->body), ll_now_ms() / 1000, &out, &type);
    enum MHD_Result done = answer(mhd, status, type, &out);
    ll_buf_free(&out);
    return done;
}

static enum MHD_Result take_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                    const char *method, const char *version, const char *data, size_t *size,
                                    void **context)
{
    struct exchange *x = *context;

    (void)version;
    if (!x) {
        bool post = strcmp(method, "POST") == 0;
        if ((!post && strcmp(method, "GET") != 0) || !(x = calloc(1, sizeof *x)))
            return MHD_NO;
        x->body = LL_BUF_INIT(LL_WITNESS_REQUEST + 1);
        x->post = post;
        *context = x;
        return MHD_YES;
    }
    if (*size > 0) {
        ll_buf_add(&x->body, data, *size); /* over the ceiling: remembered, and told at the end */
        *size = 0;
        return MHD_YES;
    }
    return finish(cls, mhd, x, url);
}

static void completed(void *cls, struct MHD_Connection *mhd, void **context,
                      enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *context;

    (void)cls, (void)mhd, (void)code;
    if (x)
        ll_buf_free(&x->body);
    free(x);
    *context = NULL;
}

static int parse_address(const struct ll_witness_serve *o, struct sockaddr_storage *ret, struct ll_err *err)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

    memset(ret, 0, sizeof *ret);
    if (inet_pton(AF_INET, o->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)o->port);
    } else if (inet_pton(AF_INET6, o->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)o->port);
    } else {
        return ll_fail(err, LL_USAGE, "监听地址 %s 不是 IP 地址", "listening address %s is not an IP address",
                       o->address);
    }
    return LL_OK;
}

static int start(const struct ll_witness_serve *o, struct MHD_Daemon **ret, struct ll_err *err)
{
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;
    int rc = parse_address(o, &address, err);

    if (rc < 0)
        return rc;
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    *ret = MHD_start_daemon(flags, (uint16_t)o->port, NULL, NULL, take_request, o->witness,
                            MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE,
                            (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNS,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_NOTIFY_COMPLETED,
                            completed, NULL, MHD_OPTION_END);
    return *ret ? LL_OK
                : ll_fail_errno(err, LL_IO, "无法监听 %s 端口 %u", "cannot listen on %s port %u", o->address,
                                o->port);
}

static void tell(const struct ll_witness_serve *o, struct MHD_Daemon *d)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);
    bool v6 = strchr(o->address, ':') != NULL;
    char url[128];

    snprintf(url, sizeof url, "http://%s%s%s:%u", v6 ? "[" : "", o->address, v6 ? "]" : "",
             info && info->port ? info->port : o->port);
    o->ready(o->ctx, url);
}

int ll_witness_serve(const struct ll_witness_serve *o, struct ll_err *err)
{
    struct MHD_Daemon *d = NULL;
    sigset_t ends, before;
    int rc, signal_no = 0;

    /* Blocked before any thread starts, so that none but this one is interrupted. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    if ((rc = start(o, &d, err)) == LL_OK) {
        tell(o, d);
        while (sigwait(&ends, &signal_no) != 0)
            continue;
        MHD_stop_daemon(d);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
