/* tool_http.c - signed HTTP messages.
 *
 * A message is {"method","scheme","authority","path","query","fields":[[name,value],...]}, an answer {"status","fields","request"}. */
#include "tool.h"

#include "crypto/httpsig.h"
#include "crypto/jwk.h"

#include <strings.h>

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    const json_t *fields = ctx;
    size_t i;
    json_t *f;

    json_array_foreach(fields, i, f)
    {
        const json_t *n = json_array_get(f, 0), *v = json_array_get(f, 1);
        if (json_string_length(n) == name.n && strncasecmp(json_string_value(n), name.p, name.n) == 0 &&
            nth-- == 0)
            return (struct ll_str){json_string_value(v), json_string_length(v)};
    }
    return (struct ll_str){NULL, 0};
}

static struct ll_http_message message(const json_t *m, const struct ll_http_message *request)
{
    return (struct ll_http_message){.status = (unsigned)json_integer_value(json_object_get(m, "status")),
                                    .method = tool_text(m, "method"),
                                    .scheme = tool_text(m, "scheme"),
                                    .authority = tool_text(m, "authority"),
                                    .path = tool_text(m, "path"),
                                    .query = tool_text(m, "query"),
                                    .field = field,
                                    .ctx = json_object_get(m, "fields"),
                                    .request = request};
}

static const struct ll_httpsig_profile *profile(const json_t *in)
{
    struct ll_str name = tool_text(in, "profile");

    if (ll_str_is(name, "response"))
        return &ll_httpsig_response;
    return ll_str_is(name, "bodiless") ? &ll_httpsig_request_without_body : &ll_httpsig_request;
}

static int check_body(const json_t *in, const struct ll_http_message *m, struct ll_err *err)
{
    struct ll_str body = tool_text(in, "body");
    unsigned char digest[LL_DIGEST];

    if (!body.p)
        return LL_OK;
    ll_sha256(body.p, body.n, digest);
    return ll_content_digest_check(m->field(m->ctx, LL_STR("content-digest"), 0), digest, err);
}

int tool_httpsig_verify(const json_t *in, json_t *out, struct ll_err *err)
{
    const json_t *json = json_object_get(in, "message");
    struct ll_http_message q = message(json_object_get(json, "request"), NULL), m = message(json, &q);
    const struct ll_httpsig_profile *p = profile(in);
    struct ll_httpsig *h = NULL;
    struct ll_key *k = NULL;
    int rc = ll_jwk_read(json_object_get(in, "jwk"), LL_JWK_PUBLIC, &k, err);

    if (rc == LL_OK &&
        (rc = ll_httpsig_parse(m.field(m.ctx, LL_STR("signature-input"), 0),
                               m.field(m.ctx, LL_STR("signature"), 0), p->tag, &h, err)) == LL_OK &&
        (rc = ll_httpsig_check(h, p, json_integer_value(json_object_get(in, "now")), err)) == LL_OK &&
        (rc = ll_httpsig_verify(h, &m, k, err)) == LL_OK && (rc = check_body(in, &m, err)) == LL_OK) {
        tool_put(out, "keyid", ll_httpsig_params(h)->keyid);
        tool_put(out, "nonce", ll_httpsig_params(h)->nonce);
    }
    ll_httpsig_free(h);
    ll_key_free(k);
    return rc;
}

int tool_httpsig_sign(const json_t *in, json_t *out, struct ll_err *err)
{
    const json_t *json = json_object_get(in, "message");
    struct ll_http_message q = message(json_object_get(json, "request"), NULL), m = message(json, &q);
    const struct ll_httpsig_sign s = {"sig1", tool_text(in, "keyid").p, tool_text(in, "nonce").p,
                                      json_integer_value(json_object_get(in, "now"))};
    struct ll_buf input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX), signature = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    struct ll_key *k = NULL;
    int rc = ll_jwk_read(json_object_get(in, "jwk"), LL_JWK_PRIVATE, &k, err);

    if (rc == LL_OK && (rc = ll_httpsig_sign(k, &m, profile(in), &s, &input, &signature, err)) == LL_OK) {
        tool_put(out, "input", ll_buf_view(&input));
        tool_put(out, "signature", ll_buf_view(&signature));
    }
    ll_buf_free(&input);
    ll_buf_free(&signature);
    ll_key_free(k);
    return rc;
}

int tool_content_digest(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_str body = tool_text(in, "body");
    struct ll_buf text = LL_BUF_INIT(100);
    unsigned char digest[LL_DIGEST];

    (void)err;
    ll_sha256(body.p, body.n, digest);
    ll_content_digest_put(&text, digest);
    tool_put(out, "field", ll_buf_view(&text));
    ll_buf_free(&text);
    return LL_OK;
}
