/* base64: one spelling for every value. */
#include "hex.h"

#include "crypto/random.h"

static const struct {
    const char *bytes, *std, *url;
} rfc4648[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/", "-_-_"},
};

static void test_vectors_of_rfc_4648(void **state)
{
    struct ll_err err;
    struct ll_buf out = LL_BUF_INIT(100);

    (void)state;
    for (size_t i = 0; i < LL_COUNT(rfc4648); i++) {
        for (int kind = LL_BASE64_STD; kind <= LL_BASE64_URL; kind++) {
            const char *text = kind == LL_BASE64_STD ? rfc4648[i].std : rfc4648[i].url;
            ll_buf_clear(&out);
            ll_base64_put(&out, (enum ll_base64)kind, rfc4648[i].bytes, strlen(rfc4648[i].bytes));
            assert_str(ll_buf_view(&out), text);
            ll_buf_clear(&out);
            assert_ok(ll_base64_get(ll_str(text), (enum ll_base64)kind, &out, &err));
            assert_str(ll_buf_view(&out), rfc4648[i].bytes);
        }
    }
    ll_buf_free(&out);
}

static void test_other_spellings_are_refused(void **state)
{
    static const struct {
        enum ll_base64 kind;
        const char *text;
    } bad[] = {
        {LL_BASE64_STD, "Zg"},    {LL_BASE64_STD, "Zg="},      {LL_BASE64_STD, "Zg==="},
        {LL_BASE64_STD, "Zh=="},  {LL_BASE64_STD, "Zm9="},     {LL_BASE64_STD, "Zm9v\n"},
        {LL_BASE64_STD, " Zm9v"}, {LL_BASE64_STD, "-_-_"},     {LL_BASE64_STD, "===="},
        {LL_BASE64_STD, "Z==="},  {LL_BASE64_STD, "Zg==Zg=="}, {LL_BASE64_URL, "Zg=="},
        {LL_BASE64_URL, "Zh"},    {LL_BASE64_URL, "Z"},        {LL_BASE64_URL, "+/+/"},
        {LL_BASE64_URL, "Zm9v="},
    };
    struct ll_buf out = LL_BUF_INIT(100);

    (void)state;
    ll_buf_z(&out, "kept");
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_base64_get(ll_str(bad[i].text), bad[i].kind, &out, NULL) != LL_INVALID)
            fail_msg("'%s' was taken", bad[i].text);
    assert_str(ll_buf_view(&out), "kept");
    ll_buf_free(&out);
}

static void test_a_ceiling_is_kept(void **state)
{
    struct ll_buf out = LL_BUF_INIT(5);
    char six[6];

    (void)state;
    assert_int_equal(ll_base64_get(LL_STR("Zm9vYmFy"), LL_BASE64_STD, &out, NULL), LL_TOOBIG);
    assert_int_equal(out.n, 0);
    assert_true(ll_base64_exact(LL_STR("Zm9vYmFy"), LL_BASE64_URL, six, 6));
    assert_false(ll_base64_exact(LL_STR("Zm9vYmFy"), LL_BASE64_URL, six, 5));
    assert_false(ll_base64_exact(LL_STR("Zm9vYmE"), LL_BASE64_URL, six, 6));
    ll_buf_free(&out);
}

static void test_random_bytes_survive(void **state)
{
    struct ll_err err;
    unsigned char raw[200], back[200];

    (void)state;
    for (size_t n = 0; n < sizeof raw; n++) {
        struct ll_buf text = LL_BUF_INIT(1000);
        assert_ok(ll_random(raw, n, &err));
        for (int kind = LL_BASE64_STD; kind <= LL_BASE64_URL; kind++) {
            ll_buf_clear(&text);
            ll_base64_put(&text, (enum ll_base64)kind, raw, n);
            assert_true(ll_base64_exact(ll_buf_view(&text), (enum ll_base64)kind, back, n));
            assert_memory_equal(raw, back, n);
        }
        ll_buf_clear(&text);
        ll_hex_put(&text, raw, n);
        assert_true(ll_hex_exact(ll_buf_view(&text), back, n));
        assert_memory_equal(raw, back, n);
        ll_buf_wipe(&text);
    }
    assert_false(ll_hex_exact(LL_STR("0g"), back, 1));
    assert_false(ll_hex_exact(LL_STR("0"), back, 1));
    assert_false(ll_hex_exact(LL_STR("0a0b"), back, 1));
}

static void test_tokens_differ(void **state)
{
    struct ll_err err;
    char a[LL_TOKEN_TEXT], b[LL_TOKEN_TEXT];
    unsigned char raw[32];

    (void)state;
    assert_ok(ll_random_token(a, &err));
    assert_ok(ll_random_token(b, &err));
    assert_string_not_equal(a, b);
    assert_true(ll_base64_exact(ll_str(a), LL_BASE64_URL, raw, 32));
    assert_true(ll_str_equal_ct(ll_str(a), ll_str(a)));
    assert_false(ll_str_equal_ct(ll_str(a), ll_str(b)));
    assert_false(ll_str_equal_ct(ll_str(a), LL_STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_rfc_4648), cmocka_unit_test(test_other_spellings_are_refused),
        cmocka_unit_test(test_a_ceiling_is_kept),   cmocka_unit_test(test_random_bytes_survive),
        cmocka_unit_test(test_tokens_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
