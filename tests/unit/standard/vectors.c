/* identifiers against the published vectors (test_vectors.csv), row by row, when that file is at hand. */
#include "../test.h"

#include "base/csv.h"
#include "base/fs.h"
#include "standard/ident.h"

static bool scheme_of(struct ll_str name, enum ll_scheme *ret)
{
    static const struct {
        const char *name;
        enum ll_scheme scheme;
    } NAMES[] = {{"USCC", LL_ID_USCC},
                 {"CITIZEN_ID", LL_ID_RESIDENT_ID},
                 {"ORG_CODE", LL_ID_ORG_CODE},
                 {"REG_NO", LL_ID_REG_NO}};

    for (size_t i = 0; i < LL_COUNT(NAMES); i++)
        if (ll_str_is(name, NAMES[i].name)) {
            *ret = NAMES[i].scheme;
            return true;
        }
    return false;
}

/* "360802850101000>36080219850101000X" */
static void check_widening(struct ll_str row)
{
    struct ll_str old, want;
    char out[LL_ID_MAX];

    assert_true(ll_str_cut(row, '>', &old, &want));
    assert_int_equal(ll_id_15to18(old, out), LL_OK);
    assert_true(ll_str_is(want, out));
}

static void check_row(const struct ll_csv_record *r)
{
    struct ll_str scheme_name = r->cells[0], value = r->cells[1], valid = r->cells[2];
    enum ll_scheme scheme = LL_ID_USCC;
    char canon[LL_ID_MAX];
    size_t n;

    if (ll_str_is(scheme_name, "CITIZEN_ID_15TO18")) {
        check_widening(value);
        return;
    }
    if (!scheme_of(scheme_name, &scheme))
        fail_msg("line %d: no such scheme " LL_STR_FMT, (int)r->line, LL_STR_ARG(scheme_name));
    enum ll_id_fault fault = ll_id_check(scheme, value, canon, &n);
    if ((fault == LL_IDF_OK) != ll_str_is(valid, "Y"))
        fail_msg("line %d: " LL_STR_FMT ": %s", (int)r->line, LL_STR_ARG(value),
                 ll_id_fault_text(fault, LL_EN));
}

static void test_every_published_vector(void **state)
{
    const char *data = getenv("LULING_DATA");
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_csv_record record = {0};
    struct ll_csv csv = {0};
    struct ll_err err;
    char path[LL_PATH];
    unsigned rows = 0;

    (void)state;
    assert_ok(ll_path(path, &err, "%s/../standards/test_vectors.csv", data ? data : "."));
    if (!ll_fs_exists(path)) {
        print_message("skip: test_vectors.csv is not at hand (LULING_DATA/../standards)\n");
        skip();
    }
    assert_ok(ll_fs_read(path, 1 << 20, &text, &err));
    ll_csv_init(&csv, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    while (ll_csv_next(&csv, &record) == 1)
        if (record.n >= 3 && rows++ > 0) /* the first is the header */
            check_row(&record);
    assert_true(rows > 50);
    ll_csv_record_free(&record);
    ll_csv_free(&csv);
    ll_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_published_vector)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
