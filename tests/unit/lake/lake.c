/* The engine behind one header: what it gives, what it may touch, and how it fails. */
#include "../test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "lake/lake.h"

struct fixture {
    char dir[64];
    struct ll_lake *lake;
    struct ll_lake_conn *c;
};

static int open_lake(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);
    struct ll_err err;
    char temp[128];

    strcpy(fx->dir, "/tmp/ll_lake_XXXXXX");
    assert_non_null(mkdtemp(fx->dir));
    snprintf(temp, sizeof temp, "%s/it's spill", fx->dir); /* a quote in a path is only a byte */
    struct ll_lake_opts o = {.memory_mb = 128, .threads = 1, .temp_dir = temp, .folders = {fx->dir}};
    assert_ok(ll_lake_open(&fx->lake, &o, &err));
    assert_ok(ll_lake_connect(fx->lake, &fx->c, &err));
    *state = fx;
    return 0;
}

static int close_lake(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;

    ll_lake_disconnect(fx->c);
    ll_lake_close(fx->lake);
    assert_ok(ll_fs_remove_tree(fx->dir, &err));
    free(fx);
    return 0;
}

static int join(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    (void)err;
    for (size_t i = 0; i < n; i++) {
        ll_buf_z(out, i ? "|" : "");
        switch (row[i].kind) {
        case LL_LV_NULL:
            ll_buf_z(out, "NULL");
            break;
        case LL_LV_INT:
            ll_buf_printf(out, "%lld", (long long)row[i].i);
            break;
        case LL_LV_NUM:
            ll_buf_printf(out, "%g", row[i].num);
            break;
        case LL_LV_TEXT:
        case LL_LV_BLOB:
            ll_buf_str(out, row[i].s);
        }
    }
    ll_buf_c(out, '\n');
    return LL_OK;
}

static void test_values_come_in_the_standards_form(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    struct ll_err err;

    assert_ok(ll_lake_each(
        fx->c,
        "SELECT '吉安', 42::TINYINT, -7::BIGINT, true, NULL, 0.5::DOUBLE, DATE '2023-05-01', TIMESTAMP '2023-05-01 08:09:10', "
        "-12.30::DECIMAL(4,2), 12345.678::DECIMAL(9,3), -1.5::DECIMAL(18,1), 12345678901234567890.12::DECIMAL(38,2), "
        "-0.01::DECIMAL(38,2), TIMESTAMP '1969-12-31 23:59:59', count(*) FROM range(3)",
        join, &out, &err));
    assert_str(
        ll_buf_view(&out),
        "吉安|42|-7|1|NULL|0.5|2023-05-01|2023-05-01T08:09:10|-12.30|12345.678|-1.5|12345678901234567890.12|-0.01|"
        "1969-12-31T23:59:59|3\n");
    ll_buf_free(&out);
}

static void test_sql_reaches_only_the_folders_named(void **state)
{
    static const char *const forbidden[] = {
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/ll_lake_elsewhere.csv'",
        "ATTACH '/tmp/ll_lake_elsewhere.db' AS other",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
    };
    struct fixture *fx = *state;
    struct ll_err err;

    for (size_t i = 0; i < LL_COUNT(forbidden); i++)
        if (ll_lake_exec(fx->c, forbidden[i], &err) == LL_OK)
            fail_msg("allowed: %s", forbidden[i]);
    assert_false(ll_fs_exists("/tmp/ll_lake_elsewhere.csv"));
}

static void test_predicates_are_bound_and_never_run(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;

    assert_ok(ll_lake_check_predicate(fx->c, "NULL::BIGINT AS staff",
                                      "staff >= 0 AND ll_id_ok('uscc', 'x') IS NOT NULL", &err));
    assert_int_equal(ll_lake_check_predicate(fx->c, "NULL::BIGINT AS staff", "staf >= 0", &err), LL_FAIL);
    assert_non_null(strstr(err.en, "staf"));
    assert_int_equal(ll_lake_check_predicate(fx->c, "NULL::BIGINT AS staff", "staff >= ", &err), LL_FAIL);
}

static void test_memory_that_runs_out_is_told_and_the_engine_goes_on(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    int64_t n = 0;

    assert_int_equal(
        ll_lake_int(fx->c, "SELECT length(string_agg(i::VARCHAR, '')) FROM range(90000000) t(i)", &n, &err),
        LL_NOMEM);
    assert_non_null(strstr(err.en, "duckdb_memory"));
    assert_ok(ll_lake_int(fx->c, "SELECT 41 + 1", &n, &err));
    assert_int_equal(n, 42);
}

/* A sort that goes to disk with an ordinary engine fails with one that must write nothing there, and says what to change. */
static void test_an_engine_that_may_not_spill_fails_instead(void **state)
{
    static const char sort[] =
        "CREATE OR REPLACE TABLE big AS SELECT repeat(md5(i::VARCHAR), 12) AS t FROM range(700000) t(i) ORDER BY 1";
    struct fixture *fx = *state;
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    struct ll_err err;
    char temp[128];

    snprintf(temp, sizeof temp, "%s/none", fx->dir);
    const struct ll_lake_opts o = {
        .memory_mb = 128, .threads = 1, .temp_dir = temp, .no_spill = true, .folders = {fx->dir}};
    assert_ok(ll_lake_open(&lake, &o, &err));
    assert_ok(ll_lake_connect(lake, &c, &err));
    assert_int_equal(ll_lake_exec(c, sort, &err), LL_NOMEM);
    assert_non_null(strstr(err.en, "duckdb_memory"));
    ll_lake_disconnect(c);
    ll_lake_close(lake);
    assert_ok(ll_lake_exec(fx->c, sort, &err));
}

static void test_functions_for_packs(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf out = LL_BUF_INIT(1 << 12);
    struct ll_err err;

    assert_ok(ll_lake_each(
        fx->c,
        "SELECT ll_id_ok('uscc', '91100000100003962T'), ll_id_ok('uscc', '91100000100003962A'), ll_id_ok('uscc', NULL), "
        "ll_id_kind('91100000100003962T'), ll_id_kind('x'), ll_mask('11010519491231002X')",
        join, &out, &err));
    assert_str(ll_buf_view(&out), "1|0|NULL|enterprise|NULL|110105********002X\n");
    assert_int_equal(ll_lake_exec(fx->c, "SELECT ll_id_ok('nonsense', 'x')", &err), LL_FAIL);
    ll_buf_free(&out);
}

/* Rows that a join did not find hold whatever was in the engine's memory: functions must not follow it. */
static void test_functions_do_not_read_what_is_null(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf out = LL_BUF_INIT(1 << 12);
    struct ll_err err;

    assert_ok(ll_lake_exec(
        fx->c,
        "CREATE TABLE phones AS SELECT i, CASE WHEN i % 3 > 0 THEN 'a telephone number, number ' || i END AS p"
        " FROM range(50000) t(i)",
        &err));
    assert_ok(ll_lake_each(
        fx->c,
        "SELECT count(ll_mask(b.p)), count(ll_company_core(b.p)), count(ll_names_alike(a.p, b.p)), count(ll_edits(a.p, b.p)),"
        " count(ll_tokens_alike(b.p, a.p)), count(ll_id_kind(b.p)), count(ll_id_key('uscc', b.p)), count(ll_id_ok('uscc', b.p))"
        " FROM phones a LEFT JOIN phones b ON b.i = a.i * 2",
        join, &out, &err));
    assert_str(ll_buf_view(&out), "16666|16666|16666|16666|16666|0|0|16666\n");
    ll_buf_free(&out);
}

static int no_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *e)
{
    (void)ctx, (void)row, (void)n, (void)e;
    return LL_OK;
}

/* One task of the engine that would take hours: nobody but another thread can stop it. */
static void test_a_statement_ends_in_its_time_however_long_one_task_is(void **state)
{
    enum { MS = 300, FAIR_MS = 20000 };
    struct fixture *fx = *state;
    struct ll_lake_query q = {
        .sql = "SELECT count(*) FROM range(2000) a, range(2000) b, range(2000) c, range(2000) d"
               " WHERE a.range + b.range * c.range = d.range + 7000000000"};
    struct ll_err err;

    for (int i = 0; i < 2; i++) { /* the connection can be used again */
        uint64_t began = ll_mono_us();
        q.until_us = began + MS * 1000;
        assert_int_equal(ll_lake_query(fx->c, &q, no_row, NULL, &err), LL_TOOBIG);
        assert_true(ll_mono_us() - began < FAIR_MS * UINT64_C(1000));
    }
    q = (struct ll_lake_query){.sql = "SELECT 1", .until_us = ll_mono_us() + FAIR_MS * UINT64_C(1000)};
    assert_ok(ll_lake_query(fx->c, &q, no_row, NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values_come_in_the_standards_form, open_lake, close_lake),
        cmocka_unit_test_setup_teardown(test_sql_reaches_only_the_folders_named, open_lake, close_lake),
        cmocka_unit_test_setup_teardown(test_predicates_are_bound_and_never_run, open_lake, close_lake),
        cmocka_unit_test_setup_teardown(test_memory_that_runs_out_is_told_and_the_engine_goes_on, open_lake,
                                        close_lake),
        cmocka_unit_test_setup_teardown(test_an_engine_that_may_not_spill_fails_instead, open_lake,
                                        close_lake),
        cmocka_unit_test_setup_teardown(test_functions_for_packs, open_lake, close_lake),
        cmocka_unit_test_setup_teardown(test_a_statement_ends_in_its_time_however_long_one_task_is, open_lake,
                                        close_lake),
        cmocka_unit_test_setup_teardown(test_functions_do_not_read_what_is_null, open_lake, close_lake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
