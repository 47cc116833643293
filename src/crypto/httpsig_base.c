/* httpsig_base.c - the signature base of RFC 9421, 2.5, and signatures over it. */
#include "crypto/httpsig_impl.h"

#include "crypto/base64.h"

#include <inttypes.h>
#include <string.h>

/* --- values of components ------------------------------------------------------------------------------------------- */

static void put_lower(struct ll_buf *out, struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        ll_buf_c(out, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i]);
}

/* In small letters, without the port that the scheme implies. */
static void put_authority(struct ll_buf *out, const struct ll_http_message *m)
{
    struct ll_str a = m->authority;
    struct ll_str usual = ll_str_is(m->scheme, "http") ? LL_STR(":80") : LL_STR(":443");

    if (ll_str_ends(a, usual))
        a.n -= usual.n;
    put_lower(out, a);
}

static void put_path(struct ll_buf *out, const struct ll_http_message *m)
{
    ll_buf_str(out, m->path.n ? m->path : LL_STR("/"));
}

static void put_query(struct ll_buf *out, const struct ll_http_message *m)
{
    ll_buf_c(out, '?');
    ll_buf_str(out, m->query);
}

static void put_request_target(struct ll_buf *out, const struct ll_http_message *m)
{
    put_path(out, m);
    if (m->query.p)
        put_query(out, m);
}

static void put_target_uri(struct ll_buf *out, const struct ll_http_message *m)
{
    put_lower(out, m->scheme);
    ll_buf_z(out, "://");
    put_authority(out, m);
    put_request_target(out, m);
}

static void put_method(struct ll_buf *out, const struct ll_http_message *m)
{
    ll_buf_str(out, m->method);
}

static void put_scheme(struct ll_buf *out, const struct ll_http_message *m)
{
    put_lower(out, m->scheme);
}

static void put_status(struct ll_buf *out, const struct ll_http_message *m)
{
    ll_buf_printf(out, "%u", m->status);
}

static const struct {
    const char *name;
    bool of_answer;
    void (*put)(struct ll_buf *out, const struct ll_http_message *m);
} derived[] = {
    {"@method", false, put_method},       {"@target-uri", false, put_target_uri},
    {"@authority", false, put_authority}, {"@scheme", false, put_scheme},
    {"@path", false, put_path},           {"@request-target", false, put_request_target},
    {"@query", false, put_query},         {"@status", true, put_status},
};

static int not_there(const struct component *c, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "报文没有签名所覆盖的 " LL_STR_FMT,
                   "the message lacks " LL_STR_FMT ", which the signature covers", LL_STR_ARG(c->raw));
}

static int put_derived(const struct ll_http_message *m, const struct component *c, struct ll_buf *out,
                       struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(derived); i++)
        if (ll_str_is(c->name, derived[i].name) && derived[i].of_answer == (m->status != 0)) {
            derived[i].put(out, m);
            return LL_OK;
        }
    return not_there(c, err);
}

/* Every value trimmed, joined by ", "; a line break inside would forge another line of the base. */
static int put_field(const struct ll_http_message *m, const struct component *c, struct ll_buf *out,
                     struct ll_err *err)
{
    struct ll_str v;

    for (size_t nth = 0; (v = m->field(m->ctx, c->name, nth)).p; nth++) {
        if (nth)
            ll_buf_z(out, ", ");
        v = ll_str_trim(v);
        if (v.n && (memchr(v.p, '\n', v.n) || memchr(v.p, '\r', v.n)))
            return not_there(c, err);
        ll_buf_str(out, v);
    }
    return m->field(m->ctx, c->name, 0).p ? LL_OK : not_there(c, err);
}

int ll_httpsig_value(const struct ll_http_message *m, const struct component *c, struct ll_buf *out,
                     struct ll_err *err)
{
    const struct ll_http_message *of = c->req ? m->request : m;

    if (!of || (c->req && !m->status))
        return not_there(c, err);
    return c->name.p[0] == '@' ? put_derived(of, c, out, err) : put_field(of, c, out, err);
}

/* --- the base ------------------------------------------------------------------------------------------------------- */

int ll_httpsig_base(const struct ll_httpsig *h, const struct ll_http_message *m, struct ll_buf *out,
                    struct ll_err *err)
{
    int rc = LL_OK;

    LL_CHECK(h, HTTPSIG_MAGIC);
    for (size_t i = 0; rc == LL_OK && i < h->n; i++) {
        ll_buf_printf(out, "\"" LL_STR_FMT "\"%s: ", LL_STR_ARG(h->components[i].name),
                      h->components[i].req ? ";req" : "");
        rc = ll_httpsig_value(m, &h->components[i], out, err);
        ll_buf_c(out, '\n');
    }
    ll_buf_z(out, "\"@signature-params\": ");
    ll_buf_str(out, h->list);
    if (rc == LL_OK && out->failed)
        rc = ll_fail(err, LL_TOOBIG, "签名覆盖的内容超过 %zu 字节",
                     "what the signature covers is over %zu bytes", out->ceiling);
    return rc;
}

static const char *const alg_names[LL_ALG_COUNT] = {
    [LL_ED25519] = "ed25519", [LL_ES256] = "ecdsa-p256-sha256", [LL_SM2] = NULL};

static bool alg_fits(struct ll_str alg, const struct ll_key *k)
{
    const char *name = alg_names[ll_key_alg(k)];

    return !alg.p || (name && ll_str_is(alg, name));
}

int ll_httpsig_verify(struct ll_httpsig *h, const struct ll_http_message *m, const struct ll_key *k,
                      struct ll_err *err)
{
    struct ll_buf base = LL_BUF_INIT(LL_HTTPSIG_BASE_MAX);
    int rc;

    LL_CHECK(h, HTTPSIG_MAGIC);
    if (!alg_fits(h->params.alg, k))
        return ll_fail(err, LL_INVALID, "签名的 alg 与登记的密钥（%s）不符",
                       "the signature's alg is not that of the registered key (%s)",
                       ll_alg_name(ll_key_alg(k)));
    if ((rc = ll_httpsig_base(h, m, &base, err)) == LL_OK &&
        (rc = ll_verify(k, ll_buf_view(&base), (struct ll_str){(char *)h->sig, LL_SIGNATURE}, err)) == LL_OK)
        ll_sha256(base.p, base.n, h->params.base_sha256);
    ll_buf_free(&base);
    return rc;
}

/* --- signing -------------------------------------------------------------------------------------------------------- */

static void put_input(struct ll_buf *out, const struct ll_httpsig_profile *p, const struct ll_httpsig_sign *s)
{
    ll_buf_c(out, '(');
    for (const char *const *c = p->components; *c; c++) {
        struct ll_str name, rest;
        bool req = ll_str_cut(ll_str(*c), ';', &name, &rest);
        ll_buf_printf(out, "%s\"" LL_STR_FMT "\"%s", c == p->components ? "" : " ", LL_STR_ARG(name),
                      req ? ";req" : "");
    }
    ll_buf_printf(out, ");created=%" PRId64 ";expires=%" PRId64 ";nonce=\"%s\";keyid=\"%s\";tag=\"%s\"",
                  s->created, s->created + p->life_s, s->nonce, s->keyid, p->tag);
}

static int sign_list(struct ll_httpsig *h, const struct ll_key *k, const struct ll_http_message *m,
                     struct ll_err *err)
{
    struct ll_buf base = LL_BUF_INIT(LL_HTTPSIG_BASE_MAX);
    struct ll_sf s = ll_sf_of(ll_buf_view(&h->input));
    int rc;

    if (h->input.failed || !ll_httpsig_list(h, &s) || !ll_sf_at_end(&s))
        return ll_fail(err, LL_INVALID, "keyid 或 nonce 不能写进签名头",
                       "keyid or nonce cannot stand in a signature field");
    if ((rc = ll_httpsig_base(h, m, &base, err)) == LL_OK)
        rc = ll_sign(k, ll_buf_view(&base), h->sig, err);
    ll_buf_free(&base);
    return rc;
}

int ll_httpsig_sign(const struct ll_key *k, const struct ll_http_message *m,
                    const struct ll_httpsig_profile *p, const struct ll_httpsig_sign *s, struct ll_buf *input,
                    struct ll_buf *signature, struct ll_err *err)
{
    struct ll_httpsig h = {.magic = HTTPSIG_MAGIC,
                           .input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX),
                           .list_text = LL_BUF_INIT(2 * LL_HTTPSIG_FIELD_MAX)};

    put_input(&h.input, p, s);
    int rc = sign_list(&h, k, m, err);
    if (rc == LL_OK) {
        ll_buf_printf(input, "%s=" LL_STR_FMT, s->label, LL_STR_ARG(h.list));
        ll_buf_printf(signature, "%s=:", s->label);
        ll_base64_put(signature, LL_BASE64_STD, h.sig, LL_SIGNATURE);
        ll_buf_c(signature, ':');
        if (input->failed || signature->failed)
            rc = ll_no_memory(err);
    }
    ll_buf_free(&h.input);
    ll_buf_free(&h.list_text);
    return rc;
}
