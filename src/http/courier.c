/* courier.c - see courier.h; libcurl's multi interface does the work of many connections at once. */
#include "http/courier.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/httpsig.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "http/dial.h"
#include "share/webhook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SLOTS = 64,
    LOOK_MS = 500,
    CONNECT_MS = 5000,
    ANSWER_MAX = 4096,
    HEADER_MAX = 8192,
    NETWORKS_MAX = 1 << 20,
    REASON = 160
};

static const char *const components[] = {"@method", "@target-uri", "content-digest", NULL};
static const struct ll_httpsig_profile profile = {"luling-webhook", components, 300, 10};

/* One message under way. */
struct slot {
    struct ll_courier *courier;
    struct ll_arena *arena; /* NULL: the slot is free */
    struct ll_parcel parcel;
    CURL *curl;
    struct curl_slist *headers;
    struct ll_buf answer;
    bool too_long;
    struct ll_dial dial; /* promise (2) */
    char digest[128];    /* field Content-Digest */
};

struct ll_courier {
    struct ll_courier_opts o;
    struct ll_arena *networks;
    struct ll_address_rule rule;
    CURLM *multi;
    struct slot slots[SLOTS];
    pthread_t thread;
    bool runs;
    atomic_bool stop;
};

/* --- a message ------------------------------------------------------------------------------------------------------------------------- */

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct slot *s = ctx;

    s->too_long = s->answer.n + size * n > ANSWER_MAX;
    if (!s->too_long)
        ll_buf_add(&s->answer, p, size * n);
    return s->too_long || s->answer.failed ? 0 : size * n;
}

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    const struct slot *s = ctx;

    return ll_str_is(name, "content-digest") && nth == 0 ? ll_str(s->digest) : (struct ll_str){NULL, 0};
}

static bool add_header(struct slot *s, const char *name, const char *value)
{
    char line[HEADER_MAX];
    struct curl_slist *list;

    if (snprintf(line, sizeof line, "%s: %s", name, value) >= (int)sizeof line ||
        !(list = curl_slist_append(s->headers, line)))
        return false;
    s->headers = list;
    return true;
}

static int sign(struct slot *s, struct ll_err *err)
{
    struct ll_buf input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX), signature = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    struct ll_http_message m = {
        .method = LL_STR("POST"), .scheme = LL_STR("https"), .field = field, .ctx = s};
    char nonce[LL_TOKEN_TEXT], keyid[LL_RING_ID];
    const struct ll_key *key = NULL;
    struct ll_webhook_url url;
    int rc;

    if ((rc = ll_webhook_url_split(ll_str(s->parcel.url), &url, err)) < 0 ||
        (rc = ll_random_token(nonce, err)) < 0 ||
        (rc = ll_keyring_signer(ll_journaling_keys(s->courier->o.journaling), LL_FOR_ANSWER, &key, keyid,
                                err)) < 0)
        return rc;
    m.authority = url.authority;
    m.path = url.path;
    m.query = url.query;
    const struct ll_httpsig_sign how = {"sig", keyid, nonce, ll_now_ms() / 1000};
    rc = ll_httpsig_sign(key, &m, &profile, &how, &input, &signature, err);
    if (rc == LL_OK &&
        (!add_header(s, "Content-Digest", s->digest) || !add_header(s, "Signature-Input", input.p) ||
         !add_header(s, "Signature", signature.p)))
        rc = ll_no_memory(err);
    ll_buf_free(&input);
    ll_buf_free(&signature);
    return rc;
}

static void put_digest(struct slot *s)
{
    struct ll_buf text = LL_BUF_INIT(sizeof s->digest);
    unsigned char sha[LL_DIGEST];

    ll_sha256(s->parcel.body.p, s->parcel.body.n, sha);
    ll_content_digest_put(&text, sha);
    snprintf(s->digest, sizeof s->digest, LL_STR_FMT, LL_STR_ARG(ll_buf_view(&text)));
    ll_buf_free(&text);
}

/* Promise (1). */
static void settings(struct slot *s)
{
    const struct ll_settings *set = s->courier->o.set;

    curl_easy_setopt(s->curl, CURLOPT_URL, s->parcel.url);
    curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(s->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(s->curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(s->curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)set->webhook_timeout_ms);
    curl_easy_setopt(s->curl, CURLOPT_OPENSOCKETFUNCTION, ll_dial_open);
    curl_easy_setopt(s->curl, CURLOPT_OPENSOCKETDATA, &s->dial);
    curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, s->parcel.body.p);
    curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->parcel.body.n);
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers);
    curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(s->curl, CURLOPT_PRIVATE, s);
    if (set->webhook_ca[0])
        curl_easy_setopt(s->curl, CURLOPT_CAINFO, set->webhook_ca);
}

static void release(struct slot *s)
{
    if (s->curl) {
        curl_multi_remove_handle(s->courier->multi, s->curl);
        curl_easy_cleanup(s->curl);
    }
    curl_slist_free_all(s->headers);
    ll_buf_free(&s->answer);
    ll_arena_free(s->arena);
    *s = (struct slot){.courier = s->courier};
}

/* What it is sent outlives the round in which it was found. */
static bool keep(struct slot *s, const struct ll_parcel *p)
{
    s->parcel = *p;
    s->parcel.subscription = ll_arena_dup(s->arena, ll_str(p->subscription));
    s->parcel.url = ll_arena_dup(s->arena, ll_str(p->url));
    s->parcel.id = ll_arena_dup(s->arena, ll_str(p->id));
    s->parcel.body.p = ll_arena_dup(s->arena, p->body);
    if (p->challenge)
        s->parcel.challenge = ll_arena_dup(s->arena, ll_str(p->challenge));
    return s->parcel.subscription && s->parcel.url && s->parcel.id && s->parcel.body.p &&
           (!p->challenge || s->parcel.challenge);
}

static int begin(struct slot *s, const struct ll_parcel *p, struct ll_err *err)
{
    int rc;

    s->answer = LL_BUF_INIT(ANSWER_MAX + 1);
    s->dial = (struct ll_dial){.rule = &s->courier->rule};
    if (!(s->arena = ll_arena_new(1 << 20)) || !keep(s, p) || !(s->curl = curl_easy_init()))
        return ll_no_memory(err);
    put_digest(s);
    if ((rc = sign(s, err)) < 0)
        return rc;
    if (!add_header(s, "Content-Type", "application/json") || !add_header(s, "Luling-Event", s->parcel.id) ||
        !add_header(s, "User-Agent", "luling") || !add_header(s, "Expect", ""))
        return ll_no_memory(err);
    settings(s);
    return curl_multi_add_handle(s->courier->multi, s->curl) == CURLM_OK ? LL_OK : ll_no_memory(err);
}

/* --- what became of it -------------------------------------------------------------------------------------------------------------------- */

static bool explain(const struct slot *s, CURLcode code, long status, char zh[REASON], char en[REASON])
{
    if (s->dial.forbidden) {
        snprintf(zh, REASON, "接收地址解析到不允许连接的网段；内网地址须列入设置 webhook_networks");
        snprintf(
            en, REASON,
            "the endpoint's address is not one to connect to; internal ones go into setting webhook_networks");
    } else if (s->too_long) {
        snprintf(zh, REASON, "应答超过 %d 字节", ANSWER_MAX);
        snprintf(en, REASON, "the answer is longer than %d bytes", ANSWER_MAX);
    } else if (code != CURLE_OK) {
        snprintf(zh, REASON, "无法送达：%s", curl_easy_strerror(code));
        snprintf(en, REASON, "cannot be delivered: %s", curl_easy_strerror(code));
    } else if (status < 200 || status > 299) {
        snprintf(zh, REASON, "应答 %ld，应为 2xx", status);
        snprintf(en, REASON, "answered %ld instead of 2xx", status);
    } else if (s->parcel.challenge && !ll_webhook_answers(ll_buf_view(&s->answer), s->parcel.challenge)) {
        snprintf(zh, REASON, "没有原样应答验证口令（{\"challenge\": ...}）");
        snprintf(en, REASON, "did not answer with the challenge ({\"challenge\": ...})");
    } else
        return true;
    return false;
}

static void end(struct slot *s, CURLcode code)
{
    const struct ll_settings *set = s->courier->o.set;
    char zh[REASON], en[REASON];
    struct ll_err err;
    long status = 0;

    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
    bool ok = explain(s, code, status, zh, en);
    const struct ll_parcel_fate fate = {.delivered = ok,
                                        .status = status ? status : -1,
                                        .zh = ok ? NULL : zh,
                                        .en = ok ? NULL : en,
                                        .retry_ms = (int64_t)set->webhook_retry_ms,
                                        .attempts_most = (unsigned)set->webhook_attempts};
    if (!ok)
        ll_log(LL_INFO, "webhook", "%s: %s", s->parcel.id, en);
    if (ll_webhook_settle(s->courier->o.store, &s->parcel, &fate, &err) < 0)
        ll_log(LL_ERROR, "webhook", "%s: %s", s->parcel.id, err.en); /* it is sent again */
    release(s);
}

/* --- the thread --------------------------------------------------------------------------------------------------------------------------- */

static void start_due(struct ll_courier *c)
{
    struct ll_arena *arena = ll_arena_new(16 << 20);
    struct ll_parcel list[SLOTS];
    const char *busy[SLOTS];
    struct slot *vacant[SLOTS];
    size_t n_busy = 0, n_vacant = 0, n = 0;
    struct ll_err err;
    int rc = arena ? LL_OK : ll_no_memory(&err);

    for (size_t i = 0; i < SLOTS; i++)
        if (c->slots[i].arena)
            busy[n_busy++] = c->slots[i].parcel.subscription;
        else
            vacant[n_vacant++] = &c->slots[i];
    if (rc == LL_OK && n_vacant)
        rc = ll_webhook_due(c->o.gateway, busy, n_busy, arena, list, n_vacant, &n, &err);
    if (rc < 0)
        ll_log(LL_WARN, "webhook", "%s", err.en);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if ((rc = begin(vacant[i], &list[i], &err)) < 0) {
            ll_log(LL_WARN, "webhook", "%s: %s", list[i].id, err.en);
            release(vacant[i]);
        }
    ll_arena_free(arena);
}

static void reap(struct ll_courier *c)
{
    struct slot *s;
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(c->multi, &left)))
        if (m->msg == CURLMSG_DONE) {
            CURLcode code = m->data.result;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&s);
            end(s, code);
        }
}

static void *run(void *ctx)
{
    struct ll_courier *c = ctx;
    int running;

    while (!atomic_load(&c->stop)) {
        start_due(c);
        curl_multi_perform(c->multi, &running);
        reap(c);
        curl_multi_poll(c->multi, NULL, 0, LOOK_MS, NULL);
    }
    return NULL;
}

int ll_courier_open(const struct ll_courier_opts *o, struct ll_courier **ret, struct ll_err *err)
{
    struct ll_courier *c = calloc(1, sizeof *c);
    struct ll_network *list = NULL;
    int rc;

    if (!c)
        return ll_no_memory(err);
    c->o = *o;
    for (size_t i = 0; i < SLOTS; i++)
        c->slots[i].courier = c;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(c->multi = curl_multi_init()) ||
        !(c->networks = ll_arena_new(NETWORKS_MAX)))
        rc = ll_no_memory(err);
    else if ((rc = ll_networks_parse(ll_str(o->set->webhook_networks), c->networks, &list, &c->rule.n, err)) <
             0)
        rc = ll_fail_in(err, "webhook_networks", "webhook_networks");
    c->rule.allowed = list;
    if (rc == LL_OK && !(c->runs = pthread_create(&c->thread, NULL, run, c) == 0))
        rc = ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    if (rc < 0)
        ll_courier_close(c);
    else
        *ret = c;
    return rc;
}

struct ll_courier *ll_courier_close(struct ll_courier *c)
{
    if (!c)
        return NULL;
    atomic_store(&c->stop, true);
    if (c->runs) {
        curl_multi_wakeup(c->multi);
        pthread_join(c->thread, NULL);
    }
    for (size_t i = 0; i < SLOTS; i++)
        release(&c->slots[i]);
    curl_multi_cleanup(c->multi);
    ll_arena_free(c->networks);
    free(c);
    return NULL;
}

void ll_courier_wake(struct ll_courier *c)
{
    curl_multi_wakeup(c->multi);
}
