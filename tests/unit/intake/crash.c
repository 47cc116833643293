/* Each instant at which a process may die (ARCHITECTURE.md, "Crashes"): the state it leaves is made by hand, and recovery finishes what
 * was begun or removes it. */
#include "folder.h"

#include <fcntl.h>
#include <unistd.h>

#define ABC FIRM "A,Ann,3,\nB,Bob,5,\nC,Cy,x,\n"
#define SHOWS_ABC "A|Ann|3| B|Bob|5|"

static unsigned recover(struct folder *f)
{
    struct ll_job_opts none = {0};
    struct ll_err err;
    unsigned n = 0;

    folder_again(f);
    assert_ok(ll_job_recover(f->d, &none, &n, &err));
    return n;
}

/* Recovering once more finds nothing to do, and a rebuild agrees. */
static void assert_settled(struct folder *f, const char *shows)
{
    struct ll_err err;
    unsigned n;

    assert_string_equal(folder_shows(f, "firm"), shows);
    assert_int_equal(recover(f), 0);
    assert_string_equal(folder_shows(f, "firm"), shows);
    assert_ok(ll_job_rebuild(f->d, "firm", &n, &err));
    assert_string_equal(folder_shows(f, "firm"), shows);
    assert_int_equal(folder_int(f, "SELECT count(*) FROM batch") - (int64_t)folder_count(f, "lake/firm"), 0);
}

static void test_receiving(void **state)
{
    struct folder *f = *state;

    folder_write(folder_path(f, "inbox/20260101-000000-abcd.tmp"), "half a deliv");
    assert_int_equal(recover(f), 0);
    assert_int_equal(folder_count(f, "inbox"), 0);
    assert_settled(f, "");
}

static void test_what_another_process_is_still_receiving_stays(void **state)
{
    struct folder *f = *state;
    struct ll_job_opts none = {0};
    struct ll_receive *r = NULL;
    char id[LL_ID_TEXT];
    struct ll_err err;
    unsigned n;
    bool again;

    assert_ok(ll_receive_open(f->d, "firm", NULL, "a.csv", &r, &err));
    assert_ok(ll_receive_add(r, ABC, strlen(ABC), &err));
    assert_ok(ll_job_recover(f->d, &none, &n, &err));
    assert_int_equal(folder_count(f, "inbox"), 1);
    assert_ok(ll_receive_done(r, id, &again, &err));
    assert_int_equal(recover(f), 1);
    assert_settled(f, SHOWS_ABC);
}

static void test_between_the_inbox_file_and_its_row(void **state)
{
    struct folder *f = *state;

    folder_receive(f, "firm", NULL, ABC);
    folder_sql(f, "DELETE FROM delivery");
    assert_int_equal(recover(f), 0);
    assert_settled(f, "");
    /* The sender, who was told nothing, sends it again. */
    folder_take(f, "firm", NULL, ABC, LL_OK);
    assert_settled(f, SHOWS_ABC);
}

static void test_received_and_not_begun(void **state)
{
    struct folder *f = *state;

    folder_receive(f, "firm", NULL, ABC);
    assert_int_equal(recover(f), 1);
    assert_settled(f, SHOWS_ABC);
}

static void test_in_the_middle_of_the_work(void **state)
{
    struct folder *f = *state;
    const char *id = folder_receive(f, "firm", NULL, ABC);
    struct ll_err err;

    folder_sql(f, "UPDATE delivery SET stage = 'seal'");
    assert_ok(ll_fs_mkdirs(folder_path(f, "work/%s/out", id), &err));
    folder_write(folder_path(f, "work/%s/stage-0.parquet", id), "half");
    folder_write(folder_path(f, "work/%s/refused-late.jsonl", id), "{\"row\":");
    folder_write(folder_path(f, "work/%s/out/data-0.parquet", id), "half");
    folder_write(folder_path(f, "work/%s/out/data-7.parquet", id), "of an earlier try");
    folder_write(folder_path(f, "work/%s/out/manifest.json", id), "{}");
    assert_int_equal(recover(f), 1);
    assert_int_equal(folder_count(f, ll_arena_printf(f->arena, "work/%s", id)), 0);
    assert_false(ll_fs_exists(folder_path(f, "lake/firm/%s/data-7.parquet", id)));
    assert_settled(f, SHOWS_ABC);
}

static void test_the_work_of_a_running_job_stays(void **state)
{
    struct folder *f = *state;
    const char *id = folder_receive(f, "firm", NULL, ABC);
    struct ll_err err;
    int lock;

    assert_ok(ll_fs_mkdirs(folder_path(f, "work/%s", id), &err));
    folder_write(folder_path(f, "work/%s/stage-0.parquet", id), "half");
    assert_ok(ll_fs_lock(folder_path(f, "locks/firm"), &lock, &err));
    assert_int_equal(recover(f), 0);
    assert_true(ll_fs_exists(folder_path(f, "work/%s/stage-0.parquet", id)));
    assert_string_equal(folder_state(f, id), "received");
    ll_fs_unlock(lock);
    assert_int_equal(recover(f), 1);
    assert_settled(f, SHOWS_ABC);
}

/* The lake folder is whole: its manifest has what the row needs. */
static void test_between_the_rename_and_the_row(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, ABC, LL_OK);
    struct ll_batch was = folder_batch(f, id);

    folder_sql(
        f,
        "DELETE FROM batch; DELETE FROM segment; UPDATE delivery SET state = 'received', stage = 'seal', batch = NULL, "
        "received = NULL, published = NULL, quarantined = NULL");
    assert_int_equal(recover(f), 1);
    struct ll_batch b = folder_batch(f, id);
    assert_string_equal(b.manifest_sha256, was.manifest_sha256);
    assert_string_equal(b.quality, was.quality);
    assert_int_equal(b.rows, was.rows);
    assert_int_equal(b.quarantined, was.quarantined);
    assert_int_equal(b.sealed_at, was.sealed_at);
    assert_int_equal(folder_int(f, "SELECT received * 100 + published * 10 + quarantined FROM delivery"),
                     321);
    assert_settled(f, SHOWS_ABC);
}

static void test_sealed_and_not_published(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, ABC, LL_OK);
    struct ll_err err;

    folder_sql(f, "DELETE FROM segment; UPDATE batch SET state = 'sealed', published_at = NULL; "
                  "UPDATE delivery SET state = 'sealed', stage = 'publish'");
    assert_ok(ll_fs_remove_tree(folder_path(f, "service/firm"), &err));
    assert_int_equal(recover(f), 1);
    assert_string_equal(folder_state(f, id), "published");
    assert_settled(f, SHOWS_ABC);
}

static void test_segment_files_that_were_not_listed(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, ABC, LL_OK);

    folder_sql(f, "DELETE FROM segment; UPDATE batch SET state = 'sealed', published_at = NULL; "
                  "UPDATE delivery SET state = 'sealed', stage = 'publish'");
    folder_write(folder_path(f, "service/firm/%s-0.db", id), "half a segment");
    folder_write(folder_path(f, "service/firm/%s-1.db", id), "half a segment");
    assert_int_equal(recover(f), 1);
    assert_int_equal(folder_count(f, "service/firm"), 1);
    assert_settled(f, SHOWS_ABC);
}

/* A merge or a rebuild that died leaves files and no delivery to carry on. */
static void test_files_of_a_merge_that_was_cut_short(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_write(folder_path(f, "service/firm/20260101-000000-abcd-0.db"), "half a merge");
    assert_int_equal(recover(f), 0);
    assert_int_equal(folder_count(f, "service/firm"), 1);
    assert_settled(f, SHOWS_ABC);
}

/* The list changed, the files that it replaced are still there. */
static void test_between_the_new_list_and_the_removal_of_old_files(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    folder_sql(f, "UPDATE batch SET id = id; UPDATE delivery SET updated_at = updated_at");
    folder_write(folder_path(f, "service/firm/20250101-000000-abcd-0.db"), "of the snapshot before");
    folder_write(folder_path(f, "service/firm/20250101-000000-abcd-1.db"), "of the snapshot before");
    assert_int_equal(recover(f), 0);
    assert_int_equal(folder_count(f, "service/firm"), 1);
    assert_settled(f, SHOWS_ABC);
}

/* Makes the state of a withdrawal that marked its batch and died. */
static void withdraw_half(struct folder *f, const char *id)
{
    folder_sql(
        f,
        ll_arena_printf(
            f->arena,
            "UPDATE delivery SET state = 'withdrawn' WHERE id = '%s'; UPDATE batch SET state = 'withdrawn', "
            "withdrawn_at = published_at + 1 WHERE id = '%s'; UPDATE segment SET built_at = 0",
            id, id));
}

static void test_withdrawn_and_not_yet_out_of_the_list(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *id = folder_take(f, "firm", "increment", FIRM "B,Bea,6,\nD,Di,1,\n", LL_OK);
    withdraw_half(f, id);
    assert_int_equal(recover(f), 0);
    assert_settled(f, SHOWS_ABC);
}

/* No recovery in between: the next job of the resource finishes the withdrawal before it publishes or merges anything. */
static void test_the_next_job_finishes_a_withdrawal_that_was_cut_short(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *id = folder_take(f, "firm", "increment", FIRM "B,Bea,6,\nD,Di,1,\n", LL_OK);
    withdraw_half(f, id);
    folder_take(f, "firm", "increment", FIRM "E,Eve,1,\n", LL_OK);
    assert_ok(ll_publish_compact(f->d, folder_resource(f, "firm"), 1, &err));
    assert_settled(f, SHOWS_ABC " E|Eve|1|");
}

static void test_withdrawing_and_recovering_agree_when_all_is_withdrawn(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, ABC, LL_OK);

    withdraw_half(f, id);
    assert_int_equal(recover(f), 0);
    assert_int_equal(folder_count(f, "service/firm"), 0);
    assert_settled(f, "");
}

static void test_confirmed_and_not_published(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, ABC, LL_OK);
    const char *id = folder_take(f, "firm", "increment", FIRM "E,Eve,1,\n", LL_OK);
    folder_sql(
        f,
        ll_arena_printf(
            f->arena,
            "UPDATE segment SET built_at = 0; UPDATE batch SET state = 'sealed', published_at = NULL WHERE "
            "id = '%s'; UPDATE delivery SET state = 'sealed', confirmed = 1 WHERE id = '%s'",
            id, id));
    assert_int_equal(recover(f), 1);
    assert_string_equal(folder_state(f, id), "published");
    assert_settled(f, SHOWS_ABC " E|Eve|1|");
}

/* What waits for a person still waits after a start. */
static void test_a_waiting_delivery_is_not_carried_on(void **state)
{
    struct folder *f = *state;
    const char *id = folder_receive(f, "firm", NULL, ABC);

    folder_sql(f, "UPDATE delivery SET state = 'waiting'");
    assert_int_equal(recover(f), 0);
    assert_string_equal(folder_state(f, id), "waiting");
}

static void test_the_spill_folder_of_a_dead_process_goes(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    assert_ok(ll_fs_mkdirs(folder_path(f, "work/spill-999999999-1"), &err));
    folder_write(folder_path(f, "work/spill-999999999-1/duckdb_temp_block-1.block"), "spilt");
    recover(f);
    assert_false(ll_fs_exists(folder_path(f, "work/spill-999999999-1")));
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_receiving),
        T(test_what_another_process_is_still_receiving_stays),
        T(test_between_the_inbox_file_and_its_row),
        T(test_received_and_not_begun),
        T(test_in_the_middle_of_the_work),
        T(test_the_work_of_a_running_job_stays),
        T(test_between_the_rename_and_the_row),
        T(test_sealed_and_not_published),
        T(test_segment_files_that_were_not_listed),
        T(test_files_of_a_merge_that_was_cut_short),
        T(test_between_the_new_list_and_the_removal_of_old_files),
        T(test_withdrawn_and_not_yet_out_of_the_list),
        T(test_the_next_job_finishes_a_withdrawal_that_was_cut_short),
        T(test_withdrawing_and_recovering_agree_when_all_is_withdrawn),
        T(test_confirmed_and_not_published),
        T(test_a_waiting_delivery_is_not_carried_on),
        T(test_the_spill_folder_of_a_dead_process_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
