/* the converters over public enterprise registrations (130 994 rows), when they are at hand: every credit code, date and spelling of an
 * amount, and the rows whose columns were shifted. */
#include "../test.h"

#include "base/csv.h"
#include "base/fs.h"
#include "standard/convert.h"
#include "standard/ident.h"

#include <iconv.h>
#include <zlib.h>

enum { MOST = 256 << 20 };
enum { NAME, USCC, DATE, TYPE, PERSON, CAPITAL, SCOPE, PROVINCE, CITY, ADDRESS, COLUMNS };

struct tally {
    unsigned rows, bad_codes, dates, amounts, no_amounts, bad_amounts;
};

static void read_gzip(const char *path, struct ll_buf *out)
{
    gzFile f = gzopen(path, "rb");
    int n;

    assert_non_null(f);
    do {
        assert_true(ll_buf_reserve(out, 1 << 16));
        n = gzread(f, out->p + out->n, 1 << 16);
        assert_true(n >= 0);
        out->n += (size_t)n;
    } while (n > 0);
    gzclose(f);
}

static void read_gb18030(const char *path, struct ll_buf *out)
{
    struct ll_buf raw = LL_BUF_INIT(MOST);
    struct ll_err err;

    assert_ok(ll_fs_read(path, MOST, &raw, &err));
    assert_true(ll_buf_reserve(out, raw.n * 2));
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    char *in = raw.p, *to = out->p;
    size_t in_left = raw.n, out_left = raw.n * 2;
    assert_int_equal(iconv(cd, &in, &in_left, &to, &out_left), 0);
    iconv_close(cd);
    out->n = (size_t)(to - out->p);
    ll_buf_free(&raw);
}

/* A row whose columns were shifted has something else where the amount should be. */
static bool looks_like_an_amount(struct ll_str s)
{
    return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

static void count_amount(struct ll_str raw, struct tally *t)
{
    char currency[4];
    ll_i128 v;
    enum ll_cv cv = ll_cv_amount(raw, LL_STR("万元"), 2, &v, currency);

    t->amounts += cv == LL_CV_OK;
    t->no_amounts += cv == LL_CV_EMPTY;
    if (cv != LL_CV_BAD)
        return;
    t->bad_amounts++; /* 元/万元 is a form's own text that nobody struck out */
    if (looks_like_an_amount(raw) && !memmem(raw.p, raw.n, "元/万元", strlen("元/万元")))
        fail_msg("the amount " LL_STR_FMT " is refused", LL_STR_ARG(raw));
}

static void count_row(const struct ll_csv_record *r, struct tally *t)
{
    char canon[LL_ID_MAX];
    int32_t days;
    size_t n;

    assert_int_equal(r->n, COLUMNS);
    t->rows++;
    t->bad_codes += ll_id_check(LL_ID_USCC, r->cells[USCC], canon, &n) != LL_IDF_OK;
    t->dates += ll_cv_date(r->cells[DATE], &days) == LL_CV_OK;
    count_amount(r->cells[CAPITAL], t);
}

static void read_all(const struct ll_buf *text, struct tally *t)
{
    struct ll_csv_record record = {0};
    struct ll_csv csv = {0};

    ll_csv_init(&csv, text->p, text->n, (struct ll_csv_dialect){',', '"'}, true);
    assert_int_equal(ll_csv_next(&csv, &record), 1); /* the header */
    while (ll_csv_next(&csv, &record) == 1)
        count_row(&record, t);
    ll_csv_record_free(&record);
    ll_csv_free(&csv);
}

static void run(const char *file, void (*load)(const char *, struct ll_buf *), struct tally *t)
{
    const char *data = getenv("LULING_DATA");
    struct ll_buf text = LL_BUF_INIT(MOST);
    struct ll_err err;
    char path[LL_PATH];

    assert_ok(ll_path(path, &err, "%s/enterprise_registration/%s", data ? data : ".", file));
    if (!ll_fs_exists(path)) {
        print_message("skip: the public registrations are not at hand (LULING_DATA)\n");
        skip();
    }
    load(path, &text);
    read_all(&text, t);
    ll_buf_free(&text);
}

static void test_the_registrations_of_jian(void **state)
{
    struct tally t = {0};

    (void)state;
    run("jian_gb18030.csv", read_gb18030, &t);
    assert_int_equal(t.rows, 8900);
    assert_int_equal(t.bad_codes, 0);
    assert_int_equal(t.dates, t.rows);
    assert_int_equal(t.amounts + t.no_amounts + t.bad_amounts, t.rows);
}

static void test_the_registrations_of_jiangxi(void **state)
{
    struct tally t = {0};

    (void)state;
    run("jiangxi_1980_2019.csv.gz", read_gzip, &t);
    assert_int_equal(t.rows, 122094);
    assert_int_equal(t.bad_codes, 1); /* of a firm made up for a trial; another only has small letters */
    assert_int_equal(t.dates, t.rows);
    assert_int_equal(t.amounts + t.no_amounts + t.bad_amounts, t.rows);
    assert_true(t.bad_amounts <= 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_registrations_of_jian),
        cmocka_unit_test(test_the_registrations_of_jiangxi),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
