/* From a delivery to the sealed files: every row is published or quarantined, with all its reasons. */
#include "fixture.h"

#define HEADER "统一社会信用代码,企业名称,成立日期,注册资本,行政区划,从业人数,电话\n"
#define ICBC "91100000100003962T"
#define CCB "911100001000044477"
#define BOC "911000001000013428"

static struct ll_sealed seal(struct fixture *fx, const char *text, unsigned threads)
{
    struct ll_err err;

    return fixture_seal(fx, "d.csv", text, strlen(text), threads, LL_OK, &err);
}

static void test_values_come_out_in_the_standards_form(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(
        fx, HEADER ICBC ",工商银行(总行),2005年10月28日,1万元,吉州区,１２,+86 139 7960 0001\n", 1);

    assert_int_equal(s.stats.published, 1);
    assert_string_equal(
        fixture_text(
            fx,
            "SELECT concat_ws('|', uscc, name, founded, capital, region, staff, phone, ll_row, ll_deleted) FROM "
            "read_parquet('{out}/data-*.parquet')"),
        ICBC "|工商银行（总行）|2005-10-28|10000.00|360802|12|13979600001|1|false");
}

static void test_a_row_collects_all_its_reasons(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(fx,
                              HEADER "91100000100003962A,,2099-01-01,abc,火星,-1,12\n" CCB
                                     ",建设银行,2004-09-17,100,吉安市,5,0796-8223344\n",
                              1);

    assert_int_equal(s.stats.received, 2);
    assert_int_equal(s.stats.published, 1);
    assert_int_equal(s.stats.quarantined, 1);
    assert_string_equal(
        fixture_text(fx, "SELECT array_to_string(codes, ' ') FROM read_parquet('{out}/quarantine.parquet')"),
        "uscc:item.identifier name:item.required founded:item.range capital:item.type region:item.code staff:item.range "
        "phone:item.type phone:item.format");
    assert_int_equal(
        fixture_ask(
            fx,
            "SELECT row FROM read_parquet('{out}/quarantine.parquet') WHERE cells[1] = '91100000100003962A'"),
        1);
    assert_non_null(
        strstr(fixture_text(fx, "SELECT zh FROM read_parquet('{out}/quarantine.parquet')"), "企业名称 为空"));
}

static void test_a_rule_over_several_items_refuses_or_only_warns(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(fx,
                              HEADER ICBC ",甲,1955-01-01,1,吉州区,3,\n" CCB
                                          ",乙,2001-01-01,0,吉州区,3,\n" BOC ",丙,2001-01-01,,吉州区,3,\n",
                              1);

    assert_int_equal(s.stats.published, 2); /* an unknown capital holds */
    assert_int_equal(s.stats.rules[1].count, 1);
    assert_int_equal(s.stats.rules[2].count, 1);
    assert_string_equal(
        fixture_text(fx, "SELECT array_to_string(codes, ' ') FROM read_parquet('{out}/quarantine.parquet')"),
        "row.rule");
    assert_string_equal(fixture_text(fx, "SELECT en FROM read_parquet('{out}/quarantine.parquet')"),
                        "a firm without capital has no staff");
}

static void test_a_historical_code_is_published_and_counted(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(fx, HEADER ICBC ",甲,2001-01-01,1,362421,3,\n", 1);

    assert_int_equal(s.stats.published, 1);
    assert_int_equal(s.stats.items[4].fault[LL_FAULT_CODE_HISTORICAL].count, 1);
}

static void test_shifted_rows_and_open_quotes_cost_only_themselves(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(fx,
                              HEADER ICBC
                              ",甲,2001-01-01,1,吉州区,3,\n" CCB ",乙,多了一列,2001-01-01,1,吉州区,3,\n" BOC
                              ",\"丙,2001-01-01,1,吉州区,3,\n9152000071430580XT,丁,2001-01-01,1,吉州区,3,\n",
                              1);

    assert_int_equal(s.stats.received, 4);
    assert_int_equal(s.stats.published, 2);
    assert_int_equal(
        fixture_ask(
            fx,
            "SELECT len(cells) FROM read_parquet('{out}/quarantine.parquet') WHERE codes[1] = 'decode.columns' AND "
            "row = 2"),
        8);
}

static void test_the_first_of_equal_keys_is_kept(void **state)
{
    struct fixture *fx = *state;
    struct ll_sealed s = seal(fx,
                              HEADER CCB ",乙,2001-01-01,1,吉州区,3,\n" ICBC
                                         ",甲,2001-01-01,1,吉州区,3,\n" CCB ",乙二,2001-01-01,1,吉州区,3,\n",
                              1);

    assert_true(s.sorted);
    assert_int_equal(s.stats.published, 2);
    assert_int_equal(s.stats.quarantined, 1);
    assert_string_equal(
        fixture_text(fx, "SELECT name FROM read_parquet('{out}/data-*.parquet') WHERE uscc = '" CCB "'"),
        "乙");
    assert_string_equal(
        fixture_text(fx, "SELECT en FROM read_parquet('{out}/quarantine.parquet') WHERE row = 3"),
        "the key occurs more than once in this batch: same as row 1");
}

static void test_rules_without_a_mapping_column_name_what_is_missing(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    static const char text[] = "代码,名字\n1,2\n";

    fixture_seal(fx, "d.csv", text, strlen(text), 1, LL_INVALID, &err);
    assert_non_null(strstr(err.zh, "统一社会信用代码|信用代码"));
    assert_non_null(strstr(err.zh, "代码、名字"));
}

/* Many rows, good and bad, in and out of order, on several threads: the sum always equals what was received, and the sealed rows are
 * sorted. */
static void test_rows_add_up_whatever_the_order_and_the_threads(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf text = LL_BUF_INIT(64 << 20);
    enum { ROWS = 30000 };

    for (int shuffled = 0; shuffled < 2; shuffled++) {
        ll_buf_clear(&text);
        ll_buf_z(&text, HEADER);
        for (unsigned i = 0; i < ROWS; i++) {
            unsigned at = shuffled ? (unsigned)((uint64_t)i * 7919 % ROWS) : i;
            char org[16], code[LL_ID_MAX];
            int sum = 0;
            static const int w[] = {3, 7, 9, 10, 5, 8, 4, 2};
            snprintf(org, sizeof org, "%08u", 10000000 + at);
            for (int k = 0; k < 8; k++)
                sum += (org[k] - '0') * w[k];
            org[8] = "0X987654321"[sum % 11];
            org[9] = 0;
            assert_int_equal(ll_id_uscc_from_org_code(ll_str(org), LL_STR("91"), LL_STR("360802"), code),
                             LL_OK);
            if (at % 50 == 7)
                code[17] = code[17] == '0' ? '1' : '0';
            ll_buf_printf(&text, "%s,企业%u,2001-01-%02u,%u,吉州区,%u,\n", code, at, at % 28 + 1, at,
                          at % 300);
        }
        for (unsigned threads = 1; threads <= 3; threads += 2) {
            struct ll_err err;
            struct ll_sealed s = fixture_seal(fx, "big.csv", text.p, text.n, threads, LL_OK, &err);
            assert_int_equal(s.sorted, shuffled);
            assert_int_equal(s.stats.received, ROWS);
            assert_int_equal(s.stats.quarantined, ROWS / 50);
            assert_int_equal(fixture_ask(fx, "SELECT count(*) FROM read_parquet('{out}/data-*.parquet')"),
                             s.stats.published);
            assert_int_equal(
                fixture_ask(
                    fx,
                    "SELECT count(*) FROM (SELECT uscc, lag(uscc) OVER () AS b FROM read_parquet('{out}/data-*.parquet')) "
                    "WHERE uscc <= b"),
                0);
        }
    }
    ll_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_out_in_the_standards_form),
        cmocka_unit_test(test_a_row_collects_all_its_reasons),
        cmocka_unit_test(test_a_rule_over_several_items_refuses_or_only_warns),
        cmocka_unit_test(test_a_historical_code_is_published_and_counted),
        cmocka_unit_test(test_shifted_rows_and_open_quotes_cost_only_themselves),
        cmocka_unit_test(test_the_first_of_equal_keys_is_kept),
        cmocka_unit_test(test_rules_without_a_mapping_column_name_what_is_missing),
        cmocka_unit_test(test_rows_add_up_whatever_the_order_and_the_threads),
    };

    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
