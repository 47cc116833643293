/* httpsig: the vectors of RFC 9421, appendix B.2; every covered part matters, and what is not covered is told by the profile. */
#include "hex.h"

#include "crypto/httpsig.h"

#include <strings.h>

struct message {
    const char *fields[12][2];
};

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    const struct message *m = ctx;

    for (size_t i = 0; i < LL_COUNT(m->fields) && m->fields[i][0]; i++)
        if (strncasecmp(m->fields[i][0], name.p, name.n) == 0 && !m->fields[i][0][name.n] && nth-- == 0)
            return ll_str(m->fields[i][1]);
    return (struct ll_str){NULL, 0};
}

/* RFC 9421, B.2 */
static const struct message request_fields = {
    {{"Host", "example.com"},
     {"Date", "Tue, 20 Apr 2021 02:07:55 GMT"},
     {"Content-Type", "application/json"},
     {"Content-Digest", "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyeal"
                        "dVLvRwEmTHWXvJwew==:"},
     {"Content-Length", "18"}}};
static const struct message response_fields = {
    {{"Date", "Tue, 20 Apr 2021 02:07:56 GMT"},
     {"Content-Type", "application/json"},
     {"Content-Digest", "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymy"
                        "U0rjJuahq4l5aGgfLQ==:"},
     {"Content-Length", "23"}}};

static const char ed_pem[] = "-----BEGIN PUBLIC KEY-----\n"
                             "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n"
                             "-----END PUBLIC KEY-----\n";
static const char p256_pem[] = "-----BEGIN PUBLIC KEY-----\n"
                               "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\n"
                               "w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n"
                               "-----END PUBLIC KEY-----\n";

static struct ll_http_message request_of(const struct message *fields)
{
    return (struct ll_http_message){.method = LL_STR("POST"),
                                    .scheme = LL_STR("https"),
                                    .authority = LL_STR("example.com"),
                                    .path = LL_STR("/foo"),
                                    .query = LL_STR("param=Value&Pet=dog"),
                                    .field = field,
                                    .ctx = (void *)(uintptr_t)fields};
}

static struct ll_key *key_of(const char *pem)
{
    struct ll_err err;
    struct ll_key *k = NULL;

    assert_ok(ll_key_from_pem(ll_str(pem), &k, &err));
    return k;
}

static struct ll_httpsig *parsed(const char *input, const char *signature)
{
    struct ll_err err;
    struct ll_httpsig *h = NULL;

    assert_ok(ll_httpsig_parse(ll_str(input), ll_str(signature), NULL, &h, &err));
    return h;
}

/* B.2.6 */
static const char b26_input[] =
    "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
    ";created=1618884473;keyid=\"test-key-ed25519\"";
static const char b26_signature[] =
    "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
static const char b26_base[] =
    "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
    "\"@method\": POST\n"
    "\"@path\": /foo\n"
    "\"@authority\": example.com\n"
    "\"content-type\": application/json\n"
    "\"content-length\": 18\n"
    "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "
    "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";

static void test_b26_a_request_signed_with_ed25519(void **state)
{
    struct ll_err err;
    struct ll_httpsig *h = parsed(b26_input, b26_signature);
    struct ll_http_message m = request_of(&request_fields);
    struct ll_key *k = key_of(ed_pem), *other = key_of(p256_pem);
    struct ll_buf base = LL_BUF_INIT(4096);
    unsigned char digest[LL_DIGEST];

    (void)state;
    assert_ok(ll_httpsig_base(h, &m, &base, &err));
    assert_str(ll_buf_view(&base), b26_base);
    assert_ok(ll_httpsig_verify(h, &m, k, &err));
    ll_sha256(base.p, base.n, digest);
    assert_memory_equal(ll_httpsig_params(h)->base_sha256, digest, sizeof digest);
    assert_str(ll_httpsig_params(h)->keyid, "test-key-ed25519");
    assert_str(ll_httpsig_params(h)->label, "sig-b26");
    assert_int_equal(ll_httpsig_params(h)->created, 1618884473);
    assert_int_equal(ll_httpsig_verify(h, &m, other, &err), LL_INVALID);
    m.method = LL_STR("GET");
    assert_int_equal(ll_httpsig_verify(h, &m, k, &err), LL_INVALID);
    ll_buf_free(&base);
    ll_key_free(k);
    ll_key_free(other);
    ll_httpsig_free(h);
}

/* B.2.4 */
static void test_b24_an_answer_signed_with_p256(void **state)
{
    struct ll_err err;
    struct ll_httpsig *h = parsed(
        "sig-b24=(\"@status\" \"content-type\" \"content-digest\" \"content-length\");created=1618884473;"
        "keyid=\"test-key-ecc-p256\"",
        "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:");
    struct ll_http_message m = {.status = 200, .field = field, .ctx = (void *)(uintptr_t)&response_fields};
    struct ll_key *k = key_of(p256_pem);

    (void)state;
    assert_ok(ll_httpsig_verify(h, &m, k, &err));
    m.status = 201;
    assert_int_equal(ll_httpsig_verify(h, &m, k, &err), LL_INVALID);
    ll_key_free(k);
    ll_httpsig_free(h);
}

static void base_of(const char *input, const struct ll_http_message *m, struct ll_buf *out)
{
    struct ll_err err;
    struct ll_buf full = LL_BUF_INIT(8192);
    struct ll_httpsig *h = NULL;

    ll_buf_printf(&full, "s=%s", input);
    assert_ok(
        ll_httpsig_parse(ll_buf_view(&full),
                         LL_STR("s=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vu"
                                "Qv5lIp5WPpBKRCw==:"),
                         NULL, &h, &err));
    ll_buf_clear(out);
    int rc = ll_httpsig_base(h, m, out, &err);
    if (rc < 0) {
        ll_buf_clear(out);
        ll_buf_z(out, ll_rc_name(rc));
    }
    ll_httpsig_free(h);
    ll_buf_free(&full);
}

static void test_derived_components(void **state)
{
    static const struct {
        const char *scheme, *authority, *path, *query, *base;
    } cases[] = {
        {"https", "www.Example.com", "/path", NULL,
         "\"@target-uri\": https://www.example.com/path\n\"@authority\": www.example.com\n\"@scheme\": https\n"
         "\"@request-target\": /path\n\"@path\": /path\n\"@query\": ?\n"},
        {"HTTP", "example.com:80", "", "",
         "\"@target-uri\": http://example.com:80/?\n\"@authority\": example.com:80\n\"@scheme\": http\n"
         "\"@request-target\": /?\n\"@path\": /\n\"@query\": ?\n"},
        {"http", "example.com:80", "/a%20b", "x=1&y=%E5",
         "\"@target-uri\": http://example.com/a%20b?x=1&y=%E5\n\"@authority\": example.com\n"
         "\"@scheme\": http\n\"@request-target\": /a%20b?x=1&y=%E5\n\"@path\": /a%20b\n\"@query\": ?x=1&y=%E5\n"},
        {"https", "[::1]:8443", "/", NULL,
         "\"@target-uri\": https://[::1]:8443/\n\"@authority\": [::1]:8443\n\"@scheme\": https\n"
         "\"@request-target\": /\n\"@path\": /\n\"@query\": ?\n"},
    };
    struct ll_buf base = LL_BUF_INIT(8192), want = LL_BUF_INIT(8192);
    static const char list[] =
        "(\"@target-uri\" \"@authority\" \"@scheme\" \"@request-target\" \"@path\" \"@query\")";

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_http_message m = request_of(&request_fields);
        m.scheme = ll_str(cases[i].scheme);
        m.authority = ll_str(cases[i].authority);
        m.path = ll_str(cases[i].path);
        m.query = ll_str(cases[i].query);
        ll_buf_clear(&want);
        ll_buf_printf(&want, "%s\"@signature-params\": %s", cases[i].base, list);
        base_of(list, &m, &base);
        assert_str(ll_buf_view(&base), want.p);
    }
    ll_buf_free(&base);
    ll_buf_free(&want);
}

static void test_fields_and_requests_of_answers(void **state)
{
    static const struct message many = {
        {{"Cache-Control", "  max-age=60 "}, {"cache-control", "must-revalidate"}, {"X-Empty", ""}}};
    static const struct message forged = {{{"X-Line", "a\n\"@method\": GET"}}};
    struct ll_http_message q = request_of(&request_fields),
                           m = {.status = 503, .field = field, .request = &q};
    struct ll_buf base = LL_BUF_INIT(8192);

    (void)state;
    m.ctx = (void *)(uintptr_t)&many;
    base_of("(\"cache-control\" \"x-empty\" \"@status\" \"@method\";req \"content-type\";req)", &m, &base);
    assert_str(ll_buf_view(&base),
               "\"cache-control\": max-age=60, must-revalidate\n\"x-empty\": \n\"@status\": 503\n"
               "\"@method\";req: POST\n\"content-type\";req: application/json\n"
               "\"@signature-params\": (\"cache-control\" \"x-empty\" \"@status\" \"@method\";req "
               "\"content-type\";req)");
    static const char *const missing[] = {"(\"x-none\")", "(\"@method\")", "(\"@nothing\")",
                                          "(\"@status\";req)"};
    for (size_t i = 0; i < LL_COUNT(missing); i++) {
        base_of(missing[i], &m, &base);
        assert_str(ll_buf_view(&base), "INVALID");
    }
    base_of("(\"@status\")", &q, &base);
    assert_str(ll_buf_view(&base), "INVALID");
    base_of("(\"@method\";req)", &q, &base); /* a request has no request */
    assert_str(ll_buf_view(&base), "INVALID");
    m.ctx = (void *)(uintptr_t)&forged;
    base_of("(\"x-line\")", &m, &base);
    assert_str(ll_buf_view(&base), "INVALID");
    ll_buf_free(&base);
}

static void test_blanks_of_the_field_are_not_signed(void **state)
{
    struct ll_buf base = LL_BUF_INIT(8192);
    struct ll_http_message m = request_of(&request_fields);

    (void)state;
    base_of("(  \"@method\"   \"@path\" ); created=1;  nonce=\"a\";x=?1;y=?0;z=tok", &m, &base);
    assert_str(ll_buf_view(&base),
               "\"@method\": POST\n\"@path\": /foo\n"
               "\"@signature-params\": (\"@method\" \"@path\");created=1;nonce=\"a\";x;y=?0;z=tok");
    base_of("()", &m, &base);
    assert_str(ll_buf_view(&base), "\"@signature-params\": ()");
    ll_buf_free(&base);
}

static void test_malformed_fields(void **state)
{
    static const char *const bad[] = {
        "",
        "sig",
        "sig=",
        "sig=(",
        "sig=(\"@method\"",
        "sig=(\"@method\")x",
        "sig=(\"@method\"),",
        "=(\"@method\")",
        "Sig=(\"@method\")",
        "sig=(\"@method\"\"@path\")",
        "sig=(@method)",
        "sig=(\"@method\" \"@method\")",
        "sig=(\"Date\")",
        "sig=(\"\")",
        "sig=(\"@query-param\";name=\"a\")",
        "sig=(\"date\";sf)",
        "sig=(\"date\";req=?0)",
        "sig=(\"da\\\\te\")",
        "sig=(\"d\xc3\xa4te\")",
        "sig=();created=-1",
        "sig=();created=1.5",
        "sig=();created=\"1\"",
        "sig=();created=01",
        "sig=();created=9999999999999999",
        "sig=();keyid=abc",
        "sig=();keyid=\"a\\\"b\"",
        "sig=();nonce=:YQ==:",
        "sig=();created=1;created=2",
        "sig=();a;b;c;d;e;f;g;h;i",
        "sig=\"@method\"",
        "sig=(),sig=()",
        "other=()",
    };
    struct ll_err err;
    struct ll_httpsig *h = NULL;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_httpsig_parse(
                ll_str(bad[i]),
                ll_str(
                    "sig=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPp"
                    "BKRCw==:"),
                NULL, &h, &err) != LL_INVALID)
            fail_msg("'%s' was taken", bad[i]);
    static const char *const signatures[] = {
        "",
        "sig=:AAAA:",
        "sig=AAAA",
        "sig=:",
        "other=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
        "sig=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw:",
    };
    for (size_t i = 0; i < LL_COUNT(signatures); i++)
        assert_int_equal(ll_httpsig_parse(LL_STR("sig=()"), ll_str(signatures[i]), NULL, &h, &err),
                         LL_INVALID);
    assert_null(h);
}

static void test_a_profile_wants_coverage_and_time(void **state)
{
    static const struct {
        const char *input;
        int rc;
    } cases[] = {
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_OK},
        {"(\"authorization\" \"date\" \"content-digest\" \"@target-uri\" \"@method\");created=1000;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_OK},
        {"(\"@method\" \"@target-uri\" \"authorization\");created=1000;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\";req \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=1060;keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=1060;nonce=\"n\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=1061;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1000;expires=999;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1031;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=1030;expires=1060;nonce=\"n\";keyid=\"k\"",
         LL_OK},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=960;expires=1011;nonce=\"n\";keyid=\"k\"",
         LL_OK},
        {"(\"@method\" \"@target-uri\" \"content-digest\" \"authorization\");created=960;expires=1010;nonce=\"n\";keyid=\"k\"",
         LL_INVALID},
    };
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_buf input = LL_BUF_INIT(4096);
        ll_buf_printf(&input, "sig=%s;tag=\"fapi-2-request\"", cases[i].input);
        struct ll_httpsig *h = parsed(
            input.p,
            "sig=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:");
        int rc = ll_httpsig_check(h, &ll_httpsig_request, 1020, &err);
        if (rc != cases[i].rc)
            fail_msg("%s: %s", cases[i].input, rc < 0 ? err.en : "taken");
        assert_int_equal(ll_httpsig_check(h, &ll_httpsig_response, 1020, &err), LL_INVALID);
        ll_httpsig_free(h);
        ll_buf_free(&input);
    }
}

static void test_the_signature_is_chosen_by_its_tag(void **state)
{
    static const char input[] = "a=();tag=\"x\", b=(\"@method\");tag=\"y\", c=();tag=\"x\"";
    static const char sig[] =
        ":wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
    struct ll_err err;
    struct ll_httpsig *h = NULL;
    struct ll_buf signature = LL_BUF_INIT(4096);

    (void)state;
    ll_buf_printf(&signature, "a=%s,b=%s, c=%s", sig, sig, sig);
    assert_ok(ll_httpsig_parse(ll_str(input), ll_buf_view(&signature), "y", &h, &err));
    assert_str(ll_httpsig_params(h)->label, "b");
    assert_true(ll_httpsig_covers(h, "@method") && !ll_httpsig_covers(h, "@method;req"));
    h = ll_httpsig_free(h);
    assert_int_equal(ll_httpsig_parse(ll_str(input), ll_buf_view(&signature), "x", &h, &err), LL_INVALID);
    assert_int_equal(ll_httpsig_parse(ll_str(input), ll_buf_view(&signature), "z", &h, &err), LL_NOTFOUND);
    ll_buf_free(&signature);
}

static void test_ours_verify_with_every_algorithm(void **state)
{
    struct ll_err err;

    (void)state;
    for (int alg = 0; alg < LL_ALG_COUNT; alg++) {
        struct message f = {{{"Authorization", "Bearer t"}, {"Content-Digest", "sha-256=:AAAA:"}}};
        struct ll_http_message q = request_of(&f),
                               a = {.status = 200, .field = field, .ctx = &f, .request = &q};
        const struct ll_httpsig_sign s = {"sig1", "key-1", "nonce-1", 1000};
        struct ll_buf input = LL_BUF_INIT(4096), signature = LL_BUF_INIT(4096);
        struct ll_key *k = NULL;
        struct ll_httpsig *h = NULL;
        assert_ok(ll_key_generate((enum ll_alg)alg, &k, &err));
        assert_ok(ll_httpsig_sign(k, &a, &ll_httpsig_response, &s, &input, &signature, &err));
        assert_ok(ll_httpsig_parse(ll_buf_view(&input), ll_buf_view(&signature), ll_httpsig_response.tag, &h,
                                   &err));
        assert_ok(ll_httpsig_check(h, &ll_httpsig_response, 1000, &err));
        assert_ok(ll_httpsig_verify(h, &a, k, &err));
        q.path = LL_STR("/bar");
        assert_int_equal(ll_httpsig_verify(h, &a, k, &err), LL_INVALID);
        const struct ll_httpsig_sign bad = {"sig1", "key\"1", "nonce-1", 1000};
        assert_int_equal(ll_httpsig_sign(k, &a, &ll_httpsig_response, &bad, &input, &signature, &err),
                         LL_INVALID);
        ll_httpsig_free(h);
        ll_key_free(k);
        ll_buf_free(&input);
        ll_buf_free(&signature);
    }
}

static void test_content_digest(void **state)
{
    static const struct {
        const char *field;
        int rc;
    } cases[] = {
        {"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
         LL_OK}, /* RFC 9530, appendix B: {"hello": "world"} */
        {"sha-512=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", LL_OK},
        {"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPA=:", LL_INVALID},
        {"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-256=:AAAA:", LL_INVALID},
        {"sha-512=:AAAA:", LL_INVALID},
        {"sha-256=:X48E:", LL_INVALID},
        {"sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", LL_INVALID},
        {"", LL_INVALID},
    };
    struct ll_err err;
    unsigned char digest[LL_DIGEST];
    struct ll_buf out = LL_BUF_INIT(100);

    (void)state;
    ll_sha256("{\"hello\": \"world\"}", 18, digest);
    for (size_t i = 0; i < LL_COUNT(cases); i++)
        assert_int_equal(ll_content_digest_check(ll_str(cases[i].field), digest, &err), cases[i].rc);
    ll_content_digest_put(&out, digest);
    assert_str(ll_buf_view(&out), cases[0].field);
    ll_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_b26_a_request_signed_with_ed25519),
        cmocka_unit_test(test_b24_an_answer_signed_with_p256),
        cmocka_unit_test(test_derived_components),
        cmocka_unit_test(test_fields_and_requests_of_answers),
        cmocka_unit_test(test_blanks_of_the_field_are_not_signed),
        cmocka_unit_test(test_malformed_fields),
        cmocka_unit_test(test_a_profile_wants_coverage_and_time),
        cmocka_unit_test(test_the_signature_is_chosen_by_its_tag),
        cmocka_unit_test(test_ours_verify_with_every_algorithm),
        cmocka_unit_test(test_content_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
