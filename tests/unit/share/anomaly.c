/* Keys of a call, one after the other (share/anomaly.h). */
#include "../test.h"

#include "share/anomaly.h"

#include <string.h>

static struct ll_key_trail trail_of(const char *const *keys, size_t n, bool found)
{
    struct ll_key_trail t;

    memset(&t, 0, sizeof t);
    for (size_t i = 0; i < n; i++)
        ll_key_trail_add(&t, ll_str(keys[i]), found, true);
    return t;
}

static void test_neighbours_make_a_run(void **state)
{
    static const char *const keys[] = {"A-0001", "A-0002", "A-0002", "A-0003", "A-0009"};
    struct ll_key_trail t = trail_of(keys, 5, false);
    (void)state;

    assert_int_equal(t.run, 3); /* the same again is no step */
    assert_int_equal(t.sum, 3);
    assert_int_equal(t.keys, 5);
    assert_int_equal(t.misses, 5);
    assert_string_equal(t.first, "A-0001");
    assert_string_equal(t.last, "A-0009");
}

/* A credit code ends with two check digits, which say nothing about order. */
static void test_check_digits_do_not_part_neighbours(void **state)
{
    static const char *const keys[] = {"91360802MA35ABCD1X", "91360802MA35ABCE72", "91360802MA35ABCFK0"};
    static const char *const apart[] = {"91360802MA35ABCD1X", "91360802MB35ABCD2X", "91360803MA35ABCD1X"};
    (void)state;

    assert_int_equal(trail_of(keys, 3, true).run, 2);
    assert_int_equal(trail_of(apart, 3, true).run, 0);
}

static void test_others_take_a_run_back_but_not_below_nothing(void **state)
{
    static const char *const keys[] = {"X1000", "X1001", "X1002", "X1003", "Y77", "Q9", "X2000", "X2001"};
    struct ll_key_trail t = trail_of(keys, 8, true);
    (void)state;

    assert_int_equal(t.most_run, 3);
    assert_int_equal(t.run, 1);
    assert_int_equal(t.sum, 3 - 6 + 1);
    assert_int_equal(t.most_sum, 3);
    assert_int_equal(t.misses, 0);
}

static void test_a_miss_counts_where_it_tells_something(void **state)
{
    struct ll_key_trail t;
    (void)state;

    memset(&t, 0, sizeof t);
    ll_key_trail_add(&t, LL_STR("1"), false, false);
    ll_key_trail_add(&t, LL_STR("2"), false, true);
    ll_key_trail_add(&t, LL_STR("3"), true, true);
    assert_int_equal(t.keys, 3);
    assert_int_equal(t.telling, 2);
    assert_int_equal(t.misses, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_make_a_run),
        cmocka_unit_test(test_check_digits_do_not_part_neighbours),
        cmocka_unit_test(test_others_take_a_run_back_but_not_below_nothing),
        cmocka_unit_test(test_a_miss_counts_where_it_tells_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
