/* Encodings: found by content, decoded, and broken bytes named by row. */
#include "deliver.h"

#include "intake/decode/charset.h"

#include <iconv.h>

/* Text in another encoding; the caller's to free. */
static struct ll_buf encoded(const char *utf8, const char *charset)
{
    struct ll_buf out = LL_BUF_INIT(1 << 24);
    iconv_t cd = iconv_open(charset, "UTF-8");
    char *in = (char *)(uintptr_t)utf8;
    size_t left = strlen(utf8);

    assert_true((intptr_t)cd != -1);
    ll_buf_reserve(&out, left * 4);
    size_t room = left * 4;
    char *to = out.p;
    assert_int_equal(iconv(cd, &in, &left, &to, &room), 0);
    out.n = (size_t)(to - out.p);
    iconv_close(cd);
    return out;
}

static void found_as(struct ll_str bytes, const char *charset, const char *columns, const char *rows)
{
    struct ll_source *s = deliver(bytes, NULL, NULL);

    assert_string_equal(ll_source_info(s)->charset, charset);
    ll_source_close(s);
    gives_bytes(bytes, NULL, NULL, columns, rows);
}

static void test_every_encoding_gives_the_same_rows(void **state)
{
    static const char *const charsets[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};
    const char *text = "企业名称,代码,备注\n吉安市某某有限公司,1001,㐀𠀀€\n\"引,号\",1002,x\n";

    (void)state;
    for (size_t i = 0; i < LL_COUNT(charsets); i++) {
        struct ll_buf b = encoded(text, charsets[i]);
        found_as(ll_buf_view(&b), charsets[i], "企业名称|代码|备注",
                 "吉安市某某有限公司|1001|㐀𠀀€ #1@2\n引,号|1002|x #2@3\n");
        ll_buf_free(&b);
    }
}

static void test_a_bom_decides(void **state)
{
    (void)state;
    found_as(LL_STR("\xff\xfe\x14\x54,\0\n\0\x0d\x54,\0\n\0"), "UTF-16LE", "吔|#2", "名| #1@2\n");
    found_as(LL_STR("\xfe\xff\x54\x14\0,\0\n\x54\x0d\0,\0\n"), "UTF-16BE", "吔|#2", "名| #1@2\n");
    found_as(LL_STR("\xef\xbb\xbf"
                    "a,b\n1,2\n"),
             "UTF-8", "a|b", "1|2 #1@2\n");
}

static void test_the_first_bytes_that_are_not_ascii_decide_however_late(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);

    (void)state;
    ll_buf_z(&text, "id,name\n");
    for (unsigned i = 0; i < 200000; i++)
        ll_buf_printf(&text, "%u,abc\n", i);
    ll_buf_z(&text, "200000,\xbc\xaa\xb0\xb2\n");
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, NULL);
    assert_string_equal(ll_source_info(s)->charset, "GB18030");
    char *rows = rows_of(s);
    assert_non_null(strstr(rows, "\n200000|吉安 #200001@200002\n"));
    free(rows);
    ll_source_close(s);
    ll_buf_free(&text);
}

static void test_broken_bytes_make_a_faulty_row_that_names_them(void **state)
{
    (void)state;
    found_as(
        LL_STR("名,b\n甲,2\n乙\xe4\xb8,2\n丙,4\n"), "UTF-8", "名|b",
        "甲|2 #1@2\n乙\xef\xbf\xbd\xef\xbf\xbd|2 !4 (bytes E4 B8 at character 2 are not valid UTF-8) #2@3\n丙|4 #3@4\n");
    /* 81 20: a lead byte without its second */
    found_as(LL_STR("\xbc\xaa\xb0\xb2,b\n\xbc\xd7,2\n\xd2\xd2\x81 x,3\n\xb1\xfb,\xff\n"), "GB18030", "吉安|b",
             "甲|2 #1@2\n乙\xef\xbf\xbd x|3 !4 (bytes 81 at character 2 are not valid GB18030) #2@3\n"
             "丙|\xef\xbf\xbd !4 (bytes FF at character 3 are not valid GB18030) #3@4\n");
}

static void test_half_a_surrogate_pair_and_an_odd_byte_in_utf16(void **state)
{
    (void)state;
    found_as(
        LL_STR("\xff\xfe"
               "a\0,\0b\0\n\0"
               "1\0,\0\x3d\xd8\n\0"
               "2\0,\0"
               "3\0\n\0"),
        "UTF-16LE", "a|b",
        "1|\xef\xbf\xbd\xef\xbf\xbd !4 (bytes 3D D8 at character 3 are not valid UTF-16LE) #1@2\n2|3 #2@3\n");
    found_as(LL_STR("\xff\xfe"
                    "a\0,\0b\0\n\0"
                    "1\0,\0"
                    "2\0\n\0x"),
             "UTF-16LE", "a|b",
             "1|2 #1@2\n\xef\xbf\xbd !4 (bytes 78 at character 1 are not valid UTF-16LE) #2@3\n");
}

static void test_two_encodings_in_one_file(void **state)
{
    (void)state;
    found_as(LL_STR("名称,b\n甲乙,2\n丙丁,2\n\xbc\xaa\xb0\xb2\xca\xd0,3\n"), "UTF-8", "名称|b",
             "甲乙|2 #1@2\n丙丁|2 #2@3\n"
             "吉安市|3 !4 (bytes BC AA B0 B2 at character 1 are not valid UTF-8; this line is in GB18030: "
             "the file mixes two encodings) #3@4\n");
    found_as(LL_STR("\xbc\xaa\xb0\xb2,b\n\xbc\xd7\xd2\xd2,2\n\xb1\xfb,2\n吉安市,3\n"), "GB18030", "吉安|b",
             "甲乙|2 #1@2\n丙|2 #2@3\n"
             "吉安市|3 !4 (bytes E5 90 89 E5 at character 1 are not valid GB18030; this line is in UTF-8: "
             "the file mixes two encodings) #3@4\n");
}

static void test_an_option_overrides_the_encoding(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct ll_source *s = NULL;

    (void)state;
    o.charset = "gbk";
    gives_bytes(LL_STR("a,b\n\xc1\xaa\xcd\xa8,1\n"), NULL, &o, "a|b", "联通|1 #1@2\n");
    o.charset = "EBCDIC";
    assert_int_equal(try_open(put_file(LL_STR("a\n")), NULL, &o, &s), LL_USAGE);
    assert_non_null(strstr(err.en, "unknown encoding EBCDIC"));
}

static void test_json_in_gb18030(void **state)
{
    struct ll_buf b = encoded("[{\"名\":\"吉安\"},{\"名\":\"市\"}]", "GB18030");

    (void)state;
    found_as(ll_buf_view(&b), "GB18030", "名", "吉安 #1@1\n市 #2@1\n");
    ll_buf_free(&b);
}

/* Our table against the converter it was made from: every two-byte place and a sweep of the four-byte ones. */
static void test_a_large_gb18030_text_decodes_as_iconv_decodes_it(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);
    char utf8[4];

    (void)state;
    ll_buf_z(&text, "字,码\n");
    for (uint32_t cp = 0x80; cp < 0x30000; cp += cp < 0xa000 ? 1 : 37) {
        size_t n = ll_utf8_put(utf8, cp);
        if (n == 0 || (cp >= 0xe000 && cp < 0xf900))
            continue;
        ll_buf_add(&text, utf8, n);
        ll_buf_printf(&text, ",%u\n", cp);
    }
    struct ll_buf gb = encoded(text.p, "GB18030");
    struct ll_source *s = deliver(ll_buf_view(&gb), NULL, NULL);
    struct ll_rows *rows;
    struct ll_row row;
    const char *at = strchr(text.p, '\n') + 1;
    assert_string_equal(ll_source_info(s)->charset, "GB18030");
    assert_ok(ll_source_rows(s, NULL, &rows, &err));
    while (rows->ops->next(rows, &row, &err) > 0) {
        if (row.fault >= 0)
            fail_msg("line %d: %s", (int)row.line, row.detail_en);
        assert_memory_equal(row.cells[0].p, at, row.cells[0].n);
        at = strchr(at, '\n') + 1;
    }
    assert_int_equal(at - text.p, text.n);
    rows->ops->close(rows);
    ll_source_close(s);
    ll_buf_free(&gb);
    ll_buf_free(&text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(test_every_encoding_gives_the_same_rows),
        T(test_a_bom_decides),
        T(test_the_first_bytes_that_are_not_ascii_decide_however_late),
        T(test_broken_bytes_make_a_faulty_row_that_names_them),
        T(test_half_a_surrogate_pair_and_an_odd_byte_in_utf16),
        T(test_two_encodings_in_one_file),
        T(test_an_option_overrides_the_encoding),
        T(test_json_in_gb18030),
        T(test_a_large_gb18030_text_decodes_as_iconv_decodes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
