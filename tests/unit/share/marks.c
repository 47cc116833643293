/* What is disputed and what is no longer shared: told from the tables as they are committed, whole records and single items. */
#include "desk.h"

#include "share/marks.h"
#include "share/subject.h"
#include "share/withheld.h"

static struct desk d;
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_close(&d);
    return 0;
}

static bool any(struct ll_marks *m, const char *resource)
{
    bool is = false;

    assert_ok(ll_marks_any(m, resource, &is, &err));
    return is;
}

static bool withheld(struct ll_marks *m, const char *record)
{
    return any(m, "r") && ll_marks_withheld(m, "r", ll_str(record));
}

static void withhold(const struct ll_resource *r, const char *record, const char *matter)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_withhold(tx, NULL, r, record, matter, &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static int restore(const char *matter)
{
    struct ll_txn *tx = NULL;
    int rc;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    if ((rc = ll_withhold_end(tx, matter, &err)) == LL_OK)
        assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    return rc;
}

static void count_record(void *ctx, const char *record)
{
    (void)record;
    ++*(size_t *)ctx;
}

static void test_what_is_withheld_is_so_until_its_matter_ends(void **state)
{
    const struct ll_resource r = {.name = "r"};
    struct ll_marks *m = NULL;
    size_t n = 0;
    (void)state;

    assert_ok(ll_marks_open(d.st, NULL, &m, &err));
    assert_false(any(m, "r"));
    for (int i = 0; i < 300; i++) {
        char record[32], matter[16];
        snprintf(record, sizeof record, "[\"k%03d\"]", i);
        snprintf(matter, sizeof matter, "R-%d", i);
        withhold(&r, record, matter);
    }
    assert_true(any(m, "r"));
    assert_false(any(m, "q"));
    assert_true(withheld(m, "[\"k000\"]") && withheld(m, "[\"k150\"]") && withheld(m, "[\"k299\"]"));
    assert_false(withheld(m, "[\"k300\"]") || withheld(m, "[\"k\"]") || withheld(m, "k000"));
    ll_marks_each_withheld(m, "r", count_record, &n);
    assert_int_equal(n, 300);
    assert_ok(restore("R-150"));
    assert_false(withheld(m, "[\"k150\"]"));
    assert_int_equal(restore("R-150"), LL_CONFLICT);
    assert_int_equal(restore("R-unknown"), LL_CONFLICT);
    withhold(&r, "[\"k150\"]", "R-150");
    assert_true(withheld(m, "[\"k150\"]"));
    ll_marks_close(m);
}

static void test_a_dispute_is_about_items_a_record_or_all_of_a_resource(void **state)
{
    const struct ll_resource r = {.name = "r"};
    struct ll_marks *m = NULL;
    unsigned bits = 0;
    (void)state;

    desk_run(
        &d,
        "INSERT INTO objection (id, organisation, provider, resource, record, item, doubt, state, created_at, changed_at)"
        " VALUES ('O-1', 'BANK', 'TAX', 'r', '[\"a\"]', 'x yy', '不对', 'quality_feedback', 0, 0),"
        " ('O-2', 'BANK', 'TAX', 'r', 'b', NULL, '不对', 'upheld', 0, 0),"
        " ('O-3', 'BANK', 'TAX', 'r', '[\"c\"]', NULL, '不对', 'settled', 0, 0),"
        " ('O-4', 'BANK', 'TAX', 's', NULL, NULL, '不对', 'to_be_corrected', 0, 0)");
    assert_ok(ll_marks_open(d.st, NULL, &m, &err));
    assert_true(any(m, "r") && any(m, "s"));
    assert_true(ll_marks_disputed(m, "r", LL_STR("[\"a\"]"), "x") &&
                ll_marks_disputed(m, "r", LL_STR("[\"a\"]"), "yy"));
    assert_false(ll_marks_disputed(m, "r", LL_STR("[\"a\"]"), "y") ||
                 ll_marks_disputed(m, "r", LL_STR("[\"a\"]"), "xx"));
    assert_true(ll_marks_disputed(m, "r", LL_STR("[\"a\"]"), NULL));
    assert_true(ll_marks_disputed(m, "r", LL_STR("[\"b\"]"), "anything"));
    assert_false(ll_marks_disputed(m, "r", LL_STR("[\"c\"]"), NULL));
    assert_true(ll_marks_disputed(m, "s", LL_STR("[\"whichever\"]"), "x"));
    withhold(&r, "[\"a\"]", "R-1");
    assert_ok(ll_marks_record(m, &r, LL_STR("[\"a\"]"), &bits, &err));
    assert_int_equal(bits, LL_RECORD_DISPUTED | LL_RECORD_WITHHELD);
    desk_run(&d, "UPDATE objection SET state = 'withdrawn'");
    assert_false(any(m, "s"));
    ll_marks_close(m);
}

static void test_what_was_withheld_is_never_changed(void **state)
{
    const struct ll_resource r = {.name = "r"};
    struct ll_txn *tx = NULL;
    (void)state;

    withhold(&r, "[\"a\"]", "R-1");
    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_true(ll_exec(tx, &err, "UPDATE withheld SET act = 'restored'", "") < 0);
    assert_true(ll_exec(tx, &err, "DELETE FROM withheld", "") < 0);
    ll_txn_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_withheld_is_so_until_its_matter_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_dispute_is_about_items_a_record_or_all_of_a_resource, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_was_withheld_is_never_changed, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
