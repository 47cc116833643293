/* check: a claim agrees with what is there in the item's unit and within its tolerance, however it was written. */
#include "../../test.h"

#include "apps/rural/check.h"

static bool agrees(enum ll_type type, enum ll_rural_combine combine, unsigned tolerance, const char *claim,
                   const char *value)
{
    struct ll_element e = {.name = "x", .type = type};
    struct ll_rural_item x = {.code = "1",
                              .name = "x",
                              .element = &e,
                              .number = type == LL_TYPE_DECIMAL || type == LL_TYPE_INTEGER,
                              .tolerance = tolerance};

    return ll_check_agrees(&x, combine, ll_str(claim), ll_str(value));
}

static void test_numbers_agree_within_the_items_tolerance(void **unused)
{
    (void)unused;
    assert_true(agrees(LL_TYPE_DECIMAL, LL_RURAL_SUM, 0, "12.50", "12.5"));
    assert_false(agrees(LL_TYPE_DECIMAL, LL_RURAL_SUM, 0, "12.6", "12.5"));
    assert_true(agrees(LL_TYPE_DECIMAL, LL_RURAL_SUM, 5, "12.6", "12.5"));
    assert_false(agrees(LL_TYPE_DECIMAL, LL_RURAL_SUM, 5, "15", "12.5"));
    assert_false(agrees(LL_TYPE_DECIMAL, LL_RURAL_SUM, 5, "many", "12.5"));
    assert_true(agrees(LL_TYPE_TEXT, LL_RURAL_COUNT, 0, "3", "3")); /* how many, whatever of */
}

static void test_days_and_truths_agree_as_they_are_usually_written(void **unused)
{
    (void)unused;
    assert_true(agrees(LL_TYPE_DATE, LL_RURAL_LATEST, 0, "1974年7月14日", "1974-07-14"));
    assert_false(agrees(LL_TYPE_DATE, LL_RURAL_LATEST, 0, "1974-07-15", "1974-07-14"));
    assert_true(agrees(LL_TYPE_BOOLEAN, LL_RURAL_ANY, 0, "是", "true"));
    assert_false(agrees(LL_TYPE_BOOLEAN, LL_RURAL_ANY, 0, "否", "true"));
}

static void test_each_value_claimed_of_a_list_must_be_in_it(void **unused)
{
    (void)unused;
    assert_true(agrees(LL_TYPE_TEXT, LL_RURAL_LIST, 0, "油菜", "水稻；油菜"));
    assert_true(agrees(LL_TYPE_TEXT, LL_RURAL_LATEST_LIST, 0, "油菜；水稻", "水稻；油菜"));
    assert_false(agrees(LL_TYPE_TEXT, LL_RURAL_LIST, 0, "油菜；花生", "水稻；油菜"));
    assert_false(agrees(LL_TYPE_TEXT, LL_RURAL_LIST, 0, "", "水稻；油菜"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_agree_within_the_items_tolerance),
        cmocka_unit_test(test_days_and_truths_agree_as_they_are_usually_written),
        cmocka_unit_test(test_each_value_claimed_of_a_list_must_be_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
