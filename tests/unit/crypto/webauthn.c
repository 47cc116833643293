/* cbor, cose and webauthn: the W3C's vectors, and a passkey in software that gets one thing wrong at a time. */
#include "authenticator.h"

#include "base/fs.h"
#include "crypto/cbor.h"
#include "crypto/cose.h"

#include <jansson.h>

static const char *const origins[] = {"https://hub.example", "https://other.example", NULL};
static const char CHALLENGE[] = "0123456789abcdef0123456789abcdef";

static struct ll_webauthn_want want_of(void)
{
    return (struct ll_webauthn_want){
        .rp_id = "hub.example", .origins = origins, .challenge = ll_str(CHALLENGE), .need_uv = true};
}

/* --- CBOR ----------------------------------------------------------------------------------------------------------- */

static void test_cbor_takes_the_canonical_form_alone(void **state)
{
    static const char *const good[] = {
        "00",
        "17",
        "1818",
        "1903e8",
        "1a000186a0",
        "1b000000e8d4a51000",
        "20",
        "3903e7",
        "40",
        "4401020304",
        "60",
        "63e4b8ad",
        "80",
        "83010203",
        "a0",
        "a201020304",
        "f4",
        "f5",
        "f6",
        "8181818181818180",
        "a3613101613202613303",
    };
    static const char *const bad[] = {
        "",
        "1817",
        "190017",
        "1a000000ff",
        "1b00000000ffffffff",
        "1bffffffffffffffff",
        "18",
        "19ff",
        "1c",
        "1f",
        "44010203",
        "61ff",
        "62c328",
        "8301",
        "a101",
        "a2010201",
        "a201020103",
        "5f40ff",
        "9fff",
        "bfff",
        "c000",
        "d9d9f700",
        "f7",
        "f800",
        "f93c00",
        "fa47c35000",
        "9b7fffffffffffffff",
        "bb7fffffffffffffff",
        "5b7fffffffffffffff",
        "818181818181818180",
        "00 00",
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(good) + LL_COUNT(bad); i++) {
        const char *text = i < LL_COUNT(good) ? good[i] : bad[i - LL_COUNT(good)];
        struct bytes raw = hex(text);
        struct ll_cbor c = ll_cbor_of(view(&raw));
        struct ll_str whole;
        bool taken = ll_cbor_whole(&c, &whole) && ll_cbor_at_end(&c);
        if (taken != (i < LL_COUNT(good)))
            fail_msg("'%s' %s", text, taken ? "was taken" : "was refused");
    }
}

static void test_cbor_finds_by_key(void **state)
{
    struct bytes raw = hex("a4 01 02 20 42abcd 63666d74 646e6f6e65 03 26");
    struct ll_cbor_item v;
    struct ll_str whole;

    (void)state;
    assert_true(ll_cbor_find_int(view(&raw), 1, &v) && v.type == LL_CBOR_UINT && v.n == 2);
    assert_true(ll_cbor_find_int(view(&raw), -1, &v) && v.type == LL_CBOR_BYTES && v.s.n == 2);
    assert_true(ll_cbor_find_int(view(&raw), 3, &v) && v.type == LL_CBOR_NEGATIVE && v.n == -7);
    assert_false(ll_cbor_find_int(view(&raw), 4, &v));
    assert_true(ll_cbor_find_text(view(&raw), "fmt", &whole) && whole.n == 5);
    assert_false(ll_cbor_find_text(view(&raw), "none", &whole));
}

/* --- COSE keys ------------------------------------------------------------------------------------------------------ */

static void test_cose_keys_that_are_none(void **state)
{
    static const char *const bad[] = {
        "",
        "a0",
        "80",
        /* Ed25519, 31 bytes; another curve; another kty; without alg; bytes after it */
        "a40101032720062158 1f 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af466",
        "a4010103272004215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "a4010203272006215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "a301012006215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "a4010103272006215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c 00",
        /* ES256, not on the curve */
        ("a50102032620012158 20 60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6 225820"
         "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D446229A"),
        /* RS256 with a short modulus */
        "a401030339010020 44 c0ffee01 21 43010001",
    };
    struct ll_err err;
    struct ll_cose_key *k = NULL;
    struct bytes good = hex(
        "a4010103272006215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct bytes raw = hex(bad[i]);
        if (ll_cose_key_read(view(&raw), &k, &err) != LL_INVALID)
            fail_msg("%s was taken", bad[i]);
    }
    assert_null(k);
    assert_ok(ll_cose_key_read(view(&good), &k, &err));
    assert_int_equal(ll_cose_key_alg(k), LL_COSE_EDDSA);
    ll_cose_key_free(k);
}

/* --- a passkey ------------------------------------------------------------------------------------------------------ */

static int try_register(struct passkey *p, struct ll_webauthn_want want, struct ll_webauthn_credential *c)
{
    struct ll_err err;

    return ll_webauthn_register(&want, ll_buf_view(&p->client_data), ll_buf_view(&p->object), c, &err);
}

static void test_a_passkey_registers_and_is_used(void **state)
{
    static const enum ll_alg algs[] = {LL_ES256, LL_ED25519};
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *format = i & 1 ? "packed" : "none";
        struct ll_webauthn_want want = want_of();
        struct ll_webauthn_credential c;
        struct ll_webauthn_seen seen;
        struct passkey p;
        passkey_init(&p, algs[i / 2]);
        passkey_register(&p, format, want.challenge);
        assert_ok(ll_webauthn_register(&want, ll_buf_view(&p.client_data), ll_buf_view(&p.object), &c, &err));
        assert_hex(c.id.p, c.id.n, "c0ffee01");
        assert_hex(c.aaguid, sizeof c.aaguid, "00112233445566778899aabbccddeeff");
        assert_int_equal(c.sign_count, 1);
        assert_int_equal(c.self_attested, i & 1);
        assert_int_equal(c.alg, algs[i / 2] == LL_ES256 ? LL_COSE_ES256 : LL_COSE_EDDSA);
        for (size_t at = 0; at < p.object.n; at++) { /* any byte: refused, or another credential than this */
            struct ll_webauthn_credential other;
            p.object.p[at] ^= 1;
            if (try_register(&p, want, &other) == LL_OK && (i & 1) && ll_str_eq(other.cose, c.cose) &&
                other.self_attested)
                assert_true(at >=
                            4); /* fmt's own name can turn into an unknown format, which attests nothing */
            p.object.p[at] ^= 1;
        }
        p.count = 2;
        passkey_use(&p, want.challenge);
        const struct ll_webauthn_known known = {c.cose, c.sign_count, false};
        struct ll_webauthn_use use = passkey_sent(&p);
        assert_ok(ll_webauthn_verify(&want, &known, &use, &seen, &err));
        assert_int_equal(seen.sign_count, 2);
        assert_int_equal(seen.flags, LL_WEBAUTHN_UP | LL_WEBAUTHN_UV);
        passkey_free(&p);
    }
}

/* What a test changes before the passkey answers. */
struct twist {
    const char *name;
    unsigned flags;
    uint32_t count;
    const char *rp_id, *origin, *client_extra, *challenge;
    int rc;
};
#define RIGHT                                                                                                \
    .flags = 5, .count = 2, .rp_id = "hub.example", .origin = "https://hub.example", .client_extra = "",     \
    .challenge = CHALLENGE

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct twist twists[] = {
    {"right", RIGHT, .rc = LL_OK},
    {"the second origin", RIGHT, .origin = "https://other.example", .rc = LL_OK},
    {"another member", RIGHT, .client_extra = ",\"crossOrigin\":false,\"future\":[1]", .rc = LL_OK},
    {"another challenge", RIGHT, .challenge = "0123456789abcdef0123456789abcdeF", .rc = LL_INVALID},
    {"a shorter challenge", RIGHT, .challenge = "0123456789abcdef0123456789abcde", .rc = LL_INVALID},
    {"a longer challenge", RIGHT, .challenge = "0123456789abcdef0123456789abcdef0", .rc = LL_INVALID},
    {"no challenge", RIGHT, .challenge = "", .rc = LL_INVALID},
    {"another origin", RIGHT, .origin = "https://hub.example.evil.example", .rc = LL_INVALID},
    {"an origin without TLS", RIGHT, .origin = "http://hub.example", .rc = LL_INVALID},
    {"another site", RIGHT, .rp_id = "example", .rc = LL_INVALID},
    {"inside another page", RIGHT, .client_extra = ",\"crossOrigin\":true", .rc = LL_INVALID},
    {"inside a named page", RIGHT,
     .client_extra = ",\"crossOrigin\":true,\"topOrigin\":\"https://top.example\"", .rc = LL_INVALID},
    {"a top without cross", RIGHT, .client_extra = ",\"topOrigin\":\"https://top.example\"",
     .rc = LL_INVALID},
    {"cross that is no boolean", RIGHT, .client_extra = ",\"crossOrigin\":\"false\"", .rc = LL_INVALID},
    {"a member twice", RIGHT, .client_extra = ",\"origin\":\"https://hub.example\"", .rc = LL_INVALID},
    {"nobody there", RIGHT, .flags = 4, .rc = LL_INVALID},
    {"not recognised", RIGHT, .flags = 1, .rc = LL_INVALID},
    {"backed up, but may not be", RIGHT, .flags = 5 | LL_WEBAUTHN_BS, .rc = LL_INVALID},
    {"may be backed up, but did not say so", RIGHT, .flags = 5 | LL_WEBAUTHN_BE, .rc = LL_INVALID},
    {"extensions that are not there", RIGHT, .flags = 5 | 0x80, .rc = LL_INVALID},
    {"a key that is not there", RIGHT, .flags = 5 | 0x40, .rc = LL_INVALID},
    {"the same counter", RIGHT, .count = 1, .rc = LL_CONFLICT},
    {"a counter gone back", RIGHT, .count = 0, .rc = LL_CONFLICT},
    {"a counter far ahead", RIGHT, .count = UINT32_MAX, .rc = LL_OK},
};
#pragma GCC diagnostic pop

static void apply(struct passkey *p, const struct twist *t)
{
    p->flags = t->flags;
    p->count = t->count;
    p->rp_id = t->rp_id;
    p->origin = t->origin;
    p->client_extra = t->client_extra;
}

static void test_every_check_of_a_use(void **state)
{
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_credential c;
    struct ll_webauthn_seen seen;
    struct ll_err err;
    struct passkey p;

    (void)state;
    passkey_init(&p, LL_ES256);
    passkey_register(&p, "none", want.challenge);
    assert_ok(ll_webauthn_register(&want, ll_buf_view(&p.client_data), ll_buf_view(&p.object), &c, &err));
    for (size_t i = 0; i < LL_COUNT(twists); i++) {
        const struct ll_webauthn_known known = {c.cose, 1, false};
        apply(&p, &twists[i]);
        passkey_use(&p, ll_str(twists[i].challenge));
        struct ll_webauthn_use use = passkey_sent(&p);
        int rc = ll_webauthn_verify(&want, &known, &use, &seen, &err);
        if (rc != twists[i].rc)
            fail_msg("%s: %s", twists[i].name, rc < 0 ? err.en : "taken");
    }
    passkey_free(&p);
}

static void test_every_check_of_a_registration(void **state)
{
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_credential c;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(twists); i++) {
        struct passkey p;
        /* these are no matter at a registration: there is nothing to compare with */
        bool later = twists[i].rc == LL_CONFLICT || twists[i].flags == (5 | LL_WEBAUTHN_BE) ||
                     twists[i].flags == (5 | 0x40);
        passkey_init(&p, LL_ED25519);
        apply(&p, &twists[i]);
        passkey_register(&p, "none", ll_str(twists[i].challenge));
        int rc = try_register(&p, want, &c);
        if (rc != (later ? LL_OK : twists[i].rc))
            fail_msg("%s: %s", twists[i].name, ll_rc_name(rc));
        passkey_free(&p);
    }
}

static void test_what_was_sent_changed_on_the_way(void **state)
{
    static const enum ll_alg algs[] = {LL_ES256, LL_ED25519};
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_seen seen;
    struct ll_err err;

    (void)state;
    for (size_t a = 0; a < LL_COUNT(algs); a++) {
        struct ll_buf cose = LL_BUF_INIT(200);
        struct passkey p, other;
        passkey_init(&p, algs[a]);
        passkey_init(&other, algs[a]);
        put_cose(&cose, p.key);
        const struct ll_webauthn_known known = {ll_buf_view(&cose), 0, false};
        passkey_use(&p, want.challenge);
        struct ll_buf *parts[] = {&p.client_data, &p.auth_data, &p.signature};
        for (size_t part = 0; part < LL_COUNT(parts); part++)
            for (size_t at = 0; at < parts[part]->n; at++) {
                parts[part]->p[at] ^= 0x20;
                struct ll_webauthn_use use = passkey_sent(&p);
                if (ll_webauthn_verify(&want, &known, &use, &seen, &err) == LL_OK)
                    fail_msg("part %zu, byte %zu changed, and taken", part, at);
                parts[part]->p[at] ^= 0x20;
            }
        passkey_use(&other, want.challenge);
        struct ll_webauthn_use use = passkey_sent(&other);
        assert_int_equal(ll_webauthn_verify(&want, &known, &use, &seen, &err), LL_INVALID);
        ll_buf_free(&cose);
        passkey_free(&p);
        passkey_free(&other);
    }
}

/* A synced passkey counts nothing: 0 and 0 is not a clone. */
static void test_a_passkey_that_does_not_count(void **state)
{
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_seen seen;
    struct ll_err err;
    struct ll_buf cose = LL_BUF_INIT(200);
    struct passkey p;

    (void)state;
    passkey_init(&p, LL_ES256);
    put_cose(&cose, p.key);
    p.count = 0;
    p.flags |= LL_WEBAUTHN_BE | LL_WEBAUTHN_BS;
    passkey_use(&p, want.challenge);
    struct ll_webauthn_use use = passkey_sent(&p);
    assert_ok(ll_webauthn_verify(&want, &(struct ll_webauthn_known){ll_buf_view(&cose), 0, true}, &use, &seen,
                                 &err));
    assert_int_equal(seen.flags, 0x1d);
    ll_buf_free(&cose);
    passkey_free(&p);
}

static void test_an_approval_is_of_its_text(void **state)
{
    unsigned char nonce[LL_NONCE] = {1}, a[LL_DIGEST], b[LL_DIGEST];

    (void)state;
    ll_approval_challenge(nonce, LL_STR("同意提供纳税信用等级"), a);
    ll_approval_challenge(nonce, LL_STR("同意提供纳税信用等级。"), b);
    assert_memory_not_equal(a, b, sizeof a);
    nonce[31] = 1;
    ll_approval_challenge(nonce, LL_STR("同意提供纳税信用等级"), b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* --- the W3C's vectors ---------------------------------------------------------------------------------------------- */

/* The nth field of that name. */
static struct bytes vector(const json_t *fields, const char *name, size_t nth)
{
    size_t i;
    json_t *f;

    json_array_foreach(fields, i, f) if (strcmp(json_string_value(json_object_get(f, "name")), name) == 0 &&
                                         nth-- == 0) return hex(json_string_value(json_object_get(f, "hex")));
    return (struct bytes){.n = 0};
}

static bool has(const char *id, const char *part)
{
    return strstr(id, part) != NULL;
}

static void check_case(const char *id, const json_t *fields, bool embedded)
{
    static const char *const site[] = {"https://example.org", NULL};
    static const char *const top[] = {"https://example.com", NULL};
    struct bytes challenge = vector(fields, "challenge", 0), client = vector(fields, "clientDataJSON", 0),
                 object = vector(fields, "attestationObject", 0);
    struct ll_webauthn_want want = {"example.org", site, embedded ? top : NULL, view(&challenge), false};
    struct ll_webauthn_credential c;
    struct ll_webauthn_seen seen;
    struct ll_err err;
    bool ours = !has(id, "es384") && !has(id, "es512") && !has(id, "ed448");
    bool inside = has(id, "crossOrigin") || has(id, "topOrigin");

    int rc = ll_webauthn_register(&want, view(&client), view(&object), &c, &err);
    if (!ours || (inside && !embedded)) {
        assert_int_equal(rc, LL_INVALID);
        return;
    }
    if (rc < 0)
        fail_msg("%s: %s", id, err.en);
    assert_int_equal(c.self_attested, has(id, "packed-self"));
    struct bytes id_bytes = vector(fields, "credential_id", 0);
    assert_int_equal(c.id.n, id_bytes.n);
    assert_memory_equal(c.id.p, id_bytes.p, id_bytes.n);

    challenge = vector(fields, "challenge", 1);
    want.challenge = view(&challenge);
    client = vector(fields, "clientDataJSON", 1);
    struct bytes auth = vector(fields, "authenticatorData", 0), sig = vector(fields, "signature", 0);
    const struct ll_webauthn_use use = {view(&client), view(&auth), view(&sig)};
    const struct ll_webauthn_known known = {c.cose, c.sign_count, (c.flags & LL_WEBAUTHN_BE) != 0};
    rc = ll_webauthn_verify(&want, &known, &use, &seen, &err);
    if (rc < 0)
        fail_msg("%s, use: %s", id, err.en);
    want.top_origins = NULL;
    rc = ll_webauthn_verify(&want, &known, &use, &seen, &err);
    assert_int_equal(rc, inside ? LL_INVALID : LL_OK);
}

static void test_vectors_of_the_w3c(void **state)
{
    const char *dir = getenv("LULING_VECTORS");
    char path[LL_PATH];
    unsigned n = 0;
    size_t i;
    json_t *c;

    (void)state;
    json_t *root = dir && ll_path(path, NULL, "%s/webauthn.json", dir) == LL_OK
                       ? json_load_file(path, 0, NULL)
                       : NULL;
    if (!root) {
        print_message("no webauthn.json in %s: the W3C's vectors are not run\n",
                      dir ? dir : "$LULING_VECTORS");
        skip();
    }
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        const char *id = json_string_value(json_object_get(c, "id"));
        if (has(id, "root-cert"))
            continue;
        check_case(id, json_object_get(c, "fields"), false);
        check_case(id, json_object_get(c, "fields"), true);
        n++;
    }
    assert_int_equal(n, 15);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cbor_takes_the_canonical_form_alone),
        cmocka_unit_test(test_cbor_finds_by_key),
        cmocka_unit_test(test_cose_keys_that_are_none),
        cmocka_unit_test(test_a_passkey_registers_and_is_used),
        cmocka_unit_test(test_every_check_of_a_use),
        cmocka_unit_test(test_every_check_of_a_registration),
        cmocka_unit_test(test_what_was_sent_changed_on_the_way),
        cmocka_unit_test(test_a_passkey_that_does_not_count),
        cmocka_unit_test(test_an_approval_is_of_its_text),
        cmocka_unit_test(test_vectors_of_the_w3c),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
