/* The pass's promises (lake/pass.h): every row goes exactly one way, in order, with its raw cells at hand when a rule fails. */
#include "../test.h"

#include "base/fs.h"
#include "lake/pass.h"

enum { ROWS = 10007 }; /* several chunks of the engine, the last one not full */

/* Rows "0", "1", ... : every 10th cannot be decoded, every 7th is faulty, and a cell in two is missing. */
struct numbers {
    struct ll_rows rows;
    uint64_t at;
    char text[32];
    struct ll_str cells[2];
    bool breaks; /* fails at row 5000 */
};

static int next_number(struct ll_rows *r, struct ll_row *row, struct ll_err *err)
{
    struct numbers *n = (struct numbers *)r;

    if (n->at == ROWS)
        return 0;
    if (n->breaks && n->at == 5000)
        return ll_fail(err, LL_IO, "读不下去了", "cannot read on");
    int len = snprintf(n->text, sizeof n->text, "%llu", (unsigned long long)n->at);
    n->cells[0] = (struct ll_str){n->text, (size_t)len};
    n->cells[1] = n->at % 2 ? (struct ll_str){NULL, 0} : n->cells[0];
    n->at++;
    *row = (struct ll_row){
        .cells = n->cells, .n = 2, .number = n->at, .line = n->at + 1, .fault = n->at % 10 == 0 ? 0 : -1};
    return 1;
}

static void close_number(struct ll_rows *r)
{
    (void)r;
}

struct watch {
    uint64_t undecoded, asked, refused;
    bool raw_differs;
};

static void convert(void *ctx, const struct ll_row *row, struct ll_converted *out)
{
    (void)ctx;
    out->values[0].i = (int64_t)row->number - 1;
    out->values[0].null = false;
    out->values[1] = (struct ll_value){.null = row->cells[1].p == NULL, .text = row->cells[1]};
    if (row->number % 7 == 0) {
        out->faults[0] = 1;
        out->faulty = true;
    }
}

/* A faulty row is refused; a row whose only failing rule is the second is admitted all the same. */
static bool admit(void *ctx, const struct ll_row *row, const uint32_t *faults, bool deleted,
                  const bool *holds)
{
    struct watch *w = ctx;
    char want[32];

    (void)deleted;
    w->asked++;
    snprintf(want, sizeof want, "%llu", (unsigned long long)row->number - 1);
    w->raw_differs |= !ll_str_is(row->cells[0], want) || (row->cells[1].p != NULL) != (row->number % 2 == 1);
    bool refused = faults[0] || !holds[0];
    w->refused += refused;
    return !refused;
}

static void undecoded(void *ctx, const struct ll_row *row)
{
    (void)row;
    ((struct watch *)ctx)->undecoded++;
}

static int failed(void *ctx, struct ll_err *err)
{
    (void)ctx, (void)err;
    return LL_OK;
}

struct fixture {
    char dir[64];
    struct ll_lake *lake;
    struct ll_lake_conn *c;
};

static int open_lake(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);
    struct ll_err err;
    char temp[128];

    strcpy(fx->dir, "/tmp/ll_pass_XXXXXX");
    assert_non_null(mkdtemp(fx->dir));
    snprintf(temp, sizeof temp, "%s/spill", fx->dir);
    struct ll_lake_opts o = {.memory_mb = 256, .threads = 2, .temp_dir = temp, .folders = {fx->dir}};
    assert_ok(ll_lake_open(&fx->lake, &o, &err));
    assert_ok(ll_lake_connect(fx->lake, &fx->c, &err));
    *state = fx;
    return 0;
}

static int close_lake(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;

    ll_lake_disconnect(fx->c);
    ll_lake_close(fx->lake);
    assert_ok(ll_fs_remove_tree(fx->dir, &err));
    free(fx);
    return 0;
}

static const struct ll_rows_ops row_ops = {next_number, close_number};
static const struct ll_pass_ops ops = {convert, admit, undecoded, failed};
static const struct ll_pass_column columns[] = {{"n", LL_TYPE_INTEGER, 0, 0}, {"t", LL_TYPE_TEXT, 0, 0}};

static struct ll_pass *open_pass(struct fixture *fx, struct numbers *n, struct watch *w)
{
    struct ll_pass *p = NULL;
    struct ll_err err;
    struct ll_pass_spec spec = {
        .columns = columns, .n_columns = 2, .n_rules = 2, .rows = &n->rows, .ops = &ops, .ctx = w};

    n->rows.ops = &row_ops;
    assert_ok(ll_pass_open(fx->lake, &spec, &p, &err));
    return p;
}

static void test_every_row_goes_one_way_and_order_is_kept(void **state)
{
    struct fixture *fx = *state;
    struct numbers n = {.at = 0};
    struct watch w = {0};
    struct ll_err err;
    struct ll_pass *p = open_pass(fx, &n, &w);
    int64_t admitted = 0, disorder = 1;
    char sql[1024];

    /* the first rule refuses n = 3 (mod 11); the second only warns; both are unknown where t is missing */
    snprintf(
        sql, sizeof sql,
        "COPY (SELECT n, t, ll_row FROM ll_pass(%d) WHERE ll_admit(%d, ll_slot, t::BIGINT %% 11 <> 3, t::BIGINT %% 5 <> 4)) TO '%s/out.parquet' "
        "(FORMAT parquet)",
        ll_pass_id(p), ll_pass_id(p), fx->dir);
    assert_ok(ll_pass_run(p, fx->c, sql, &err));
    assert_int_equal(ll_pass_rows(p), ROWS);
    ll_pass_close(p);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM read_parquet('%s/out.parquet')", fx->dir);
    assert_ok(ll_lake_int(fx->c, sql, &admitted, &err));
    assert_int_equal(admitted + (int64_t)w.refused + (int64_t)w.undecoded, ROWS);
    assert_int_equal(w.undecoded, ROWS / 10);
    assert_false(w.raw_differs);
    assert_true(w.asked > w.refused); /* warnings were asked about and admitted */
    snprintf(
        sql, sizeof sql,
        "SELECT count(*) FROM (SELECT n, lag(n) OVER () AS before FROM read_parquet('%s/out.parquet')) WHERE n <= before",
        fx->dir);
    assert_ok(ll_lake_int(fx->c, sql, &disorder, &err));
    assert_int_equal(disorder, 0);
}

static void test_an_error_of_the_source_is_returned_in_its_own_words(void **state)
{
    struct fixture *fx = *state;
    struct numbers n = {.breaks = true};
    struct watch w = {0};
    struct ll_err err;
    struct ll_pass *p = open_pass(fx, &n, &w);
    char sql[512];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM ll_pass(%d) WHERE ll_admit(%d, ll_slot, true, true)",
             ll_pass_id(p), ll_pass_id(p));
    assert_int_equal(ll_pass_run(p, fx->c, sql, &err), LL_IO);
    assert_string_equal(err.zh, "读不下去了");
    ll_pass_close(p);
}

static void test_a_pass_that_is_gone_is_no_table(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;

    assert_int_equal(ll_lake_exec(fx->c, "SELECT * FROM ll_pass(77)", &err), LL_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_row_goes_one_way_and_order_is_kept, open_lake, close_lake),
        cmocka_unit_test_setup_teardown(test_an_error_of_the_source_is_returned_in_its_own_words, open_lake,
                                        close_lake),
        cmocka_unit_test_setup_teardown(test_a_pass_that_is_gone_is_no_table, open_lake, close_lake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
