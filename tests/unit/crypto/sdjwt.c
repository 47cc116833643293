/* sdjwt and statuslist: the examples of RFC 9901 and of the Token Status List draft; disclosures that have no place, or two. */
#include "hex.h"

#include "crypto/jwk.h"
#include "crypto/jws.h"
#include "crypto/sdjwt_impl.h"
#include "crypto/statuslist.h"

static const struct ll_sdjwt_want plain = {.typ = "dc+sd-jwt", .now_s = 1000};

static void test_the_digest_of_the_standard(void **state)
{
    char digest[LL_SDJWT_DIGEST];

    (void)state;
    ll_sdjwt_digest(LL_STR("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"),
                    digest);
    assert_string_equal(digest, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
}

static struct ll_key *new_key(enum ll_alg alg)
{
    struct ll_err err;
    struct ll_key *k = NULL;

    assert_ok(ll_key_generate(alg, &k, &err));
    return k;
}

static void test_what_is_kept_back_is_not_there(void **state)
{
    const struct ll_sdjwt_claim secret[] = {{"subject", LL_STR("\"91360800MA35XXXX1A\"")},
                                            {"name", LL_STR("{\"zh\":\"吉安\"}")},
                                            {"n", LL_STR("7")}};
    struct ll_err err;
    struct ll_buf out = LL_BUF_INIT(LL_SDJWT_MAX), part = LL_BUF_INIT(LL_SDJWT_MAX);
    struct ll_key *k = new_key(LL_ES256), *other = new_key(LL_ES256);
    json_t *claims = json_pack("{s:s, s:i}", "iss", "https://hub.example", "exp", 2000), *got = NULL;

    (void)state;
    assert_ok(ll_sdjwt_issue(k, "k1", claims, secret, 3, &out, &err));
    assert_ok(ll_sdjwt_verify(ll_buf_view(&out), k, &plain, &got, &err));
    assert_string_equal(json_string_value(json_object_get(got, "subject")), "91360800MA35XXXX1A");
    assert_int_equal(json_integer_value(json_object_get(got, "n")), 7);
    assert_int_equal(json_object_size(got), 5);
    json_decref(got);
    assert_int_equal(ll_sdjwt_verify(ll_buf_view(&out), other, &plain, &got, &err), LL_INVALID);

    /* without its middle disclosure */
    struct ll_str text = ll_buf_view(&out), head, first, middle;
    ll_str_cut(text, '~', &head, &text);
    ll_str_cut(text, '~', &first, &text);
    ll_str_cut(text, '~', &middle, &text);
    ll_buf_printf(&part, LL_STR_FMT "~" LL_STR_FMT "~" LL_STR_FMT, LL_STR_ARG(head), LL_STR_ARG(first),
                  LL_STR_ARG(text));
    assert_ok(ll_sdjwt_verify(ll_buf_view(&part), k, &plain, &got, &err));
    assert_int_equal(json_object_size(got), 4);
    assert_null(json_object_get(got, "name"));
    json_decref(got);

    struct ll_sdjwt_want late = plain;
    late.now_s = 2000;
    assert_int_equal(ll_sdjwt_verify(ll_buf_view(&out), k, &late, &got, &err), LL_INVALID);
    late = plain;
    late.typ = "vc+sd-jwt";
    assert_int_equal(ll_sdjwt_verify(ll_buf_view(&out), k, &late, &got, &err), LL_INVALID);
    json_decref(claims);
    ll_buf_free(&out);
    ll_buf_free(&part);
    ll_key_free(k);
    ll_key_free(other);
}

/* The disclosure of a JSON text, and its digest. */
static void disclose(const char *json, struct ll_buf *out, char digest[LL_SDJWT_DIGEST])
{
    ll_buf_clear(out);
    ll_base64_put(out, LL_BASE64_URL, json, strlen(json));
    ll_sdjwt_digest(ll_buf_view(out), digest);
}

/* claims: < and > stand for the digests of the two disclosures. */
static int judge(const char *claims, const char *one, const char *two, bool both, json_t **got)
{
    const struct ll_jws_head head = {"dc+sd-jwt", NULL};
    struct ll_err err;
    struct ll_key *k = new_key(LL_ED25519);
    struct ll_buf a = LL_BUF_INIT(4096), b = LL_BUF_INIT(4096), text = LL_BUF_INIT(8192),
                  out = LL_BUF_INIT(LL_SDJWT_MAX);
    char da[LL_SDJWT_DIGEST], db[LL_SDJWT_DIGEST];

    disclose(two, &b, db);
    ll_buf_printf(&text, one, db); /* the first may hold the second */
    disclose(text.p, &a, da);
    ll_buf_clear(&text);
    for (const char *p = claims; *p; p++)
        if (*p == '<' || *p == '>')
            ll_buf_printf(&text, "\"%s\"", *p == '<' ? da : db);
        else
            ll_buf_c(&text, *p);
    assert_ok(ll_jws_sign(k, &head, ll_buf_view(&text), &out, &err));
    ll_buf_printf(&out, "~%s~", a.p);
    if (both)
        ll_buf_printf(&out, "%s~", b.p);
    int rc = ll_sdjwt_verify(ll_buf_view(&out), k, &plain, got, &err);
    ll_buf_free(&a);
    ll_buf_free(&b);
    ll_buf_free(&text);
    ll_buf_free(&out);
    ll_key_free(k);
    return rc;
}

static void test_disclosures_and_their_places(void **state)
{
    static const struct {
        const char *claims, *one, *two, *want; /* want NULL: refused */
    } cases[] = {
        {"{\"_sd\":[<,>]}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", "{\"a\":true,\"b\":null}"},
        {"{\"o\":{\"_sd\":[<]},\"l\":[{\"...\":>},\"z\"]}", "[\"s\",\"a\",true]", "[\"s\",[\"e\"]]",
         "{\"l\":[[\"e\"],\"z\"],\"o\":{\"a\":true}}"},
        {"{\"_sd\":[<]}", "[\"s\",\"a\",{\"_sd\":[\"%s\"]}]", "[\"s\",\"b\",\"deep\"]",
         "{\"a\":{\"b\":\"deep\"}}"},
        {"{\"l\":[{\"...\":<}]}", "[\"s\",[{\"...\":\"%s\"}]]", "[\"s\",\"deep\"]", "{\"l\":[[\"deep\"]]}"},
        {"{\"_sd\":[<,>],\"_sd_alg\":\"sha-256\"}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]",
         "{\"a\":true,\"b\":null}"},
        {"{\"_sd\":[<,>],\"_sd_alg\":\"sha-512\"}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<]}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]",
         NULL}, /* nothing refers to the second */
        {"{\"_sd\":[<,>,>]}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL}, /* a digest twice */
        {"{\"_sd\":[<,>],\"o\":{\"_sd\":[>]}}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>],\"a\":1}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]",
         NULL}, /* a name that is there */
        {"{\"_sd\":[<,>]}", "[\"s\",\"a\",true]", "[\"t\",\"a\",null]", NULL},
        {"{\"_sd\":[<,>]}", "[\"s\",\"_sd\",[]]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>]}", "[\"s\",\"...\",\"x\"]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>]}", "[\"s\",true]", "[\"s\",\"b\",null]", NULL}, /* an element in an object */
        {"{\"_sd\":[>],\"l\":[{\"...\":<}]}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[>],\"l\":[{\"...\":<,\"x\":>}]}", "[\"s\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>]}", "{\"s\":1}", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>]}", "[7,\"a\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>]}", "[\"s\",\"a\",true,0]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":<,\"x\":{\"_sd\":[>]}}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL},
        {"{\"_sd\":[<,>],\"o\":{\"...\":\"x\"}}", "[\"s\",\"a\",true]", "[\"s\",\"b\",null]", NULL},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        json_t *got = NULL;
        int rc = judge(cases[i].claims, cases[i].one, cases[i].two, true, &got);
        char *text = rc == LL_OK ? json_dumps(got, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        if (cases[i].want ? !text || strcmp(text, cases[i].want) != 0 : rc != LL_INVALID)
            fail_msg("%s: %s", cases[i].claims, text ? text : ll_rc_name(rc));
        free(text);
        json_decref(got);
    }
    json_t *got = NULL;
    assert_int_equal(judge("{\"_sd\":[<,>],\"l\":[{\"...\":\"decoy\"}]}", "[\"s\",\"a\",true]",
                           "[\"s\",\"b\",null]", false, &got),
                     LL_OK);
    assert_int_equal(json_array_size(json_object_get(got, "l")), 0);
    assert_null(json_object_get(got, "b"));
    json_decref(got);
}

static void test_shapes_that_are_none(void **state)
{
    static const char *const bad[] = {"", "~", "a.b.c", "a.b.c~", "~~", "e30.e30.AA~~"};
    struct ll_key *k = new_key(LL_ED25519);
    json_t *got = NULL;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_sdjwt_verify(ll_str(bad[i]), k, &plain, &got, NULL), LL_INVALID);
    assert_null(got);
    ll_key_free(k);
}

static void bind_to(const struct ll_key *holder, struct ll_buf *credential, const char *nonce,
                    const char *aud, int64_t iat, const char *typ)
{
    const struct ll_jws_head head = {typ, NULL};
    struct ll_err err;
    struct ll_buf claims = LL_BUF_INIT(1000);
    char digest[LL_SDJWT_DIGEST];

    ll_sdjwt_digest(ll_buf_view(credential), digest);
    ll_buf_printf(&claims, "{\"nonce\":\"%s\",\"aud\":\"%s\",\"iat\":%lld,\"sd_hash\":\"%s\"}", nonce, aud,
                  (long long)iat, digest);
    assert_ok(ll_jws_sign(holder, &head, ll_buf_view(&claims), credential, &err));
    ll_buf_free(&claims);
}

static void test_key_binding(void **state)
{
    static const struct {
        const char *nonce, *aud, *typ;
        int64_t iat;
        bool other_key;
        int rc;
    } cases[] = {
        {"n1", "https://bank.example", "kb+jwt", 990, false, LL_OK},
        {"n2", "https://bank.example", "kb+jwt", 990, false, LL_INVALID},
        {"n1", "https://evil.example", "kb+jwt", 990, false, LL_INVALID},
        {"n1", "https://bank.example", "JWT", 990, false, LL_INVALID},
        {"n1", "https://bank.example", "kb+jwt", 600, false, LL_INVALID},
        {"n1", "https://bank.example", "kb+jwt", 1100, false, LL_INVALID},
        {"n1", "https://bank.example", "kb+jwt", 990, true, LL_INVALID},
    };
    const struct ll_sdjwt_want want = {"dc+sd-jwt", "https://bank.example", "n1", 1000, 10, 300};
    const struct ll_sdjwt_claim secret = {"a", LL_STR("1")};
    struct ll_err err;
    struct ll_key *issuer = new_key(LL_ES256), *holder = new_key(LL_ED25519), *other = new_key(LL_ED25519);
    struct ll_buf jwk = LL_BUF_INIT(LL_JWK_MAX);
    struct ll_json j;

    (void)state;
    ll_json_init(&j, &jwk);
    ll_jwk_put(holder, NULL, &j);
    json_t *claims = json_pack("{s:{s:o}}", "cnf", "jwk", json_loads(jwk.p, 0, NULL)), *got = NULL;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_buf text = LL_BUF_INIT(LL_SDJWT_MAX);
        assert_ok(ll_sdjwt_issue(issuer, NULL, claims, &secret, 1, &text, &err));
        assert_int_equal(ll_sdjwt_verify(ll_buf_view(&text), issuer, &want, &got, &err),
                         LL_INVALID); /* none yet */
        bind_to(cases[i].other_key ? other : holder, &text, cases[i].nonce, cases[i].aud, cases[i].iat,
                cases[i].typ);
        int rc = ll_sdjwt_verify(ll_buf_view(&text), issuer, &want, &got, &err);
        if (rc != cases[i].rc)
            fail_msg("case %zu: %s", i, rc < 0 ? err.en : "taken");
        if (rc == LL_OK)
            json_decref(got);
        assert_int_equal(ll_sdjwt_verify(ll_buf_view(&text), issuer, &plain, &got, &err),
                         LL_INVALID); /* not expected */
        ll_buf_free(&text);
    }
    json_decref(claims);
    ll_buf_free(&jwk);
    ll_key_free(issuer);
    ll_key_free(holder);
    ll_key_free(other);
}

/* --- status lists --------------------------------------------------------------------------------------------------- */

static void test_bits_of_the_draft(void **state)
{
    static const unsigned one[] = {1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1};
    static const unsigned two[] = {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
    unsigned char a[2] = {0xff, 0}, b[3] = {0, 0xff, 0};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(one); i++)
        ll_status_set(a, 1, i, one[i]);
    for (size_t i = 0; i < LL_COUNT(two); i++)
        ll_status_set(b, 2, i, two[i]);
    assert_hex(a, sizeof a, "b9a3");
    assert_hex(b, sizeof b, "c944f9");
    for (size_t i = 0; i < LL_COUNT(one); i++)
        assert_int_equal(ll_status_get(a, 1, i), one[i]);
    for (size_t i = 0; i < LL_COUNT(two); i++)
        assert_int_equal(ll_status_get(b, 2, i), two[i]);
}

/* The draft's own packed list, in a token of ours. */
static void status_token(const struct ll_key *k, const char *status_list, const char *typ, struct ll_buf *out)
{
    const struct ll_jws_head head = {typ, NULL};
    struct ll_err err;
    struct ll_buf claims = LL_BUF_INIT(1000);

    ll_buf_printf(&claims,
                  "{\"sub\":\"https://hub.example/status/1\",\"iat\":900,\"exp\":1500,\"status_list\":%s}",
                  status_list);
    ll_buf_clear(out);
    assert_ok(ll_jws_sign(k, &head, ll_buf_view(&claims), out, &err));
    ll_buf_free(&claims);
}

static void test_lists_of_the_draft(void **state)
{
    static const char uri[] = "https://hub.example/status/1";
    static const char *const bad[] = {
        "{\"bits\":3,\"lst\":\"eNrbuRgAAhcBXQ\"}",
        "{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXA\"}",
        "{\"bits\":1}",
        "[]",
        "{\"bits\":\"1\",\"lst\":\"eNrbuRgAAhcBXQ\"}",
    };
    struct ll_err err;
    struct ll_key *k = new_key(LL_ES256), *other = new_key(LL_ES256);
    struct ll_buf t = LL_BUF_INIT(LL_JWS_MAX);
    unsigned got;

    (void)state;
    status_token(k, "{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}", "statuslist+jwt", &t);
    assert_ok(ll_status_read(ll_buf_view(&t), k, uri, 1000, 15, &got, &err));
    assert_int_equal(got, 1);
    assert_int_equal(ll_status_read(ll_buf_view(&t), k, uri, 1000, 16, &got, &err), LL_NOTFOUND);
    assert_int_equal(ll_status_read(ll_buf_view(&t), other, uri, 1000, 0, &got, &err), LL_INVALID);
    assert_int_equal(ll_status_read(ll_buf_view(&t), k, "https://hub.example/status/2", 1000, 0, &got, &err),
                     LL_INVALID);
    assert_int_equal(ll_status_read(ll_buf_view(&t), k, uri, 2000, 0, &got, &err), LL_INVALID);
    status_token(k, "{\"bits\":2,\"lst\":\"eNo76fITAAPfAgc\"}", "statuslist+jwt", &t);
    assert_ok(ll_status_read(ll_buf_view(&t), k, uri, 1000, 3, &got, &err));
    assert_int_equal(got, 3);
    status_token(k, "{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}", "JWT", &t);
    assert_int_equal(ll_status_read(ll_buf_view(&t), k, uri, 1000, 0, &got, &err), LL_INVALID);
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        status_token(k, bad[i], "statuslist+jwt", &t);
        assert_int_equal(ll_status_read(ll_buf_view(&t), k, uri, 1000, 0, &got, &err), LL_INVALID);
    }
    ll_buf_free(&t);
    ll_key_free(k);
    ll_key_free(other);
}

static void test_our_lists(void **state)
{
    struct ll_err err;
    struct ll_key *k = new_key(LL_ED25519);
    unsigned char *list = calloc(1, LL_STATUS_BYTES);
    const struct ll_status_head h = {"https://hub.example/status/7", "k1", 1000, 2000, 60, LL_STATUS_BITS};
    struct ll_buf t = LL_BUF_INIT(LL_JWS_MAX);
    unsigned got;

    (void)state;
    for (size_t i = 0; i < LL_STATUS_ENTRIES; i++)
        ll_status_set(list, LL_STATUS_BITS, i, (unsigned)(i * 2654435761u >> 30));
    assert_ok(ll_status_issue(k, &h, list, LL_STATUS_BYTES, &t, &err));
    for (size_t i = 0; i < LL_STATUS_ENTRIES; i += 4093) {
        assert_ok(ll_status_read(ll_buf_view(&t), k, h.uri, 1500, i, &got, &err));
        assert_int_equal(got, (unsigned)(i * 2654435761u >> 30) & 3);
    }
    free(list);
    ll_buf_free(&t);
    ll_key_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_digest_of_the_standard),
        cmocka_unit_test(test_what_is_kept_back_is_not_there),
        cmocka_unit_test(test_disclosures_and_their_places),
        cmocka_unit_test(test_shapes_that_are_none),
        cmocka_unit_test(test_key_binding),
        cmocka_unit_test(test_bits_of_the_draft),
        cmocka_unit_test(test_lists_of_the_draft),
        cmocka_unit_test(test_our_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
