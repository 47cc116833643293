/* the vocabulary: types, faults, dimensions. */
#include "../test.h"

#include "base/buf.h"
#include "standard/element.h"

static void test_types_are_read_back(void **state)
{
    enum ll_type type;
    unsigned p, s;

    (void)state;
    for (int t = 0; t < LL_TYPE_COUNT; t++) {
        if (t == LL_TYPE_DECIMAL)
            continue;
        assert_true(ll_type_parse(ll_str(ll_type_name((enum ll_type)t)), &type, &p, &s));
        assert_int_equal(type, t);
        assert_int_equal(p, 0);
        assert_non_null(ll_type_title((enum ll_type)t, LL_ZH));
    }
    assert_true(ll_type_parse(LL_STR("decimal(18,2)"), &type, &p, &s) && type == LL_TYPE_DECIMAL && p == 18 &&
                s == 2);
    assert_true(ll_type_parse(LL_STR("decimal(38, 38)"), &type, &p, &s) && p == 38 && s == 38);
    assert_true(ll_type_parse(LL_STR("decimal(5)"), &type, &p, &s) && p == 5 && s == 0);
    assert_string_equal(ll_type_title(LL_TYPE_DATE, LL_EN), "a date");
}

static void test_what_is_no_type_is_refused(void **state)
{
    static const char *const BAD[] = {"",
                                      "string",
                                      "decimal",
                                      "decimal()",
                                      "decimal(0,0)",
                                      "decimal(39,2)",
                                      "decimal(5,6)",
                                      "decimal(5,2",
                                      "decimal(5,2)x",
                                      "decimal(a,b)",
                                      "decimal(5,-1)",
                                      "decimal(5,)",
                                      "Text"};
    enum ll_type type;
    unsigned p, s;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BAD); i++)
        if (ll_type_parse(ll_str(BAD[i]), &type, &p, &s))
            fail_msg("%s", BAD[i]);
}

static void test_every_fault_has_a_code_of_its_own_and_texts(void **state)
{
    (void)state;
    for (int a = 0; a < LL_FAULT_COUNT; a++) {
        for (int b = 0; b < a; b++)
            assert_string_not_equal(ll_fault_code((enum ll_fault)a), ll_fault_code((enum ll_fault)b));
        for (int lang = LL_ZH; lang <= LL_EN; lang++) {
            struct ll_buf out = LL_BUF_INIT(1000);
            ll_fault_text(&out, (enum ll_fault)a, (enum ll_lang)lang, LL_STR("I"), LL_STR("V"), LL_STR("D"));
            assert_true(out.n > 0 && !memchr(out.p, '{', out.n));
            ll_buf_free(&out);
        }
    }
}

static void test_a_fault_says_what_and_where(void **state)
{
    struct ll_buf out = LL_BUF_INIT(1000);

    (void)state;
    ll_fault_text(&out, LL_FAULT_TYPE, LL_ZH, LL_STR("注册日期"), LL_STR("{detail}x"), LL_STR("日期"));
    assert_str(ll_buf_view(&out),
               "注册日期 的值 {detail}x 不是日期"); /* what was filled in is not filled again */
    ll_buf_clear(&out);
    ll_fault_text(&out, LL_FAULT_REQUIRED, LL_EN, LL_STR("name"), LL_STR(""), LL_STR(""));
    assert_str(ll_buf_view(&out), "name is empty");
    ll_buf_free(&out);
    assert_int_equal(ll_fault_dimension(LL_FAULT_REQUIRED), LL_DIM_COMPLETENESS);
}

static void test_dimensions_are_read_back(void **state)
{
    enum ll_dimension d;

    (void)state;
    for (int i = 0; i < LL_DIM_COUNT; i++)
        assert_true(ll_dimension_parse(ll_str(ll_dimension_name((enum ll_dimension)i)), &d) && (int)d == i);
    assert_false(ll_dimension_parse(LL_STR("beauty"), &d));
    assert_string_equal(ll_dimension_title(LL_DIM_TIMELINESS, LL_ZH), "时效性");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types_are_read_back),
        cmocka_unit_test(test_what_is_no_type_is_refused),
        cmocka_unit_test(test_every_fault_has_a_code_of_its_own_and_texts),
        cmocka_unit_test(test_a_fault_says_what_and_where),
        cmocka_unit_test(test_dimensions_are_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
