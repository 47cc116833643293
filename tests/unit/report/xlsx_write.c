/* Workbooks that we write: what our reader gets back from them, and what the spreadsheet program is told. */
#include "xlsx_kit.h"

#include "report/xlsx_write.h"

#include <signal.h>
#include <sys/resource.h>
#include <zip.h>

static const struct ll_xlsx_column plain[] = {
    {.title = "名称"}, {.title = "统一社会信用代码"}, {.title = "原因", .reasons = true}};

static struct ll_xlsx_write_opts plain_opts(void)
{
    return (struct ll_xlsx_write_opts){.sheet = "隔离区", .columns = plain, .n_columns = LL_COUNT(plain)};
}

static void write_all(struct kit *k, const struct ll_xlsx_write_opts *o, const struct ll_str *rows,
                      size_t n_rows)
{
    struct ll_xlsx_write *w = NULL;
    struct ll_err err;

    assert_ok(ll_xlsx_write_open(&w, k->path, o, &err));
    for (size_t i = 0; i < n_rows; i++)
        assert_ok(ll_xlsx_write_row(w, rows + i * o->n_columns, o->n_columns, &err));
    assert_ok(ll_xlsx_write_finish(w, &err));
    assert_null(ll_xlsx_write_free(w));
}

/* The text of one part of the workbook at k->path, in k->text. */
static const char *part(struct kit *k, const char *name)
{
    zip_t *z = zip_open(k->path, ZIP_RDONLY, NULL);
    zip_file_t *f = z ? zip_fopen(z, name, 0) : NULL;
    char chunk[4096];
    zip_int64_t n;

    assert_non_null(f);
    ll_buf_clear(&k->text);
    while ((n = zip_fread(f, chunk, sizeof chunk)) > 0)
        ll_buf_add(&k->text, chunk, (size_t)n);
    zip_fclose(f);
    zip_discard(z);
    return k->text.p;
}

static int count_file(void *ctx, const char *name, struct ll_err *err)
{
    (void)name, (void)err;
    ++*(unsigned *)ctx;
    return 0;
}

static unsigned files_in(struct kit *k, struct ll_err *err)
{
    unsigned n = 0;

    assert_int_equal(ll_fs_each(k->dir, count_file, &n, err), LL_OK);
    return n;
}

static void test_what_was_written_is_read_back(void **state)
{
    static const struct ll_str rows[] = {
        {"甲公司", 9},
        {"91360800MA35F1234X", 18},
        {"校验码错误", 15},
        {"", 0},
        {NULL, 0},
        {NULL, 0},
        {"乙 公司", 10},
        {"360812197001011234", 18},
        {"第一行\n第二行", 19},
        {" a ", 3},
        {"007", 3},
        {"1E5", 3},
    };
    struct ll_xlsx_write_opts o = plain_opts();

    write_all(*state, &o, rows, 4);
    assert_reads((struct kit *)*state, NULL,
                 "名称|统一社会信用代码|原因\n"
                 "2: 甲公司|91360800MA35F1234X|校验码错误\n"
                 "4: 乙 公司|360812197001011234|第一行\n第二行\n"
                 "5:  a |007|1E5\n");
    assert_int_equal(files_in(*state, NULL), 1);
}

static void test_no_text_becomes_a_formula_or_is_changed(void **state)
{
    static const char *const texts[] = {
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "'quoted",
        "=HYPERLINK(\"http://x\")",
        "http://example.com/",
        "_x0041_",
        "_x_",
        "__x005F__",
        ("a\rb\x01\x1f"
         "c"),
        "<&>\"'",
        "]]>",
        "\xf0\x9f\x98\x80",
        "#N/A",
        "TRUE",
    };
    struct ll_xlsx_column one = {.title = "文本"};
    struct ll_xlsx_write_opts o = {.sheet = "a", .columns = &one, .n_columns = 1};
    struct ll_str rows[LL_COUNT(texts)];
    struct kit *k = *state;
    struct ll_range range = {0};
    struct ll_rows *r = NULL;
    struct ll_row row;

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        rows[i] = ll_str(texts[i]);
    write_all(k, &o, rows, LL_COUNT(rows));
    assert_null(strstr(part(k, "xl/worksheets/sheet1.xml"), "<f>"));
    assert_null(strstr(k->text.p, "<hyperlink"));
    assert_int_equal(kit_open(k, NULL), LL_OK);
    assert_int_equal(ll_source_rows(k->source, &range, &r, &k->err), LL_OK);
    for (size_t i = 0; i < LL_COUNT(texts); i++) {
        assert_int_equal(r->ops->next(r, &row, &k->err), 1);
        assert_str(row.cells[0], texts[i]);
    }
    r->ops->close(r);
}

static void test_broken_text_becomes_replacement_characters(void **state)
{
    static const struct ll_str rows[] = {{"a\0b", 3}, {"\xff\xfe", 2}, {"\xef\xbf\xbd", 3}};
    struct ll_xlsx_write_opts o = plain_opts();

    write_all(*state, &o, rows, 1);
    assert_reads((struct kit *)*state, NULL,
                 "名称|统一社会信用代码|原因\n2: a\xef\xbf\xbd"
                 "b|\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\n");
}

static void test_columns_are_text_and_the_header_stays(void **state)
{
    struct ll_xlsx_write_opts o = plain_opts();
    struct kit *k = *state;

    write_all(k, &o, NULL, 0);
    assert_reads(k, NULL, "名称|统一社会信用代码|原因\n");
    part(k, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(
        k->text.p, "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"));
    assert_non_null(strstr(k->text.p, "<col min=\"3\" max=\"3\" width=\"60.7109375\""));
    part(k, "xl/styles.xml");
    assert_non_null(strstr(k->text.p, "numFmtId=\"49\"")); /* @ : what is typed stays as typed */
    assert_non_null(strstr(k->text.p, "微软雅黑"));
    assert_non_null(strstr(k->text.p, "wrapText=\"1\""));
}

static void test_choices_become_a_drop_down_list(void **state)
{
    static const char *const states[] = {"在业", "存续", "注销,吊销", "=1"};
    const struct ll_xlsx_column columns[] = {
        {.title = "名称", .required = true, .note = "企业全称，与营业执照一致"},
        {.title = "状态", .choices = states, .n_choices = LL_COUNT(states)}};
    struct ll_xlsx_write_opts o = {.sheet = "下拉选项", .columns = columns, .n_columns = 2};
    struct ll_source_opts lists = LL_SOURCE_OPTS_INIT;
    struct kit *k = *state;

    write_all(k, &o, NULL, 0);
    part(k, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(k->text.p, "sqref=\"B2:B1048576\"><formula1>'下拉选项'!$C$1:$C$4</formula1>"));
    assert_non_null(strstr(k->text.p, "errorStyle=\"warning\""));
    assert_non_null(strstr(part(k, "xl/comments1.xml"), "与营业执照一致"));
    assert_reads(k, NULL, "名称|状态\n");
    assert_string_equal(k->info.sheet, "Sheet1");
    lists.sheet = "下拉选项";
    lists.header = LL_SOURCE_HEADER_NONE;
    assert_reads(k, &lists, "#1|#2|#3\n1: -|-|在业\n2: -|-|存续\n3: -|-|注销,吊销\n4: -|-|=1\n");
}

static void test_sheet_names_are_made_to_fit(void **state)
{
    static const struct {
        const char *wanted, *got;
    } names[] = {{"a/b[c]:*?\\'", "a_b_c______"},
                 {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三",
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"},
                 {"", "Sheet1"},
                 {NULL, "Sheet1"}};
    struct ll_xlsx_write_opts o = plain_opts();
    struct kit *k = *state;

    for (size_t i = 0; i < LL_COUNT(names); i++) {
        o.sheet = names[i].wanted;
        write_all(k, &o, NULL, 0);
        assert_int_equal(kit_open(k, NULL), LL_OK);
        assert_string_equal(k->info.sheet, names[i].got);
    }
}

static void test_what_a_sheet_cannot_hold_is_refused_with_its_place(void **state)
{
    static char wide[3 * LL_XLSX_WRITE_CELL + 4];
    struct ll_xlsx_write_opts o = plain_opts();
    struct ll_xlsx_write *w = NULL;
    struct kit *k = *state;
    struct ll_err err;

    for (size_t i = 0; i <= LL_XLSX_WRITE_CELL; i++)
        memcpy(wide + 3 * i, "中", 3);
    struct ll_str most[] = {{wide, (size_t)3 * LL_XLSX_WRITE_CELL}},
                  more[] = {{"a", 1}, {wide, sizeof wide - 1}};
    assert_ok(ll_xlsx_write_open(&w, k->path, &o, &err));
    assert_ok(ll_xlsx_write_row(w, most, 1, &err));
    assert_int_equal(ll_xlsx_write_row(w, more, 2, &err), LL_TOOBIG);
    assert_non_null(strstr(err.en, "row 3, column B"));
    ll_xlsx_write_free(w);
    assert_int_equal(files_in(k, &err), 0);
    o.n_columns = 0;
    assert_int_equal(ll_xlsx_write_open(&w, k->path, &o, &err), LL_TOOBIG);
}

static void test_a_long_cell_can_be_cut_and_says_so(void **state)
{
    static char wide[7 * LL_XLSX_WRITE_CELL];
    struct ll_xlsx_write_opts o = plain_opts();
    struct ll_str row[] = {{wide, sizeof wide}, {NULL, 0}, {wide, 20}};
    struct kit *k = *state;
    struct ll_range range = {0};
    struct ll_rows *r = NULL;
    struct ll_row got;

    for (size_t i = 0; i < sizeof wide; i++)
        wide[i] = i % 3 ? 'a' : '\x02'; /* an escape takes seven characters */
    o.cut = true;
    o.lang = LL_EN;
    write_all(k, &o, row, 1);
    assert_int_equal(kit_open(k, NULL), LL_OK);
    assert_int_equal(ll_source_rows(k->source, &range, &r, &k->err), LL_OK);
    assert_int_equal(r->ops->next(r, &got, &k->err), 1);
    assert_true(ll_str_ends(got.cells[0], LL_STR("... (too long, cut)")));
    assert_true(got.cells[0].n > LL_XLSX_WRITE_CELL / 4);
    assert_true(ll_str_starts((struct ll_str){wide, sizeof wide},
                              (struct ll_str){got.cells[0].p, got.cells[0].n - 19}));
    assert_int_equal(got.cells[2].n, 20);
    r->ops->close(r);
}

static void test_a_folder_that_is_not_there_is_an_error(void **state)
{
    struct ll_xlsx_write_opts o = plain_opts();
    struct ll_xlsx_write *w = NULL;
    struct ll_err err;

    (void)state;
    assert_int_equal(ll_xlsx_write_open(&w, "/nowhere/book.xlsx", &o, &err), LL_IO);
    assert_null(w);
}

/* A limit on file size stands for the full disk: a write past it fails as on one. */
static void test_a_full_disk_leaves_no_file(void **state)
{
    static const rlim_t limits[] = {0, 512, 4096, 40000, 200000, 400000};
    struct ll_xlsx_write_opts o = plain_opts();
    struct rlimit usual, small;
    struct kit *k = *state;
    struct ll_err err = {0};

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    for (size_t i = 0; i < LL_COUNT(limits); i++) {
        struct ll_xlsx_write *w = NULL;
        small = (struct rlimit){limits[i], usual.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        int rc = ll_xlsx_write_open(&w, k->path, &o, &err);
        for (int row = 0; rc == LL_OK && row < 10000; row++) {
            char text[32];
            snprintf(text, sizeof text, "%d-%d", row, row * 7919);
            struct ll_str cells[] = {ll_str(text), ll_str(text), ll_str(text)};
            rc = ll_xlsx_write_row(w, cells, 3, &err);
        }
        if (rc == LL_OK)
            rc = ll_xlsx_write_finish(w, &err);
        ll_xlsx_write_free(w);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        assert_true(rc < 0 && err.en[0]);
        assert_int_equal(files_in(k, &err), 0);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_what_was_written_is_read_back),
        CASE(test_no_text_becomes_a_formula_or_is_changed),
        CASE(test_broken_text_becomes_replacement_characters),
        CASE(test_columns_are_text_and_the_header_stays),
        CASE(test_choices_become_a_drop_down_list),
        CASE(test_sheet_names_are_made_to_fit),
        CASE(test_what_a_sheet_cannot_hold_is_refused_with_its_place),
        CASE(test_a_long_cell_can_be_cut_and_says_so),
        CASE(test_a_folder_that_is_not_there_is_an_error),
        CASE(test_a_full_disk_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
