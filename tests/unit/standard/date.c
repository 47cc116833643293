/* dates and times: every usual spelling of every day, and what is refused. */
#include "../test.h"

#include "base/clock.h"
#include "standard/convert.h"

static void assert_date(const char *raw, const char *want)
{
    char text[16];
    int32_t days;

    if (ll_cv_date(ll_str(raw), &days) != LL_CV_OK)
        fail_msg("%s is not read", raw);
    ll_date_text(days, text);
    if (strcmp(text, want) != 0)
        fail_msg("%s is read as %s, not %s", raw, text, want);
}

static void assert_not(enum ll_cv want, const char *raw)
{
    int32_t days;
    int64_t us;

    if (ll_cv_date(ll_str(raw), &days) != want || ll_cv_datetime(ll_str(raw), &us) != want)
        fail_msg("%s", raw);
}

/* 2 to 99 in Chinese, as days and months are written. */
static void chinese_number(char *out, unsigned n)
{
    static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

    sprintf(out, "%s%s%s", n >= 20 ? DIGITS[n / 10] : "", n >= 10 ? "十" : "", DIGITS[n % 10]);
}

static void chinese_year(char *out, int y)
{
    static const char *const DIGITS[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

    sprintf(out, "%s%s%s%s", DIGITS[y / 1000], DIGITS[y / 100 % 10], DIGITS[y / 10 % 10], DIGITS[y % 10]);
}

static void test_every_day_in_every_spelling(void **state)
{
    static const char *const FORMS[] = {"%04d-%02u-%02u",
                                        "%d-%u-%u",
                                        "%d/%u/%u",
                                        "%d/%02u/%02u",
                                        "%d.%u.%u",
                                        "%d.%02u.%02u",
                                        "%d年%u月%u日",
                                        "%d年%02u月%02u日",
                                        "%d年%u月%u号",
                                        " %d 年 %u 月 %u 日 ",
                                        "%04d%02u%02u",
                                        "%04d-%02u-%02u 00:00:00",
                                        "%d/%u/%u 0:00:00",
                                        "%04d-%02u-%02uT00:00:00.000Z",
                                        "%04d-%02u-%02uT00:00:00+08:00",
                                        "%04d-%02u-%02u 23:59:59.999999",
                                        "%04d%02u%02u000000"};
    int32_t first = ll_days_from_civil(1899, 12, 28), last = ll_days_from_civil(2104, 3, 2);

    (void)state;
    for (int32_t day = first; day <= last; day += day % 7 ? 1 : 13) {
        char raw[128], want[16], year[16], month[16], dom[16];
        unsigned m, d;
        int y;
        ll_civil_from_days(day, &y, &m, &d);
        snprintf(want, sizeof want, "%04d-%02u-%02u", y, m, d);
        for (size_t i = 0; i < LL_COUNT(FORMS); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(raw, sizeof raw, FORMS[i], y, m, d);
#pragma GCC diagnostic pop
            assert_date(raw, want);
        }
        chinese_year(year, y);
        chinese_number(month, m);
        chinese_number(dom, d);
        snprintf(raw, sizeof raw, "%s年%s月%s日", year, month, dom);
        assert_date(raw, want);
        if (day + 25569 >= 20000 && day + 25569 <= 80000) {
            snprintf(raw, sizeof raw, "%d", day + 25569);
            assert_date(raw, want);
        }
    }
}

static void test_rarer_spellings(void **state)
{
    (void)state;
    assert_date("２０２３－０５－０１", "2023-05-01");
    assert_date("２０２３年５月１日", "2023-05-01");
    assert_date("二零二三年五月廿一日", "2023-05-21");
    assert_date("二○二三年十二月卅一日", "2023-12-31");
    assert_date("二O二三年一〇月〇五日", "2023-10-05");
    assert_date("二〇二三年十月二十日", "2023-10-20");
    assert_date("2023年五月1日", "2023-05-01");
    assert_date("\xef\xbb\xbf"
                "2023-05-01\t",
                "2023-05-01");
    assert_date("45047.0", "2023-05-01");
    assert_date("45047.75", "2023-05-01");
    assert_date("2024-02-29", "2024-02-29");
    assert_date("9999-12-31", "9999-12-31");
    assert_date("0001-01-01", "0001-01-01");
}

static void test_what_can_be_read_in_two_ways_is_refused(void **state)
{
    static const char *const BAD[] = {"01/05/2023",
                                      "5/1/2023",
                                      "23-05-01",
                                      "2023-05",
                                      "2023年5月",
                                      "2023",
                                      "May 1, 2023",
                                      "2023-5/1",
                                      "2023年5-1",
                                      "2023-05-01-02",
                                      "2023-05-01至2024-05-01",
                                      "长期",
                                      "2023-13-01",
                                      "2023-02-30",
                                      "2023-00-10",
                                      "2023-05-00",
                                      "2023-02-29",
                                      "20230229",
                                      "20231301",
                                      "2023050",
                                      "202305011",
                                      "20230501246000",
                                      "19999",
                                      "80001",
                                      "45047.5 12:00",
                                      "2023-05-01 24:00:00",
                                      "2023-05-01 12:60",
                                      "2023-05-01 12",
                                      "2023-05-01x",
                                      "2023-05-01T",
                                      "2023-05-01 12:30:",
                                      "2023-05-01 12:30+99:00",
                                      "2023年5月1日下午",
                                      "二〇二三年十十月一日",
                                      "二〇二三年三廿月一日",
                                      "P_5ea0ff48bc3c",
                                      "2023-05-01\xff",
                                      "-2023-05-01",
                                      "2023--05-01"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BAD); i++)
        assert_not(LL_CV_BAD, BAD[i]);
}

static void test_nothing_is_nothing(void **state)
{
    static const char *const EMPTY[] = {
        "", " ", "　", "N/A", "-", "无", "NULL", "0000-00-00", "0000-00-00 00:00:00"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(EMPTY); i++)
        assert_not(LL_CV_EMPTY, EMPTY[i]);
}

static void assert_time(const char *raw, int64_t us_of_day)
{
    int64_t us;

    if (ll_cv_datetime(ll_str(raw), &us) != LL_CV_OK)
        fail_msg("%s is not read", raw);
    if (us != 19478 * INT64_C(86400000000) + us_of_day)
        fail_msg("%s is read as %lld", raw, (long long)us);
}

static void test_times_are_taken_as_written(void **state)
{
    const int64_t S = 1000000, H = 3600 * S, M = 60 * S;

    (void)state;
    assert_time("2023-05-01", 0);
    assert_time("2023-05-01 12:30:45", 12 * H + 30 * M + 45 * S);
    assert_time("2023-05-01 12:30", 12 * H + 30 * M);
    assert_time("2023/5/1 9:05", 9 * H + 5 * M);
    assert_time("2023-05-01T12:30:45.5Z", 12 * H + 30 * M + 45 * S + 500000);
    assert_time("2023-05-01T12:30:45.123456789+08:00", 12 * H + 30 * M + 45 * S + 123456);
    assert_time("2023-05-01 12:30:45 +0800", 12 * H + 30 * M + 45 * S);
    assert_time("20230501123045", 12 * H + 30 * M + 45 * S);
    assert_time("20230501 12:30:45", 12 * H + 30 * M + 45 * S);
    assert_time("2023年5月1日12时30分45秒", 12 * H + 30 * M + 45 * S);
    assert_time("2023年5月1日 12点30分", 12 * H + 30 * M);
    assert_time("二〇二三年五月一日十二时", 12 * H);
    assert_time("45047.5", 12 * H);
    assert_time("45047.5213541667", 12 * H + 30 * M + 45 * S); /* a spreadsheet's 12:30:45 */
}

static void test_days_before_1970_have_times_too(void **state)
{
    int64_t us;

    (void)state;
    assert_int_equal(ll_cv_datetime(LL_STR("1969-12-31 23:59:59"), &us), LL_CV_OK);
    assert_true(us == -1000000);
    assert_int_equal(ll_cv_datetime(LL_STR("45047.9999999999"), &us),
                     LL_CV_OK); /* rounds into the next day */
    assert_true(us == 19479 * INT64_C(86400000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_in_every_spelling),
        cmocka_unit_test(test_rarer_spellings),
        cmocka_unit_test(test_what_can_be_read_in_two_ways_is_refused),
        cmocka_unit_test(test_nothing_is_nothing),
        cmocka_unit_test(test_times_are_taken_as_written),
        cmocka_unit_test(test_days_before_1970_have_times_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
