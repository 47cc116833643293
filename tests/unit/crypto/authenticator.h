/* authenticator.h - a passkey in software: what a browser would send, right or wrong in every part that a test asks for. */
#ifndef LL_TESTS_UNIT_CRYPTO_AUTHENTICATOR_H
#define LL_TESTS_UNIT_CRYPTO_AUTHENTICATOR_H

#include "hex.h"

#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/webauthn.h"

struct passkey {
    struct ll_key *key; /* ES256 or Ed25519 */
    unsigned flags;     /* of the next data; AT is added at registration */
    uint32_t count;
    const char *rp_id, *origin, *client_extra; /* client_extra: more members, ",\"crossOrigin\":false" */
    struct ll_buf client_data, auth_data, object, signature;
};

static inline void passkey_init(struct passkey *p, enum ll_alg alg)
{
    struct ll_err err;

    *p = (struct passkey){.flags = LL_WEBAUTHN_UP | LL_WEBAUTHN_UV,
                          .count = 1,
                          .rp_id = "hub.example",
                          .origin = "https://hub.example",
                          .client_extra = ""};
    p->client_data = p->auth_data = p->object = p->signature = LL_BUF_INIT(65536);
    assert_ok(ll_key_generate(alg, &p->key, &err));
}

static inline void passkey_free(struct passkey *p)
{
    ll_key_free(p->key);
    ll_buf_free(&p->client_data);
    ll_buf_free(&p->auth_data);
    ll_buf_free(&p->object);
    ll_buf_free(&p->signature);
}

static inline void put_hex(struct ll_buf *b, const char *text)
{
    struct bytes raw = hex(text);

    ll_buf_add(b, raw.p, raw.n);
}

static inline void put_cose(struct ll_buf *b, const struct ll_key *k)
{
    unsigned char raw[LL_KEY_PUBLIC];
    size_t n = ll_key_public(k, raw);

    if (n == 32) {
        put_hex(b, "a4 0101 0327 2006 215820");
        ll_buf_add(b, raw, 32);
        return;
    }
    put_hex(b, "a5 0102 0326 2001 215820");
    ll_buf_add(b, raw + 1, 32);
    put_hex(b, "225820");
    ll_buf_add(b, raw + 33, 32);
}

static inline void put_client_data(struct passkey *p, const char *type, struct ll_str challenge)
{
    ll_buf_clear(&p->client_data);
    ll_buf_printf(&p->client_data, "{\"type\":\"%s\",\"challenge\":\"", type);
    ll_base64_put(&p->client_data, LL_BASE64_URL, challenge.p, challenge.n);
    ll_buf_printf(&p->client_data, "\",\"origin\":\"%s\"%s}", p->origin, p->client_extra);
}

static inline void put_auth_data(struct passkey *p, bool attested)
{
    unsigned char hash[LL_DIGEST],
        tail[5] = {(unsigned char)(p->flags | (attested ? 0x40u : 0u)), (unsigned char)(p->count >> 24),
                   (unsigned char)(p->count >> 16), (unsigned char)(p->count >> 8), (unsigned char)p->count};

    ll_buf_clear(&p->auth_data);
    ll_sha256(p->rp_id, strlen(p->rp_id), hash);
    ll_buf_add(&p->auth_data, hash, sizeof hash);
    ll_buf_add(&p->auth_data, tail, sizeof tail);
    if (attested) {
        put_hex(&p->auth_data, "00112233445566778899aabbccddeeff 0004 c0ffee01");
        put_cose(&p->auth_data, p->key);
    }
}

static inline void put_der_number(struct ll_buf *b, const unsigned char *p)
{
    size_t n = 32;

    while (n > 1 && *p == 0)
        p++, n--;
    bool pad = *p & 0x80;
    ll_buf_c(b, 2);
    ll_buf_c(b, (char)(n + pad));
    if (pad)
        ll_buf_c(b, 0);
    ll_buf_add(b, p, n);
}

/* Over authenticator data and client data, as WebAuthn has it. */
static inline void put_signature(struct passkey *p, struct ll_buf *out)
{
    struct ll_err err;
    struct ll_buf text = LL_BUF_INIT(65536), numbers = LL_BUF_INIT(100);
    unsigned char hash[LL_DIGEST], raw[LL_SIGNATURE];

    ll_sha256(p->client_data.p, p->client_data.n, hash);
    ll_buf_str(&text, ll_buf_view(&p->auth_data));
    ll_buf_add(&text, hash, sizeof hash);
    assert_ok(ll_sign(p->key, ll_buf_view(&text), raw, &err));
    if (ll_key_alg(p->key) == LL_ED25519) {
        ll_buf_add(out, raw, sizeof raw);
    } else {
        put_der_number(&numbers, raw);
        put_der_number(&numbers, raw + 32);
        ll_buf_c(out, 0x30);
        ll_buf_c(out, (char)numbers.n);
        ll_buf_str(out, ll_buf_view(&numbers));
    }
    ll_buf_free(&numbers);
    ll_buf_free(&text);
}

/* format: "none", or "packed" for self attestation */
static inline void passkey_register(struct passkey *p, const char *format, struct ll_str challenge)
{
    put_client_data(p, "webauthn.create", challenge);
    put_auth_data(p, true);
    ll_buf_clear(&p->object);
    put_hex(&p->object, "a3 63666d74"); /* "fmt" */
    ll_buf_c(&p->object, (char)(0x60 | strlen(format)));
    ll_buf_z(&p->object, format);
    put_hex(&p->object, "6761747453746d74"); /* "attStmt" */
    if (strcmp(format, "packed") == 0) {
        struct ll_buf sig = LL_BUF_INIT(100);
        put_signature(p, &sig);
        put_hex(&p->object, "a2 63616c67"); /* "alg" */
        put_hex(&p->object, ll_key_alg(p->key) == LL_ED25519 ? "27" : "26");
        put_hex(&p->object, "63736967 58"); /* "sig" */
        ll_buf_c(&p->object, (char)sig.n);
        ll_buf_str(&p->object, ll_buf_view(&sig));
        ll_buf_free(&sig);
    } else {
        put_hex(&p->object, "a0");
    }
    put_hex(&p->object, "686175746844617461 58"); /* "authData" */
    ll_buf_c(&p->object, (char)p->auth_data.n);
    ll_buf_str(&p->object, ll_buf_view(&p->auth_data));
}

static inline void passkey_use(struct passkey *p, struct ll_str challenge)
{
    put_client_data(p, "webauthn.get", challenge);
    put_auth_data(p, false);
    ll_buf_clear(&p->signature);
    put_signature(p, &p->signature);
}

static inline struct ll_webauthn_use passkey_sent(const struct passkey *p)
{
    return (struct ll_webauthn_use){ll_buf_view(&p->client_data), ll_buf_view(&p->auth_data),
                                    ll_buf_view(&p->signature)};
}

#endif
