/* recover: whatever instant the process ends at, what was acknowledged is there, and what was lost or put back is told.
 *
 * A crash is a copy of the folder taken while the journal is open: the copy has what the kernel had. */
#include "fixture.h"

#include "journal/wal.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES = 12 };

/* Opens a journal in another folder with the same keys; LL_OK gives its size. */
static int size_in(struct fixture *fx, const char *dir, uint64_t *size, struct ll_err *err)
{
    struct ll_journal_opts o = fx->o;
    struct ll_journal *j = NULL;
    struct ll_journal_status s;

    o.dir = dir;
    int rc = ll_journal_open(&o, &j, err);
    if (rc == LL_OK) {
        ll_journal_status(j, &s);
        *size = s.size;
        ll_journal_close(j);
    }
    return rc;
}

static void remove_copy(const char *dir)
{
    assert_int_equal(ll_fs_remove_tree(dir, NULL), LL_OK);
}

/* A journal that has entries in its write-ahead file, and no tiles nor checkpoint of them. */
static void open_unpublished(struct fixture *fx)
{
    struct ll_receipt r;

    fixture_open(fx);
    fixture_stop(fx);
    fx->o.publish_ms = 600000;
    fixture_start(fx);
    fixture_append(fx, ENTRIES, &r);
}

static void wal_of(const char *dir, uint64_t first, char out[LL_PATH])
{
    assert_int_equal(ll_path(out, NULL, "%s/wal/%020" PRIu64, dir, first), LL_OK);
}

static void after_a_crash_everything_acknowledged_is_there(void **state)
{
    static const unsigned sizes[] = {1, 5, 255, 256, 257, 600};
    struct fixture fx;
    char copy[LL_PATH];
    uint64_t size = 0;
    struct ll_receipt r;
    struct ll_err err;
    unsigned have = 0;

    (void)state;
    fixture_open(&fx);
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        fixture_append(&fx, sizes[i] - have, &r);
        have = sizes[i];
        snprintf(copy, sizeof copy, "%s/copy", fx.base);
        assert_ok(ll_journal_publish(fx.j, &err)); /* so that nothing moves while it is copied */
        fixture_copy_folder(&fx, copy);
        assert_ok(size_in(&fx, copy, &size, &err));
        assert_int_equal(size, have);
        struct ll_log_files f = ll_log_folder(copy);
        struct ll_log_checked checked;
        assert_ok(ll_log_check(&f, fx.policy, copy, NULL, NULL, &checked, &err));
        assert_int_equal(checked.problems, 0);
        assert_int_equal(checked.entries, have);
        remove_copy(copy);
    }
    fixture_close(&fx);
}

static void a_write_ahead_file_cut_at_any_byte_gives_its_whole_groups(void **state)
{
    struct fixture fx;
    char copy[LL_PATH], wal[LL_PATH];
    struct ll_err err;

    (void)state;
    open_unpublished(&fx);
    snprintf(copy, sizeof copy, "%s/copy", fx.base);
    for (unsigned group = 0; group < ENTRIES; group++) {
        /* each entry came alone, so each group is one block */
        static const int cuts[] = {0, 1, 119, 120, 2000, LL_WAL_BLOCK - 1};
        for (size_t i = 0; i < LL_COUNT(cuts); i++) {
            uint64_t size = 0;
            fixture_copy_folder(&fx, copy);
            wal_of(copy, 0, wal);
            assert_int_equal(truncate(wal, LL_WAL_BLOCK * (1 + (off_t)group) + cuts[i]), 0);
            assert_ok(size_in(&fx, copy, &size, &err));
            assert_int_equal(size, group);
            remove_copy(copy);
        }
    }
    fixture_close(&fx);
}

static void flip(const char *path, off_t at)
{
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    assert_int_equal(fseeko(f, at, SEEK_SET), 0);
    int c = fgetc(f);
    assert_int_equal(fseeko(f, at, SEEK_SET), 0);
    assert_true(fputc(c ^ 1, f) != EOF);
    assert_int_equal(fclose(f), 0);
}

static void a_damaged_write_ahead_file_is_named_and_not_started_from(void **state)
{
    struct fixture fx;
    char copy[LL_PATH], wal[LL_PATH];
    uint64_t size = 0;
    struct ll_err err;

    (void)state;
    open_unpublished(&fx);
    snprintf(copy, sizeof copy, "%s/copy", fx.base);
    for (off_t at = 0; at < LL_WAL_BLOCK * ENTRIES; at += 211) {
        fixture_copy_folder(&fx, copy);
        wal_of(copy, 0, wal);
        flip(wal, at);
        assert_int_equal(size_in(&fx, copy, &size, &err), LL_INVALID);
        assert_non_null(strstr(err.en, "/wal/00000000000000000000"));
        remove_copy(copy);
    }
    fixture_close(&fx);
}

static void what_was_published_cannot_be_taken_back(void **state)
{
    struct fixture fx;
    char copy[LL_PATH], old[LL_PATH], path[LL_PATH], from[LL_PATH];
    struct ll_receipt r;
    uint64_t size = 0;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 5, &r);
    assert_ok(ll_journal_publish(fx.j, &err));
    snprintf(old, sizeof old, "%s/old", fx.base);
    snprintf(copy, sizeof copy, "%s/copy", fx.base);
    fixture_copy_folder(&fx, old);
    fixture_append(&fx, 5, &r);
    assert_ok(ll_journal_publish(fx.j, &err));
    /* an older write-ahead file is put back */
    fixture_copy_folder(&fx, copy);
    wal_of(copy, 0, path);
    wal_of(old, 0, from);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(from, path), 0);
    assert_int_equal(size_in(&fx, copy, &size, &err), LL_INVALID);
    remove_copy(copy);
    /* the last groups are cut off, as if the disk had lost what it said was synced */
    fixture_copy_folder(&fx, copy);
    wal_of(copy, 0, path);
    assert_int_equal(truncate(path, LL_WAL_BLOCK * 8), 0);
    assert_int_equal(size_in(&fx, copy, &size, &err), LL_INVALID);
    remove_copy(copy);
    /* the write-ahead file is gone */
    fixture_copy_folder(&fx, copy);
    wal_of(copy, 0, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(size_in(&fx, copy, &size, &err), LL_INVALID);
    remove_copy(copy);
    fixture_close(&fx);
}

static void torn_tiles_are_written_again_from_the_write_ahead_file(void **state)
{
    static const char *const torn[] = {"tile/0/000",     "tile/entries/000", "tile/payload/000",
                                       "sm3/tile/0/000", "tile/1/000.p/2",   "latest",
                                       "checkpoint"};
    struct fixture fx;
    char copy[LL_PATH], path[LL_PATH * 2];
    struct ll_receipt r;
    uint64_t size = 0;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 600, &r);
    assert_ok(ll_journal_publish(fx.j, &err));
    snprintf(copy, sizeof copy, "%s/copy", fx.base);
    for (size_t i = 0; i < LL_COUNT(torn); i++) {
        struct ll_log_checked checked;
        struct ll_log_files f = ll_log_folder(copy);
        fixture_copy_folder(&fx, copy);
        snprintf(path, sizeof path, "%s/%s", copy, torn[i]);
        assert_int_equal(truncate(path, i % 2 ? 0 : 17), 0);
        assert_ok(size_in(&fx, copy, &size, &err));
        assert_int_equal(size, 600);
        assert_ok(ll_log_check(&f, fx.policy, copy, NULL, NULL, &checked, &err));
        assert_int_equal(checked.problems, 0);
        remove_copy(copy);
    }
    fixture_close(&fx);
}

static void many_small_write_ahead_files_are_cut_and_recovered(void **state)
{
    struct fixture fx;
    struct ll_receipt r;
    char copy[LL_PATH];
    uint64_t size = 0;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_stop(&fx);
    fx.o.wal_max = 64 << 10; /* a new one every dozen groups */
    fx.o.publish_ms = 5;
    fixture_start(&fx);
    snprintf(copy, sizeof copy, "%s/copy", fx.base);
    for (unsigned i = 0; i < 20; i++) {
        fixture_append(&fx, 37, &r);
        assert_ok(ll_journal_publish(fx.j, &err));
        fixture_copy_folder(&fx, copy);
        assert_ok(size_in(&fx, copy, &size, &err));
        assert_true(size >= r.tree_size);
        remove_copy(copy);
    }
    fixture_stop(&fx);
    fixture_start(&fx);
    fixture_assert_proved(&fx, &r);
    assert_int_equal(fixture_check(&fx, NULL, 0), 0);
    fixture_close(&fx);
}

static void another_key_does_not_carry_the_journal_on_unnoticed(void **state)
{
    struct fixture fx;
    struct ll_receipt r;
    struct ll_key *k = NULL;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 2, &r);
    assert_int_equal(ll_journal_publish(fx.j, &err), LL_OK);
    fixture_stop(&fx);
    ll_vkey_free(&fx.log);
    assert_ok(ll_key_generate(LL_ED25519, &k, &err));
    assert_ok(ll_vkey_make(&fx.log, ORIGIN, LL_NOTE_ED25519, k, &err));
    fixture_start(&fx); /* keys change; the tree goes on, and the policy of the old key tells */
    assert_int_equal(ll_journal_publish(fx.j, &err), LL_OK);
    assert_true(fixture_check(&fx, NULL, 0) > 0);
    fixture_close(&fx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_crash_everything_acknowledged_is_there),
        cmocka_unit_test(a_write_ahead_file_cut_at_any_byte_gives_its_whole_groups),
        cmocka_unit_test(a_damaged_write_ahead_file_is_named_and_not_started_from),
        cmocka_unit_test(what_was_published_cannot_be_taken_back),
        cmocka_unit_test(torn_tiles_are_written_again_from_the_write_ahead_file),
        cmocka_unit_test(many_small_write_ahead_files_are_cut_and_recovered),
        cmocka_unit_test(another_key_does_not_carry_the_journal_on_unnoticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
