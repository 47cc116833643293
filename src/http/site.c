/* site.c - see site.h. */
#include "http/site.h"

#include "http/app.h"
#include "http/request.h"

#include <stdio.h>
#include <string.h>

static const char HOST_LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";

/* A name, not an address: its last part is not a number. */
static bool host_fits(struct ll_str host)
{
    size_t last = 0;

    for (size_t i = 0; i < host.n; i++) {
        if (!memchr(HOST_LETTERS, host.p[i], sizeof HOST_LETTERS - 1))
            return false;
        if (host.p[i] == '.')
            last = i + 1;
    }
    return last < host.n && strspn(host.p + last, "0123456789") < host.n - last;
}

static bool port_fits(struct ll_str port)
{
    return port.n >= 1 && port.n <= 5 && strspn(port.p, "0123456789") == port.n;
}

static bool take(struct ll_str *s, const char *prefix)
{
    size_t n = strlen(prefix);

    if (s->n < n || memcmp(s->p, prefix, n) != 0)
        return false;
    *s = (struct ll_str){s->p + n, s->n - n};
    return true;
}

static bool parse(const char *origin, struct ll_str *host)
{
    struct ll_str rest = ll_str(origin), port;
    bool secure = take(&rest, "https://");

    if (rest.n >= LL_ORIGIN - sizeof "https://" || (!secure && !take(&rest, "http://")))
        return false;
    if (ll_str_cut(rest, ':', host, &port) && !port_fits(port))
        return false;
    return host_fits(*host) && (secure || ll_str_is(*host, "localhost"));
}

int ll_site_parse(const char *origin, struct ll_site *ret, struct ll_err *err)
{
    struct ll_str host;

    if (!parse(origin, &host))
        return ll_fail(err, LL_USAGE,
                       "public_origin “%s”应为 https://域名[:端口]，或 http://localhost[:端口]",
                       "public_origin '%s' must be https://HOST[:PORT], or http://localhost[:PORT]", origin);
    snprintf(ret->origin, sizeof ret->origin, "%s", origin);
    snprintf(ret->rp_id, sizeof ret->rp_id, "%.*s", LL_STR_ARG(host));
    ret->origins[0] = ret->origin;
    ret->origins[1] = NULL;
    return LL_OK;
}

int ll_site_settle(struct ll_app *app, bool tls, unsigned port, struct ll_err *err)
{
    const char *set = ll_data_settings(app->data)->public_origin;
    char local[64];

    snprintf(local, sizeof local, "%s://localhost:%u", tls ? "https" : "http", port);
    int rc = ll_site_parse(set[0] ? set : local, &app->site_storage, err);
    if (rc == LL_OK)
        atomic_store(&app->site, &app->site_storage);
    return rc;
}

int ll_site(struct ll_app *app, const struct ll_site **ret, struct ll_err *err)
{
    *ret = atomic_load(&app->site);
    return *ret ? LL_OK : ll_fail(err, LL_BUSY, "服务正在启动", "the server is starting");
}

struct ll_webauthn_want ll_site_want(const struct ll_site *site)
{
    return (struct ll_webauthn_want){.rp_id = site->rp_id, .origins = site->origins};
}

int ll_site_limit(struct ll_app *app, const struct ll_request *rq, struct ll_err *err)
{
    uint64_t wait = ll_throttle_take(app->visitors, ll_str(rq->remote), app->public_rate);

    if (!wait)
        return LL_OK;
    return ll_fail(err, LL_TOOMANY, "请求过于频繁，请 %llu 秒后再试",
                   "too many requests; try again in %llu seconds", (unsigned long long)(wait / 1000 + 1));
}
