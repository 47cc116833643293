/* Number formats and the texts of numbers, against what spreadsheets show for them. */
#include "test.h"

#include "base/buf.h"
#include "intake/decode/xlsx_number.h"
#include "intake/decode/xlsx_sheet.h"
#include "intake/decode/xlsx_styles.h"

static void test_number_formats_are_told_apart(void **state)
{
    static const struct {
        const char *code;
        enum ll_xlsx_look look;
        unsigned digits;
    } cases[] = {
        {"General", LL_XLSX_NUMBER, 0},
        {"GENERAL", LL_XLSX_NUMBER, 0},
        {"General_)", LL_XLSX_NUMBER, 0},
        {"G/通用格式", LL_XLSX_NUMBER, 0},
        {"G/通用格式\"年\"", LL_XLSX_NUMBER, 0},
        {"0.00", LL_XLSX_NUMBER, 0},
        {"#,##0", LL_XLSX_NUMBER, 0},
        {"0.00E+00", LL_XLSX_NUMBER, 0},
        {"0%", LL_XLSX_NUMBER, 0},
        {"# ?/?", LL_XLSX_NUMBER, 0},
        {"@", LL_XLSX_NUMBER, 0},
        {"", LL_XLSX_NUMBER, 0},
        {";;;", LL_XLSX_NUMBER, 0},
        {"0.00\"年\"", LL_XLSX_NUMBER, 0},
        {"#,##0\\ \"hrs  \"", LL_XLSX_NUMBER, 0},
        {"[Red]-0.00", LL_XLSX_NUMBER, 0},
        {"_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", LL_XLSX_NUMBER, 0},
        {"[$$-409]#,##0.00;[RED]\\-[$$-409]#,##0.00", LL_XLSX_NUMBER, 0},
        {"\"P\" #,##0.00; \"N\" #,##0.00;0;@", LL_XLSX_NUMBER, 0},
        {"yyyy-mm-dd", LL_XLSX_DATE, 0},
        {"yyyy\\-mm\\-dd;@", LL_XLSX_DATE, 0},
        {"yyyy\"年\"m\"月\"d\"日\"", LL_XLSX_DATE, 0},
        {"yyyy\"年\"m\"月\"", LL_XLSX_DATE, 0},
        {"yyyy年m月d日", LL_XLSX_DATE, 0},
        {"[$-804]yyyy/m/d;@", LL_XLSX_DATE, 0},
        {"[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@", LL_XLSX_DATE, 0},
        {"[$-804]aaaa;@", LL_XLSX_DATE, 0},
        {"[$-404]e/m/d", LL_XLSX_DATE, 0},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", LL_XLSX_DATE, 0},
        {"mmm", LL_XLSX_DATE, 0},
        {"D", LL_XLSX_DATE, 0},
        {"d\\.mmm", LL_XLSX_DATE, 0},
        {"\"\"d\\-mmm\\-yy", LL_XLSX_DATE, 0},
        {"h:mm", LL_XLSX_TIME, 0},
        {"[$-F400]h:mm:ss AM/PM", LL_XLSX_TIME, 0},
        {"上午/下午h\"时\"mm\"分\"", LL_XLSX_TIME, 0},
        {"mm:ss.0;@", LL_XLSX_TIME, 1},
        {"hh:mm:ss.000", LL_XLSX_TIME, 3},
        {"yyyy-mm-dd hh:mm:ss", LL_XLSX_DATETIME, 0},
        {"m/d/yy h:mm", LL_XLSX_DATETIME, 0},
        {"yyyy/m/d h:mm:ss.00", LL_XLSX_DATETIME, 2},
        {"[h]:mm:ss", LL_XLSX_ELAPSED, 0},
        {"[mm]:ss", LL_XLSX_ELAPSED, 0},
        {"000000", LL_XLSX_PADDED, 6},
        {"00\\-0000", LL_XLSX_PADDED, 6},
        {"0", LL_XLSX_NUMBER, 0},
        {"[", LL_XLSX_NUMBER, 0},
        {"\"open", LL_XLSX_NUMBER, 0},
        {"\\", LL_XLSX_NUMBER, 0},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_xlsx_format f = ll_xlsx_format_of(ll_str(cases[i].code));
        if (f.look != cases[i].look || f.digits != cases[i].digits)
            fail_msg("%s: look %d digits %d", cases[i].code, f.look, f.digits);
    }
}

static void test_builtin_formats_include_the_chinese_ones(void **state)
{
    static const unsigned char looks[] = {
        [0] = LL_XLSX_NUMBER, [1] = LL_XLSX_NUMBER, [13] = LL_XLSX_NUMBER,  [14] = LL_XLSX_DATE,
        [17] = LL_XLSX_DATE,  [18] = LL_XLSX_TIME,  [21] = LL_XLSX_TIME,    [22] = LL_XLSX_DATETIME,
        [27] = LL_XLSX_DATE,  [31] = LL_XLSX_DATE,  [32] = LL_XLSX_TIME,    [35] = LL_XLSX_TIME,
        [36] = LL_XLSX_DATE,  [45] = LL_XLSX_TIME,  [46] = LL_XLSX_ELAPSED, [47] = LL_XLSX_TIME,
        [50] = LL_XLSX_DATE,  [55] = LL_XLSX_TIME,  [58] = LL_XLSX_DATE,
    };
    static const unsigned char ids[] = {0,  1,  13, 14, 17, 18, 21, 22, 27, 31,
                                        32, 35, 36, 45, 46, 47, 50, 55, 58};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(ids); i++)
        assert_int_equal(ll_xlsx_format_builtin(ids[i]).look, looks[ids[i]]);
    assert_int_equal(ll_xlsx_format_builtin(49).look, LL_XLSX_NUMBER);
    assert_int_equal(ll_xlsx_format_builtin(4000000000U).look, LL_XLSX_NUMBER);
}

static void test_numbers_are_shown_as_they_would_be_typed(void **state)
{
    static const struct {
        const char *in, *out;
        enum ll_xlsx_number is;
        struct ll_xlsx_format f;
    } cases[] = {
        {"0", "0", LL_XLSX_NUMBER_OK, {0}},
        {"-0", "0", LL_XLSX_NUMBER_OK, {0}},
        {"-0.5", "-0.5", LL_XLSX_NUMBER_OK, {0}},
        {"007", "7", LL_XLSX_NUMBER_OK, {0}},
        {"1.50", "1.5", LL_XLSX_NUMBER_OK, {0}},
        {"1.", "1", LL_XLSX_NUMBER_OK, {0}},
        {"+3", "3", LL_XLSX_NUMBER_OK, {0}},
        {"1E5", "100000", LL_XLSX_NUMBER_OK, {0}},
        {"1.1000000000000001", "1.1", LL_XLSX_NUMBER_OK, {0}},
        {"0.30000000000000004", "0.30000000000000004", LL_XLSX_NUMBER_OK, {0}},
        {"1E-7", "0.0000001", LL_XLSX_NUMBER_OK, {0}},
        {"1.5E-12", "1.5e-12", LL_XLSX_NUMBER_OK, {0}},
        {"-123456789012345", "-123456789012345", LL_XLSX_NUMBER_OK, {0}},
        {"1234567890123450", "1234567890123450", LL_XLSX_NUMBER_DIGITS, {0}},
        {"1234567890123456", "1234567890123456", LL_XLSX_NUMBER_OK, {0}},
        {"9.12345678901234E+17", "912345678901234000", LL_XLSX_NUMBER_DIGITS, {0}},
        {"1E+21", "1e+21", LL_XLSX_NUMBER_DIGITS, {0}},
        {"", "", LL_XLSX_NUMBER_BAD, {0}},
        {"0x10", "", LL_XLSX_NUMBER_BAD, {0}},
        {"inf", "", LL_XLSX_NUMBER_BAD, {0}},
        {"nan", "", LL_XLSX_NUMBER_BAD, {0}},
        {"1e999", "", LL_XLSX_NUMBER_BAD, {0}},
        {"1 2", "", LL_XLSX_NUMBER_BAD, {0}},
        {"--1", "", LL_XLSX_NUMBER_BAD, {0}},
        {"42", "00042", LL_XLSX_NUMBER_OK, {LL_XLSX_PADDED, 5}},
        {"42.5", "42.5", LL_XLSX_NUMBER_OK, {LL_XLSX_PADDED, 5}},
        {"0.99999999", "00:00:00", LL_XLSX_NUMBER_OK, {LL_XLSX_TIME, 0}},
        {"0.5", "12:00:00", LL_XLSX_NUMBER_OK, {LL_XLSX_TIME, 0}},
        {"45000.5", "2023-03-15 12:00:00", LL_XLSX_NUMBER_OK, {LL_XLSX_TIME, 0}},
        {"45000", "2023-03-15 00:00:00", LL_XLSX_NUMBER_OK, {LL_XLSX_DATETIME, 0}},
        {"45000.5000058", "2023-03-15 12:00:00.501", LL_XLSX_NUMBER_OK, {LL_XLSX_DATETIME, 3}},
        {"45000.999999999", "2023-03-16 00:00:00", LL_XLSX_NUMBER_OK, {LL_XLSX_DATETIME, 0}},
        {"0", "1900-01-00", LL_XLSX_NUMBER_OK, {LL_XLSX_DATE, 0}},
        {"2958465", "9999-12-31", LL_XLSX_NUMBER_OK, {LL_XLSX_DATE, 0}},
        {"20230501", "20230501", LL_XLSX_NUMBER_OK, {LL_XLSX_DATE, 0}},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        char out[LL_XLSX_NUMBER_TEXT];
        size_t n = 0;
        bool day;
        enum ll_xlsx_number is = ll_xlsx_number_text(ll_str(cases[i].in), cases[i].f, false, out, &n, &day);
        if (is != cases[i].is || !ll_str_is((struct ll_str){out, n}, cases[i].out))
            fail_msg("%s: %d '%.*s'", cases[i].in, is, (int)n, out);
    }
}

/* Every double must read back as itself, whatever its text. */
static void test_any_number_reads_back(void **state)
{
    uint64_t seed = 0x9e3779b97f4a7c15ULL;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        char in[40], out[LL_XLSX_NUMBER_TEXT + 1];
        size_t n = 0;
        bool day;
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        double v = (double)(int64_t)seed / (double)(1ULL << (seed % 60));
        snprintf(in, sizeof in, "%.17g", v);
        assert_true(ll_xlsx_number_text(ll_str(in), (struct ll_xlsx_format){0}, false, out, &n, &day) !=
                    LL_XLSX_NUMBER_BAD);
        out[n] = 0;
        assert_true(strtod(out, NULL) == v);
    }
}

static void test_iso_dates_lose_what_says_nothing(void **state)
{
    static const struct {
        const char *in, *out;
        unsigned char look;
    } cases[] = {
        {"2023-05-01", "2023-05-01", 0},
        {"2023-05-01T00:00:00", "2023-05-01", 0},
        {"2023-05-01T00:00:00Z", "2023-05-01 00:00:00", LL_XLSX_DATETIME},
        {"2023-05-01T08:30:00.000Z", "2023-05-01 08:30:00", 0},
        {"2023-05-01T08:30:00.25", "2023-05-01 08:30:00.25", 0},
        {"2023-05-01T08:30:00", "2023-05-01", LL_XLSX_DATE},
        {"T", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        char out[LL_XLSX_NUMBER_TEXT];
        struct ll_xlsx_format f = {cases[i].look, 0};
        assert_str(((struct ll_str){out, ll_xlsx_iso_text(ll_str(cases[i].in), f, out)}), cases[i].out);
    }
}

static void test_cell_addresses_go_both_ways(void **state)
{
    uint32_t column, row;
    char name[4];

    (void)state;
    for (uint32_t c = 0; c < LL_XLSX_COLUMNS; c++) {
        char ref[16];
        snprintf(ref, sizeof ref, "%s12", ll_xlsx_column_name(c, name));
        assert_true(ll_xlsx_ref(ll_str(ref), &column, &row));
        assert_int_equal(column, c);
        assert_int_equal(row, 12);
    }
    assert_true(ll_xlsx_ref(LL_STR("XFD1048576"), &column, &row));
    static const char *const bad[] = {
        "", "A", "1", "A0", "XFE1", "A1048577", "AAAAAAAAAAAA1", "A99999999999", "A1 ", "$A$1", "A-1"};
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_false(ll_xlsx_ref(ll_str(bad[i]), &column, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_formats_are_told_apart),
        cmocka_unit_test(test_builtin_formats_include_the_chinese_ones),
        cmocka_unit_test(test_numbers_are_shown_as_they_would_be_typed),
        cmocka_unit_test(test_any_number_reads_back),
        cmocka_unit_test(test_iso_dates_lose_what_says_nothing),
        cmocka_unit_test(test_cell_addresses_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
