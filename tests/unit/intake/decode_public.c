/* Public samples, where they are at hand: csv-spectrum with its JSON readings, the JSON parsing suite, and the registrations of Ji'an and
 * Jiangxi. */
#include "deliver.h"

#include <jansson.h>

static const char *data_folder(const char *inside)
{
    static char path[512];
    const char *data = getenv("LULING_DATA");

    snprintf(path, sizeof path, "%s/%s", data ? data : "", inside);
    if (!data || !ll_fs_exists(path)) {
        print_message("skip: %s is not at hand (LULING_DATA)\n", inside);
        skip();
    }
    return path;
}

/* --- csv-spectrum --- */

static void same_rows(struct ll_source *s, const json_t *want)
{
    const struct ll_source_info *info = ll_source_info(s);
    struct ll_rows *rows;
    struct ll_row row;
    size_t n = 0;

    assert_ok(ll_source_rows(s, NULL, &rows, &err));
    while (rows->ops->next(rows, &row, &err) > 0) {
        const json_t *object = json_is_array(want) ? json_array_get(want, n) : want;
        assert_int_equal(row.fault, -1);
        assert_int_equal(json_object_size(object), info->n_columns);
        for (size_t i = 0; i < info->n_columns; i++) {
            const char *text = json_string_value(json_object_get(object, info->names[i].p));
            assert_non_null(text);
            assert_str(row.cells[i], text);
        }
        n++;
    }
    rows->ops->close(rows);
    assert_int_equal(n, json_is_array(want) ? json_array_size(want) : 1);
}

static int one_csv(void *ctx, const char *name, struct ll_err *e)
{
    char path[700];
    json_error_t why;
    struct ll_source *s = NULL;

    (void)e;
    if (strcmp(name, "location_coordinates.csv") == 0)
        return 0;         /* its JSON has another telephone number */
    put_file(LL_STR("")); /* makes the work folder */
    snprintf(path, sizeof path, "%s/json/%.*s.json", (const char *)ctx, (int)(strlen(name) - 4), name);
    json_t *want = json_load_file(path, 0, &why);
    assert_non_null(want);
    for (int json = 0; json < 2; json++) { /* the CSV, then its reading as a delivery of its own */
        if (!json)
            snprintf(path, sizeof path, "%s/csvs/%s", (const char *)ctx, name);
        else
            snprintf(path, sizeof path, "%s/json/%.*s.json", (const char *)ctx, (int)(strlen(name) - 4),
                     name);
        assert_ok(try_open(path, name, NULL, &s));
        same_rows(s, want);
        ll_source_close(s);
    }
    json_decref(want);
    return 0;
}

static void test_csv_spectrum(void **state)
{
    char folder_of_csvs[600], top[512];

    (void)state;
    snprintf(top, sizeof top, "%s", data_folder("csv"));
    snprintf(folder_of_csvs, sizeof folder_of_csvs, "%s/csvs", top);
    assert_int_equal(ll_fs_each(folder_of_csvs, one_csv, top, &err), 0);
}

/* --- the JSON parsing suite --- */

/* Every row could be read; two different values of one key, or a NUL, are faults of the row and not of the JSON. */
static bool accepted(struct ll_source *s)
{
    struct ll_rows *rows;
    struct ll_row row;
    size_t n = 0;
    bool good = true;

    assert_ok(ll_source_rows(s, NULL, &rows, &err));
    for (; rows->ops->next(rows, &row, &err) > 0; n++)
        good &= row.fault == -1 || row.fault == LL_FAULT_DECODE_COLUMNS || row.fault == LL_FAULT_DECODE_NUL;
    rows->ops->close(rows);
    return good && n == 1;
}

static int one_json(void *ctx, const char *name, struct ll_err *e)
{
    struct ll_buf text = LL_BUF_INIT(1 << 22);
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    char path[700];

    (void)e;
    o.charset = "UTF-8";
    snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
    for (int wrapped = 0; wrapped < 3; wrapped++) {
        static const char *const before[] = {"", "[{\"v\":", "[ {\"v\" :"};
        static const char *const after[] = {"", "}]", "} ]\n"};
        struct ll_source *s = NULL;
        ll_buf_clear(&text);
        ll_buf_z(&text, before[wrapped]);
        assert_ok(ll_fs_read(path, 1 << 21, &text, &err));
        ll_buf_z(&text, after[wrapped]);
        bool good = try_open(put_file(ll_buf_view(&text)), "x.json", &o, &s) == LL_OK && accepted(s);
        ll_source_close(s);
        if (wrapped && name[0] != 'i' && good != (name[0] == 'y'))
            fail_msg("%s is %s", name, good ? "accepted" : "refused");
    }
    ll_buf_free(&text);
    return 0;
}

static void test_the_json_parsing_suite(void **state)
{
    char top[512];

    (void)state;
    snprintf(top, sizeof top, "%s", data_folder("json/test_parsing"));
    assert_int_equal(ll_fs_each(top, one_json, top, &err), 0);
}

/* --- real registrations --- */

static void count_rows(const char *path, const char *charset, uint64_t want_rows, uint64_t want_faults)
{
    struct ll_source *s = NULL;
    struct ll_rows *rows;
    struct ll_row row;
    struct ll_range ranges[4];
    unsigned n;
    uint64_t total, faults = 0, read = 0;

    put_file(LL_STR(""));
    assert_ok(try_open(path, NULL, NULL, &s));
    assert_string_equal(ll_source_info(s)->charset, charset);
    assert_int_equal(ll_source_info(s)->n_columns, 10);
    assert_str(ll_source_info(s)->names[1], "统一社会信用代码");
    assert_ok(ll_source_scan(s, 4, ranges, &n, &total, &err));
    for (unsigned i = 0; i < n; i++) {
        assert_ok(ll_source_rows(s, &ranges[i], &rows, &err));
        for (; rows->ops->next(rows, &row, &err) > 0; read++)
            faults += row.fault >= 0;
        rows->ops->close(rows);
    }
    assert_int_equal(read, total);
    assert_int_equal(total, want_rows);
    assert_int_equal(faults, want_faults);
    ll_source_close(s);
}

static void test_the_registrations(void **state)
{
    char top[512], path[600];

    (void)state;
    snprintf(top, sizeof top, "%s", data_folder("enterprise_registration"));
    snprintf(path, sizeof path, "%s/jian_gb18030.csv", top);
    count_rows(path, "GB18030", 8900, 0);
    snprintf(path, sizeof path, "%s/jiangxi_1980_2019.csv.gz", top);
    count_rows(path, "UTF-8", 122094, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(test_csv_spectrum),
        T(test_the_json_parsing_suite),
        T(test_the_registrations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
