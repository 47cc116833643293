/* upward_link.c - see upward_link.h; libcurl does the work and keeps the connection. */
#include "http/upward_link.h"

#include "base/clock.h"
#include "crypto/httpsig.h"
#include "crypto/jwk.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "http/dial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_MS = 5000,
    QUICK_MS = 60000,
    SLOW_MS = 600000,
    URL_MAX = 2048,
    HEADER_MAX = 8192,
    TOKEN_MAX = 8192,
    NETWORKS_MAX = 1 << 20,
    ASSERTION_S = 120,
    EARLY_MS = 60000
};

struct ll_upward_http {
    const struct ll_settings *set;
    struct ll_keyring *keys;
    const atomic_bool *stop;
    struct ll_arena *networks;
    struct ll_address_rule rule;
    struct ll_dial dial;
    CURL *curl;
    struct ll_str scheme, authority; /* of the setting */
    char token[TOKEN_MAX];
    uint64_t token_until; /* ll_mono_us */
};

/* --- the settings ---------------------------------------------------------------------------------------------------------- */

static bool is_here(struct ll_str authority)
{
    struct ll_str host, port;

    if (ll_str_starts(authority, LL_STR("[::1]")))
        return true;
    ll_str_cut(authority, ':', &host, &port);
    return ll_str_is(host, "127.0.0.1") || ll_str_is(host, "localhost");
}

static int read_url(struct ll_upward_http *h, struct ll_err *err)
{
    struct ll_str url = ll_str(h->set->upward_url), https = LL_STR("https://"), http = LL_STR("http://");
    struct ll_str head = ll_str_starts(url, https) ? https : http;
    bool ok = ll_str_starts(url, head) && h->set->upward_client[0];

    while (url.n > head.n && url.p[url.n - 1] == '/')
        url.n--;
    h->scheme = (struct ll_str){head.p, head.n - 3};
    h->authority = (struct ll_str){url.p + head.n, url.n > head.n ? url.n - head.n : 0};
    for (size_t i = 0; ok && i < h->authority.n; i++)
        ok = h->authority.p[i] > ' ' && h->authority.p[i] < 0x7f &&
             !strchr("\"<>\\^`{|}#/?@", h->authority.p[i]);
    if (ok && h->authority.n && (head.n == https.n || is_here(h->authority)))
        return LL_OK;
    return ll_fail(
        err, LL_USAGE,
        "上报须设置 upward_url（https://主机，http 只用于本机）与 upward_client（在上级平台登记的系统编号）",
        "reporting upward takes the settings upward_url (https://HOST; http for the machine itself only) and "
        "upward_client (the system's id at the upper platform)");
}

int ll_upward_http_open(const struct ll_settings *set, struct ll_keyring *keys, const atomic_bool *stop,
                        struct ll_upward_http **ret, struct ll_err *err)
{
    struct ll_upward_http *h = calloc(1, sizeof *h);
    struct ll_network *list = NULL;
    int rc;

    if (!h)
        return ll_no_memory(err);
    h->set = set;
    h->keys = keys;
    h->stop = stop;
    h->dial.rule = &h->rule;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(h->curl = curl_easy_init()) ||
        !(h->networks = ll_arena_new(NETWORKS_MAX)))
        rc = ll_no_memory(err);
    else if (ll_networks_parse(ll_str(set->upward_networks), h->networks, &list, &h->rule.n, err) < 0)
        rc = ll_fail_in(err, "upward_networks", "upward_networks");
    else
        rc = read_url(h, err);
    h->rule.allowed = list;
    if (rc < 0)
        ll_upward_http_close(h);
    else
        *ret = h;
    return rc;
}

struct ll_upward_http *ll_upward_http_close(struct ll_upward_http *h)
{
    if (!h)
        return NULL;
    curl_easy_cleanup(h->curl);
    ll_arena_free(h->networks);
    explicit_bzero(h->token, sizeof h->token);
    free(h);
    return NULL;
}

/* --- an exchange ----------------------------------------------------------------------------------------------------------- */

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct ll_buf *out = ctx;

    ll_buf_add(out, p, size * n);
    return out->failed ? 0 : size * n;
}

static int stopping(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct ll_upward_http *h = ctx;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return h->stop && atomic_load(h->stop);
}

static void settings(struct ll_upward_http *h, const struct ll_upward_request *q, const char *url,
                     struct curl_slist *headers, struct ll_buf *answer)
{
    CURL *c = h->curl;

    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(q->slow ? SLOW_MS : QUICK_MS));
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, ll_dial_open);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &h->dial);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, stopping);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    if (q->body.p) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.p);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
    }
    if (h->set->upward_ca[0])
        curl_easy_setopt(c, CURLOPT_CAINFO, h->set->upward_ca);
}

/* headers: taken. */
static int exchange(struct ll_upward_http *h, const struct ll_upward_request *q, struct curl_slist *headers,
                    unsigned *status, struct ll_buf *answer, struct ll_err *err)
{
    char url[URL_MAX];
    long got = 0;
    CURLcode code;

    snprintf(url, sizeof url, "%.*s://%.*s%s", LL_STR_ARG(h->scheme), LL_STR_ARG(h->authority), q->target);
    settings(h, q, url, headers, answer);
    h->dial.forbidden = false;
    code = curl_easy_perform(h->curl);
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &got);
    curl_slist_free_all(headers);
    *status = (unsigned)got;
    if (code == CURLE_OK)
        return LL_OK;
    if (h->dial.forbidden)
        return ll_fail(
            err, LL_IO, "上级平台的地址不允许连接；内网与本机地址须列入设置 upward_networks",
            "the upper platform's address is not one to connect to; internal ones go into setting upward_networks");
    return ll_fail(err, LL_IO, "上级平台没有应答：%s", "the upper platform does not answer: %s",
                   curl_easy_strerror(code));
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[HEADER_MAX + TOKEN_MAX];
    struct curl_slist *grown;

    if (snprintf(line, sizeof line, "%s: %s", name, value) >= (int)sizeof line ||
        !(grown = curl_slist_append(*list, line)))
        return false;
    *list = grown;
    return true;
}

/* --- who we are ------------------------------------------------------------------------------------------------------------ */

static int own_key(struct ll_upward_http *h, const struct ll_key **ret, char kid[LL_THUMBPRINT],
                   struct ll_err *err)
{
    int rc = ll_keyring_signer(h->keys, LL_FOR_UPWARD, ret, NULL, err);

    if (rc == LL_OK)
        ll_jwk_thumbprint(*ret, kid);
    return rc;
}

static int put_assertion(struct ll_upward_http *h, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf claims = LL_BUF_INIT(HEADER_MAX);
    char kid[LL_THUMBPRINT], jti[LL_TOKEN_TEXT], audience[URL_MAX];
    const struct ll_key *key = NULL;
    int64_t now = ll_now_ms() / 1000;
    struct ll_json j;
    int rc;

    if ((rc = own_key(h, &key, kid, err)) < 0 || (rc = ll_random_token(jti, err)) < 0)
        return rc;
    snprintf(audience, sizeof audience, "%.*s://%.*s/oauth/token", LL_STR_ARG(h->scheme),
             LL_STR_ARG(h->authority));
    ll_json_init(&j, &claims);
    ll_json_obj(&j);
    ll_json_kz(&j, "iss", h->set->upward_client);
    ll_json_kz(&j, "sub", h->set->upward_client);
    ll_json_kz(&j, "aud", audience);
    ll_json_ki(&j, "iat", now);
    ll_json_ki(&j, "exp", now + ASSERTION_S);
    ll_json_kz(&j, "jti", jti);
    ll_json_end_obj(&j);
    rc = claims.failed ? ll_no_memory(err)
                       : ll_jws_sign(key, &(struct ll_jws_head){.kid = kid}, ll_buf_view(&claims), out, err);
    ll_buf_free(&claims);
    return rc;
}

static int read_token(struct ll_upward_http *h, unsigned status, struct ll_str text, struct ll_err *err)
{
    int64_t life_s = 0;

    if (status != 200 || !ll_upward_token(text, h->token, sizeof h->token, &life_s))
        return ll_fail(
            err, LL_DENIED,
            "上级平台没有给令牌（%u）：系统 %.64s 须在那里登记、启用，并登记公钥（luling upward key）",
            "the upper platform gave no token (%u): the system %.64s must be registered and enabled there, with our public "
            "key (luling upward key)",
            status, h->set->upward_client);
    h->token_until = ll_mono_us() + (uint64_t)life_s * 1000000;
    return LL_OK;
}

static int ask_token(struct ll_upward_http *h, struct ll_err *err)
{
    struct ll_buf form = LL_BUF_INIT(TOKEN_MAX), answer = LL_BUF_INIT(1 << 16);
    struct curl_slist *headers = NULL;
    unsigned status = 0;
    int rc;

    ll_buf_z(&form, "grant_type=client_credentials&client_assertion_type="
                    "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=");
    if ((rc = put_assertion(h, &form, err)) == LL_OK &&
        (form.failed || !add_header(&headers, "Content-Type", "application/x-www-form-urlencoded")))
        rc = ll_no_memory(err);
    if (rc == LL_OK)
        rc = exchange(h,
                      &(struct ll_upward_request){
                          .method = "POST", .target = "/oauth/token", .body = ll_buf_view(&form)},
                      headers, &status, &answer, err);
    if (rc == LL_OK)
        rc = read_token(h, status, ll_buf_view(&answer), err);
    ll_buf_free(&form);
    ll_buf_wipe(&answer);
    return rc;
}

/* --- a signed request ------------------------------------------------------------------------------------------------------ */

struct fields {
    char authorization[TOKEN_MAX + 16], digest[128];
};

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    const struct fields *f = ctx;

    if (nth)
        return (struct ll_str){NULL, 0};
    if (ll_str_is(name, "authorization"))
        return ll_str(f->authorization);
    return ll_str_is(name, "content-digest") && f->digest[0] ? ll_str(f->digest) : (struct ll_str){NULL, 0};
}

static void put_digest(struct ll_str body, struct fields *f)
{
    struct ll_buf text = LL_BUF_INIT(sizeof f->digest);
    unsigned char sha[LL_DIGEST];

    ll_sha256(body.p, body.n, sha);
    ll_content_digest_put(&text, sha);
    snprintf(f->digest, sizeof f->digest, LL_STR_FMT, LL_STR_ARG(ll_buf_view(&text)));
    ll_buf_free(&text);
}

static int sign(struct ll_upward_http *h, const struct ll_upward_request *q, struct fields *f,
                struct curl_slist **headers, struct ll_err *err)
{
    struct ll_buf input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX), signature = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    struct ll_http_message m = {.method = ll_str(q->method),
                                .scheme = h->scheme,
                                .authority = h->authority,
                                .field = field,
                                .ctx = f};
    char kid[LL_THUMBPRINT], nonce[LL_TOKEN_TEXT];
    const struct ll_key *key = NULL;
    int rc;

    if (!ll_str_cut(ll_str(q->target), '?', &m.path, &m.query))
        m.query = (struct ll_str){NULL, 0};
    if ((rc = own_key(h, &key, kid, err)) < 0 || (rc = ll_random_token(nonce, err)) < 0)
        return rc;
    const struct ll_httpsig_sign how = {"sig", kid, nonce, ll_now_ms() / 1000};
    rc = ll_httpsig_sign(key, &m, q->body.p ? &ll_httpsig_request : &ll_httpsig_request_without_body, &how,
                         &input, &signature, err);
    if (rc == LL_OK &&
        (!add_header(headers, "Signature-Input", input.p) || !add_header(headers, "Signature", signature.p)))
        rc = ll_no_memory(err);
    ll_buf_free(&input);
    ll_buf_free(&signature);
    return rc;
}

static int signed_call(struct ll_upward_http *h, const struct ll_upward_request *q, unsigned *status,
                       struct ll_buf *answer, struct ll_err *err)
{
    struct curl_slist *headers = NULL;
    struct fields f = {.digest = ""};
    int rc = LL_OK;

    snprintf(f.authorization, sizeof f.authorization, "Bearer %s", h->token);
    if (q->body.p)
        put_digest(q->body, &f);
    if (!add_header(&headers, "Authorization", f.authorization) ||
        !add_header(&headers, "User-Agent", "luling") || !add_header(&headers, "Expect", "") ||
        (q->body.p && (!add_header(&headers, "Content-Digest", f.digest) ||
                       !add_header(&headers, "Content-Type", "application/x-ndjson"))))
        rc = ll_no_memory(err);
    if (rc == LL_OK)
        rc = sign(h, q, &f, &headers, err);
    explicit_bzero(f.authorization, sizeof f.authorization);
    if (rc < 0) {
        curl_slist_free_all(headers);
        return rc;
    }
    return exchange(h, q, headers, status, answer, err);
}

static int call(void *ctx, const struct ll_upward_request *q, unsigned *status, struct ll_buf *answer,
                struct ll_err *err)
{
    struct ll_upward_http *h = ctx;
    int rc = LL_OK;

    for (int attempt = 0; attempt < 2; attempt++) {
        if (h->token_until < ll_mono_us() + EARLY_MS * 1000ULL && (rc = ask_token(h, err)) < 0)
            return rc;
        ll_buf_clear(answer);
        rc = signed_call(h, q, status, answer, err);
        if (rc < 0 || *status != 401)
            return rc;
        h->token_until = 0; /* tokens live in memory there: a restart ends them */
    }
    return rc;
}

struct ll_upward_link ll_upward_http_link(struct ll_upward_http *h)
{
    return (struct ll_upward_link){h, call};
}
