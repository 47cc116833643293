/* http/range: RFC 9110, section 14, as far as one part goes. */
#include "http/range.h"
#include "../test.h"

struct want {
    const char *header;
    int64_t size;
    enum ll_range_kind kind;
    int64_t from, n;
};

static void test_http_range__a_part_lies_within_the_file(void **state)
{
    static const struct want list[] = {
        {NULL, 10, LL_RANGE_ALL, 0, 10},
        {"bytes=0-4", 10, LL_RANGE_PART, 0, 5},
        {"bytes=0-0", 10, LL_RANGE_PART, 0, 1},
        {"bytes=4-", 10, LL_RANGE_PART, 4, 6},
        {"bytes=4-99", 10, LL_RANGE_PART, 4, 6},
        {"bytes=-3", 10, LL_RANGE_PART, 7, 3},
        {"bytes=-30", 10, LL_RANGE_PART, 0, 10},
        {"bytes=9-", 10, LL_RANGE_PART, 9, 1},
        {"bytes=10-", 10, LL_RANGE_NONE, 0, 10},
        {"bytes=-0", 10, LL_RANGE_NONE, 0, 10},
        {"bytes=0-", 0, LL_RANGE_NONE, 0, 0},
        {"bytes=99999999999999999999-", 10, LL_RANGE_NONE, 0, 10},
        {"bytes=0-99999999999999999999", 10, LL_RANGE_PART, 0, 10},
        {"bytes=5-4", 10, LL_RANGE_ALL, 0, 10},
        {"bytes=0-1,3-4", 10, LL_RANGE_ALL, 0, 10},
        {"bytes=+1-2", 10, LL_RANGE_ALL, 0, 10},
        {"bytes=--1", 10, LL_RANGE_ALL, 0, 10},
        {"bytes=", 10, LL_RANGE_ALL, 0, 10},
        {"lines=0-4", 10, LL_RANGE_ALL, 0, 10},
    };
    struct ll_range got;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(list); i++) {
        enum ll_range_kind kind = ll_range_parse(list[i].header, list[i].size, &got);
        if (kind != list[i].kind || got.from != list[i].from || got.n != list[i].n)
            fail_msg("%s of %d", list[i].header ? list[i].header : "-", (int)list[i].size);
    }
}

static void test_http_range__tags_are_compared_whole(void **state)
{
    (void)state;
    assert_true(ll_etag_matches("\"a\"", "\"a\""));
    assert_true(ll_etag_matches("\"b\", W/\"a\"", "\"a\""));
    assert_true(ll_etag_matches("*", "\"a\""));
    assert_false(ll_etag_matches("\"ab\"", "\"a\""));
    assert_false(ll_etag_matches(NULL, "\"a\""));
    assert_true(ll_range_holds(NULL, "\"a\""));
    assert_true(ll_range_holds("\"a\"", "\"a\""));
    assert_false(ll_range_holds("W/\"a\"", "\"a\"")); /* a range takes a strong tag */
    assert_false(ll_range_holds("Mon, 30 Nov 2026 06:00:00 GMT", "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_range__a_part_lies_within_the_file),
        cmocka_unit_test(test_http_range__tags_are_compared_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
