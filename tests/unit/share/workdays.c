/* Working days (share/workdays.h) against the State Council's notices for 2025 and 2026, counted by hand from a calendar. */
#include "../test.h"

#include "share/workdays.h"

static int32_t day(int y, unsigned m, unsigned d)
{
    return ll_days_from_civil(y, m, d);
}

static void test_holidays_and_the_weekends_worked_for_them(void **state)
{
    static const struct {
        int y;
        unsigned m, from, to;
        bool works;
    } cases[] = {
        {2025, 1, 1, 1, false},    {2025, 1, 26, 26, true},  {2025, 1, 28, 31, false},
        {2025, 2, 1, 4, false},    {2025, 2, 8, 8, true},    {2025, 4, 4, 6, false},
        {2025, 4, 27, 27, true},   {2025, 5, 1, 5, false},   {2025, 5, 31, 31, false},
        {2025, 6, 1, 2, false},    {2025, 9, 28, 28, true},  {2025, 10, 1, 8, false},
        {2025, 10, 11, 11, true},  {2026, 1, 1, 3, false},   {2026, 1, 4, 4, true},
        {2026, 2, 14, 14, true},   {2026, 2, 15, 23, false}, {2026, 2, 28, 28, true},
        {2026, 4, 4, 6, false},    {2026, 5, 1, 5, false},   {2026, 5, 9, 9, true},
        {2026, 6, 19, 21, false},  {2026, 9, 20, 20, true},  {2026, 9, 25, 27, false},
        {2026, 10, 1, 7, false},   {2026, 10, 10, 10, true}, {2026, 11, 23, 27, true},
        {2026, 11, 28, 29, false},
    };
    (void)state;

    for (size_t i = 0; i < LL_COUNT(cases); i++)
        for (unsigned d = cases[i].from; d <= cases[i].to; d++)
            if (ll_workday_is(day(cases[i].y, cases[i].m, d)) != cases[i].works)
                fail_msg("%d-%02u-%02u", cases[i].y, cases[i].m, d);
}

static void test_limits_run_over_holidays(void **state)
{
    static const struct {
        int from[3], n, to[3];
    } cases[] = {
        {{2025, 9, 28}, 2, {2025, 9, 30}},   /* a Sunday that is worked; the next two days */
        {{2025, 9, 28}, 3, {2025, 10, 9}},   /* over National Day and Mid-autumn */
        {{2025, 9, 30}, 10, {2025, 10, 21}}, /* the Saturday 11 October is worked */
        {{2025, 1, 24}, 2, {2025, 1, 27}},   /* Sunday 26 January is worked */
        {{2025, 1, 27}, 10, {2025, 2, 17}},  /* over the Spring Festival; Saturday 8 February is worked */
        {{2026, 2, 13}, 2, {2026, 2, 24}},   /* Saturday 14 is worked, then nine days off */
        {{2026, 2, 13}, 10, {2026, 3, 5}},   /* Saturday 28 February is worked */
        {{2026, 4, 30}, 1, {2026, 5, 6}},    /* over Labour Day */
        {{2026, 4, 30}, 20, {2026, 6, 1}},   /* Saturday 9 May is worked */
        {{2026, 9, 30}, 2, {2026, 10, 9}},   /* two after National Day */
        {{2026, 9, 30}, 3, {2026, 10, 10}},  /* a Saturday that is worked */
        {{2026, 11, 24}, 10, {2026, 12, 8}}, /* no holiday */
        {{2026, 11, 28}, 1, {2026, 11, 30}}, /* handed in on a Saturday */
        {{2026, 6, 18}, 1, {2026, 6, 22}},   /* over the Dragon Boat Festival */
    };
    (void)state;

    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        int32_t from = day(cases[i].from[0], (unsigned)cases[i].from[1], (unsigned)cases[i].from[2]);
        int32_t want = day(cases[i].to[0], (unsigned)cases[i].to[1], (unsigned)cases[i].to[2]);
        int32_t got = ll_workday_add(from, cases[i].n);
        if (got != want)
            fail_msg("case %zu: %d days off", i, got - want);
        assert_int_equal(ll_workdays_between(from, want), cases[i].n);
        assert_int_equal(ll_workdays_between(want, from), -cases[i].n);
    }
}

static void test_a_day_ends_at_midnight_in_china(void **state)
{
    int64_t late, early, due;
    char text[LL_TIME_TEXT];
    (void)state;

    assert_true(ll_time_parse("2026-11-23T15:59:59.999Z", &late));  /* 23:59:59 of Monday the 23rd */
    assert_true(ll_time_parse("2026-11-23T16:00:00.000Z", &early)); /* Tuesday the 24th begins */
    assert_int_equal(ll_workday_of(late), day(2026, 11, 23));
    assert_int_equal(ll_workday_of(early), day(2026, 11, 24));
    due = ll_workday_due(late, 2);
    assert_string_equal(ll_time_text(due, text), "2026-11-25T16:00:00.000Z"); /* all of Wednesday */
    due = ll_workday_due(early, 2);
    assert_string_equal(ll_time_text(due, text), "2026-11-26T16:00:00.000Z");
    assert_int_equal(ll_workday_of(-1), 0); /* before 1970, in China it was day 0 already */
    assert_int_equal(ll_workday_of(-28800001), -1);
}

static void test_years_without_a_notice_are_said_to_be_guesses(void **state)
{
    (void)state;
    assert_true(ll_workday_known(day(2025, 6, 1)));
    assert_true(ll_workday_known(day(2026, 12, 31)));
    assert_false(ll_workday_known(day(1999, 1, 1)));
    assert_false(ll_workday_known(day(2090, 1, 1)));
    assert_true(ll_workday_is(day(2090, 1, 2)));  /* a Monday */
    assert_false(ll_workday_is(day(2090, 1, 1))); /* a Sunday */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holidays_and_the_weekends_worked_for_them),
        cmocka_unit_test(test_limits_run_over_holidays),
        cmocka_unit_test(test_a_day_ends_at_midnight_in_china),
        cmocka_unit_test(test_years_without_a_notice_are_said_to_be_guesses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
