/* identifiers: what is accepted, what is refused and why, what a code says, what it converts to. */
#include "../test.h"

#include "standard/ident.h"

#define ASSERT_FAULT(scheme, raw, fault) assert_fault(LL_ID_##scheme, ll_str(raw), LL_IDF_##fault, NULL)
#define ASSERT_CANON(scheme, raw, canon) assert_fault(LL_ID_##scheme, ll_str(raw), LL_IDF_OK, canon)

static void assert_fault(enum ll_scheme scheme, struct ll_str raw, enum ll_id_fault want,
                         const char *want_canon)
{
    char canon[LL_ID_MAX];
    size_t n;
    enum ll_id_fault got = ll_id_check(scheme, raw, canon, &n);

    if (got != want)
        fail_msg("%s %.*s: %s, expected %s", ll_scheme_name(scheme), LL_STR_ARG(raw),
                 ll_id_fault_text(got, LL_EN), ll_id_fault_text(want, LL_EN));
    assert_int_equal(strlen(canon), n);
    if (want_canon)
        assert_string_equal(canon, want_canon);
}

static void test_known_numbers_are_valid(void **state)
{
    (void)state;
    ASSERT_FAULT(USCC, "91100000100003962T", OK); /* the codes of well-known public companies */
    ASSERT_FAULT(USCC, "9152000071430580XT", OK);
    ASSERT_FAULT(USCC, "91360000625912173B", OK);
    ASSERT_FAULT(USCC, "91230500MA1B3N1N2M", OK);
    ASSERT_FAULT(RESIDENT_ID, "11010519491231002X", OK); /* the examples of GB 11643 */
    ASSERT_FAULT(RESIDENT_ID, "440524188001010014", OK);
    ASSERT_FAULT(RESIDENT_ID, "36080219850101000X", OK); /* order code 000 */
    ASSERT_FAULT(ORG_CODE, "10000444-7", OK);
    ASSERT_FAULT(ORG_CODE, "MA526E3LX", OK);
    ASSERT_FAULT(REG_NO, "440301103097413", OK);
    ASSERT_FAULT(REG_NO, "100000000003965", OK);
}

static void test_the_canonical_form_is_upper_case_half_width_without_blanks(void **state)
{
    (void)state;
    ASSERT_CANON(USCC, " 9152000071430580xt ", "9152000071430580XT");
    ASSERT_CANON(USCC, "９１５２００００７１４３０５８０ＸＴ", "9152000071430580XT");
    ASSERT_CANON(USCC,
                 "\xef\xbb\xbf"
                 "91520000 71430580-XT\t",
                 "9152000071430580XT");
    ASSERT_CANON(RESIDENT_ID, "'11010519491231002x", "11010519491231002X");
    ASSERT_CANON(RESIDENT_ID, "110105 19491231 002X　", "11010519491231002X");
    ASSERT_CANON(RESIDENT_ID, "360802850101000", "36080219850101000X");
    ASSERT_CANON(ORG_CODE, "71430580－x", "71430580X");
    ASSERT_CANON(REG_NO, "4403 0110 3097 413", "440301103097413");
    ASSERT_CANON(SUBJECT_ID, "360802850101000", "36080219850101000X");
}

static void test_each_refusal_has_its_reason(void **state)
{
    (void)state;
    ASSERT_FAULT(USCC, "", EMPTY);
    ASSERT_FAULT(USCC, " \t　", EMPTY);
    ASSERT_FAULT(USCC, "N/A", EMPTY);
    ASSERT_FAULT(USCC, "无", EMPTY);
    ASSERT_FAULT(USCC, "-", EMPTY);
    ASSERT_FAULT(USCC, "91110000100004447", LENGTH);
    ASSERT_FAULT(USCC, "9111000010000444777", LENGTH);
    ASSERT_FAULT(USCC, "这不是统一社会信用代码而是一个公司的名称", LENGTH);
    ASSERT_FAULT(USCC, "9111000010000444I7", CHARSET);
    ASSERT_FAULT(USCC, "91110000S00004447A", CHARSET);
    ASSERT_FAULT(USCC, "9111A000100004447X", CHARSET);
    ASSERT_FAULT(USCC, "98110000100004447T", CATEGORY);
    ASSERT_FAULT(USCC, "Z1110000100004447T", CHARSET);
    ASSERT_FAULT(USCC, "B1110000100004447T", CATEGORY);
    ASSERT_FAULT(USCC, "91160000100004447T", REGION);
    ASSERT_FAULT(USCC, "911100001000044577", ORG_CHECK);
    ASSERT_FAULT(USCC, "911100001000044478", CHECK);
    ASSERT_FAULT(RESIDENT_ID, "1101051949123100", LENGTH);
    ASSERT_FAULT(RESIDENT_ID, "1101051949123100AX", CHARSET);
    ASSERT_FAULT(RESIDENT_ID, "99999919850101000X", REGION);
    ASSERT_FAULT(RESIDENT_ID, "360802198502300009", DATE);
    ASSERT_FAULT(RESIDENT_ID, "360802850230000", DATE);
    ASSERT_FAULT(RESIDENT_ID, "360802179912310000", DATE);
    ASSERT_FAULT(RESIDENT_ID, "360881199912310000", CHECK);
    ASSERT_FAULT(ORG_CODE, "10000444", LENGTH);
    ASSERT_FAULT(ORG_CODE, "10000444A", CHARSET);
    ASSERT_FAULT(ORG_CODE, "100004448", CHECK);
    ASSERT_FAULT(REG_NO, "11000000273431X", CHARSET);
    ASSERT_FAULT(REG_NO, "990000002734315", REGION);
    ASSERT_FAULT(REG_NO, "110000002734313", CHECK);
}

static void test_placeholders_are_refused_by_name(void **state)
{
    (void)state;
    ASSERT_FAULT(USCC, "00000000000000000X", PLACEHOLDER);
    ASSERT_FAULT(USCC, "000000000000000000", PLACEHOLDER);
    ASSERT_FAULT(USCC, "0", PLACEHOLDER);
    ASSERT_FAULT(USCC, "XXXXXXXXXXXXXXXXXX", PLACEHOLDER);
    ASSERT_FAULT(USCC, "******", PLACEHOLDER);
    ASSERT_FAULT(USCC, "111111111111111111", PLACEHOLDER);
    ASSERT_FAULT(USCC, "999999999999999999", PLACEHOLDER);
    ASSERT_FAULT(USCC, "123456789012345678", PLACEHOLDER);
    ASSERT_FAULT(USCC, "987654321098765432", PLACEHOLDER);
    ASSERT_FAULT(USCC, "121212121212121212", PLACEHOLDER);
    ASSERT_FAULT(USCC, "123123123123123123", PLACEHOLDER);
    ASSERT_FAULT(USCC, "913608020000000001", PLACEHOLDER); /* an organisation code of zeros inside */
    ASSERT_FAULT(USCC, "91360802999999999X", PLACEHOLDER);
    ASSERT_FAULT(RESIDENT_ID, "111111111111111", PLACEHOLDER);
    ASSERT_FAULT(RESIDENT_ID, "123456789012345678", PLACEHOLDER);
    ASSERT_FAULT(ORG_CODE, "00000000-0", PLACEHOLDER); /* its check character is right */
    ASSERT_FAULT(ORG_CODE, "12345678-8", PLACEHOLDER); /* so is this one's */
    ASSERT_FAULT(REG_NO, "000000000000000", PLACEHOLDER);
    ASSERT_FAULT(SUBJECT_ID, "00000000000000000X", PLACEHOLDER);
    ASSERT_FAULT(RESIDENT_ID, "360802191111111116",
                 CHECK); /* eight equal digits are nothing unusual in a date of birth */
}

static void test_a_subject_is_told_by_its_form(void **state)
{
    enum ll_kind kind;

    (void)state;
    ASSERT_FAULT(SUBJECT_ID, "91100000100003962T", OK);
    ASSERT_FAULT(SUBJECT_ID, "914403001922038216", OK); /* digits only */
    ASSERT_FAULT(SUBJECT_ID, "11010519491231002X", OK);
    ASSERT_FAULT(SUBJECT_ID, "360802198502300009", DATE);
    ASSERT_FAULT(SUBJECT_ID, "360881199912310000", CHECK);
    ASSERT_FAULT(SUBJECT_ID, "911100001000044478", CHECK);
    ASSERT_FAULT(SUBJECT_ID, "110108012660422", DATE);
    ASSERT_FAULT(SUBJECT_ID, "12345", LENGTH);
    assert_true(ll_id_kind(LL_ID_SUBJECT_ID, LL_STR("11010519491231002X"), &kind) && kind == LL_KIND_PERSON);
    assert_true(ll_id_kind(LL_ID_SUBJECT_ID, LL_STR("91100000100003962T"), &kind) &&
                kind == LL_KIND_ENTERPRISE);
    assert_true(ll_id_kind(LL_ID_USCC, LL_STR("92360802MA35JDKC1J"), &kind) && kind == LL_KIND_TRADER);
    assert_true(ll_id_kind(LL_ID_USCC, LL_STR("11360800014500000X"), &kind) && kind == LL_KIND_INSTITUTION);
    assert_true(ll_id_kind(LL_ID_USCC, LL_STR("51360800014500000X"), &kind) && kind == LL_KIND_SOCIAL);
    assert_false(ll_id_kind(LL_ID_USCC, LL_STR("Y1360800014500000X"), &kind));
    assert_false(ll_id_kind(LL_ID_REG_NO, LL_STR("440301103097413"), &kind));
    assert_false(ll_id_kind(LL_ID_ORG_CODE, LL_STR("100003962"), &kind));
    assert_false(ll_id_kind(LL_ID_USCC, LL_STR("9110"), &kind));
}

static void test_a_scheme_is_detected_by_form_and_check(void **state)
{
    static const struct {
        const char *raw;
        enum ll_scheme scheme;
    } CASES[] = {{"91100000100003962T", LL_ID_USCC},     {"11010519491231002X", LL_ID_RESIDENT_ID},
                 {"360802850101000", LL_ID_RESIDENT_ID}, {"440301103097413", LL_ID_REG_NO},
                 {"10000396-2", LL_ID_ORG_CODE},         {" 914403001922038216", LL_ID_USCC}};
    enum ll_scheme scheme;
    char canon[LL_ID_MAX];
    size_t n;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(CASES); i++) {
        assert_true(ll_id_detect(ll_str(CASES[i].raw), &scheme, canon, &n));
        assert_int_equal(scheme, CASES[i].scheme);
    }
    assert_false(ll_id_detect(LL_STR("13800138000"), &scheme, canon, &n));
    assert_false(ll_id_detect(LL_STR("吉安市"), &scheme, canon, &n));
    assert_false(ll_id_detect(LL_STR(""), &scheme, canon, &n));
}

static void assert_part(const struct ll_id_part *p, const char *en, const char *value, const char *meaning_zh)
{
    assert_string_equal(p->en, en);
    assert_string_equal(p->value, value);
    if (meaning_zh)
        assert_string_equal(p->meaning_zh, meaning_zh);
    else
        assert_null(p->meaning_zh);
}

static void test_every_part_says_what_it_is(void **state)
{
    struct ll_id_part p[LL_ID_PARTS];

    (void)state;
    assert_int_equal(ll_id_parts(LL_ID_USCC, LL_STR("91360000625912173B"), p), 5);
    assert_part(&p[0], "registration authority", "9", "市场监督管理（工商）");
    assert_part(&p[1], "organisation category", "1", "企业");
    assert_part(&p[2], "region", "360000", NULL);
    assert_part(&p[3], "organisation code", "625912173", NULL);
    assert_part(&p[4], "check", "B", NULL);
    assert_int_equal(ll_id_parts(LL_ID_SUBJECT_ID, LL_STR("11010519491231002X"), p), 5);
    assert_part(&p[0], "region", "110105", NULL);
    assert_part(&p[1], "date of birth", "1949-12-31", NULL);
    assert_part(&p[2], "order code", "002", NULL);
    assert_part(&p[3], "sex", "2", "女");
    assert_int_equal(ll_id_parts(LL_ID_ORG_CODE, LL_STR("71430580X"), p), 2);
    assert_part(&p[0], "body", "71430580", NULL);
    assert_int_equal(ll_id_parts(LL_ID_REG_NO, LL_STR("330100400015575"), p), 4);
    assert_part(&p[1], "subject type", "4", "外资企业");
    assert_int_equal(ll_id_parts(LL_ID_USCC, LL_STR("9136"), p), 0);
    assert_int_equal(ll_id_parts(LL_ID_USCC, LL_STR("江西省吉安市"), p), 0); /* 18 bytes */
}

static void assert_explained(enum ll_scheme scheme, const char *raw, enum ll_lang lang, const char *want)
{
    char canon[LL_ID_MAX], text[256];
    size_t n;
    enum ll_id_fault f = ll_id_check(scheme, ll_str(raw), canon, &n);

    ll_id_explain(scheme, (struct ll_str){canon, n}, f, lang, text, sizeof text);
    assert_string_equal(text, want);
}

static void test_a_refusal_is_explained_with_what_would_fit(void **state)
{
    (void)state;
    assert_explained(LL_ID_USCC, "911100001000044478", LL_ZH, "校验位错误，应为 7");
    assert_explained(LL_ID_USCC, "911100001000044478", LL_EN, "wrong check character: 7 would fit");
    assert_explained(LL_ID_USCC, "911100001000044577", LL_ZH, "其中的组织机构代码校验位错误，应为 5");
    assert_explained(LL_ID_USCC, "91110000100004447", LL_ZH, "长度不对：应为 18 位，实为 17 位");
    assert_explained(LL_ID_USCC, "98110000100004447T", LL_ZH, "登记管理部门或机构类别代码 98 不存在");
    assert_explained(LL_ID_RESIDENT_ID, "99999919850101000X", LL_ZH, "行政区划代码 999999 不存在");
    assert_explained(LL_ID_RESIDENT_ID, "360802198502300009", LL_EN, "impossible date of birth 1985-02-30");
    assert_explained(LL_ID_RESIDENT_ID, "360802850230000", LL_EN, "impossible date of birth 1985-02-30");
    assert_explained(LL_ID_REG_NO, "110000002734313", LL_ZH, "校验位错误，应为 5");
    assert_explained(LL_ID_ORG_CODE, "100004448", LL_EN, "wrong check character: 7 would fit");
    assert_explained(LL_ID_USCC, "00000000000000000X", LL_ZH, "是占位值");
    assert_explained(LL_ID_USCC, "一二三四五六七八九", LL_EN, "wrong length: 18 characters are needed");
}

static void test_fifteen_digits_become_eighteen(void **state)
{
    char out[LL_ID_MAX];

    (void)state;
    assert_int_equal(ll_id_15to18(LL_STR("360802850101000"), out), LL_OK);
    assert_string_equal(out, "36080219850101000X");
    assert_int_equal(ll_id_15to18(LL_STR("440524800101001"), out), LL_OK);
    assert_string_equal(out, "440524198001010013");
    assert_int_equal(ll_id_15to18(LL_STR("440524800101999"), out),
                     LL_OK); /* 996 to 999: born in the century before */
    assert_memory_equal(out + 6, "18800101999", 11);
    assert_int_equal(ll_id_15to18(LL_STR("36080285010100"), out), LL_INVALID);
    assert_int_equal(ll_id_15to18(LL_STR("36080285013200X"), out), LL_INVALID);
    assert_int_equal(ll_id_15to18(LL_STR("360802850230000"), out), LL_INVALID);
}

static void test_a_credit_code_and_its_organisation_code_lead_to_each_other(void **state)
{
    char org[LL_ID_MAX], uscc[LL_ID_MAX];

    (void)state;
    assert_true(ll_id_org_code_of(LL_STR("9152000071430580XT"), org));
    assert_string_equal(org, "71430580X");
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("71430580-X"), LL_STR("91"), LL_STR("520000"), uscc),
                     LL_OK);
    assert_string_equal(uscc, "9152000071430580XT");
    assert_false(ll_id_org_code_of(LL_STR("9152000071430580XX"), org));
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("714305800"), LL_STR("91"), LL_STR("520000"), uscc),
                     LL_INVALID);
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("71430580X"), LL_STR("97"), LL_STR("520000"), uscc),
                     LL_INVALID);
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("71430580X"), LL_STR("9"), LL_STR("520000"), uscc),
                     LL_INVALID);
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("71430580X"), LL_STR("91"), LL_STR("5200AB"), uscc),
                     LL_INVALID);
    assert_int_equal(ll_id_uscc_from_org_code(LL_STR("71430580X"), LL_STR("VZ"), LL_STR("520000"), uscc),
                     LL_INVALID);
}

static void test_names_are_read_back(void **state)
{
    enum ll_scheme scheme;
    enum ll_kind kind;

    (void)state;
    for (int i = 0; i < LL_ID_COUNT; i++)
        assert_true(ll_scheme_parse(ll_str(ll_scheme_name((enum ll_scheme)i)), &scheme) && (int)scheme == i);
    for (int i = 0; i < LL_KIND_COUNT; i++)
        assert_true(ll_kind_parse(ll_str(ll_kind_name((enum ll_kind)i)), &kind) && (int)kind == i);
    assert_false(ll_scheme_parse(LL_STR("passport"), &scheme));
    assert_false(ll_kind_parse(LL_STR(""), &kind));
    assert_string_equal(ll_scheme_title(LL_ID_USCC, LL_ZH), "统一社会信用代码");
    assert_string_equal(ll_kind_title(LL_KIND_HOUSEHOLD, LL_EN), "household");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_numbers_are_valid),
        cmocka_unit_test(test_the_canonical_form_is_upper_case_half_width_without_blanks),
        cmocka_unit_test(test_each_refusal_has_its_reason),
        cmocka_unit_test(test_placeholders_are_refused_by_name),
        cmocka_unit_test(test_a_subject_is_told_by_its_form),
        cmocka_unit_test(test_a_scheme_is_detected_by_form_and_check),
        cmocka_unit_test(test_every_part_says_what_it_is),
        cmocka_unit_test(test_a_refusal_is_explained_with_what_would_fit),
        cmocka_unit_test(test_fifteen_digits_become_eighteen),
        cmocka_unit_test(test_a_credit_code_and_its_organisation_code_lead_to_each_other),
        cmocka_unit_test(test_names_are_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
