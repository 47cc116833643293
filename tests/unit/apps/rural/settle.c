/* settle: several records become one value, several sources one item; what lost is kept, what is not there is told apart. */
#include "../../test.h"

#include "apps/rural/combine.h"
#include "base/clock.h"

#include <string.h>

static struct ll_element area = {.name = "area", .type = LL_TYPE_DECIMAL};
static struct ll_item area_item = {.name = "area", .element = &area};
static struct ll_resource registry = {.name = "registry"}, survey = {.name = "survey"};

static struct ll_rural_source source(enum ll_rural_combine c, const struct ll_item *from)
{
    return (struct ll_rural_source){
        .resource = &registry, .from = from, .combine = c, .precedence = 1, .times = 1, .divided = 1};
}

static struct ll_str combined(struct ll_arena *a, const struct ll_rural_source *s,
                              const char *const (*rows)[3], size_t n)
{
    struct ll_rural_sum sum = {.total = 0};
    struct ll_err err;

    for (size_t i = 0; i < n; i++) {
        struct ll_rural_seen seen = {
            .value = ll_str(rows[i][0]), .day = ll_str(rows[i][1]), .order = ll_str(rows[i][2])};
        assert_int_equal(ll_rural_sum_add(&sum, s, &seen, a, &err), LL_OK);
    }
    assert_int_equal(ll_rural_sum_end(&sum, s, a, &err), LL_OK);
    return sum.given.value;
}

static const char *const rows[][3] = {{"3.5", "2024", "1b"},
                                      {"10", "2025", "1a"},
                                      {"2.25", "2025", "2"},
                                      {"10", "2025", "1a"},
                                      {"9", "2023", "0"}};

static void assert_combined(enum ll_rural_combine c, const char *want)
{
    struct ll_rural_source s = source(c, &area_item);
    struct ll_arena *a = ll_arena_new(0);
    struct ll_str got = combined(a, &s, rows, LL_COUNT(rows));

    assert_true(ll_str_is(got, want));
    ll_arena_free(a);
}

static void test_records_become_one_as_the_source_says(void **unused)
{
    (void)unused;
    assert_combined(LL_RURAL_SUM, "34.750000");
    assert_combined(LL_RURAL_LATEST_SUM, "22.250000");
    assert_combined(LL_RURAL_MAX, "10"); /* as numbers, not as texts */
    assert_combined(LL_RURAL_MIN, "2.25");
    assert_combined(LL_RURAL_COUNT, "5");
    assert_combined(LL_RURAL_LATEST, "2.25"); /* of equal days the greater text */
    assert_combined(LL_RURAL_LIST, "9；10；3.5；2.25");
    assert_combined(LL_RURAL_LATEST_LIST, "10；2.25");
}

static void test_numbers_come_in_the_items_unit(void **unused)
{
    struct ll_rural_item x = {.number = true, .decimals = 2};
    struct ll_rural_source wan = {.times = 1, .divided = 10000}, mu = {.times = 15, .divided = 1};
    struct ll_arena *a = ll_arena_new(0);
    ll_i128 v;
    (void)unused;

    assert_true(ll_micro_of(LL_STR("12345"), &v));
    assert_string_equal(ll_rural_number(&x, &wan, v, a), "1.23");
    assert_true(ll_micro_of(LL_STR("12350"), &v));
    assert_string_equal(ll_rural_number(&x, &wan, v, a), "1.24");
    assert_true(ll_micro_of(LL_STR("-12350"), &v));
    assert_string_equal(ll_rural_number(&x, &wan, v, a), "-1.24");
    assert_true(ll_micro_of(LL_STR("0.4853"), &v));
    assert_string_equal(ll_rural_number(&x, &mu, v, a), "7.28");
    assert_false(ll_micro_of(LL_STR("1,5"), &v));
    assert_false(ll_micro_of(LL_STR(""), &v));
    assert_false(ll_micro_of(LL_STR("."), &v));
    ll_arena_free(a);
}

/* ---- two sources: a registry, and a survey that is old after a year ---- */

static const int32_t today = 20787; /* 2026-11-30 */

static struct ll_household_item settled(struct ll_arena *a, struct ll_rural_given first,
                                        struct ll_rural_given second)
{
    static struct ll_rural_source sources[2];
    static struct ll_rural_item item = {
        .element = &area, .number = true, .decimals = 2, .tolerance = 5, .sources = sources, .n_sources = 2};
    struct ll_rural_given given[2] = {first, second};
    struct ll_household_item ret;
    struct ll_err err;

    sources[0] = source(LL_RURAL_LATEST, &area_item);
    sources[1] = source(LL_RURAL_LATEST, &area_item);
    sources[1].resource = &survey;
    sources[1].precedence = 2;
    sources[1].fresh = 365;
    sources[0].fresh = 730;
    assert_int_equal(ll_rural_settle(&item, given, today, a, &ret, &err), LL_OK);
    return ret;
}

static struct ll_rural_given gives(const char *value, const char *day)
{
    return (struct ll_rural_given){
        .shown = true, .any = value != NULL, .value = ll_str(value), .day = ll_str(day), .newest = 1};
}

static void test_the_better_source_counts_and_the_other_is_kept(void **unused)
{
    struct ll_arena *a = ll_arena_new(0);
    struct ll_household_item x = settled(a, gives("7.28", "2026-01-01"), gives("7.3", "2026-05-01"));
    (void)unused;

    assert_int_equal(x.state, LL_RURAL_PRESENT); /* within the tolerance */
    assert_int_equal(x.n, 2);
    assert_true(ll_str_is(x.values[0].value, "7.28"));
    assert_true(ll_str_is(x.values[1].value, "7.30"));
    x = settled(a, gives("7.28", "2026-01-01"), gives("0.49", "2026-05-01"));
    assert_int_equal(x.state, LL_RURAL_CONFLICTING);
    assert_true(ll_str_is(x.values[0].value, "7.28"));
    assert_true(x.values[1].differs);
    ll_arena_free(a);
}

static void test_what_is_out_of_date_loses_to_what_is_fresh(void **unused)
{
    struct ll_arena *a = ll_arena_new(0);
    struct ll_household_item x = settled(a, gives("7.28", "2020-01-01"), gives("6", "2026-05-01"));
    (void)unused;

    assert_int_equal(x.state, LL_RURAL_PRESENT); /* the loser is old: no conflict */
    assert_true(ll_str_is(x.values[0].value, "6.00"));
    x = settled(a, gives("7.28", "2020-01-01"), gives(NULL, ""));
    assert_int_equal(x.state, LL_RURAL_OUT_OF_DATE);
    assert_true(ll_str_is(x.values[0].value, "7.28"));
    ll_arena_free(a);
}

static void test_what_is_not_there_is_told_apart(void **unused)
{
    struct ll_arena *a = ll_arena_new(0);
    struct ll_rural_given nothing = {.shown = true},
                          hidden = {.shown = false, .any = true, .value = LL_STR("1")};
    int64_t now = ((int64_t)today * 86400 + 43200) * 1000;
    struct ll_rural_given quiet = {.shown = true, .newest = now}, late = {.shown = true, .newest = 1};
    (void)unused;

    assert_int_equal(settled(a, nothing, nothing).state, LL_RURAL_NOT_CONNECTED);
    assert_int_equal(settled(a, quiet, late).state, LL_RURAL_ABSENT);
    assert_int_equal(settled(a, late, late).state, LL_RURAL_SOURCE_LATE);
    assert_int_equal(settled(a, hidden, hidden).state, LL_RURAL_NOT_GRANTED);
    assert_int_equal(settled(a, hidden, gives("3", "2026-05-01")).n, 1); /* as if the other were not there */
    ll_arena_free(a);
}

static void test_days_are_read_in_their_forms(void **unused)
{
    int32_t d;
    (void)unused;

    assert_true(ll_rural_day(LL_STR("2026-11-30"), &d));
    assert_int_equal(d, today);
    assert_true(ll_rural_day(LL_STR("2026-11-30T08:00:00"), &d));
    assert_int_equal(d, today);
    assert_true(ll_rural_day(LL_STR("202611"), &d));
    assert_int_equal(d, today);
    assert_true(ll_rural_day(LL_STR("2026"), &d));
    assert_int_equal(d, today + 31);
    assert_false(ll_rural_day(LL_STR(""), &d));
    assert_false(ll_rural_day(LL_STR("Nov 30"), &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_become_one_as_the_source_says),
        cmocka_unit_test(test_numbers_come_in_the_items_unit),
        cmocka_unit_test(test_the_better_source_counts_and_the_other_is_kept),
        cmocka_unit_test(test_what_is_out_of_date_loses_to_what_is_fresh),
        cmocka_unit_test(test_what_is_not_there_is_told_apart),
        cmocka_unit_test(test_days_are_read_in_their_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
