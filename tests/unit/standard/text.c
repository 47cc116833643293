/* texts, company names, addresses, telephone numbers. */
#include "../test.h"

#include "standard/convert.h"

typedef enum ll_cv converter(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

static void assert_becomes(converter *convert, const char *raw, const char *want)
{
    struct ll_buf scratch = LL_BUF_INIT(4096);
    struct ll_str out, again;

    if (convert(ll_str(raw), &scratch, &out) != LL_CV_OK)
        fail_msg("'%s' is refused", raw);
    assert_str(out, want);
    char *copy = strndup(out.p, out.n);
    assert_int_equal(convert(ll_str(copy), &scratch, &again), LL_CV_OK); /* what came out stays as it is */
    assert_str(again, want);
    free(copy);
    ll_buf_free(&scratch);
}

static void assert_cv(converter *convert, struct ll_str raw, enum ll_cv want)
{
    struct ll_buf scratch = LL_BUF_INIT(4096);
    struct ll_str out;

    if (convert(raw, &scratch, &out) != want)
        fail_msg("'%.*s'", (int)raw.n, raw.p ? raw.p : "");
    ll_buf_free(&scratch);
}

static void test_clean_text_is_borrowed(void **state)
{
    static const char *const CLEAN[] = {"a",
                                        "吉安市",
                                        "吉安市吉州区井冈山大道28号",
                                        "two words and a third",
                                        "家用电器、五金交电（批发，零售）。",
                                        "é ü 𠮷野家",
                                        "0123456789abcdefghijklmnopqrstuvwxyz",
                                        "葛\xf3\xa0\x84\x80飾"};
    struct ll_buf scratch = LL_BUF_INIT(4096);
    struct ll_str out;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(CLEAN); i++) {
        assert_int_equal(ll_cv_text(ll_str(CLEAN[i]), &scratch, &out), LL_CV_OK);
        assert_ptr_equal(out.p, CLEAN[i]);
        assert_int_equal(out.n, strlen(CLEAN[i]));
        assert_null(scratch.p);
    }
}

static void test_blanks_and_invisible_characters_are_put_right(void **state)
{
    (void)state;
    assert_becomes(ll_cv_text, "  a  b ", "a b");
    assert_becomes(ll_cv_text, "　吉安　市　", "吉安 市");
    assert_becomes(ll_cv_text, "a\tb\r\nc", "a b c");
    assert_becomes(ll_cv_text,
                   "a\xc2\xa0 \xe2\x80\x83"
                   "b",
                   "a b"); /* no-break and em space */
    assert_becomes(ll_cv_text, "\xef\xbb\xbf吉\xe2\x80\x8b安\xe2\x80\x8f",
                   "吉安"); /* BOM, zero width, direction */
    assert_becomes(ll_cv_text, "a \xe2\x80\x8b b", "a b");
    assert_becomes(ll_cv_text,
                   "a\x01\x7f"
                   "b\xc2\x85"
                   "c",
                   "ab c");
    assert_becomes(ll_cv_text, "soft\xc2\xadhyphen", "softhyphen");
    assert_becomes(ll_cv_text, "12345678 ", "12345678");
    assert_becomes(ll_cv_text, "Ａ１（", "Ａ１（");
}

/* Wherever in a text a character that must go stands, it is found: the scan takes eight bytes at a time. */
static void test_every_place_is_looked_at(void **state)
{
    static const char *const BODIES[] = {"0123456789abcdefghijklmn", "吉安市吉州区永叔路社区",
                                         "a吉b安c市d、e（f）g—h“i”"};
    static const char *const MARKS[] = {"\xe2\x80\x8b", "\x01", "\x7f", "\xef\xbb\xbf"};
    char raw[128];

    (void)state;
    for (size_t b = 0; b < LL_COUNT(BODIES); b++)
        for (size_t m = 0; m < LL_COUNT(MARKS); m++)
            for (size_t at = 0; at <= strlen(BODIES[b]); at++) {
                if (((unsigned char)BODIES[b][at] & 0xc0) == 0x80)
                    continue;
                snprintf(raw, sizeof raw, "%.*s%s%s", (int)at, BODIES[b], MARKS[m], BODIES[b] + at);
                assert_becomes(ll_cv_text, raw, BODIES[b]);
            }
}

static void test_nothing_and_its_words_are_empty(void **state)
{
    static const char *const EMPTY[] = {"",    " ",    "　\t", "\xe2\x80\x8b", "-",    "--",    "——",
                                        "/",   "N/A",  "n/a",  " #N/A ",       "null", "NULL",  "(null)",
                                        "\\N", "None", "无",   "暂无",         "不详", "未填写"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(EMPTY); i++)
        assert_cv(ll_cv_text, ll_str(EMPTY[i]), LL_CV_EMPTY);
    assert_cv(ll_cv_text, (struct ll_str){NULL, 0}, LL_CV_EMPTY);
    assert_cv(ll_cv_narrow, ll_str("Ｎ／Ａ"), LL_CV_EMPTY);
    assert_becomes(ll_cv_text, "无锡", "无锡");
    assert_becomes(ll_cv_text, "NA", "NA");
}

static void test_what_is_not_utf8_is_refused(void **state)
{
    static const char *const BROKEN[] = {"\xff",         "吉安\xe5",   "\xe5\x90", "a\xc0\x80",
                                         "\xed\xa0\x80", "  \xb0\xb2", "吉\x80",   "12345678\xe4\xb8"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BROKEN); i++)
        assert_cv(ll_cv_text, ll_str(BROKEN[i]), LL_CV_BAD);
}

static void test_a_full_scratch_is_a_refusal(void **state)
{
    struct ll_buf scratch = LL_BUF_INIT(4);
    struct ll_str out;

    (void)state;
    assert_int_equal(ll_cv_text(LL_STR(" abcdefgh"), &scratch, &out), LL_CV_BAD);
    ll_buf_free(&scratch);
}

static void test_full_width_becomes_half_width(void **state)
{
    (void)state;
    assert_becomes(ll_cv_narrow, "Ａ１（）　ｂ～", "A1() b~");
    assert_becomes(ll_cv_narrow, "吉安，市", "吉安,市");
    assert_becomes(ll_cv_narrow, "plain", "plain");
    assert_becomes(ll_cv_narrow, "￥１２", "￥12");
}

static void test_company_names(void **state)
{
    (void)state;
    assert_becomes(ll_cv_company, "江西(集团)有限公司", "江西（集团）有限公司");
    assert_becomes(ll_cv_company, "江西 （集团） 有限 公司", "江西（集团）有限公司");
    assert_becomes(ll_cv_company, "ＡＢＣ１公司", "ABC1公司");
    assert_becomes(ll_cv_company, "ABC Trading 公司", "ABC Trading 公司");
    assert_becomes(ll_cv_company, "吉安﹙庐陵﹚公司", "吉安（庐陵）公司");
    assert_becomes(ll_cv_company, "庐陵有限责任公司", "庐陵有限责任公司");
    assert_becomes(ll_cv_company, "庐陵有限公司", "庐陵有限公司");
}

static void test_addresses(void **state)
{
    (void)state;
    assert_becomes(ll_cv_address, "江西省 吉安市 永丰县 恩江东路 2 号", "江西省吉安市永丰县恩江东路2号");
    assert_becomes(ll_cv_address, "恩江东路２號", "恩江东路2号");
    assert_becomes(ll_cv_address, "阳明西路45#3单元", "阳明西路45号3单元");
    assert_becomes(ll_cv_address, "阳明西路№45", "阳明西路45号");
    assert_becomes(ll_cv_address, "阳明西路№45 号", "阳明西路45号");
    assert_becomes(ll_cv_address, "№№12號", "12号");
    assert_becomes(ll_cv_address, "Building A 12", "Building A 12");
    assert_becomes(ll_cv_address, "#楼", "#楼");
    assert_becomes(ll_cv_address, "1##", "1号#");
}

static void test_telephone_numbers(void **state)
{
    (void)state;
    assert_becomes(ll_cv_phone, "13800138000", "13800138000");
    assert_becomes(ll_cv_phone, "+86 138-0013-8000", "13800138000");
    assert_becomes(ll_cv_phone, "008613800138000", "13800138000");
    assert_becomes(ll_cv_phone, "8613800138000", "13800138000");
    assert_becomes(ll_cv_phone, "013800138000", "13800138000");
    assert_becomes(ll_cv_phone, "１３８００１３８０００", "13800138000");
    assert_becomes(ll_cv_phone, "0796-8223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "07968223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "（0796）8223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "0796—8223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "+86-796-8223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "+86 (0796) 8223344", "0796-8223344");
    assert_becomes(ll_cv_phone, "010 87654321", "010-87654321");
    assert_becomes(ll_cv_phone, "+86 10 87654321", "010-87654321");
    assert_becomes(ll_cv_phone, "02161234567", "021-61234567");
    assert_becomes(ll_cv_phone, "0796-8223344-801", "0796-8223344-801");
    assert_becomes(ll_cv_phone, "0796-8223344转801", "0796-8223344-801");
    assert_becomes(ll_cv_phone, "07968223344转分机801", "0796-8223344-801");
    assert_becomes(ll_cv_phone, "8223344", "8223344");
    assert_becomes(ll_cv_phone, "010 8765 4321", "010-87654321");
    assert_becomes(ll_cv_phone, "400-123-4567", "4001234567");
    assert_becomes(ll_cv_phone, "400-123-4567转8", "4001234567-8");
    assert_becomes(ll_cv_phone, "8223344-801", "8223344-801");
    assert_becomes(ll_cv_phone, "95588", "95588");
}

/* Numbers put together at random from what numbers are made of: what is read is read again as itself. */
static void test_a_telephone_number_stays_as_it_is_written(void **state)
{
    static const char *const PIECES[] = {"0",   "1",   "2",     "3",  "8",   "400", "86",   "0086", "0796",
                                         "010", "021", "138",   "95", "822", "334", "3344", "8223", "80138",
                                         "-",   "-",   "转",    "(",  ")",   " ",   "+",    "ext",  "800",
                                         "7",   "00",  "12345", "6",  "9",   "801", "5"};
    struct ll_buf first = LL_BUF_INIT(256), second = LL_BUF_INIT(256);
    uint64_t seed = 88172645463325252u;
    unsigned read = 0;

    (void)state;
    for (int i = 0; i < 400000; i++) {
        struct ll_str once, twice;
        char raw[64] = "";
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        for (uint64_t r = seed; r && strlen(raw) < 24; r >>= 6)
            strcat(raw, PIECES[(r & 63) % LL_COUNT(PIECES)]);
        if (ll_cv_phone(ll_str(raw), &first, &once) != LL_CV_OK)
            continue;
        read++;
        if (ll_cv_phone(once, &second, &twice) != LL_CV_OK || !ll_str_eq(once, twice))
            fail_msg("%s is read as %.*s", raw, LL_STR_ARG(once));
    }
    assert_true(read > 1000);
    ll_buf_free(&first);
    ll_buf_free(&second);
}

static void test_what_is_no_telephone_number_is_refused(void **state)
{
    static const char *const BAD[] = {"13800138000/13900139000",
                                      "13800138000 13900139000",
                                      "138****8000",
                                      "1380013800",
                                      "12345678901",
                                      "+1 212 555 1234",
                                      "0796",
                                      "2023-05-01",
                                      "0796-8223344转",
                                      "40067328ext.05",
                                      "86134567转12345",
                                      "转801",
                                      "江西省吉安市",
                                      "00000000000",
                                      "110",
                                      "1",
                                      "123456789012345678901234567890",
                                      "0196-8223344",
                                      "0096-8223344",
                                      "++8613800138000"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(BAD); i++)
        assert_cv(ll_cv_phone, ll_str(BAD[i]), LL_CV_BAD);
    assert_cv(ll_cv_phone, LL_STR("无"), LL_CV_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_text_is_borrowed),
        cmocka_unit_test(test_blanks_and_invisible_characters_are_put_right),
        cmocka_unit_test(test_every_place_is_looked_at),
        cmocka_unit_test(test_nothing_and_its_words_are_empty),
        cmocka_unit_test(test_what_is_not_utf8_is_refused),
        cmocka_unit_test(test_a_full_scratch_is_a_refusal),
        cmocka_unit_test(test_full_width_becomes_half_width),
        cmocka_unit_test(test_company_names),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_telephone_numbers),
        cmocka_unit_test(test_a_telephone_number_stays_as_it_is_written),
        cmocka_unit_test(test_what_is_no_telephone_number_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
