/* signing.c - see signing.h. */
#include "http/signing.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/base64.h"
#include "crypto/httpsig.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "share/must_sign.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LIFE_S = 60, SKEW_S = 10 };

#define TAG_REQUEST "fapi-2-request"
#define TAG_ANSWER "fapi-2-response"

static const char *const by_uri[] = {"@method", "@target-uri", "authorization", NULL};
static const char *const by_path[] = {"@method", "@path", "@query", "authorization", NULL};
static const struct ll_httpsig_profile whole = {TAG_REQUEST, by_uri, LIFE_S, SKEW_S},
                                       split = {TAG_REQUEST, by_path, LIFE_S, SKEW_S};

/* signature;req: the request's own signature is part of what we sign. */
static const char *const of_answer[] = {"@status",         "content-digest", "@method;req",
                                        "@target-uri;req", "signature;req",  NULL};
static const struct ll_httpsig_profile answer_profile = {TAG_ANSWER, of_answer, LIFE_S, SKEW_S};

/* --- the message as the signature sees it -------------------------------------------------------------------------------- */

struct wanted {
    struct ll_str name;
    size_t nth;
    const char *value;
};

static enum MHD_Result take_header(void *ctx, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct wanted *w = ctx;

    (void)kind;
    if (strlen(key) != w->name.n || strncasecmp(key, w->name.p, w->name.n) != 0 || w->nth-- > 0)
        return MHD_YES;
    w->value = value ? value : "";
    return MHD_NO;
}

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    const struct ll_exchange *x = ctx;
    struct wanted w = {name, nth, NULL};

    MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, take_header, &w);
    return ll_str(w.value);
}

static struct ll_http_message message(struct ll_exchange *x)
{
    const char *host = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    struct ll_http_message m = {.method = ll_str(x->head ? "HEAD" : ll_method_name(x->method)),
                                .scheme = x->rq.secure ? LL_STR("https") : LL_STR("http"),
                                .authority = ll_str(host),
                                .field = field,
                                .ctx = x};

    if (!ll_str_cut(x->uri, '?', &m.path, &m.query))
        m.query = (struct ll_str){NULL, 0};
    return m;
}

/* A field's values as one; "" when it is not there. */
static struct ll_str joined(struct ll_exchange *x, const char *name, struct ll_buf *out)
{
    struct ll_str v;

    for (size_t nth = 0; (v = field(x, ll_str(name), nth)).p; nth++) {
        if (nth)
            ll_buf_z(out, ", ");
        ll_buf_str(out, v);
    }
    return ll_buf_view(out);
}

/* --- the request -------------------------------------------------------------------------------------------------------- */

static int check_body(struct ll_exchange *x, const struct ll_httpsig *h, struct ll_err *err)
{
    struct ll_buf said = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    unsigned char sha256[LL_DIGEST];
    int rc = LL_OK;

    joined(x, "content-digest", &said);
    if (x->rq.body.n && !ll_httpsig_covers(h, "content-digest"))
        rc = ll_fail(err, LL_INVALID, "签名没有覆盖 content-digest",
                     "the signature does not cover content-digest");
    else if (x->rq.body.n || said.n) {
        ll_sha256(x->rq.body.p, x->rq.body.n, sha256);
        rc = ll_content_digest_check(ll_buf_view(&said), sha256, err);
    }
    ll_buf_free(&said);
    return rc;
}

static int check_with(struct ll_exchange *x, struct ll_httpsig *h, const struct ll_key *k, struct ll_err *err)
{
    const struct ll_httpsig_profile *p = ll_httpsig_covers(h, "@target-uri") ? &whole : &split;
    const struct ll_httpsig_params *s = ll_httpsig_params(h);
    const struct ll_http_message m = message(x);
    int64_t now = ll_now_ms() / 1000;
    int rc;

    if ((rc = ll_httpsig_check(h, p, now, err)) < 0 || (rc = check_body(x, h, err)) < 0 ||
        (rc = ll_httpsig_verify(h, &m, k, err)) < 0)
        return rc;
    return ll_nonces_use(x->server->app->nonces, ll_str(x->rq.actor.client), s->nonce, s->created,
                         s->expires + p->skew_s, now, err);
}

/* What an entry of the journal says of it. */
static int note(struct ll_exchange *x, const struct ll_httpsig *h, struct ll_str field_value, bool sm2,
                struct ll_signature *ret, struct ll_err *err)
{
    const struct ll_httpsig_params *s = ll_httpsig_params(h);
    struct ll_buf base = LL_BUF_INIT(2 * LL_DIGEST + 1);

    for (size_t i = 0; i < LL_DIGEST; i++)
        ll_buf_printf(&base, "%02x", s->base_sha256[i]);
    *ret = (struct ll_signature){.keyid = ll_arena_dup(x->rq.arena, s->keyid),
                                 .base = base.failed ? NULL : ll_arena_dup(x->rq.arena, ll_buf_view(&base)),
                                 .value = ll_arena_dup(x->rq.arena, field_value),
                                 .sm2 = sm2};
    ll_buf_free(&base);
    return ret->keyid && ret->base && ret->value ? LL_OK : ll_no_memory(err);
}

static int check(struct ll_exchange *x, struct ll_str input, struct ll_str signature,
                 struct ll_signature *ret, struct ll_err *err)
{
    struct ll_httpsig *h = NULL;
    struct ll_key *k = NULL;
    int rc = ll_httpsig_parse(input, signature, TAG_REQUEST, &h, err);

    if (rc == LL_OK &&
        (rc = ll_access_key(x->server->app->access, x->rq.actor.client, ll_httpsig_params(h)->keyid, &k,
                            err)) == LL_OK &&
        (rc = check_with(x, h, k, err)) == LL_OK)
        rc = note(x, h, signature, ll_key_alg(k) == LL_SM2, ret, err);
    ll_key_free(k);
    ll_httpsig_free(h);
    return rc;
}

/* Whether the request must be signed.  Those that open a gate are asked there, and refused there with their entry. */
static int demanded(struct ll_exchange *x, bool *ret, struct ll_err *err)
{
    const struct ll_actor *a = &x->rq.actor;
    enum ll_signs by = x->rq.route->signs;

    *ret = (a->must_sign && by != LL_SIGNS_GATE) || by == LL_SIGNS_ALWAYS;
    if (*ret)
        return LL_OK;
    if (by == LL_SIGNS_GRANTS)
        return ll_must_sign_any(x->server->app->gateway, a->organisation, ret, err);
    if (by == LL_SIGNS_EXPORT)
        return ll_must_sign_export(x->server->app->gateway, a->organisation, x->rq.args[0].s, ret, err);
    return LL_OK;
}

/* The entry of a refusal, members in the order of their names: durable before the refusal leaves, as the gateway's are. */
static int refuse(struct ll_exchange *x, struct ll_err *err)
{
    struct ll_request *rq = &x->rq;
    struct ll_json j;

    err->rc = LL_DENIED;
    rq->condition = ll_gate_condition_word(LL_GATE_SIGNATURE);
    rq->due.type = LL_ENTRY_REFUSAL;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    ll_json_init(&j, &rq->due.payload);
    ll_json_obj(&j);
    ll_json_kz(&j, "client", rq->actor.client);
    ll_json_kz(&j, "condition", rq->condition);
    ll_json_kz(&j, "mode", rq->route->id);
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    ll_json_end_obj(&j);
    if (rq->due.payload.failed)
        return ll_no_memory(err);
    rq->due.set = true;
    return LL_DENIED;
}

/* A signature that does not hold.  A gate refuses it itself; without memory, or room for nonces, it is not known whether it does. */
static int fault(struct ll_exchange *x, struct ll_signature *s, const struct ll_err *why, struct ll_err *err)
{
    if (why->rc == LL_NOMEM || why->rc == LL_BUSY || x->rq.route->signs != LL_SIGNS_GATE) {
        *err = *why;
        return why->rc == LL_NOMEM || why->rc == LL_BUSY ? why->rc : refuse(x, err);
    }
    s->zh = ll_arena_dup(x->rq.arena, ll_str(why->zh));
    s->en = ll_arena_dup(x->rq.arena, ll_str(why->en));
    return s->zh && s->en ? LL_OK : ll_no_memory(err);
}

static int unsigned_(struct ll_exchange *x, struct ll_err *err)
{
    const char *client = x->rq.actor.client;
    bool must = false;
    int rc = demanded(x, &must, err);

    if (rc < 0 || !must)
        return rc;
    (void)ll_fail(err, LL_DENIED, "系统 %s 的这一请求须签名（RFC 9421）",
                  "the client %s must sign this request (RFC 9421)", client);
    return refuse(x, err);
}

int ll_signing_check(struct ll_exchange *x, struct ll_err *err)
{
    struct ll_buf input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX), signature = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    struct ll_actor *a = &x->rq.actor;
    struct ll_signature *s = NULL;
    struct ll_err why = {.rc = LL_OK};
    int rc = LL_OK;

    if (!a->client)
        return LL_OK;
    joined(x, "signature-input", &input);
    joined(x, "signature", &signature);
    if (input.failed || signature.failed)
        rc = ll_fail(err, LL_TOOBIG, "签名头超过 %d 字节", "a signature field over %d bytes",
                     (int)LL_HTTPSIG_FIELD_MAX);
    else if (input.n || signature.n) {
        if (!(s = ll_arena_alloc(x->rq.arena, sizeof *s)))
            rc = ll_no_memory(err);
        else if (check(x, ll_buf_view(&input), ll_buf_view(&signature), s, &why) < 0)
            rc = fault(x, s, &why, err);
        a->signature = s;
    } else {
        rc = unsigned_(x, err);
    }
    ll_buf_free(&input);
    ll_buf_free(&signature);
    return rc;
}

/* --- the answer ---------------------------------------------------------------------------------------------------------- */

bool ll_signing_asked(const struct ll_exchange *x)
{
    const struct ll_signature *s = x->rq.actor.signature;

    return s && !s->zh && MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Accept-Signature") &&
           !x->rq.stream && x->rq.fd < 0 && !x->rq.fixed.p;
}

/* Our own fields: only the digest is among what is covered. */
static struct ll_str answer_field(void *ctx, struct ll_str name, size_t nth)
{
    return ll_str_is(name, "content-digest") && !nth ? ll_str(ctx) : (struct ll_str){NULL, 0};
}

static int sign_answer(struct ll_exchange *x, char *digest, struct ll_buf *input, struct ll_buf *signature,
                       struct ll_err *err)
{
    const struct ll_http_message asked = message(x);
    const struct ll_http_message m = {
        .status = x->rq.status, .field = answer_field, .ctx = digest, .request = &asked};
    char kid[LL_RING_ID], nonce[LL_TOKEN_TEXT];
    const struct ll_key *k = NULL;
    int rc = ll_keyring_signer(ll_journaling_keys(x->server->app->journaling),
                               x->rq.actor.signature->sm2 ? LL_FOR_ANSWER_SM2 : LL_FOR_ANSWER, &k, kid, err);

    if (rc < 0 || (rc = ll_random_token(nonce, err)) < 0)
        return rc;
    const struct ll_httpsig_sign how = {
        .label = "luling", .keyid = kid, .nonce = nonce, .created = ll_now_ms() / 1000};
    return ll_httpsig_sign(k, &m, &answer_profile, &how, input, signature, err);
}

void ll_signing_answer(struct ll_exchange *x, struct ll_str body, struct ll_answer_signature *ret)
{
    struct ll_buf input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX), signature = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX),
                  digest = LL_BUF_INIT(128);
    unsigned char sha256[LL_DIGEST];
    struct ll_err err;
    char *said;

    *ret = (struct ll_answer_signature){NULL, NULL, NULL};
    ll_sha256(body.p, body.n, sha256);
    ll_content_digest_put(&digest, sha256);
    said = digest.failed ? NULL : ll_arena_dup(x->rq.arena, ll_buf_view(&digest));
    if (said && sign_answer(x, said, &input, &signature, &err) == LL_OK) {
        ret->digest = said;
        ret->input = ll_arena_dup(x->rq.arena, ll_buf_view(&input));
        ret->signature = ll_arena_dup(x->rq.arena, ll_buf_view(&signature));
    } else {
        ll_log(LL_ERROR, "http", "%s: the answer is not signed: %s", x->rq.id,
               said ? err.en : "out of memory");
    }
    ll_buf_free(&input);
    ll_buf_free(&signature);
    ll_buf_free(&digest);
}
