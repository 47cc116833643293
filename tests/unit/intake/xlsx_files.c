/* Workbooks of every kind that other programs made (LULING_DATA/xlsx) and the samples of the project (tests/samples/xlsx): each is
 * read to the end or refused with a reason in both languages. */
#include "xlsx_kit.h"

#include "base/fs.h"

#include <sys/stat.h>

struct walk {
    struct kit *kit;
    const char *dir;
    unsigned read, empty, refused;
};

static int visit(void *ctx, const char *name, struct ll_err *err)
{
    struct walk *w = ctx;
    struct kit *k = w->kit;
    char path[LL_PATH];
    struct stat st;
    int rc = ll_path(path, err, "%s/%s", w->dir, name);

    if (rc < 0 || stat(path, &st) < 0)
        return rc < 0 ? rc : LL_IO;
    if (S_ISDIR(st.st_mode)) {
        struct walk below = {.kit = k, .dir = path};
        rc = ll_fs_each(path, visit, &below, err);
        w->read += below.read;
        w->empty += below.empty;
        w->refused += below.refused;
        return rc;
    }
    if (!strstr(name, ".xls"))
        return LL_OK;
    snprintf(k->path, sizeof k->path, "%s", path);
    rc = kit_read(k, NULL);
    w->read += rc == LL_OK;
    if (rc < 0 && strstr(k->err.en, "workbook is empty")) {
        w->empty++;
    } else if (rc < 0) {
        w->refused++;
        print_message("%s: %s\n", name, k->err.en);
        assert_true(rc == LL_INVALID || rc == LL_TOOBIG);
        assert_true(k->err.zh[0] && k->err.en[0]);
    }
    return LL_OK;
}

static void test_workbooks_of_every_kind_are_read_or_refused_with_a_reason(void **state)
{
    const char *data = getenv("LULING_DATA");
    struct walk w = {.kit = *state};
    char dir[LL_PATH];

    assert_int_equal(ll_path(dir, NULL, "%s/xlsx", data ? data : "."), LL_OK);
    if (!ll_fs_exists(dir)) {
        print_message("skipped: %s is not there\n", dir);
        skip();
    }
    w.dir = dir;
    assert_int_equal(ll_fs_each(dir, visit, &w, &w.kit->err), LL_OK);
    print_message("%u read, %u empty, %u refused\n", w.read, w.empty, w.refused);
    assert_true(w.read > w.refused * 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_workbooks_of_every_kind_are_read_or_refused_with_a_reason,
                                        kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
