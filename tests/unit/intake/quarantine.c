/* Refused rows: found by what one row cannot tell, kept with their raw cells and every reason, mended by later deliveries. */
#include "folder.h"

#include "intake/quarantine.h"

/* "row:codes:cells" of each refused row; a closed one ends in '*'. */
static int put_refused(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    (void)err;
    ll_buf_printf(out, "%lld:%.*s:", (long long)r->row, LL_STR_ARG(r->codes));
    for (size_t i = 0; i < r->n; i++)
        ll_buf_printf(out, i ? ",%.*s" : "%.*s", LL_STR_ARG(r->cells[i]));
    ll_buf_z(out, r->closed ? "*\n" : "\n");
    return LL_OK;
}

static const char *refused(struct folder *f, const char *batch, bool open_only)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    assert_ok(ll_quarantine_each(f->d, batch, open_only, 0, -1, put_refused, &out, &err));
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static int put_piece(void *ctx, struct ll_str piece, struct ll_err *err)
{
    (void)err;
    ll_buf_str(ctx, piece);
    return LL_OK;
}

static const char *exported(struct folder *f, const char *batch, enum ll_lang lang)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    assert_ok(ll_quarantine_csv(f->d, batch, lang, put_piece, &out, &err));
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static int64_t open_rows(struct folder *f, const char *batch)
{
    struct ll_quarantine q;
    struct ll_err err;

    assert_ok(ll_quarantine_open(f->d, batch, f->arena, &q, &err));
    return q.open;
}

static void test_a_unique_item_that_repeats_refuses_all_but_the_first(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(
        f, "firm", NULL, FIRM "A,Ann,3,L1\nB, Bob ,5,L2\nC,Cy,7,L1\nD,Di,1,\nE,Eve,1,\nF,Fay,1,L1\n", LL_OK);

    assert_string_equal(folder_shows(f, "firm"), "A|Ann|3|L1 B|Bob|5|L2 D|Di|1| E|Eve|1|");
    assert_string_equal(refused(f, id, false),
                        "3:[\"licence:item.unique\"]:C,Cy,7,L1\n6:[\"licence:item.unique\"]:F,Fay,1,L1\n");
}

static void test_a_reference_to_nothing_is_refused(void **state)
{
    struct folder *f = *state;

    /* While nothing is published there, there is nothing to judge by. */
    folder_take(f, "visit", NULL, VISIT "V0,X,2024-01-01\n", LL_OK);
    folder_take(f, "firm", NULL, FIRM "A,Ann,3,\nB,Bob,5,\n", LL_OK);
    const char *id = folder_take(
        f, "visit", NULL, VISIT "V1,A,2024-01-02\nV2,X,2024-01-03\nV3,,2024-01-04\nV4,B,2024/1/5\n", LL_OK);
    assert_string_equal(folder_shows(f, "visit"),
                        "V0|X|2024-01-01 V1|A|2024-01-02 V3||2024-01-04 V4|B|2024-01-05");
    assert_string_equal(refused(f, id, false), "2:[\"firm:item.reference\"]:V2,X,2024-01-03\n");
    assert_non_null(strstr(exported(f, id, LL_EN), "firm.code"));
}

static void test_references_follow_what_shows_not_what_was_delivered(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, FIRM "A,Ann,3,\nB,Bob,5,\n", LL_OK);
    folder_take(f, "firm", "increment", FIRM_OP "A,,,,D\n", LL_OK);
    folder_pack(f, "2.0.0", 2, ""); /* the new version has no batch yet: the old one still shows */
    const char *id = folder_take(f, "visit", NULL, VISIT "V1,A,2024-01-02\nV2,B,2024-01-03\n", LL_OK);
    assert_string_equal(refused(f, id, false), "1:[\"firm:item.reference\"]:V1,A,2024-01-02\n");
}

static void test_a_row_fails_several_late_checks_at_once(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "B,Bob,5,L1\nA,Ann,3,L1\nB,Bea,6,L1\n", LL_OK);

    assert_string_equal(folder_shows(f, "firm"), "B|Bob|5|L1");
    assert_string_equal(
        refused(f, id, false),
        "2:[\"licence:item.unique\"]:A,Ann,3,L1\n3:[\"row.duplicate\",\"licence:item.unique\"]:B,Bea,6,L1\n");
}

static void test_the_exported_file_has_the_sources_columns_and_the_reasons(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(
        f, "firm", NULL, "staff,extra,code,name\n5,=cmd|' /C calc'!A0,A,Ann\nx,\"one, two\",b-1,\n", LL_OK);
    const char *text = exported(f, id, LL_EN);

    assert_non_null(strstr(text, "\xef\xbb\xbfstaff,extra,code,name,_batch,_row,_line,_reasons\r\n"));
    assert_non_null(strstr(text, ll_arena_printf(f->arena, "\r\nx,\"one, two\",b-1,,%s,2,3,", id)));
    assert_null(strstr(text, "calc")); /* a good row is not in it */
}

static void test_cells_that_a_spreadsheet_would_run_are_defused(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "A,\"=cmd|' /C calc'!A0\",x,@SUM(A1)\n", LL_OK);

    assert_non_null(strstr(exported(f, id, LL_ZH), "\nA,\"'=cmd|' /C calc'!A0\",x,\"'@SUM(A1)\","));
}

static void test_a_corrected_export_closes_the_rows_it_mends(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "A,Ann,x,\nb-1,Bob,5,\nC,Cy,7,\n", LL_OK);

    assert_int_equal(open_rows(f, id), 2);
    folder_take(f, "firm", "increment",
                ll_arena_printf(f->arena, "code,name,staff,licence,_batch,_row\nB1,Bob,5,,%s,2\n", id),
                LL_OK);
    assert_int_equal(open_rows(f, id), 1);
    assert_string_equal(refused(f, id, true), "1:[\"staff:item.type\"]:A,Ann,x,\n");
    assert_non_null(strstr(refused(f, id, false), "b-1,Bob,5,*\n"));
    assert_null(strstr(exported(f, id, LL_EN), "b-1"));
    assert_string_equal(folder_shows(f, "firm"), "B1|Bob|5| C|Cy|7|");
}

static void test_a_good_row_of_the_same_key_closes_a_refused_one(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "A,Ann,x,\nB,Bob,y,\nC,Cy,7,\n", LL_OK);

    folder_take(f, "firm", "increment", FIRM "A,Ann,3,\nZ,Zed,1,\n", LL_OK);
    assert_string_equal(refused(f, id, true), "2:[\"staff:item.type\"]:B,Bob,y,\n");
}

/* A file may name any batch and row: only rows that were refused can be closed. */
static void test_marks_that_name_nothing_close_nothing(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "A,Ann,x,\nC,Cy,7,\n", LL_OK);

    folder_take(f, "firm", "increment",
                ll_arena_printf(
                    f->arena,
                    "code,name,staff,licence,_batch,_row\nD,Di,5,,20200101-000000-0000,1\nE,Eve,5,,%s,99\n"
                    "F,Fay,5,,%s,2\nG,Guy,5,,not a batch,zz\n",
                    id, id),
                LL_OK);
    assert_int_equal(open_rows(f, id), 1);
}

static void test_another_resources_file_closes_nothing(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "firm", NULL, FIRM "A,Ann,x,\nC,Cy,7,\n", LL_OK);

    folder_take(f, "visit", NULL,
                ll_arena_printf(f->arena, "visit_no,firm,day,_batch,_row\nV1,C,2024-01-01,%s,1\n", id),
                LL_OK);
    assert_int_equal(open_rows(f, id), 1);
}

static void test_a_page_of_refused_rows(void **state)
{
    struct folder *f = *state;
    struct ll_buf text = LL_BUF_INIT(1 << 20), out = LL_BUF_INIT(1 << 20);
    struct ll_err err;

    ll_buf_z(&text, FIRM);
    for (unsigned i = 1; i <= 50; i++)
        ll_buf_printf(&text, "A%u,Ann,%s,\n", i, i % 2 ? "x" : "1");
    const char *id = folder_take(f, "firm", NULL, text.p, LL_OK);
    assert_ok(ll_quarantine_each(f->d, id, false, 10, 2, put_refused, &out, &err));
    assert_string_equal(out.p, "21:[\"staff:item.type\"]:A21,Ann,x,\n23:[\"staff:item.type\"]:A23,Ann,x,\n");
    assert_int_equal(ll_quarantine_each(f->d, "none", false, 0, 2, put_refused, &out, &err), LL_NOTFOUND);
    ll_buf_free(&text);
    ll_buf_free(&out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_unique_item_that_repeats_refuses_all_but_the_first),
        T(test_a_reference_to_nothing_is_refused),
        T(test_references_follow_what_shows_not_what_was_delivered),
        T(test_a_row_fails_several_late_checks_at_once),
        T(test_the_exported_file_has_the_sources_columns_and_the_reasons),
        T(test_cells_that_a_spreadsheet_would_run_are_defused),
        T(test_a_corrected_export_closes_the_rows_it_mends),
        T(test_a_good_row_of_the_same_key_closes_a_refused_one),
        T(test_marks_that_name_nothing_close_nothing),
        T(test_another_resources_file_closes_nothing),
        T(test_a_page_of_refused_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
