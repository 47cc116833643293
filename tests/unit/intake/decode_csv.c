/* Delimited text as departments write it: what is found about it, and which rows it gives. */
#include "deliver.h"

static void test_a_plain_table(void **state)
{
    (void)state;
    gives("id,name\n1,a\n2,\"b,c\"\n", "id|name", "1|a #1@2\n2|b,c #2@3\n");
    gives("id,name\r\n1,a\r\n\r\n2,\"b\r\nc\"\r\n3,", "id|name", "1|a #1@2\n2|b\r\nc #2@4\n3| #3@6\n");
}

static void test_only_blank_lines_are_no_rows(void **state)
{
    (void)state;
    gives("a,b\n\n1,2\n,\n\n\n3,4\n\n\n\n", "a|b", "1|2 #1@3\n| #2@4\n3|4 #3@7\n");
}

static void test_a_header_alone_is_a_table_without_rows(void **state)
{
    (void)state;
    gives("企业名称,统一社会信用代码", "企业名称|统一社会信用代码", "");
    gives("企业名称,统一社会信用代码\n\n\n", "企业名称|统一社会信用代码", "");
}

static void test_every_usual_delimiter_is_found(void **state)
{
    const char delims[] = ",\t;|^\x01";
    char text[200];

    (void)state;
    for (const char *d = delims; *d; d++) {
        snprintf(text, sizeof text, "编号%c名称%c金额\n1%c甲，乙；丙%c1.5\n2%c丁%c2.5\n", *d, *d, *d, *d, *d,
                 *d);
        struct ll_source *s = deliver(ll_str(text), NULL, NULL);
        assert_int_equal(ll_source_info(s)->dialect.delim, *d);
        assert_int_equal(ll_source_info(s)->n_columns, 3);
        ll_source_close(s);
    }
}

static void test_a_tab_file_with_commas_and_stray_quotes(void **state)
{
    (void)state;
    gives("id\tname\tnote\n1\t\"大河\"公司\ta,b,c\n2\t\"小河\"公司\td,e\n", "id|name|note",
          "1|\"大河\"公司|a,b,c #1@2\n2|\"小河\"公司|d,e #2@3\n");
}

static void test_a_single_quote_can_be_the_quote(void **state)
{
    (void)state;
    gives("'id','name'\n'1','a,b'\n'2','c'\n", "id|name", "1|a,b #1@2\n2|c #2@3\n");
}

static void test_excels_own_hint_is_followed(void **state)
{
    (void)state;
    gives("sep=;\na;b\n1,5;2\n", "a|b", "1,5|2 #1@3\n");
}

static void test_titles_above_the_header_are_no_rows(void **state)
{
    struct ll_source *s;

    (void)state;
    gives("吉安市企业登记信息,,\n单位：万元,,2023年5月\n企业名称,代码,注册资本\n甲,1001,5\n乙,1002,6\n",
          "企业名称|代码|注册资本", "甲|1001|5 #1@4\n乙|1002|6 #2@5\n");
    s = deliver(LL_STR("吉安市企业登记信息\n\n企业名称,代码,注册资本\n甲,1001,5\n"), NULL, NULL);
    assert_int_equal(ll_source_info(s)->header_line, 3);
    assert_int_equal(ll_source_info(s)->title_rows, 1);
    assert_non_null(strstr(ll_source_info(s)->text[LL_EN], "header on line 3 (1 lines of title above)"));
    assert_string_equal(ll_source_info(s)->text[LL_ZH],
                        "CSV，UTF-8，逗号分隔，引号 \"，表头在第 3 行（之上 1 行标题），3 列");
    ll_source_close(s);
}

static void test_a_file_without_header_is_told_by_its_values(void **state)
{
    (void)state;
    gives("91360800MA35,甲,2019-01-02\n91360801MA36,乙,2019-01-03\n", "#1|#2|#3",
          "91360800MA35|甲|2019-01-02 #1@1\n91360801MA36|乙|2019-01-03 #2@2\n");
    gives("地区,2019,2020\n吉安,1,2\n吉州,3,4\n", "地区|2019|2020", "吉安|1|2 #1@2\n吉州|3|4 #2@3\n");
}

static void test_options_override_what_is_found(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;

    (void)state;
    o.header = LL_SOURCE_HEADER_NONE;
    gives_bytes(LL_STR("a;b,c\n1;2,3\n"), NULL, &o, "#1|#2", "a;b|c #1@1\n1;2|3 #2@2\n");
    o.delim = ';';
    o.header = 2;
    gives_bytes(LL_STR("a;b,c\n1;2,3\n4;5\n"), NULL, &o, "1|2,3", "4|5 #1@3\n");
    o.quote = 0;
    gives_bytes(LL_STR("a;b,c\n1;2,3\n\"4;5\"\n"), NULL, &o, "1|2,3", "\"4|5\" #1@3\n");
}

static void test_names_are_trimmed_and_empty_ones_numbered(void **state)
{
    struct ll_source *s = deliver(LL_STR("\xef\xbb\xbf 企业名称\xe3\x80\x80,,代码 ,代码\n甲,1,2,3\n"), NULL,
                                  NULL);
    const struct ll_source_info *info = ll_source_info(s);
    char *names = columns_of(s);

    (void)state;
    assert_string_equal(names, "企业名称|#2|代码|代码");
    assert_true(info->bom);
    assert_int_equal(ll_source_column(info, LL_STR("企业名称")), 0);
    assert_int_equal(ll_source_column(info, LL_STR("代码")), LL_COLUMN_TWICE);
    assert_int_equal(ll_source_column(info, LL_STR("#4")), 3);
    assert_int_equal(ll_source_column(info, LL_STR("#5")), LL_COLUMN_NONE);
    assert_int_equal(ll_source_column(info, LL_STR("名称")), LL_COLUMN_NONE);
    free(names);
    ll_source_close(s);
}

static void test_a_header_that_is_short_of_cells_or_has_too_many(void **state)
{
    (void)state;
    gives("a,b\n1,2,\n3,4,\n", "a|b|#3", "1|2| #1@2\n3|4| #2@3\n");
    gives("a,b,,\n1,2\n3,4\n", "a|b", "1|2 #1@2\n3|4 #2@3\n");
}

static void test_rows_with_other_numbers_of_cells_are_faulty_and_whole(void **state)
{
    (void)state;
    gives(
        "a,b\n1,2\n1,2,3\nx\n4,5\n", "a|b",
        "1|2 #1@2\n1|2|3 !0 (expected 2 columns, found 3) #2@3\nx !0 (expected 2 columns, found 1) #3@4\n4|5 #4@5\n");
}

static void test_an_open_quote_makes_one_faulty_row(void **state)
{
    (void)state;
    gives("a,b\n\"1\",\"2\"\n3,\"x\n5,6\n", "a|b", "1|2 #1@2\n3,\"x !1 #2@3\n5|6 #3@4\n");
}

static void test_an_open_quote_costs_its_line_even_where_nothing_is_quoted(void **state)
{
    (void)state;
    gives("a,b\n1,2\n3,\"x\n5,6\n", "a|b", "1|2 #1@2\n3,\"x !1 #2@3\n5|6 #3@4\n");
}

static void test_a_nul_makes_a_faulty_row(void **state)
{
    (void)state;
    gives_bytes(LL_STR("a,b\n1,2\n3,x\0y\n5,6\n"), NULL, NULL, "a|b",
                "1|2 #1@2\n3|x\xef\xbf\xbdy !3 #2@3\n5|6 #3@4\n");
}

static void test_a_line_over_the_limit_is_cut_and_faulty(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    size_t n = 3 << 20;
    struct ll_buf text = LL_BUF_INIT(n + 100);

    (void)state;
    o.max_record = 100000;
    ll_buf_z(&text, "a,b\n1,2\n3,");
    ll_buf_reserve(&text, n);
    memset(text.p + text.n, 'x', n);
    text.n += n;
    ll_buf_z(&text, "\n5,6\n");
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, &o);
    char *rows = rows_of(s);
    assert_non_null(strstr(rows, "xxx !2 (a record of more than 100000 bytes) #2@3\n5|6 #3@4\n"));
    assert_in_range(strlen(rows), LL_SOURCE_RAW, LL_SOURCE_RAW + 200);
    free(rows);
    ll_buf_free(&text);
    ll_source_close(s);
}

static void test_ten_thousand_columns_are_refused(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    (void)state;
    for (unsigned i = 0; i < 10000; i++)
        ll_buf_printf(&text, "列%u,", i);
    ll_buf_z(&text, "尾\n");
    refuses(ll_buf_view(&text), LL_TOOBIG, "10001 列", "10001 columns, over the limit of 4096");
    ll_buf_free(&text);
}

static void test_a_quote_that_is_open_in_the_header_is_refused(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct ll_source *s = NULL;

    (void)state;
    o.quote = '"';
    assert_int_equal(try_open(put_file(LL_STR("a,\"b\n1,2\n3,4\n")), NULL, &o, &s), LL_INVALID);
    assert_string_equal(err.en, "line 1, at or above the header, opens a quote that never closes");
}

static void test_ctrl_z_at_the_end_is_no_row(void **state)
{
    (void)state;
    gives("a,b\r\n1,2\r\n\x1a", "a|b", "1|2 #1@2\n");
}

static void test_the_sample_holds_whole_rows(void **state)
{
    struct ll_source *s = deliver(LL_STR("a,b\n1,2\n3\n4,5\n"), NULL, NULL);
    const struct ll_source_info *info = ll_source_info(s);

    (void)state;
    assert_int_equal(info->n_sample, 2);
    assert_str(info->sample[1][0], "4");
    assert_str(info->sample[1][1], "5");
    ll_source_close(s);
}

/* Big enough that ranges begin in the middle of windows, with records of very different length. */
static void test_any_number_of_ranges_gives_the_same_rows(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);

    (void)state;
    ll_buf_z(&text, "编号,名称,备注\n");
    for (unsigned i = 0; i < 40000; i++) {
        ll_buf_printf(&text, "%u,\"江西%u\",", i, i * i);
        if (i % 7 == 0)
            ll_buf_z(&text, "\"第一行\n第二行,\"\"引\"\"\"");
        if (i % 5000 == 1 && i % 7)
            for (unsigned k = 0; k < 5000; k++)
                ll_buf_z(&text, "很长的备注");
        ll_buf_z(&text, i % 11 == 0 ? "\r\n\r\n" : "\n");
    }
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, NULL);
    char *rows = rows_of(s);
    assert_non_null(strstr(rows, "#40000@"));
    assert_null(strstr(rows, "!"));
    free(rows);
    ll_source_close(s);
    ll_buf_free(&text);
}

/* Why a line makes no row may be told only by what lies behind the cut: here the quote does close, in a record that is too long. */
static void test_a_range_gives_the_faults_that_the_whole_file_gives(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    (void)state;

    o.max_record = 40;
    gives_bytes(
        LL_STR("a,b\n1,\"2\"\n3,\"x\n5,6\n7,8\n9,0\n1,2\n\" ,34567890123456789012345678901234567890\n"), NULL,
        &o, "a|b",
        "1|2 #1@2\n3,\"x !2 (a record of more than 40 bytes) #2@3\n5|6 #3@4\n7|8 #4@5\n9|0 #5@6\n1|2 #6@7\n"
        "\" ,3456789012345678901234567890123456789 !2 (a record of more than 40 bytes) #7@8\n");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(test_a_plain_table),
        T(test_only_blank_lines_are_no_rows),
        T(test_a_header_alone_is_a_table_without_rows),
        T(test_every_usual_delimiter_is_found),
        T(test_a_tab_file_with_commas_and_stray_quotes),
        T(test_a_single_quote_can_be_the_quote),
        T(test_excels_own_hint_is_followed),
        T(test_titles_above_the_header_are_no_rows),
        T(test_a_file_without_header_is_told_by_its_values),
        T(test_options_override_what_is_found),
        T(test_names_are_trimmed_and_empty_ones_numbered),
        T(test_a_header_that_is_short_of_cells_or_has_too_many),
        T(test_rows_with_other_numbers_of_cells_are_faulty_and_whole),
        T(test_an_open_quote_makes_one_faulty_row),
        T(test_an_open_quote_costs_its_line_even_where_nothing_is_quoted),
        T(test_a_nul_makes_a_faulty_row),
        T(test_a_line_over_the_limit_is_cut_and_faulty),
        T(test_ten_thousand_columns_are_refused),
        T(test_a_quote_that_is_open_in_the_header_is_refused),
        T(test_ctrl_z_at_the_end_is_no_row),
        T(test_the_sample_holds_whole_rows),
        T(test_any_number_of_ranges_gives_the_same_rows),
        T(test_a_range_gives_the_faults_that_the_whole_file_gives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
