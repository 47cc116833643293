/* What a resource shows after deliveries, withdrawals, merges, new versions and rebuilds. */
#include "folder.h"

#include <unistd.h>

#define ABC FIRM "A,Ann,3,\nB,Bob,5,\nC,Cy,7,\n"

static void withdraw(struct folder *f, const char *batch)
{
    struct ll_err err;

    usleep(2000);
    assert_ok(ll_job_withdraw(f->d, batch, &err));
    assert_string_equal(folder_state(f, batch), "withdrawn");
}

static void assert_rebuild_changes_nothing(struct folder *f, const char *resource)
{
    const char *before = folder_shows(f, resource);
    struct ll_err err;
    unsigned n;

    assert_ok(ll_job_rebuild(f->d, NULL, &n, &err));
    assert_string_equal(folder_shows(f, resource), before);
    assert_true(folder_segments(f, resource) <= 1);
}

static void test_a_snapshot_replaces_everything(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cy|7|");
    folder_take(f, "firm", NULL, FIRM "B,Bea,6,\nD,Di,1,\n", LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "B|Bea|6| D|Di|1|");
    assert_int_equal(folder_count(f, "service/firm"), 1); /* the files it replaced are gone */
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_an_increment_upserts_and_its_marks_delete(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *id = folder_take(f, "firm", "increment", FIRM_OP "B,Bea,6,,\nA,,,,D\nD,Di,,,U\nX,,,,删除\n",
                                 LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "B|Bea|6| C|Cy|7| D|Di||");
    assert_int_equal(folder_batch(f, id).deletes, 2);
    folder_take(f, "firm", "increment", FIRM "A,Amy,9,\n", LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "A|Amy|9| B|Bea|6| C|Cy|7| D|Di||");
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_withdrawing_an_increment_shows_what_was_before(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *second = folder_take(f, "firm", "increment", FIRM_OP "B,Bea,6,,\nA,,,,D\n", LL_OK);
    folder_take(f, "firm", "increment", FIRM "C,Cid,8,\n", LL_OK);
    withdraw(f, second);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cid|8|");
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_withdrawing_a_snapshot_shows_what_was_before(void **state)
{
    struct folder *f = *state;

    const char *first = folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_take(f, "firm", "increment", FIRM "B,Bea,6,\n", LL_OK);
    const char *third = folder_take(f, "firm", NULL, FIRM "Z,Zed,1,\n", LL_OK);
    folder_take(f, "firm", "increment", FIRM "Y,Yve,2,\n", LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "Y|Yve|2| Z|Zed|1|");
    withdraw(f, third);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bea|6| C|Cy|7| Y|Yve|2|");
    withdraw(f, first);
    assert_string_equal(folder_shows(f, "firm"), "B|Bea|6| Y|Yve|2|");
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_withdrawing_everything_leaves_an_empty_table(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    const char *only = folder_take(f, "firm", NULL, ABC, LL_OK);
    withdraw(f, only);
    assert_string_equal(folder_shows(f, "firm"), "");
    assert_int_equal(folder_count(f, "service/firm"), 0);
    assert_int_equal(ll_job_withdraw(f->d, only, &err), LL_CONFLICT);
    /* The same bytes may come again. */
    assert_string_not_equal(folder_take(f, "firm", NULL, ABC, LL_OK), only);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cy|7|");
}

static void test_merging_changes_nothing_that_readers_see(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *second = folder_take(f, "firm", "increment", FIRM_OP "B,Bea,6,,\nA,,,,D\n", LL_OK);
    folder_take(f, "firm", "increment", FIRM_OP "E,Eve,1,,\nC,,,,D\n", LL_OK);
    folder_take(f, "firm", "increment", FIRM_OP "A,Ada,1,,\nE,,,,D\n", LL_OK);
    const char *before = folder_shows(f, "firm");
    assert_string_equal(before, "A|Ada|1| B|Bea|6|");
    size_t n = folder_segments(f, "firm");
    assert_int_equal(n, 4);
    for (; n > 1; n = folder_segments(f, "firm")) {
        assert_ok(ll_publish_compact(f->d, folder_resource(f, "firm"), 1, &err));
        assert_true(folder_segments(f, "firm") < n);
        assert_string_equal(folder_shows(f, "firm"), before);
    }
    assert_int_equal(folder_count(f, "service/firm"), 1);
    /* A batch inside a merged segment can still be withdrawn. */
    withdraw(f, second);
    assert_string_equal(folder_shows(f, "firm"), "A|Ada|1| B|Bob|5|");
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_the_same_bytes_are_one_delivery(void **state)
{
    struct folder *f = *state;

    const char *first = folder_take(f, "firm", NULL, ABC, LL_OK);
    assert_string_equal(folder_receive(f, "firm", NULL, ABC), first);
    assert_int_equal(folder_run(f, first, false), LL_OK);
    assert_int_equal(folder_int(f, "SELECT count(*) FROM batch"), 1);
    assert_int_equal(folder_count(f, "inbox"), 1);
}

struct second_job {
    struct folder *f;
    const char *id;
    int rc;
    unsigned calls;
};

static void run_another(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
    struct second_job *s = ctx;

    (void)stage, (void)done, (void)total;
    if (s->calls++ == 0)
        s->rc = folder_run(s->f, s->id, false);
}

static void test_a_second_job_on_a_resource_is_told_to_wait(void **state)
{
    struct folder *f = *state;
    const char *first = folder_receive(f, "firm", NULL, ABC);
    struct second_job second = {f, folder_receive(f, "firm", "increment", FIRM "D,Di,1,\n"), LL_OK, 0};
    struct ll_job_opts o = {.progress = run_another, .ctx = &second};
    struct ll_err err;

    assert_ok(ll_job_run(f->d, first, &o, &err));
    assert_int_equal(second.rc, LL_BUSY);
    assert_string_equal(folder_state(f, second.id), "received");
    assert_int_equal(folder_run(f, second.id, false), LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cy|7| D|Di|1|");
}

static void test_a_rebuild_waits_for_nobody_and_disturbs_nobody(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;
    int lock;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    assert_ok(ll_fs_lock(folder_path(f, "locks/firm"), &lock, &err));
    assert_int_equal(ll_job_rebuild(f->d, "firm", &n, &err), LL_BUSY);
    ll_fs_unlock(lock);
    assert_ok(ll_job_rebuild(f->d, "firm", &n, &err));
    assert_int_equal(n, 1);
}

static void test_an_item_added_later_is_empty_in_what_came_before(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_pack(f, "1.1.0", 1, "firm,seat,firm_name,,,,\n");
    folder_take(f, "firm", "increment", "code,name,staff,licence,seat\nB,Bea,6,,Ji'an\n", LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3|| B|Bea|6||Ji'an C|Cy|7||");
    assert_rebuild_changes_nothing(f, "firm");
    folder_take(f, "firm", "increment", "code,name,staff,licence,seat\nC,Cid,8,,Taihe\n", LL_OK);
    assert_ok(ll_publish_compact(f->d, folder_resource(f, "firm"), 1, &err));
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3|| B|Bea|6||Ji'an C|Cid|8||Taihe");
}

static void test_a_new_version_of_a_resource_starts_empty(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    const char *old = folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_pack(f, "2.0.0", 2, "");
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cy|7|"); /* until its first batch */
    assert_ok(ll_job_rebuild(f->d, "firm", &n, &err));
    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3| B|Bob|5| C|Cy|7|");
    const char *fresh = folder_take(f, "firm", "increment", FIRM "D,Di,1,\n", LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "D|Di|1|");
    /* What happens to the old version's batches does not show any more. */
    withdraw(f, old);
    assert_string_equal(folder_shows(f, "firm"), "D|Di|1|");
    assert_rebuild_changes_nothing(f, "firm");
    assert_int_equal(folder_batch(f, fresh).version, 2);
}

static void test_a_delivery_of_the_old_version_does_not_show_beside_the_new(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *late = folder_receive(f, "firm", "increment", FIRM "L,Lee,1,\n");
    folder_pack(f, "2.0.0", 2, "");
    folder_take(f, "firm", "increment", FIRM "D,Di,1,\n", LL_OK);
    assert_int_equal(folder_run(f, late, false), LL_OK);
    assert_string_equal(folder_shows(f, "firm"), "D|Di|1|");
    assert_rebuild_changes_nothing(f, "firm");
}

static void test_losing_the_service_folder_loses_nothing(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_take(f, "firm", "increment", FIRM "B,Bea,6,\n", LL_OK);
    const char *before = folder_shows(f, "firm");
    assert_ok(ll_fs_remove_tree(folder_path(f, "service"), &err));
    assert_ok(ll_job_rebuild(f->d, NULL, &n, &err));
    assert_string_equal(folder_shows(f, "firm"), before);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_snapshot_replaces_everything),
        T(test_an_increment_upserts_and_its_marks_delete),
        T(test_withdrawing_an_increment_shows_what_was_before),
        T(test_withdrawing_a_snapshot_shows_what_was_before),
        T(test_withdrawing_everything_leaves_an_empty_table),
        T(test_merging_changes_nothing_that_readers_see),
        T(test_the_same_bytes_are_one_delivery),
        T(test_a_second_job_on_a_resource_is_told_to_wait),
        T(test_a_rebuild_waits_for_nobody_and_disturbs_nobody),
        T(test_an_item_added_later_is_empty_in_what_came_before),
        T(test_a_new_version_of_a_resource_starts_empty),
        T(test_a_delivery_of_the_old_version_does_not_show_beside_the_new),
        T(test_losing_the_service_folder_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
