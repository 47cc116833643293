/* numbers, amounts of money, yes and no. */
#include "../test.h"

#include "standard/convert.h"

static void assert_decimal(const char *raw, unsigned scale, const char *want)
{
    char text[48];
    ll_i128 v;

    if (ll_cv_decimal(ll_str(raw), scale, &v) != LL_CV_OK)
        fail_msg("%s is refused", raw);
    size_t n = ll_decimal_text(v, scale, text);
    assert_int_equal(n, strlen(text));
    assert_string_equal(text, want);
}

static void test_numbers_in_every_spelling(void **state)
{
    (void)state;
    assert_decimal("12", 0, "12");
    assert_decimal(" -1234.5 ", 2, "-1234.50");
    assert_decimal("+7", 1, "7.0");
    assert_decimal("1,234,567.89", 2, "1234567.89");
    assert_decimal("１，２３４．５", 2, "1234.50");
    assert_decimal("－３", 0, "-3");
    assert_decimal(".5", 2, "0.50");
    assert_decimal("5.", 2, "5.00");
    assert_decimal("12.5%", 4, "0.1250");
    assert_decimal("１２％", 2, "0.12");
    assert_decimal("1.5E3", 0, "1500");
    assert_decimal("1.5e-3", 4, "0.0015");
    assert_decimal("000123", 0, "123");
    assert_decimal("-0", 2, "0.00");
    assert_decimal("0.000000000000000000000000000000000000000000001", 2, "0.00");
}

static void test_rounding_is_half_away_from_zero(void **state)
{
    (void)state;
    assert_decimal("1.005", 2, "1.01");
    assert_decimal("-1.005", 2, "-1.01");
    assert_decimal("1.00499999999999999999999999999999999999999999999999", 2, "1.00");
    assert_decimal("0.5", 0, "1");
    assert_decimal("-0.5", 0, "-1");
    assert_decimal("0.49", 0, "0");
    assert_decimal("99.995", 2, "100.00");
}

static void test_thirty_eight_digits_fit_and_no_more(void **state)
{
    ll_i128 v;

    (void)state;
    assert_decimal("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999");
    assert_decimal("-9999999999999999999999999999999999.9999", 4, "-9999999999999999999999999999999999.9999");
    assert_decimal("0.99999999999999999999999999999999999999", 38,
                   "0.99999999999999999999999999999999999999");
    assert_int_equal(ll_cv_decimal(LL_STR("100000000000000000000000000000000000000"), 0, &v), LL_CV_BAD);
    assert_int_equal(ll_cv_decimal(LL_STR("999999999999999999999999999999999999.99"), 4, &v), LL_CV_BAD);
    assert_int_equal(ll_cv_decimal(LL_STR("99999999999999999999999999999999999999.5"), 0, &v), LL_CV_BAD);
    assert_int_equal(ll_cv_decimal(LL_STR("1E38"), 0, &v), LL_CV_BAD);
    assert_int_equal(ll_cv_decimal(LL_STR("1E999999999999"), 0, &v), LL_CV_BAD);
}

static void test_what_is_no_number_is_refused(void **state)
{
    static const char *const BAD[] = {"abc",
                                      "1,23",
                                      "12,34,567",
                                      "1234,567",
                                      "1,234,56",
                                      "1..2",
                                      "1.2.3",
                                      "--1",
                                      "1-",
                                      "1 2",
                                      "1e",
                                      "%",
                                      ".",
                                      "1,",
                                      ",1",
                                      "(5)",
                                      "0x10",
                                      "１２ａ",
                                      "P_5ea0ff48bc3c",
                                      "1%%",
                                      "1\xff",
                                      "五"};
    ll_i128 v;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BAD); i++)
        if (ll_cv_decimal(ll_str(BAD[i]), 2, &v) != LL_CV_BAD)
            fail_msg("%s", BAD[i]);
    assert_int_equal(ll_cv_decimal(LL_STR(""), 2, &v), LL_CV_EMPTY);
    assert_int_equal(ll_cv_decimal(LL_STR("N/A"), 2, &v), LL_CV_EMPTY);
    assert_int_equal(ll_cv_decimal(LL_STR("-"), 2, &v), LL_CV_EMPTY);
}

static void test_integers_are_whole(void **state)
{
    int64_t v;

    (void)state;
    assert_true(ll_cv_integer(LL_STR("1,234"), &v) == LL_CV_OK && v == 1234);
    assert_true(ll_cv_integer(LL_STR("12.00"), &v) == LL_CV_OK && v == 12);
    assert_true(ll_cv_integer(LL_STR("-9223372036854775808"), &v) == LL_CV_OK && v == INT64_MIN);
    assert_true(ll_cv_integer(LL_STR("9223372036854775807"), &v) == LL_CV_OK && v == INT64_MAX);
    assert_true(ll_cv_integer(LL_STR("0.000"), &v) == LL_CV_OK && v == 0);
    assert_true(ll_cv_integer(LL_STR("1E3"), &v) == LL_CV_OK && v == 1000);
    assert_int_equal(ll_cv_integer(LL_STR("9223372036854775808"), &v), LL_CV_BAD);
    assert_int_equal(ll_cv_integer(LL_STR("12.5"), &v), LL_CV_BAD);
    assert_int_equal(ll_cv_integer(LL_STR("50%"), &v), LL_CV_BAD);
    assert_int_equal(ll_cv_integer(LL_STR("无"), &v), LL_CV_EMPTY);
}

static void test_decimal_text_reads_back(void **state)
{
    char text[48];

    (void)state;
    for (int64_t i = -12000; i <= 12000; i += 7)
        for (unsigned scale = 0; scale <= 6; scale++) {
            ll_i128 v;
            size_t n = ll_decimal_text(i, scale, text);
            assert_int_equal(ll_cv_decimal((struct ll_str){text, n}, scale, &v), LL_CV_OK);
            assert_true(v == i);
        }
    ll_i128 least = (ll_i128)INT64_MIN * INT64_MIN * -2; /* -2^127 */
    assert_int_equal(ll_decimal_text(least, 40, text), 43);
    assert_string_equal(text, "-0.0170141183460469231731687303715884105728");
}

static void assert_amount(const char *raw, const char *unit, const char *want, const char *want_currency)
{
    char text[48], currency[4];
    ll_i128 v;

    if (ll_cv_amount(ll_str(raw), ll_str(unit), 2, &v, currency) != LL_CV_OK)
        fail_msg("%s is refused", raw);
    ll_decimal_text(v, 2, text);
    if (strcmp(text, want) != 0 || strcmp(currency, want_currency) != 0)
        fail_msg("%s (%s) is read as %s %s, not %s %s", raw, unit, currency, text, want_currency, want);
}

static void test_amounts_in_figures(void **state)
{
    (void)state;
    assert_amount("46.7000(万元人民币)", "元", "467000.00", "CNY");
    assert_amount("1万人民币", "元", "10000.00", "CNY");
    assert_amount("2,048.7000(万元人民币)", "元", "20487000.00", "CNY");
    assert_amount("1,741.5880(万美元)", "元", "17415880.00", "USD");
    assert_amount("150,000(万日元)", "元", "1500000000.00", "JPY");
    assert_amount("37,396.9600(万港币)", "元", "373969600.00", "HKD");
    assert_amount("1万港元", "元", "10000.00", "HKD");
    assert_amount("70(万)", "元", "700000.00", "CNY");
    assert_amount("100万元", "元", "1000000.00", "CNY");
    assert_amount("5亿", "元", "500000000.00", "CNY");
    assert_amount("1亿2000万元", "元", "120000000.00", "CNY");
    assert_amount("3万5千元", "元", "35000.00", "CNY");
    assert_amount("1万亿5000亿", "元", "1500000000000.00", "CNY");
    assert_amount("5百万", "元", "5000000.00", "CNY");
    assert_amount("￥1,234.50", "元", "1234.50", "CNY");
    assert_amount("￥-1,234.50", "元", "-1234.50", "CNY");
    assert_amount("-100万元", "元", "-1000000.00", "CNY");
    assert_amount("人民币：100万元", "元", "1000000.00", "CNY");
    assert_amount("１００万元（人民币）", "元", "1000000.00", "CNY");
    assert_amount("RMB 12.5", "元", "12.50", "CNY");
    assert_amount("us$ 3,000", "元", "3000.00", "USD");
    assert_amount("100EUR", "元", "100.00", "EUR");
    assert_amount("12元5角3分", "元", "12.53", "CNY");
    assert_amount("5角", "元", "0.50", "CNY");
    assert_amount("100元整", "元", "100.00", "CNY");
    assert_amount("1.5E7元", "元", "15000000.00", "CNY");
}

static void test_amounts_in_chinese_numerals(void **state)
{
    (void)state;
    assert_amount("人民币壹佰万元整", "万元", "1000000.00", "CNY");
    assert_amount("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "元", "1234567.89", "CNY");
    assert_amount("叁仟零伍万元整", "元", "30050000.00", "CNY");
    assert_amount("壹亿零伍佰元正", "元", "100000500.00", "CNY");
    assert_amount("伍佰万元人民币", "元", "5000000.00", "CNY");
    assert_amount("负壹佰元", "元", "-100.00", "CNY");
    assert_amount("十万元", "元", "100000.00", "CNY");
    assert_amount("两千零五十元", "元", "2050.00", "CNY");
    assert_amount("壹元零伍分", "元", "1.05", "CNY");
    assert_amount("零元", "元", "0.00", "CNY");
    assert_amount("貳萬圓", "元", "20000.00", "CNY");
}

static void test_a_lone_figure_is_in_the_unit_of_its_column(void **state)
{
    (void)state;
    assert_amount("100", "万元", "1000000.00", "CNY");
    assert_amount("100", "元", "100.00", "CNY");
    assert_amount("100", "", "100.00", "CNY");
    assert_amount("100", "亿元", "10000000000.00", "CNY");
    assert_amount("100", "百万元", "100000000.00", "CNY");
    assert_amount("100", "万美元", "1000000.00", "USD");
    assert_amount("100", "分", "1.00", "CNY");
    assert_amount("100(人民币)", "万元", "1000000.00", "CNY");
    assert_amount("USD 100", "万元", "1000000.00", "USD");
    assert_amount("100美元", "万元", "100.00", "USD"); /* it says itself what it counts */
    assert_amount("100人民币", "万元", "100.00", "CNY");
    assert_amount("100万", "万美元", "1000000.00", "USD");
    assert_amount("0", "万元", "0.00", "CNY");
}

static void test_every_numeral_up_to_a_myriad(void **state)
{
    static const char *const DIGITS[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
    static const char *const UNITS[] = {"仟", "佰", "拾", ""};
    static const unsigned POWERS[] = {1000, 100, 10, 1};

    (void)state;
    for (unsigned n = 1; n < 10000; n++) {
        char numeral[64] = "", raw[160], want[32];
        bool zero = false;
        for (size_t i = 0; i < 4; i++) {
            unsigned d = n / POWERS[i] % 10;
            if (d == 0) {
                zero = numeral[0] != 0;
                continue;
            }
            sprintf(numeral + strlen(numeral), "%s%s%s", zero ? DIGITS[0] : "", DIGITS[d], UNITS[i]);
            zero = false;
        }
        snprintf(raw, sizeof raw, "%s元整", numeral);
        snprintf(want, sizeof want, "%u.00", n);
        assert_amount(raw, "元", want, "CNY");
        snprintf(raw, sizeof raw, "人民币%s万%s%s元", numeral, n < 1000 ? "零" : "", numeral);
        snprintf(want, sizeof want, "%u.00", n * 10001);
        assert_amount(raw, "元", want, "CNY");
    }
}

static void test_what_is_no_amount_or_no_certain_one_is_refused(void **state)
{
    static const char *const BAD[] = {"约100万",
                                      "100-200万",
                                      "100万/年",
                                      "30,000(元/万元)",
                                      "万元",
                                      "人民币",
                                      "3万5",
                                      "一万五",
                                      "一百五元",
                                      "一二三元",
                                      "1万2万",
                                      "1千2千元",
                                      "12元5",
                                      "12元34角",
                                      "98分钟",
                                      "100%",
                                      "1,00万元",
                                      "(100万元",
                                      "100万元)",
                                      "((100))",
                                      "100万美元人民币",
                                      "P_5ea0ff48bc3c",
                                      "91360825162230132G",
                                      "2023-05-01",
                                      "--100",
                                      "100-",
                                      "100元整整",
                                      "百元",
                                      "十百元",
                                      "1亿亿",
                                      "100 200",
                                      "江西省吉安市",
                                      "100\xff",
                                      "99999999999999999999999999999999999999亿元"};
    char currency[4];
    ll_i128 v;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BAD); i++)
        if (ll_cv_amount(ll_str(BAD[i]), LL_STR("元"), 2, &v, currency) != LL_CV_BAD)
            fail_msg("%s", BAD[i]);
    assert_int_equal(ll_cv_amount(LL_STR("100"), LL_STR("斤"), 2, &v, currency), LL_CV_BAD);
    assert_int_equal(ll_cv_amount(LL_STR("N/A"), LL_STR("元"), 2, &v, currency), LL_CV_EMPTY);
    assert_int_equal(ll_cv_amount(LL_STR("无"), LL_STR("元"), 2, &v, currency), LL_CV_EMPTY);
    assert_int_equal(ll_cv_amount(LL_STR(""), LL_STR("元"), 2, &v, currency), LL_CV_EMPTY);
}

static void test_yes_and_no(void **state)
{
    static const char *const YES[] = {"是", "有", "Y", "y", "1", "true", "TRUE", "√", " 是 ", "１"};
    static const char *const NO[] = {"否", "无", "N", "n", "0", "false", "FALSE", "×"};
    bool v;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(YES); i++)
        assert_true(ll_cv_boolean(ll_str(YES[i]), &v) == LL_CV_OK && v);
    for (size_t i = 0; i < LL_COUNT(NO); i++)
        assert_true(ll_cv_boolean(ll_str(NO[i]), &v) == LL_CV_OK && !v);
    assert_int_equal(ll_cv_boolean(LL_STR("-"), &v), LL_CV_EMPTY);
    assert_int_equal(ll_cv_boolean(LL_STR("2"), &v), LL_CV_BAD);
    assert_int_equal(ll_cv_boolean(LL_STR("是的"), &v), LL_CV_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_in_every_spelling),
        cmocka_unit_test(test_rounding_is_half_away_from_zero),
        cmocka_unit_test(test_thirty_eight_digits_fit_and_no_more),
        cmocka_unit_test(test_what_is_no_number_is_refused),
        cmocka_unit_test(test_integers_are_whole),
        cmocka_unit_test(test_decimal_text_reads_back),
        cmocka_unit_test(test_amounts_in_figures),
        cmocka_unit_test(test_amounts_in_chinese_numerals),
        cmocka_unit_test(test_a_lone_figure_is_in_the_unit_of_its_column),
        cmocka_unit_test(test_every_numeral_up_to_a_myriad),
        cmocka_unit_test(test_what_is_no_amount_or_no_certain_one_is_refused),
        cmocka_unit_test(test_yes_and_no),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
