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

static void open_sample(struct kit *k, const char *name)
{
    const char *source = getenv("LULING_SOURCE");

    assert_int_equal(ll_path(k->path, NULL, "%s/tests/samples/xlsx/%s", source ? source : ".", name), LL_OK);
}

static void test_a_register_made_with_libreoffice_is_read(void **state)
{
    struct kit *k = *state;

    open_sample(k, "register-libreoffice.xlsx");
    assert_reads(
        k, NULL,
        "乡镇|企业信息/名称|企业信息/统一社会信用代码|企业信息/行政区划|登记信息/成立日期|登记信息/核准时间|注册资本|实缴比例|备注\n"
        "5: 曲濑镇|样例甲农业有限公司|91360802SAMPLE001X|036080|2019-05-01|2019-05-02 08:30:00|100.5|0.125|=不是公式\n"
        "6: 曲濑镇|样例乙商贸有限公司|91360802SAMPLE0028|360802|2020-02-29|-|201|-|TRUE\n"
        "7: 兴桥镇|样例丙养殖场|360812197001011000|-|二〇二一年|-|-|-|- !decode.digits C7 (企业信息/统一社会信用代码) "
        "360812197001011000: make the column text and fill it in again\n");
    assert_string_equal(
        k->info.text[LL_EN],
        "XLSX, UTF-8, sheet \"企业登记\" (sheets not read: 填报说明、字典), header in rows 3 to 4, "
        "with 1 hidden rows and 1 hidden columns (read too)");
    assert_int_equal(k->info.title_rows, 2);
}

static void test_its_other_formats_are_refused_by_name(void **state)
{
    open_sample(*state, "register-libreoffice.xls");
    assert_refused((struct kit *)*state, LL_INVALID, "an old Office file (.xls");
    open_sample(*state, "register-libreoffice.ods");
    assert_refused((struct kit *)*state, LL_INVALID, "OpenDocument");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_register_made_with_libreoffice_is_read, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(test_its_other_formats_are_refused_by_name, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_workbooks_of_every_kind_are_read_or_refused_with_a_reason,
                                        kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
