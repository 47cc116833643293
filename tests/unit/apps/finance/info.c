/* info: how a source and an item of the sharing list stand, by the two rules alone. */
#include "../../test.h"

#include "apps/finance/info.h"

#define DAY INT64_C(86400000)
#define NOW (20000 * DAY)

static void a_source_is_as_bad_as_the_first_thing_that_is_wrong_with_it(void **state)
{
    (void)state;
    assert_int_equal(ll_info_source_of(false, true, 0, NULL, NOW), LL_INFO_SOURCE_NOT_CATALOGUED);
    assert_int_equal(ll_info_source_of(true, true, NOW, "4", NOW), LL_INFO_SOURCE_LACKS);
    assert_int_equal(ll_info_source_of(true, false, 0, "4", NOW), LL_INFO_SOURCE_NEVER);
    assert_int_equal(ll_info_source_of(true, false, NOW - 31 * DAY, "4", NOW), LL_INFO_SOURCE_CURRENT);
    assert_int_equal(ll_info_source_of(true, false, NOW - 33 * DAY, "4", NOW), LL_INFO_SOURCE_LATE);
}

static void what_has_no_cycle_is_never_late(void **state)
{
    (void)state;
    assert_int_equal(ll_info_source_of(true, false, DAY, "9", NOW), LL_INFO_SOURCE_CURRENT);
    assert_int_equal(ll_info_source_of(true, false, DAY, NULL, NOW), LL_INFO_SOURCE_CURRENT);
}

static void one_whole_source_in_time_connects_an_item(void **state)
{
    const struct ll_info_source late = {.whole = true, .state = LL_INFO_SOURCE_LATE},
                                part = {.whole = false, .state = LL_INFO_SOURCE_CURRENT},
                                none = {.whole = true, .state = LL_INFO_SOURCE_NOT_CATALOGUED},
                                good = {.whole = true, .state = LL_INFO_SOURCE_CURRENT};

    (void)state;
    assert_int_equal(ll_info_item_of(NULL, 0), LL_INFO_MISSING);
    assert_int_equal(ll_info_item_of(&none, 1), LL_INFO_MISSING);
    assert_int_equal(ll_info_item_of((struct ll_info_source[]){none, part}, 2), LL_INFO_PARTIAL);
    assert_int_equal(ll_info_item_of(&late, 1), LL_INFO_PARTIAL);
    assert_int_equal(ll_info_item_of((struct ll_info_source[]){late, part, none, good}, 4),
                     LL_INFO_CONNECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_is_as_bad_as_the_first_thing_that_is_wrong_with_it),
        cmocka_unit_test(what_has_no_cycle_is_never_late),
        cmocka_unit_test(one_whole_source_in_time_connects_an_item),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
