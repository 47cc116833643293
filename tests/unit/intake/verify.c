/* Whatever is not as it was sealed is found and named. */
#include "folder.h"

#include "intake/verify.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    ll_buf_printf(ctx, "%s %s\n", what, problem->en);
}

/* Every problem, a line each. */
static const char *problems(struct folder *f)
{
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    struct ll_verified done;
    struct ll_err err;

    assert_ok(ll_data_verify(f->d, NULL, put_problem, &out, &done, &err));
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static void assert_one_problem(struct folder *f, const char *what, const char *text)
{
    const char *found = problems(f), *end = strchr(found, '\n');

    if (!end || end[1] || !strstr(found, what) || !strstr(found, text))
        fail_msg("wanted one problem of %s with '%s', got:\n%s", what, text, found);
}

static void change_byte(const char *path, off_t at)
{
    char c;

    assert_int_equal(chmod(path, 0640), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &c, 1, at), 1);
    c ^= 1;
    assert_int_equal(pwrite(fd, &c, 1, at), 1);
    close(fd);
}

static const char *one_batch(struct folder *f)
{
    const char *id = folder_take(f, "firm", NULL, FIRM "A,Ann,3,\nB,Bob,x,\n", LL_OK);

    assert_string_equal(problems(f), "");
    return id;
}

static void test_a_changed_byte_in_any_sealed_file(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);

    change_byte(folder_path(f, "lake/firm/%s/data-0.parquet", id), 100);
    assert_one_problem(f, id, "data-0.parquet");
    change_byte(folder_path(f, "lake/firm/%s/data-0.parquet", id), 100);
    assert_string_equal(problems(f), "");
    change_byte(folder_path(f, "lake/firm/%s/quarantine.parquet", id), 4);
    assert_one_problem(f, id, "quarantine.parquet");
}

static void test_a_missing_file(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);

    assert_int_equal(unlink(folder_path(f, "lake/firm/%s/quarantine.parquet", id)), 0);
    assert_one_problem(f, id, "file is missing");
}

static void test_a_file_that_was_added(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);

    folder_write(folder_path(f, "lake/firm/%s/data-9.parquet", id), "more");
    assert_one_problem(f, id, "does not list: data-9.parquet");
}

static void test_a_changed_manifest(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);
    const char *path = folder_path(f, "lake/firm/%s/manifest.json", id);
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    assert_ok(ll_fs_read(path, 1 << 20, &text, &err));
    char *rows = strstr(text.p, "\"rows\":1");
    assert_non_null(rows);
    rows[7] = '2';
    assert_int_equal(unlink(path), 0);
    folder_write(path, text.p);
    assert_one_problem(f, id, "the manifest");
    folder_write(path, "{ not json");
    assert_one_problem(f, id, "is not a manifest");
    assert_int_equal(unlink(path), 0);
    assert_one_problem(f, id, "manifest.json");
    ll_buf_free(&text);
}

static void test_a_batch_folder_that_is_gone(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);
    struct ll_err err;

    assert_ok(ll_fs_remove_tree(folder_path(f, "lake/firm/%s", id), &err));
    assert_one_problem(f, id, "manifest.json");
}

static void test_bytes_of_a_delivery_that_are_gone_or_changed(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);
    struct ll_delivery v;
    struct ll_err err;

    assert_ok(ll_delivery_get(f->d, id, f->arena, &v, &err));
    change_byte(folder_path(f, "inbox/%s", v.sha256), 0);
    assert_one_problem(f, id, "were changed");
    assert_int_equal(unlink(folder_path(f, "inbox/%s", v.sha256)), 0);
    assert_one_problem(f, id, "are missing");
}

/* A batch folder that the control database does not know is no batch: someone put it there, or the database is an older copy. */
static void test_a_batch_that_the_control_database_does_not_know(void **state)
{
    struct folder *f = *state;
    const char *id = one_batch(f);

    folder_sql(f, "DELETE FROM batch; DELETE FROM delivery");
    assert_one_problem(f, id, "does not know");
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_changed_byte_in_any_sealed_file),
        T(test_a_missing_file),
        T(test_a_file_that_was_added),
        T(test_a_changed_manifest),
        T(test_a_batch_folder_that_is_gone),
        T(test_bytes_of_a_delivery_that_are_gone_or_changed),
        T(test_a_batch_that_the_control_database_does_not_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
