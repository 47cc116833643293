/* entries: a reader without leave for contents learns nothing of them, and what was erased is told as erased. */
#include "../journal/fixture.h"

#include "share/entries.h"

#include <jansson.h>

static const struct ll_entries_query everything = {
    .contents = true, .from_ms = 0, .to_ms = INT64_MAX, .before = INT64_MAX, .limit = 10};

static void append(struct fixture *fx, const char *payload, struct ll_receipt *r)
{
    struct ll_err err;

    assert_ok(ll_journal_append(fx->j, LL_ENTRY_CALL, ll_str(payload), r, &err));
}

static json_t *list(struct fixture *fx, const struct ll_entries_query *q)
{
    const struct ll_entries of = {.journal = fx->j};
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_json j;
    struct ll_err err;

    ll_json_init(&j, &out);
    assert_ok(ll_entries_put(&of, q, &j, &err));
    json_t *root = json_loadb(out.p, out.n, 0, NULL);
    assert_non_null(root);
    ll_buf_free(&out);
    return root;
}

static json_t *item(json_t *root, size_t i)
{
    json_t *one = json_array_get(json_object_get(root, "items"), i);

    assert_non_null(one);
    return one;
}

static const char *text(json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static json_t *contents(struct fixture *fx, uint64_t index)
{
    const struct ll_entries of = {.journal = fx->j};
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_json j;
    struct ll_err err;

    ll_json_init(&j, &out);
    assert_ok(ll_entry_contents_put(&of, index, &j, &err));
    json_t *root = json_loadb(out.p, out.n, 0, NULL);
    ll_buf_free(&out);
    assert_non_null(root);
    return root;
}

static void test_what_is_erased_says_so_and_can_no_longer_be_found_by(void **state)
{
    struct ll_entries_query q = everything;
    struct ll_receipt first, second, gone;
    struct fixture fx;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    append(&fx, "{\"client\":\"a\",\"organisation\":\"JB001\"}", &first);
    append(&fx, "{\"client\":\"b\",\"organisation\":\"JB001\"}", &second);
    assert_ok(ll_journal_erase(fx.j, first.index, LL_STR("requested"), &gone, &err));
    json_t *root = list(&fx, &q);
    assert_int_equal(json_array_size(json_object_get(root, "items")), 3);
    assert_string_equal(text(item(root, 0), "type"), "erasure");
    assert_string_equal(text(item(root, 0), "contents"), "open");
    assert_string_equal(text(item(root, 1), "contents"), "kept");
    assert_string_equal(text(json_object_get(item(root, 1), "about"), "client"), "b");
    assert_string_equal(text(item(root, 2), "contents"), "erased");
    assert_int_equal(json_object_size(json_object_get(item(root, 2), "about")), 0);
    assert_true(json_is_null(json_object_get(root, "next")));
    json_decref(root);

    q.organisation = LL_STR("JB001");
    root = list(&fx, &q);
    assert_int_equal(json_array_size(json_object_get(root, "items")), 1);
    json_decref(root);

    root = contents(&fx, first.index);
    assert_string_equal(text(root, "contents"), "erased");
    assert_true(json_is_null(json_object_get(root, "sealed")));
    json_decref(root);
    root = contents(&fx, second.index);
    assert_string_equal(text(root, "contents"), "kept");
    assert_true(json_string_length(json_object_get(root, "sealed")) > 0);
    json_decref(root);
    fixture_close(&fx);
}

static void test_without_leave_nothing_of_the_contents_is_told(void **state)
{
    struct ll_entries_query q = everything;
    struct ll_receipt r;
    struct fixture fx;

    (void)state;
    q.contents = false;
    fixture_open(&fx);
    append(&fx, "{\"client\":\"secret-name\",\"organisation\":\"JB001\"}", &r);
    json_t *root = list(&fx, &q);
    assert_string_equal(text(item(root, 0), "contents"), "sealed");
    assert_int_equal(json_object_size(json_object_get(item(root, 0), "about")), 0);
    assert_string_equal(text(item(root, 0), "type"), "call");
    json_decref(root);
    fixture_close(&fx);
}

static void test_a_limit_ends_the_page_and_next_goes_on(void **state)
{
    struct ll_entries_query q = everything;
    struct ll_receipt r;
    struct fixture fx;

    (void)state;
    q.limit = 2;
    fixture_open(&fx);
    for (int i = 0; i < 5; i++)
        append(&fx, "{}", &r);
    for (int64_t next = 3; next > 0; next -= 2) {
        json_t *root = list(&fx, &q);
        assert_int_equal(json_integer_value(json_object_get(item(root, 0), "index")), next + 1);
        q.before = json_integer_value(json_object_get(root, "next"));
        assert_int_equal(q.before, next);
        json_decref(root);
    }
    json_t *root = list(&fx, &q);
    assert_int_equal(json_array_size(json_object_get(root, "items")), 1);
    assert_true(json_is_null(json_object_get(root, "next")));
    json_decref(root);
    fixture_close(&fx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_erased_says_so_and_can_no_longer_be_found_by),
        cmocka_unit_test(test_without_leave_nothing_of_the_contents_is_told),
        cmocka_unit_test(test_a_limit_ends_the_page_and_next_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
