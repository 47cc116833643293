/* server.c - starts, watches and stops the daemon; see server.h.
 *
 * The watch is one thread that wakes once a second (five times while streams are open): it closes connections whose request head
 * does not arrive in time, however slowly they dribble, and those that were left in the middle of a body, and lets sleeping streams look whether they have something to say. */
#include "http/exchange.h"

#include "base/clock.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static void conn_notify(void *cls, struct MHD_Connection *mhd, void **context,
                        enum MHD_ConnectionNotificationCode what)
{
    struct ll_server *s = cls;
    struct ll_conn *c = *context;
    const union MHD_ConnectionInfo *info;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        c = calloc(1, sizeof(*c));
        *context = c;
        if (!c || !info) /* unwatched: the idle limit still holds */
            return;
        c->fd = info->connect_fd;
        atomic_store(&c->head_since, ll_mono_us());
        pthread_mutex_lock(&s->lock);
        c->next = s->conns;
        if (c->next)
            c->next->prev = c;
        s->conns = c;
        pthread_mutex_unlock(&s->lock);
        ll_metrics_connections(s->app->metrics, 1);
        return;
    }
    if (!c)
        return;
    pthread_mutex_lock(&s->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        s->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    pthread_mutex_unlock(&s->lock);
    ll_metrics_connections(s->app->metrics, -1);
    free(c);
    *context = NULL;
}

/* libmicrohttpd 0.9.75 takes a short read for "nothing more now" and waits for the next edge of epoll; when the sender's end came
 * together with its last bytes there is none.  So we look ourselves: a body that is not whole and has nobody behind it is over. */
static bool sender_gone(const struct ll_conn *c)
{
    char byte;

    return atomic_load(&c->receiving) && recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void cut_dribblers(struct ll_server *s)
{
    uint64_t now = ll_mono_us(), limit = (uint64_t)s->o.idle_s * 1000000;

    for (struct ll_conn *c = s->conns; c; c = c->next) {
        uint64_t since = atomic_load(&c->head_since);
        if ((since && now > since && now - since > limit) || sender_gone(c))
            shutdown(c->fd, SHUT_RDWR);
    }
}

static void *watch_run(void *cls)
{
    struct ll_server *s = cls;
    struct timespec until;

    pthread_mutex_lock(&s->lock);
    while (s->watching) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += s->pumps ? 200000000 : 999999999;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
        cut_dribblers(s);
        ll_pump_wake(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void watch_stop(struct ll_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->watching = false;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watch, NULL);
}

static int watch_start(struct ll_server *s, struct ll_err *err)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&s->lock, NULL);
    s->watching = true;
    if (pthread_create(&s->watch, NULL, watch_run, s) != 0)
        return ll_fail_errno(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    return LL_OK;
}

static int parse_address(const struct ll_server_opts *o, struct sockaddr_storage *ret, struct ll_err *err)
{
    const char *text = strcmp(o->address, "localhost") == 0 ? "127.0.0.1" : o->address;
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

    memset(ret, 0, sizeof(*ret));
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)o->port);
    } else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)o->port);
    } else {
        return ll_fail(err, LL_USAGE, "监听地址 %s 不是 IP 地址", "listening address %s is not an IP address",
                       o->address);
    }
    return LL_OK;
}

/* Passwords cross no network in the clear: beyond this machine it takes TLS, ours or a proxy's. */
static int check_address(const struct ll_server_opts *o, const struct sockaddr_storage *at,
                         struct ll_err *err)
{
    unsigned char addr[16];

    if (o->tls || o->proxies.n || (ll_peer_addr((const struct sockaddr *)at, addr) && ll_peer_loopback(addr)))
        return LL_OK;
    return ll_fail(
        err, LL_USAGE,
        "监听 %s 须有 HTTPS（设置 tls_certificate、tls_key），或由代理承担（设置 trusted_proxies）：密码不得明文过网；否则只能用本机回环地址（127.0.0.1 或 ::1）",
        "listening on %s takes HTTPS (settings tls_certificate, tls_key) or a proxy that speaks it (setting trusted_proxies): passwords may not "
        "cross a network in the clear; without, only a loopback address will do (127.0.0.1 or ::1)",
        o->address);
}

/* Without TLS of our own: this machine and the proxies, nobody else. */
static enum MHD_Result admit(void *cls, const struct sockaddr *from, socklen_t n)
{
    const struct ll_server *s = cls;
    unsigned char addr[16];

    (void)n;
    if (s->o.tls)
        return MHD_YES;
    return ll_peer_addr(from, addr) && (ll_peer_loopback(addr) || ll_proxies_have(&s->o.proxies, addr))
               ? MHD_YES
               : MHD_NO;
}

static void mhd_log(void *cls, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void mhd_log(void *cls, const char *fmt, va_list ap)
{
    char line[512];

    (void)cls;
    vsnprintf(line, sizeof(line), fmt, ap);
    line[strcspn(line, "\n")] = 0;
    ll_log(LL_DEBUG, "http", "%s", line);
}

/* Paths and queries are decoded by decode.c, which can say what is wrong with them. */
static size_t unescape_nothing(void *cls, struct MHD_Connection *mhd, char *s)
{
    (void)cls, (void)mhd;
    return strlen(s);
}

/* What the daemon needs for TLS; returns the flag for it, or 0. */
static unsigned tls_options(const struct ll_server *s, struct MHD_OptionItem out[4])
{
    /* The library takes a function where it says "void *", which ISO C does not convert. */
    const union {
        gnutls_certificate_retrieve_function3 *function;
        void *pointer;
    } certificate = {ll_tls_certificate};
    const char *ca = s->o.tls ? ll_tls_client_ca(s->o.tls) : NULL;
    size_t n = 0;

    if (s->o.tls) {
        out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)ll_tls_priorities};
        out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, certificate.pointer};
    }
    if (ca)
        out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)ca};
    out[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return s->o.tls ? MHD_USE_TLS : 0;
}

static int daemon_start(struct ll_server *s, struct ll_err *err)
{
    struct sockaddr_storage address;
    struct MHD_OptionItem tls[4];
    const struct ll_server_opts *o = &s->o;
    const union MHD_DaemonInfo *info;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ITC | tls_options(s, tls);
    int rc = parse_address(o, &address, err);

    if (rc < 0 || (rc = check_address(o, &address, err)) < 0)
        return rc;
    if (address.ss_family == AF_INET6)
        flags |= strcmp(o->address, "::") == 0 ? MHD_USE_DUAL_STACK : MHD_USE_IPv6;
    s->daemon = MHD_start_daemon(
        flags, (uint16_t)o->port, admit, s, ll_exchange_access, s, /* */
        MHD_OPTION_EXTERNAL_LOGGER, mhd_log, NULL,                 /* first: it hears of the others */
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,         /* */
        MHD_OPTION_ARRAY, tls, MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? o->threads : 0u,
        MHD_OPTION_CONNECTION_LIMIT, o->max_conns, MHD_OPTION_CONNECTION_TIMEOUT, o->idle_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, o->header_max + (8u << 10),
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)(4 << 10), MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, ll_exchange_open, s, MHD_OPTION_NOTIFY_COMPLETED, ll_exchange_close, s,
        MHD_OPTION_NOTIFY_CONNECTION, conn_notify, s, MHD_OPTION_END);
    if (!s->daemon)
        return ll_fail_errno(err, LL_IO, "无法监听 %s 端口 %u", "cannot listen on %s port %u", o->address,
                             o->port);
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info && info->port ? info->port : o->port;
    return LL_OK;
}

int ll_server_start(struct ll_server **ret, const struct ll_server_opts *o, struct ll_app *app,
                    struct ll_err *err)
{
    struct ll_server *s = calloc(1, sizeof(*s));
    int rc;

    if (!s)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    s->o = *o;
    s->app = app;
    if ((rc = watch_start(s, err)) < 0) {
        free(s);
        return rc;
    }
    if ((rc = daemon_start(s, err)) < 0) {
        watch_stop(s);
        free(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

unsigned ll_server_port(const struct ll_server *s)
{
    return s->port;
}

struct ll_server *ll_server_stop(struct ll_server *s, unsigned grace_ms)
{
    uint64_t until = ll_mono_us() + (uint64_t)grace_ms * 1000;
    MHD_socket listener;

    if (!s)
        return NULL;
    atomic_store(&s->stopping, true);
    listener = MHD_quiesce_daemon(s->daemon);
    while (atomic_load(&s->active) && ll_mono_us() < until)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    watch_stop(s); /* its last round wakes every stream: libmicrohttpd does not stop with one asleep */
    pthread_mutex_lock(&s->lock);
    ll_pump_wake(s);
    pthread_mutex_unlock(&s->lock);
    MHD_stop_daemon(s->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return NULL;
}
