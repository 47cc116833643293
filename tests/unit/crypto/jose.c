/* jwk, jws, claims: the vectors of RFC 7515, RFC 8037 and RFC 7638; none, other algorithms and double meanings are refused. */
#include "hex.h"

#include "crypto/claims.h"
#include "crypto/jwk.h"
#include "crypto/jws.h"

/* RFC 8037, appendix A */
static const char ed_jwk[] =
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
static const char ed_token[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4"
    "iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/* RFC 7515, A.3 */
static const char es_jwk[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
static const char es_token[] =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static struct ll_key *key_of(const char *jwk, enum ll_jwk_half half)
{
    struct ll_err err;
    struct ll_key *k = NULL;

    assert_ok(ll_jwk_parse(ll_str(jwk), half, &k, &err));
    return k;
}

static int verify(const char *token, const struct ll_key *k)
{
    struct ll_err err;
    struct ll_jws *t = NULL;
    int rc = ll_jws_parse(ll_str(token), 0, &t, &err);

    if (rc == LL_OK)
        rc = ll_jws_verify(t, k, &err);
    ll_jws_free(t);
    return rc;
}

static void test_vectors(void **state)
{
    struct ll_key *es = key_of(es_jwk, LL_JWK_PUBLIC), *ed = key_of(ed_jwk, LL_JWK_PRIVATE);
    char print[LL_THUMBPRINT];

    (void)state;
    assert_int_equal(verify(es_token, es), LL_OK);
    assert_int_equal(verify(es_token, ed), LL_INVALID);
    assert_int_equal(verify(ed_token, ed), LL_INVALID); /* its payload is a text, not claims */
    ll_jwk_thumbprint(ed, print);
    assert_string_equal(print, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"); /* RFC 8037, A.3 */
    ll_key_free(es);
    ll_key_free(ed);
}

static void test_ours_verify_and_each_by_its_key_alone(void **state)
{
    struct ll_err err;
    struct ll_key *k[LL_ALG_COUNT];
    const struct ll_jws_head head = {"at+jwt", "k1"};

    (void)state;
    for (int i = 0; i < LL_ALG_COUNT; i++)
        assert_ok(ll_key_generate((enum ll_alg)i, &k[i], &err));
    for (int i = 0; i < LL_ALG_COUNT; i++) {
        struct ll_buf out = LL_BUF_INIT(4096);
        struct ll_jws *t = NULL;
        assert_ok(ll_jws_sign(k[i], &head, LL_STR("{\"iss\":\"bank\",\"n\":1}"), &out, &err));
        assert_ok(ll_jws_parse(ll_buf_view(&out), 0, &t, &err));
        assert_str(ll_jws_hint(t, "kid"), "k1");
        assert_str(ll_jws_hint(t, "iss"), "bank");
        assert_true(ll_jws_typ_is(t, "AT+JWT") && !ll_jws_typ_is(t, "jwt"));
        for (int other = 0; other < LL_ALG_COUNT; other++)
            assert_int_equal(ll_jws_verify(t, k[other], &err), other == i ? LL_OK : LL_INVALID);
        assert_ok(ll_jws_verify(t, k[i], &err));
        assert_int_equal(json_integer_value(json_object_get(ll_jws_claims(t), "n")), 1);
        ll_jws_free(t);
        for (size_t at = 0; at < out.n; at++) { /* every single character matters */
            char was = out.p[at];
            out.p[at] = was == 'A' ? 'B' : 'A';
            if (verify(out.p, k[i]) == LL_OK)
                fail_msg("verified with character %zu changed", at);
            out.p[at] = was;
        }
        ll_buf_free(&out);
    }
    for (int i = 0; i < LL_ALG_COUNT; i++)
        ll_key_free(k[i]);
}

/* header.claims signed as they stand, by whatever key. */
static void make(const struct ll_key *k, const char *header, const char *claims, struct ll_buf *out)
{
    struct ll_err err;
    unsigned char sig[LL_SIGNATURE];

    ll_base64_put(out, LL_BASE64_URL, header, strlen(header));
    ll_buf_c(out, '.');
    ll_base64_put(out, LL_BASE64_URL, claims, strlen(claims));
    assert_ok(ll_sign(k, ll_buf_view(out), sig, &err));
    ll_buf_c(out, '.');
    ll_base64_put(out, LL_BASE64_URL, sig, sizeof sig);
}

static void test_headers_that_lie_are_refused(void **state)
{
    static const struct {
        const char *header, *claims;
        int rc;
    } cases[] = {
        {"{\"alg\":\"ES256\"}", "{}", LL_OK},
        {"{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"},\"jku\":\"https://evil.example\"}", "{}",
         LL_OK},
        {"{\"alg\":\"none\"}", "{}", LL_INVALID},
        {"{\"alg\":\"None\"}", "{}", LL_INVALID},
        {"{\"alg\":\"es256\"}", "{}", LL_INVALID},
        {"{\"alg\":\"HS256\"}", "{}", LL_INVALID},
        {"{\"alg\":\"EdDSA\"}", "{}", LL_INVALID},
        {"{\"alg\":\"SM2-SM3\"}", "{}", LL_INVALID},
        {"{\"alg\":[\"ES256\"]}", "{}", LL_INVALID},
        {"{}", "{}", LL_INVALID},
        {"{\"alg\":\"none\",\"alg\":\"ES256\"}", "{}", LL_INVALID},
        {"{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"b64\":false}", "{}", LL_INVALID},
        {"[\"ES256\"]", "{}", LL_INVALID},
        {"{\"alg\":\"ES256\"} ", "{}", LL_OK},
        {"{\"alg\":\"ES256\"}x", "{}", LL_INVALID},
        {"{\"alg\":\"ES256\"}", "{\"sub\":\"a\",\"sub\":\"b\"}", LL_INVALID},
        {"{\"alg\":\"ES256\"}", "[]", LL_INVALID},
        {"{\"alg\":\"ES256\"}", "", LL_INVALID},
        {"{\"alg\":\"ES256\"}", "{\"a\":\"\xff\"}", LL_INVALID},
    };
    struct ll_err err;
    struct ll_key *k = NULL;

    (void)state;
    assert_ok(ll_key_generate(LL_ES256, &k, &err));
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_buf token = LL_BUF_INIT(4096);
        make(k, cases[i].header, cases[i].claims, &token);
        int rc = verify(token.p, k);
        if (rc != cases[i].rc)
            fail_msg("%s %s: %s", cases[i].header, cases[i].claims, ll_rc_name(rc));
        ll_buf_free(&token);
    }
    ll_key_free(k);
}

static void test_shapes_that_are_no_token(void **state)
{
    static const char *const bad[] = {
        "", ".", "..", "...", "a.b", "e30.e30.", "e30.e30.AAAA", "eyJhbGciOiJub25lIn0.e30.",
    };
    struct ll_err err;
    struct ll_jws *t = NULL;
    struct ll_buf big = LL_BUF_INIT(2 * LL_JWS_MAX);

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_jws_parse(ll_str(bad[i]), 0, &t, &err), LL_INVALID);
    /* a signature in padded or in standard base64 is another spelling */
    ll_buf_printf(&big, "%s==", es_token);
    assert_int_equal(ll_jws_parse(ll_buf_view(&big), 0, &t, &err), LL_INVALID);
    assert_int_equal(ll_jws_parse(ll_str(es_token), 100, &t, &err), LL_TOOBIG);
    while (big.n <= LL_JWS_MAX)
        ll_buf_z(&big, "AAAAAAAA");
    assert_int_equal(ll_jws_parse(ll_buf_view(&big), 0, &t, &err), LL_TOOBIG);
    assert_null(t);
    ll_buf_free(&big);
}

static void test_keys_that_are_none(void **state)
{
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"alg\":\"ES256\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"use\":\"enc\"}",
        "{\"kty\":\"EC\",\"crv\":\"SM2\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
        ed_jwk, /* it holds the private half */
    };
    static const char mixed[] =
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
        "\"x\":\"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw\"}";
    struct ll_err err;
    struct ll_key *k = NULL;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_jwk_parse(ll_str(bad[i]), LL_JWK_PUBLIC, &k, &err) != LL_INVALID)
            fail_msg("%s was taken", bad[i]);
    assert_int_equal(ll_jwk_parse(ll_str(mixed), LL_JWK_PRIVATE, &k, &err), LL_INVALID);
    assert_int_equal(ll_jwk_parse(ll_str(es_jwk), LL_JWK_PRIVATE, &k, &err), LL_INVALID);
    assert_null(k);
}

static int count_key(void *ctx, const struct ll_key *k, struct ll_str kid, struct ll_err *err)
{
    (void)k, (void)err;
    *(unsigned *)ctx += kid.p ? 10 : 1;
    return LL_OK;
}

static void test_sets_and_what_we_print(void **state)
{
    struct ll_err err;
    struct ll_buf set = LL_BUF_INIT(4096);
    struct ll_json j;
    unsigned seen = 0;

    (void)state;
    ll_json_init(&j, &set);
    ll_json_obj(&j);
    ll_json_key(&j, "keys");
    ll_json_arr(&j);
    for (int i = 0; i < LL_ALG_COUNT; i++) {
        struct ll_key *k = NULL;
        assert_ok(ll_key_generate((enum ll_alg)i, &k, &err));
        ll_jwk_put(k, i ? "named" : NULL, &j);
        ll_key_free(k);
    }
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
    assert_ok(ll_jwks_each(ll_buf_view(&set), count_key, &seen, &err));
    assert_int_equal(seen, 21);
    assert_ok(ll_jwks_each(ll_str(es_jwk), count_key, &seen, &err));
    assert_int_equal(seen, 22);
    assert_int_equal(ll_jwks_each(LL_STR("{\"keys\":[]}"), count_key, &seen, &err), LL_INVALID);
    assert_int_equal(ll_jwks_each(LL_STR("{\"keys\":{}}"), count_key, &seen, &err), LL_INVALID);
    assert_int_equal(ll_jwks_each(LL_STR("{\"keys\":[1]}"), count_key, &seen, &err), LL_INVALID);
    ll_buf_free(&set);
}

static void test_claims(void **state)
{
    static const char *const ours[] = {"https://hub.example", "https://hub.example/token", NULL};
    static const struct {
        const char *json;
        int rc;
    } cases[] = {
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"iat\":1000,\"jti\":\"x\"}", LL_OK},
        {"{\"iss\":\"c1\",\"aud\":[\"other\",\"https://hub.example/token\"],\"exp\":1060,\"jti\":\"x\"}",
         LL_OK},
        {"{\"iss\":\"c2\",\"aud\":\"https://hub.example\",\"exp\":1060,\"jti\":\"x\"}", LL_INVALID},
        {"{\"aud\":\"https://hub.example\",\"exp\":1060,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://evil.example\",\"exp\":1060,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":[],\"exp\":1060,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":[[\"https://hub.example\"]],\"exp\":1060,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":\"1060\",\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":-1,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":9223372036854775807,\"jti\":\"x\"}",
         LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"jti\":\"\"}", LL_INVALID},
        /* now is 1000, clocks may differ by 5, a token lives 100 at most */
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":996,\"jti\":\"x\"}", LL_OK},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":995,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1105,\"jti\":\"x\"}", LL_OK},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1106,\"jti\":\"x\"}", LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"nbf\":1005,\"jti\":\"x\"}", LL_OK},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"nbf\":1006,\"jti\":\"x\"}",
         LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"iat\":1006,\"jti\":\"x\"}",
         LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"iat\":894,\"jti\":\"x\"}",
         LL_INVALID},
        {"{\"iss\":\"c1\",\"aud\":\"https://hub.example\",\"exp\":1060,\"iat\":895,\"jti\":\"x\"}", LL_OK},
    };
    const struct ll_claims_want want = {.must = LL_CLAIM_ISS | LL_CLAIM_AUD | LL_CLAIM_EXP | LL_CLAIM_JTI,
                                        .text = {[LL_CLAIM_AT_ISS] = "c1"},
                                        .audiences = ours,
                                        .now_s = 1000,
                                        .skew_s = 5,
                                        .max_life_s = 100};
    struct ll_err err;
    struct ll_claims c;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        json_t *json = json_loads(cases[i].json, 0, NULL);
        assert_non_null(json);
        int rc = ll_claims_check(json, &want, &c, &err);
        if (rc != cases[i].rc)
            fail_msg("%s: %s", cases[i].json, rc < 0 ? err.en : "taken");
        if (rc == LL_OK)
            assert_str(c.text[LL_CLAIM_AT_JTI], "x");
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_ours_verify_and_each_by_its_key_alone),
        cmocka_unit_test(test_headers_that_lie_are_refused),
        cmocka_unit_test(test_shapes_that_are_no_token),
        cmocka_unit_test(test_keys_that_are_none),
        cmocka_unit_test(test_sets_and_what_we_print),
        cmocka_unit_test(test_claims),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
