/* tool_webauthn.c - passkeys.  Bytes are base64url. */
#include "tool.h"

#include "crypto/webauthn.h"

enum { ORIGINS = 8, PART = 1 << 17 };

struct request {
    struct ll_webauthn_want want;
    const char *origins[ORIGINS + 1];
    struct ll_buf challenge;
};

static int read_want(const json_t *in, struct request *r, struct ll_err *err)
{
    const json_t *origins = json_object_get(in, "origins");
    size_t i;
    json_t *o;

    *r = (struct request){.challenge = LL_BUF_INIT(PART)};
    json_array_foreach(origins, i, o) if (i < ORIGINS) r->origins[i] = json_string_value(o);
    int rc = tool_bytes(in, "challenge", &r->challenge, err);
    r->want = (struct ll_webauthn_want){.rp_id = tool_text(in, "rp_id").p,
                                        .origins = r->origins,
                                        .challenge = ll_buf_view(&r->challenge),
                                        .need_uv = json_is_true(json_object_get(in, "uv"))};
    return rc;
}

static void put_seen(json_t *out, unsigned flags, uint32_t count)
{
    json_object_set_new(out, "flags", json_integer(flags));
    json_object_set_new(out, "sign_count", json_integer(count));
}

int tool_webauthn_register(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_buf client = LL_BUF_INIT(PART), object = LL_BUF_INIT(PART);
    struct ll_webauthn_credential c;
    struct request r;
    int rc = read_want(in, &r, err);

    if (rc == LL_OK && (rc = tool_bytes(in, "client_data", &client, err)) == LL_OK &&
        (rc = tool_bytes(in, "attestation", &object, err)) == LL_OK &&
        (rc = ll_webauthn_register(&r.want, ll_buf_view(&client), ll_buf_view(&object), &c, err)) == LL_OK) {
        tool_put_bytes(out, "id", c.id.p, c.id.n);
        tool_put_bytes(out, "cose", c.cose.p, c.cose.n);
        json_object_set_new(out, "alg", json_integer(c.alg));
        json_object_set_new(out, "self_attested", json_boolean(c.self_attested));
        put_seen(out, c.flags, c.sign_count);
    }
    ll_buf_free(&client);
    ll_buf_free(&object);
    ll_buf_free(&r.challenge);
    return rc;
}

int tool_webauthn_verify(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_buf part[] = {LL_BUF_INIT(PART), LL_BUF_INIT(PART), LL_BUF_INIT(PART), LL_BUF_INIT(PART)};
    static const char *const names[] = {"client_data", "auth_data", "signature", "cose"};
    struct ll_webauthn_seen seen;
    struct request r;
    int rc = read_want(in, &r, err);

    for (size_t i = 0; rc == LL_OK && i < LL_COUNT(part); i++)
        rc = tool_bytes(in, names[i], &part[i], err);
    const struct ll_webauthn_use use = {ll_buf_view(&part[0]), ll_buf_view(&part[1]), ll_buf_view(&part[2])};
    const struct ll_webauthn_known known = {ll_buf_view(&part[3]),
                                            (uint32_t)json_integer_value(json_object_get(in, "sign_count")),
                                            json_is_true(json_object_get(in, "backup"))};
    if (rc == LL_OK && (rc = ll_webauthn_verify(&r.want, &known, &use, &seen, err)) == LL_OK)
        put_seen(out, seen.flags, seen.sign_count);
    for (size_t i = 0; i < LL_COUNT(part); i++)
        ll_buf_free(&part[i]);
    ll_buf_free(&r.challenge);
    return rc;
}
