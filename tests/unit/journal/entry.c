/* entry: canonical JSON, the types of entries, commitments and pseudonyms. */
#include "../test.h"

#include "journal/canon.h"
#include "journal/entry.h"

static void one_spelling_of_each_value_is_canonical(void **state)
{
    static const char *const good[] = {"{}",
                                       "{\"a\":1}",
                                       "{\"a\":-1,\"b\":[true,false,null]}",
                                       "{\"a\":{\"b\":\"\xe4\xb8\xad\\n\\u001f\"}}",
                                       "{\"a\":9007199254740991}",
                                       "{\"a\":0,\"aa\":[],\"b\":\"\\\\\\\"\"}"};
    static const char *const bad[] = {"",
                                      "1",
                                      "[]",
                                      "{\"b\":1,\"a\":1}",
                                      "{\"a\":1,\"a\":1}",
                                      "{ }",
                                      "{\"a\": 1}",
                                      "{\"a\":1.0}",
                                      "{\"a\":1e3}",
                                      "{\"a\":01}",
                                      "{\"a\":-0}",
                                      "{\"a\":9007199254740992}",
                                      "{\"a\":\"\\u0041\"}",
                                      "{\"a\":\"\\/\"}",
                                      "{\"a\":\"\\u000A\"}",
                                      "{\"a\":\"\\u000a\"}",
                                      "{\"a\":\"\\u001F\"}",
                                      "{\"a\":\"\n\"}",
                                      "{\"a\":\"\xff\"}",
                                      "{\"\xe4\xb8\xad\":1}",
                                      "{\"a\":1}x",
                                      "{\"a\":1,}",
                                      "{\"a\"}",
                                      "{\"a\":tru}",
                                      "{\"a\":\"",
                                      "{\"a\\n\":1}"};
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(good); i++) {
        struct ll_buf b = LL_BUF_INIT(1000);
        assert_ok(ll_canon_check(ll_str(good[i]), &err));
        assert_ok(ll_canon_put(ll_str(good[i]), &b, &err));
        assert_str(ll_buf_view(&b), good[i]);
        ll_buf_free(&b);
    }
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_canon_check(ll_str(bad[i]), &err) == LL_OK)
            fail_msg("taken: %s", bad[i]);
}

static void any_json_object_gets_its_canonical_form(void **state)
{
    struct ll_buf b = LL_BUF_INIT(1000);
    struct ll_err err;

    (void)state;
    assert_ok(ll_canon_put(
        LL_STR(" { \"b\" : [ 1 , \"\\u4e2d\\u0001\\u000a\" ], \"a\": {\"y\":null,\"x\":true} } "), &b, &err));
    assert_str(ll_buf_view(&b), "{\"a\":{\"x\":true,\"y\":null},\"b\":[1,\"\xe4\xb8\xad\\u0001\\n\"]}");
    assert_int_equal(ll_canon_put(LL_STR("{\"a\":1.5}"), &b, &err), LL_INVALID);
    assert_int_equal(ll_canon_put(LL_STR("[1]"), &b, &err), LL_INVALID);
    assert_int_equal(ll_canon_put(LL_STR("{\"a\":1,\"a\":2}"), &b, &err), LL_INVALID);
    assert_int_equal(ll_canon_put(LL_STR("{\"a\":9007199254740993}"), &b, &err), LL_INVALID);
    ll_buf_free(&b);
}

static void nesting_ends_at_a_stated_depth(void **state)
{
    struct ll_buf b = LL_BUF_INIT(1 << 20), out = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    (void)state;
    ll_buf_z(&b, "{\"a\":");
    for (unsigned i = 0; i < 100000; i++)
        ll_buf_c(&b, '[');
    assert_int_equal(ll_canon_check(ll_buf_view(&b), &err), LL_INVALID);
    assert_int_equal(ll_canon_put(ll_buf_view(&b), &out, &err), LL_INVALID);
    ll_buf_free(&b);
    ll_buf_free(&out);
}

static void an_open_entry_has_its_payload(void **state)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX * 2), sealed = LL_BUF_INIT(LL_SEALED_MAX);
    struct ll_entry e;
    struct ll_err err;

    (void)state;
    assert_ok(ll_entry_make(LL_ENTRY_PACK_LOADED,
                            LL_STR("{\"pack\":\"core\",\"sha256\":\"00\",\"version\":\"1\"}"), 1764000000123,
                            &entry, &sealed, &err));
    assert_str(
        ll_buf_view(&entry),
        "{\"data\":{\"pack\":\"core\",\"sha256\":\"00\",\"version\":\"1\"},\"time\":\"2025-11-24T16:00:00.123Z\","
        "\"type\":\"pack-loaded\",\"v\":1}");
    assert_int_equal(sealed.n, 0);
    assert_ok(ll_canon_check(ll_buf_view(&entry), &err));
    assert_ok(ll_entry_parse(ll_buf_view(&entry), &e, &err));
    assert_int_equal(e.type, LL_ENTRY_PACK_LOADED);
    assert_int_equal(e.time_ms, 1764000000123);
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
}

static void a_sealed_entry_commits_to_its_payload_and_tells_nothing_of_it(void **state)
{
    struct ll_str payload = LL_STR("{\"item\":\"phone\",\"subject\":\"abc\"}"), back;
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX), sealed = LL_BUF_INIT(LL_SEALED_MAX),
                  again = LL_BUF_INIT(LL_ENTRY_MAX), other = LL_BUF_INIT(LL_SEALED_MAX);
    struct ll_entry e;
    struct ll_err err;

    (void)state;
    assert_ok(ll_entry_make(LL_ENTRY_CALL, payload, 0, &entry, &sealed, &err));
    assert_null(memmem(entry.p, entry.n, "phone", 5));
    assert_ok(ll_entry_parse(ll_buf_view(&entry), &e, &err));
    assert_ok(ll_entry_unseal(&e, ll_buf_view(&sealed), &back, &err));
    assert_true(ll_str_eq(back, payload));
    for (size_t i = 0; i < sealed.n; i++) {
        sealed.p[i] ^= 1;
        assert_int_equal(ll_entry_unseal(&e, ll_buf_view(&sealed), &back, &err), LL_INVALID);
        sealed.p[i] ^= 1;
    }
    /* the same payload again has another commitment, so that nobody can tell by trying */
    assert_ok(ll_entry_make(LL_ENTRY_CALL, payload, 0, &again, &other, &err));
    assert_false(ll_str_eq(ll_buf_view(&entry), ll_buf_view(&again)));
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
    ll_buf_free(&again);
    ll_buf_free(&other);
}

static void what_breaks_the_registry_is_refused(void **state)
{
    static char large[LL_ENTRY_MAX + 10];
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX * 2), sealed = LL_BUF_INIT(LL_SEALED_MAX * 2);
    struct ll_entry e;
    struct ll_err err;

    (void)state;
    memset(large, 'a', sizeof large);
    memcpy(large, "{\"act\":\"", 8);
    memcpy(large + LL_ENTRY_MAX - 2, "\"}", 2);
    assert_int_equal(
        ll_entry_make(LL_ENTRY_PACK_LOADED, LL_STR("{\"pack\":\"core\"}"), 0, &entry, &sealed, &err),
        LL_INVALID);
    assert_int_equal(ll_entry_make(LL_ENTRY_CALL, LL_STR("{\"b\":1,\"a\":1}"), 0, &entry, &sealed, &err),
                     LL_INVALID);
    assert_ok(ll_entry_make(LL_ENTRY_ADMINISTRATION, (struct ll_str){large, LL_ENTRY_MAX}, 0, &entry, &sealed,
                            &err));
    assert_int_equal(ll_entry_make(LL_ENTRY_ADMINISTRATION, (struct ll_str){large, LL_ENTRY_MAX + 1}, 0,
                                   &entry, &sealed, &err),
                     LL_TOOBIG);
    assert_int_equal(
        ll_entry_parse(
            LL_STR("{\"data\":{},\"time\":\"2025-11-24T16:00:00.123Z\",\"type\":\"nonsense\",\"v\":1}"), &e,
            &err),
        LL_INVALID);
    assert_int_equal(
        ll_entry_parse(
            LL_STR("{\"data\":{},\"time\":\"2025-11-24T16:00:00.123Z\",\"type\":\"pack-loaded\",\"v\":2}"),
            &e, &err),
        LL_INVALID);
    assert_int_equal(
        ll_entry_parse(LL_STR("{\"data\":{},\"time\":\"yesterday\",\"type\":\"pack-loaded\",\"v\":1}"), &e,
                       &err),
        LL_INVALID);
    assert_int_equal(
        ll_entry_parse(LL_STR("{\"time\":\"2025-11-24T16:00:00.123Z\",\"type\":\"call\",\"v\":1}"), &e, &err),
        LL_INVALID);
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
}

static void a_pseudonym_depends_on_key_scheme_and_value(void **state)
{
    char a[LL_PSEUDONYM_TEXT], b[LL_PSEUDONYM_TEXT];
    static const struct ll_str keys[] = {{"k1", 2}, {"k2", 2}},
                               schemes[] = {{"resident_id", 11}, {"resident_i", 10}},
                               values[] = {{"x", 1}, {"dx", 2}};
    struct ll_err err;

    (void)state;
    assert_ok(ll_pseudonym(keys[0], schemes[0], values[0], a, &err));
    assert_ok(ll_pseudonym(keys[0], schemes[0], values[0], b, &err));
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), LL_PSEUDONYM_TEXT - 1);
    assert_ok(ll_pseudonym(keys[1], schemes[0], values[0], b, &err));
    assert_string_not_equal(a, b);
    assert_ok(ll_pseudonym(keys[0], schemes[1], values[1], b, &err));
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_spelling_of_each_value_is_canonical),
        cmocka_unit_test(any_json_object_gets_its_canonical_form),
        cmocka_unit_test(nesting_ends_at_a_stated_depth),
        cmocka_unit_test(an_open_entry_has_its_payload),
        cmocka_unit_test(a_sealed_entry_commits_to_its_payload_and_tells_nothing_of_it),
        cmocka_unit_test(what_breaks_the_registry_is_refused),
        cmocka_unit_test(a_pseudonym_depends_on_key_scheme_and_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
