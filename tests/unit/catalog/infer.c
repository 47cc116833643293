/* Inference: what it makes of a department's file against the shipped standard (its folder is the argument), and that what it writes
 * is a pack that needs nothing but what only a person can say. */
#include "fixture.h"

#include "base/csv.h"
#include "base/fs.h"
#include "catalog/header.h"
#include "catalog/infer.h"

#include <zlib.h>

enum { ENOUGH = 8 << 20 };

static const char *folder;
static struct ll_catalog *standard;
static struct ll_pack *core;

static int set_up(void **state)
{
    struct ll_problems *ps = ll_problems_new(0);
    const struct ll_pack *list[1];
    struct ll_err err;
    char dir[1024];
    (void)state;

    snprintf(dir, sizeof dir, "%s/core", folder);
    if (ll_pack_read(dir, NULL, NULL, ps, &core, &err) < 0)
        return -1;
    list[0] = core;
    ll_problems_free(ps);
    return ll_catalog_of_packs(NULL, list, 1, &standard, &err);
}

static int tear_down(void **state)
{
    (void)state;
    ll_catalog_unref(standard);
    ll_pack_free(core);
    return 0;
}

/* --- a CSV text as rows --------------------------------------------------------------------------------------------- */

struct text_rows {
    struct ll_rows rows;
    struct ll_csv csv;
    struct ll_csv_record record;
    uint64_t number;
};

static int text_next(struct ll_rows *r, struct ll_row *row, struct ll_err *err)
{
    struct text_rows *t = (struct text_rows *)r;

    (void)err;
    int rc = ll_csv_next(&t->csv, &t->record);
    if (rc > 0)
        *row = (struct ll_row){.cells = t->record.cells,
                               .n = t->record.n,
                               .number = ++t->number,
                               .line = t->record.line,
                               .fault = -1};
    return rc;
}

static const struct ll_rows_ops text_ops = {text_next, NULL};

static int infer_text(struct ll_str text, const struct ll_infer_opts *o, struct ll_arena *arena,
                      struct ll_inference *inf, struct ll_err *err)
{
    struct text_rows t = {.rows = {&text_ops}};
    struct ll_str headers[600];

    ll_csv_init(&t.csv, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    assert_true(ll_csv_next(&t.csv, &t.record) > 0);
    size_t n = t.record.n;
    assert_true(n <= LL_COUNT(headers));
    for (size_t i = 0; i < n; i++) {
        char *copy = ll_arena_dup(arena, t.record.cells[i]);
        headers[i] = (struct ll_str){copy, t.record.cells[i].n};
    }
    int rc = ll_infer(&t.rows, headers, n, standard, o, arena, inf, err);
    ll_csv_free(&t.csv);
    ll_csv_record_free(&t.record);
    return rc;
}

/* A valid credit code for a made-up firm: both check characters are found by trying. */
static const char *credit_code(unsigned i)
{
    static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static char code[32];
    char canon[LL_ID_MAX];
    size_t n;

    for (const char *a = "0123456789X"; *a; a++)
        for (const char *b = set; *b; b++) {
            snprintf(code, sizeof code, "91360802%08u%c%c", 10000000 + i * 37, *a, *b);
            if (ll_id_check(LL_ID_USCC, ll_str(code), canon, &n) == LL_IDF_OK)
                return code;
        }
    fail();
    return NULL;
}

static const struct ll_guess *column(const struct ll_inference *inf, const char *header)
{
    for (size_t i = 0; i < inf->n; i++)
        if (strcmp(inf->columns[i].header, header) == 0)
            return &inf->columns[i];
    fail_msg("no column %s", header);
    return NULL;
}

static void is_element(const struct ll_inference *inf, const char *header, const char *element)
{
    const struct ll_guess *g = column(inf, header);

    if (g->is_new || strcmp(g->element->name, element) != 0)
        fail_msg("%s became %s%s (%s), not %s", header, g->element->name, g->is_new ? " (new)" : "",
                 g->reason[LL_EN], element);
}

/* A file as a department might send it: other words for known things, amounts in 万元, dates in three ways, a column nobody knows. */
static void make_file(struct ll_buf *out, unsigned rows)
{
    static const char *const sexes[] = {"男", "女"}, *const dates[] = {"2021年3月%u日", "2021-03-%02u",
                                                                       "2021/3/%u"};
    char date[32];

    ll_buf_z(
        out,
        "序号,单位全称,社会信用代码,法人代表,设立日期,注册资金（万元）,登记地址,负责人性别,是否规上,监管片区,巡查次数,许可编号\n");
    for (unsigned i = 0; i < rows; i++) {
        snprintf(date, sizeof date, dates[i % 3], i % 28 + 1);
        ll_buf_printf(
            out,
            "%u,庐陵样例%u有限公司,%s,样例人%u,%s,%u.5,江西省吉安市吉州区样例路%u号,%s,%s,%s片区,%u,JA-%05u\n",
            i + 1, i, i == 5 ? "00000000000000000X" : credit_code(i), i, date, i * 10 + 1, i, sexes[i % 2],
            i % 3 ? "否" : "是", i % 2 ? "东" : "西", i % 7, 70000 + i);
    }
}

static void test_a_department_file_is_understood(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_infer_opts o = {.file_name = "/tmp/Firms 2024.csv"};
    struct ll_err err;
    (void)state;

    make_file(&text, 200);
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    assert_string_equal(inf.name, "firms_2024");
    assert_string_equal(inf.title, "Firms 2024");
    assert_int_equal(inf.rows, 200);
    is_element(&inf, "单位全称", "enterprise_name");
    is_element(&inf, "社会信用代码", "uscc");
    is_element(&inf, "法人代表", "legal_rep_name");
    is_element(&inf, "设立日期", "established_date");
    is_element(&inf, "注册资金（万元）", "registered_capital");
    is_element(&inf, "登记地址", "registered_address");
    assert_string_equal(column(&inf, "注册资金（万元）")->arguments, "unit=万元");
    assert_string_equal(column(&inf, "单位全称")->transform, "company");
    assert_string_equal(column(&inf, "登记地址")->transform, "address");
    assert_int_equal(column(&inf, "社会信用代码")->role, LL_ROLE_SUBJECT);
    assert_int_equal(column(&inf, "单位全称")->role, LL_ROLE_SUBJECT_NAME);
    assert_string_equal(inf.subject_kind, "enterprise");
    assert_true(column(&inf, "社会信用代码")->confidence >= 90);
    const struct ll_guess *visits = column(&inf, "巡查次数");
    assert_true(visits->is_new);
    assert_int_equal(visits->element->type, LL_TYPE_INTEGER);
    const struct ll_guess *area = column(&inf, "监管片区");
    assert_true(area->is_new);
    assert_int_equal(area->element->type, LL_TYPE_TEXT);
    assert_non_null(strstr(area->reason[LL_EN], "only 2 different values"));
    const struct ll_guess *big = column(&inf, "是否规上");
    assert_int_equal(big->element->type, LL_TYPE_BOOLEAN);
    ll_arena_free(arena);
    ll_buf_free(&text);
}

static void test_values_of_people_are_masked(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20), out = LL_BUF_INIT(1 << 20);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_infer_opts o = {.name = "firms"};
    struct ll_inference inf;
    struct ll_json j;
    struct ll_err err;
    (void)state;

    make_file(&text, 50);
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    ll_json_init(&j, &out);
    ll_infer_json(&inf, &j);
    assert_null(strstr(ll_buf_view(&out).p, credit_code(0)));
    assert_null(strstr(ll_buf_view(&out).p, credit_code(49)));
    ll_buf_free(&out);
    ll_arena_free(arena);
    ll_buf_free(&text);
}

static void test_the_key_is_what_tells_rows_apart(void **state)
{
    struct ll_infer_opts o = {.name = "visits"};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_err err;
    (void)state;

    assert_ok(infer_text(LL_STR("决定书文号,日期,金额\nA1,2024-01-01,5\nA2,2024-01-01,5\nA3,2024-01-02,6\n"),
                         &o, arena, &inf, &err));
    assert_int_equal(inf.columns[0].key, 1);
    assert_int_equal(inf.columns[1].key, 0);
    assert_ok(
        infer_text(LL_STR("水表户号,计费月份,水量\nA1,2024-01,5\nA1,2024-02,5\nA2,2024-01,5\nA2,2024-02,9\n"),
                   &o, arena, &inf, &err));
    assert_int_equal(inf.columns[0].key, 1);
    assert_int_equal(inf.columns[1].key, 2);
    assert_int_equal(inf.columns[2].key, 0);
    assert_ok(infer_text(LL_STR("a,b\nx,y\nx,y\n"), &o, arena, &inf, &err));
    assert_int_equal(inf.columns[0].key + inf.columns[1].key, 0);
    assert_non_null(strstr(inf.key_reason[LL_EN], "no few columns"));
    assert_ok(infer_text(LL_STR("a,b\n"), &o, arena, &inf, &err));
    assert_int_equal(inf.rows, 0);
    ll_arena_free(arena);
}

/* A sample has faults: a repeated number is no reason to take the column that happens to have none. */
static void test_a_key_need_not_be_perfect(void **state)
{
    struct ll_infer_opts o = {.name = "bills"};
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_err err;
    (void)state;

    ll_buf_z(&text, "发明人,专利号,费用\n");
    for (unsigned i = 0; i < 300; i++)
        ll_buf_printf(&text, "甲%u,ZL%u,%u\n", i, i == 7 ? 6 : i, i);
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    assert_int_equal(column(&inf, "专利号")->key, 1);
    assert_int_equal(column(&inf, "发明人")->key, 0);
    assert_non_null(strstr(inf.key_reason[LL_EN], "hardly ever"));
    ll_buf_clear(&text);
    ll_buf_z(&text, "信用代码,险种,费款所属期,金额\n");
    for (unsigned i = 0; i < 300; i++)
        ll_buf_printf(&text, "%s,%s,2024%02u,%u\n", credit_code(i / 6),
                      i % 2 ? "企业职工基本养老保险" : "失业保险", i / 2 % 3 + 1, i % 5);
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    assert_int_equal(column(&inf, "信用代码")->key, 1);
    assert_true(column(&inf, "险种")->key && column(&inf, "费款所属期")->key);
    assert_int_equal(column(&inf, "金额")->key, 0);
    ll_arena_free(arena);
    ll_buf_free(&text);
}

static void test_delete_marks_are_no_item(void **state)
{
    struct ll_infer_opts o = {.name = "changes"};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_err err;
    (void)state;

    assert_ok(infer_text(LL_STR("操作,许可编号,许可内容\n新增,A1,甲\n删除,A2,乙\n"), &o, arena, &inf, &err));
    assert_true(inf.increment);
    assert_int_equal(inf.n, 2);
    assert_int_equal(inf.columns[0].position, 2);
    assert_int_equal(inf.columns[0].distinct, 2);
    ll_arena_free(arena);
}

static void test_odd_headers_are_named_by_position(void **state)
{
    struct ll_infer_opts o = {.name = "odd"};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_err err;
    (void)state;

    assert_ok(infer_text(LL_STR("名称,名称,,a|b,#x,select\n甲,乙,丙,丁,戊,己\n"), &o, arena, &inf, &err));
    assert_string_equal(inf.columns[0].source, "#1");
    assert_string_equal(inf.columns[1].source, "#2");
    assert_string_equal(inf.columns[2].source, "#3");
    assert_string_equal(inf.columns[3].source, "#4");
    assert_string_equal(inf.columns[4].source, "#5");
    assert_string_equal(inf.columns[5].source, "select");
    assert_string_equal(inf.columns[5].item, "column_6");
    for (size_t i = 0; i < inf.n; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(inf.columns[i].item, inf.columns[k].item);
    ll_arena_free(arena);
}

static void test_what_cannot_be_done_is_said(void **state)
{
    struct ll_infer_opts bad_name = {.name = "Firms"}, bad_provider = {.name = "firms", .provider = "XX"};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_inference inf;
    struct ll_err err;
    (void)state;

    assert_int_equal(infer_text(LL_STR("a\n"), &bad_name, arena, &inf, &err), LL_INVALID);
    assert_int_equal(infer_text(LL_STR("a\n"), &bad_provider, arena, &inf, &err), LL_NOTFOUND);
    char wide[1200];
    memset(wide, ',', 550);
    wide[550] = '\n';
    assert_int_equal(
        infer_text((struct ll_str){wide, 551}, &(struct ll_infer_opts){.name = "x"}, arena, &inf, &err),
        LL_INVALID);
    ll_arena_free(arena);
}

static void replace(const char *path, const char *from, const char *to)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20), out = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    assert_ok(ll_fs_read(path, 1 << 19, &text, &err));
    const char *at = strstr(ll_buf_view(&text).p, from);
    if (!at)
        fail_msg("'%s' is not in %s", from, ll_buf_view(&text).p);
    ll_buf_add(&out, text.p, (size_t)(at - text.p));
    ll_buf_z(&out, to);
    ll_buf_z(&out, at + strlen(from));
    assert_ok(ll_fs_write_atomic(path, ll_buf_view(&out), &err));
    ll_buf_free(&text);
    ll_buf_free(&out);
}

/* Only what a person decides is missing; with that filled in, the folder is a pack. */
static void test_what_is_written_is_a_pack_to_be_completed(void **state)
{
    char dir[] = "/tmp/luling-infer-XXXXXX", out[64], path[96];
    struct ll_buf text = LL_BUF_INIT(1 << 20), report = LL_BUF_INIT(1 << 20);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_infer_opts o = {.name = "firms", .title = "企业台账"};
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_inference inf;
    struct ll_pack *p = NULL;
    struct ll_err err;
    (void)state;

    assert_non_null(mkdtemp(dir));
    snprintf(out, sizeof out, "%s/firms", dir);
    make_file(&text, 100);
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    assert_ok(ll_infer_write(&inf, out, &err));
    assert_int_equal(ll_infer_write(&inf, out, &err),
                     LL_CONFLICT); /* a steward's corrections are not written over */
    assert_int_equal(ll_pack_read(out, standard, NULL, ps, &p, &err), LL_INVALID);
    ll_problems_text(ps, LL_EN, &report);
    assert_string_equal(ll_buf_view(&report).p,
                        "resources.csv:2:2 (code): 'code' must not be empty\n"
                        "resources.csv:2:5 (provider): 'provider' must not be empty\n"
                        "resources.csv:2:6 (summary): 'summary' must not be empty\n"
                        "resources.csv:2:8 (share_type): 'share_type' must not be empty\n"
                        "resources.csv:2:11 (open): 'open' must not be empty\n"
                        "resources.csv:2:13 (update_cycle): 'update_cycle' must not be empty\n");
    ll_problems_free(ps);
    ps = ll_problems_new(0);
    snprintf(path, sizeof path, "%s/resources.csv", out);
    replace(path, "firms,,企业台账,,,,,,,,,,,", "firms,308001/09999,企业台账,,X1,台账,,1,,,1,,4,");
    snprintf(path, sizeof path, "%s/organisations.csv", out);
    assert_ok(ll_fs_write_atomic(path, LL_STR("code,name,role\nX1,样例局,source\n"), &err));
    ll_buf_clear(&report);
    int rc = ll_pack_read(out, standard, NULL, ps, &p, &err);
    ll_problems_text(ps, LL_EN, &report);
    if (rc < 0)
        fail_msg("%s", ll_buf_view(&report).p);
    assert_int_equal(p->n_resources, 1);
    assert_int_equal(p->resources[0].n_items, 12);
    assert_int_equal(p->resources[0].mappings[0].n, 12);
    ll_pack_free(p);
    ll_problems_free(ps);
    ll_arena_free(arena);
    ll_buf_free(&text);
    ll_buf_free(&report);
    assert_ok(ll_fs_remove_tree(dir, &err));
}

/* The public registrations of Jiangxi: ten columns under the names of another system. */
static void test_real_registrations(void **state)
{
    static const struct {
        const char *header, *element;
    } want[] = {
        {"企业名称", "enterprise_name"},   {"统一社会信用代码", "uscc"},   {"注册日期", "established_date"},
        {"企业类型", "enterprise_type"},   {"法人代表", "legal_rep_name"}, {"注册资金", "registered_capital"},
        {"经营范围", "business_scope"},    {"所在省份", "province"},       {"地区", "city"},
        {"注册地址", "registered_address"}};
    struct ll_infer_opts o = {.file_name = "registrations.csv", .rows = 5000};
    struct ll_buf text = LL_BUF_INIT(64 << 20);
    struct ll_arena *arena = ll_arena_new(0);
    const char *data = getenv("LULING_DATA");
    struct ll_inference inf;
    struct ll_err err;
    char path[1024];
    (void)state;

    snprintf(path, sizeof path, "%s/enterprise_registration/jiangxi_1980_2019.csv.gz", data ? data : "");
    gzFile gz = gzopen(path, "rb");
    char buf[65536];
    for (int got; gz && text.n < ENOUGH && (got = gzread(gz, buf, sizeof buf)) > 0;)
        ll_buf_add(&text, buf, (size_t)got);
    if (gz)
        gzclose(gz);
    if (text.n == 0) {
        ll_arena_free(arena);
        print_message("LULING_DATA has no registrations: skipped\n");
        skip();
    }
    assert_ok(infer_text(ll_buf_view(&text), &o, arena, &inf, &err));
    for (size_t i = 0; i < LL_COUNT(want); i++)
        is_element(&inf, want[i].header, want[i].element);
    assert_int_equal(column(&inf, "统一社会信用代码")->key, 1);
    assert_int_equal(column(&inf, "企业名称")->role, LL_ROLE_SUBJECT_NAME);
    ll_arena_free(arena);
    ll_buf_free(&text);
}

/* --- headers -------------------------------------------------------------------------------------------------------- */

static double alike(const char *a, const char *b)
{
    struct ll_header x, y;

    ll_header_read(ll_str(a), &x);
    ll_header_read(ll_str(b), &y);
    return ll_header_alike(&x, &y);
}

static void test_headers_that_mean_the_same_are_alike(void **state)
{
    struct ll_header h;
    char name[49];
    (void)state;

    assert_true(alike("企业名称", " 企业名称* ") == 1);
    assert_true(alike("USCC", "ｕｓｃｃ") == 1);
    assert_true(alike("单位全称", "企业名称") > 0.9);
    assert_true(alike("法人代表身份证号", "法定代表人身份证号码") > 0.9);
    assert_true(alike("注册日期", "登记时间") > 0.9);
    assert_true(alike("法定代表人", "法定代表人证件号码") < 0.5);
    assert_true(alike("许可日期", "许可机关") < 0.5);
    assert_true(alike("", "企业名称") == 0);
    ll_header_read(LL_STR("注册资金（单位：万元）"), &h);
    assert_string_equal(h.unit, "万元");
    assert_true(ll_header_name(&h, name));
    assert_string_equal(name, "registered_capital");
    ll_header_read(LL_STR("行政处罚决定书文号"), &h);
    assert_true(ll_header_name(&h, name));
    assert_string_equal(name, "penalty_decision_no");
    ll_header_read(LL_STR("片区"), &h);
    assert_true(ll_header_ends(&h, "county"));
    ll_header_read(LL_STR("巡查"), &h);
    assert_false(ll_header_name(&h, name));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_that_mean_the_same_are_alike),
        cmocka_unit_test(test_a_department_file_is_understood),
        cmocka_unit_test(test_values_of_people_are_masked),
        cmocka_unit_test(test_the_key_is_what_tells_rows_apart),
        cmocka_unit_test(test_a_key_need_not_be_perfect),
        cmocka_unit_test(test_delete_marks_are_no_item),
        cmocka_unit_test(test_odd_headers_are_named_by_position),
        cmocka_unit_test(test_what_cannot_be_done_is_said),
        cmocka_unit_test(test_what_is_written_is_a_pack_to_be_completed),
        cmocka_unit_test(test_real_registrations),
    };

    if (argc < 2)
        return 77;
    folder = argv[1];
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
