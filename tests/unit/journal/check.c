/* check: a byte changed anywhere in a journal's folder is found, and the file is named; the log of another program is read, too. */
#include "fixture.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 200 };

static char names[FILES][LL_PATH];
static size_t n_names;

static int take_name(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)at;
    if (kind == FTW_F && st->st_size > 0 && n_names < FILES)
        snprintf(names[n_names++], LL_PATH, "%s", path);
    return 0;
}

static void flip(const char *path, off_t at)
{
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    fseeko(f, at, SEEK_SET);
    int c = fgetc(f);
    fseeko(f, at, SEEK_SET);
    fputc(c ^ 0x20, f);
    assert_int_equal(fclose(f), 0);
}

static void a_changed_byte_anywhere_is_found(void **state)
{
    struct fixture fx;
    struct ll_receipt r;
    unsigned flips = 0;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 30, &r);
    fixture_append(&fx, 270, &r);
    fixture_stop(&fx);
    assert_int_equal(fixture_check(&fx, NULL, 0), 0);
    n_names = 0;
    assert_int_equal(nftw(fx.dir, take_name, 8, FTW_PHYS), 0);
    assert_true(n_names > 10);
    for (size_t i = 0; i < n_names; i++) {
        struct stat st;
        char what[2000];
        assert_int_equal(stat(names[i], &st), 0);
        for (off_t k = 0; k < 9; k++) {
            off_t at = (st.st_size - 1) * k / 8;
            flip(names[i], at);
            if (fixture_check(&fx, what, sizeof what) == 0)
                fail_msg("%s: byte %lld was changed and not found", names[i], (long long)at);
            flip(names[i], at);
            flips++;
        }
    }
    assert_int_equal(fixture_check(&fx, NULL, 0), 0);
    print_message("%u changed bytes in %zu files\n", flips, n_names);
    fixture_close(&fx);
}

static void the_file_and_the_entry_are_named(void **state)
{
    static const struct {
        const char *file;
        off_t at;
        const char *tells;
    } cases[] = {
        {"tile/0/000", 32 * 7 + 5, "tile/0/000: the hash of entry 7 (bytes 224 to 255) was changed"},
        {"tile/entries/000", 20, "tile/entries/000: entry 0 (bytes 2 to "},
        {"sm3/tile/0/001", 31, "sm3/tile/0/001: the hash of entry 256 (bytes 0 to 31) was changed"},
        {"tile/1/000.p/2", 40,
         "tile/1/000.p/2: hash 1 (bytes 32 to 63) is not the root of the tile below it"},
        {"tile/payload/000", 60, "tile/payload/000: entry 0 (from byte 4): "},
        {"tile/entries/000", 0, "tile/entries/000"},
    };
    struct fixture fx;
    struct ll_receipt r;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 520, &r);
    fixture_stop(&fx);
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        char path[LL_PATH * 2], what[2000];
        snprintf(path, sizeof path, "%s/%s", fx.dir, cases[i].file);
        flip(path, cases[i].at);
        assert_true(fixture_check(&fx, what, sizeof what) > 0);
        if (strncmp(what, cases[i].tells, strlen(cases[i].tells)) != 0 && !strstr(what, cases[i].tells))
            fail_msg("want '%s', got '%s'", cases[i].tells, what);
        flip(path, cases[i].at);
    }
    fixture_close(&fx);
}

static void a_missing_file_is_named(void **state)
{
    static const char *const files[] = {"tile/0/000", "tile/entries/001", "sm3/tile/0/000",
                                        "tile/payload/000", "tile/1/000.p/2"};
    struct fixture fx;
    struct ll_receipt r;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 520, &r);
    fixture_stop(&fx);
    for (size_t i = 0; i < LL_COUNT(files); i++) {
        char path[LL_PATH * 2], away[LL_PATH], what[2000];
        snprintf(path, sizeof path, "%s/%s", fx.dir, files[i]);
        snprintf(away, sizeof away, "%s/away", fx.base);
        assert_int_equal(rename(path, away), 0);
        assert_true(fixture_check(&fx, what, sizeof what) > 0);
        assert_non_null(strstr(what, files[i]));
        assert_int_equal(rename(away, path), 0);
    }
    fixture_close(&fx);
}

static void the_log_of_tessera_holds_together(void **state)
{
    static const char policy_text[] =
        "log example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\nquorum none\n";
    const char *shared = getenv("LULING_VECTORS");
    struct ll_policy *policy = NULL;
    struct ll_log_checked checked;
    struct ll_err err;
    char dir[LL_PATH];

    (void)state;
    snprintf(dir, sizeof dir, "%s/tlog", shared ? shared : "");
    if (!shared || !ll_fs_exists(dir)) {
        print_message("skipped: the vectors are not there (LULING_VECTORS)\n");
        skip();
    }
    struct ll_log_files f = ll_log_folder(dir);
    assert_ok(ll_policy_parse(LL_STR(policy_text), &policy, &err));
    assert_ok(ll_log_check(&f, policy, dir, NULL, NULL, &checked, &err));
    assert_int_equal(checked.problems, 0);
    assert_int_equal(checked.entries, 15);
    /* and at every size there is a checkpoint that the tree of that size has the root of, consistent with the last */
    for (unsigned size = 0; size <= 15; size++) {
        struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
        struct ll_checkpoint cp;
        struct ll_tree *tree = NULL;
        struct ll_node root;
        char name[32];
        snprintf(name, sizeof name, "checkpoint.%u", size);
        assert_ok(f.get(f.ctx, name, LL_NOTE_MAX, &note, &err));
        assert_ok(ll_policy_check(policy, ll_buf_view(&note), &cp, NULL, &err));
        assert_int_equal(cp.size, size);
        assert_ok(ll_tree_open(&f, LL_SHA256, size, &tree, &err));
        struct ll_node_source src = ll_tree_source(tree);
        assert_ok(ll_source_root(&src, size, &root, &err));
        assert_true(ll_node_eq(&root, &cp.root));
        ll_tree_close(tree);
        ll_buf_free(&note);
    }
    ll_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_byte_anywhere_is_found),
        cmocka_unit_test(the_file_and_the_entry_are_named),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(the_log_of_tessera_holds_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
