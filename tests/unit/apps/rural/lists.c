/* lists: a long list of households comes in as a table, says where it is wrong, and survives being packed; what came of it is a line for each claim. */
#include "../../test.h"

#include "apps/rural/check_list.h"

static struct ll_element number = {.name = "n", .type = LL_TYPE_DECIMAL},
                         text = {.name = "t", .type = LL_TYPE_TEXT};
static struct ll_rural_item items[] = {
    {.code = "010101", .name = "holder_name", .title = {"户主姓名", "Head"}, .element = &text},
    {.code = "020502",
     .name = "crop_area",
     .title = {"种植面积", "Crop area"},
     .element = &number,
     .number = true}};
static const struct ll_rural_list list = {.name = "l", .items = items, .n = LL_COUNT(items)};

static int read_table(struct ll_arena *a, const char *csv, size_t most, struct ll_check_list *ret,
                      struct ll_err *err)
{
    return ll_check_list_read(ll_str(csv), &list, most, a, ret, err);
}

static void test_columns_go_by_code_name_or_title_and_empty_cells_claim_nothing(void **unused)
{
    struct ll_arena *a = ll_arena_new(0);
    struct ll_check_list l;
    struct ll_err err;

    (void)unused;
    assert_ok(read_table(a, "\xEF\xBB\xBF户号,种植面积,010101\nH1,5,\n\nH2, 6 ,样例王\n", 10, &l, &err));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.claims, 3);
    assert_int_equal(l.asks[0].n, 1);
    assert_str(l.asks[1].claims[0].value, "6");
    assert_ptr_equal(l.asks[1].claims[1].item, &items[0]);
    assert_int_equal(l.lines[1], 4);
    ll_arena_free(a);
}

static void test_a_wrong_table_says_where_it_is_wrong(void **unused)
{
    static const struct {
        const char *csv, *says;
        int rc;
    } cases[] = {{"户号\nH1\n", "first line", LL_USAGE},
                 {"户号,nothing\nH1,1\n", "column 2", LL_USAGE},
                 {"holder_name,crop_area\na,1\n", "household or subject", LL_USAGE},
                 {"户号,holder_name\n,a\n", "line 2", LL_USAGE},
                 {"户号,holder_name\nH1,\n", "line 2", LL_USAGE},
                 {"户号,holder_name\nH1,a,b\n", "line 2", LL_USAGE},
                 {"户号,holder_name\nH1,\"a\n", "line 2", LL_USAGE},
                 {"户号,holder_name\n", "no household", LL_USAGE},
                 {"户号,holder_name\nH1,a\nH2,b\nH3,c\n", "at most 2", LL_TOOBIG}};
    struct ll_arena *a = ll_arena_new(0);
    struct ll_check_list l;
    struct ll_err err;

    (void)unused;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        assert_int_equal(read_table(a, cases[i].csv, 2, &l, &err), cases[i].rc);
        if (!strstr(err.en, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.en, cases[i].says);
    }
    ll_arena_free(a);
}

static void test_a_packed_part_is_the_same_part_and_damage_is_told(void **unused)
{
    struct ll_buf packed = LL_BUF_INIT(1 << 16);
    struct ll_arena *a = ll_arena_new(0);
    struct ll_check_list l, again;
    struct ll_err err;

    (void)unused;
    assert_ok(read_table(a, "household,subject,crop_area\nH1,,5\n,S2,6\nH3,,7\n", 10, &l, &err));
    ll_check_list_pack(&l, 1, 2, &packed);
    assert_ok(ll_check_list_unpack(ll_buf_view(&packed), &list, a, &again, &err));
    assert_int_equal(again.n, 2);
    assert_str(again.asks[0].subject, "S2");
    assert_str(again.asks[1].household, "H3");
    assert_str(again.asks[1].claims[0].value, "7");
    assert_int_equal(again.lines[0], 3);
    for (size_t n = 0; n < packed.n; n++)
        assert_int_equal(ll_check_list_unpack((struct ll_str){packed.p, n}, &list, a, &again, &err),
                         LL_INVALID);
    ll_buf_free(&packed);
    ll_arena_free(a);
}

struct lines {
    char text[2000];
};

static int note(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct lines *l = ctx;

    (void)err;
    for (size_t i = 0; i < n; i++)
        snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text), "%.*s%s", LL_STR_ARG(cells[i]),
                 i + 1 < n ? "|" : "\n");
    return LL_OK;
}

static void test_what_came_of_it_is_a_line_a_claim_and_counts(void **unused)
{
    const struct ll_check_claim claims[] = {{&items[0], LL_STR("a")}, {&items[1], LL_STR("5")}};
    const struct ll_check_ask ask = {.household = LL_STR("H1"), .claims = claims, .n = 2};
    struct ll_check_item found[] = {
        {.result = LL_CHECK_MATCH, .compared = true, .agrees = true, .day = LL_STR("2026-05-20")},
        {.result = LL_CHECK_ABSENT}};
    const struct ll_checked checked = {.found = true, .items = found}, refused = {.condition = "consent"},
                            often = {.condition = "attempts"};
    struct ll_check_counts counts = {.status = {0}};
    struct ll_buf packed = LL_BUF_INIT(1 << 16);
    struct lines l = {""};
    struct ll_err err;

    (void)unused;
    ll_check_told_pack(&packed, 2, &ask, &checked);
    ll_check_told_pack(&packed, 3, &ask, &refused);
    ll_check_told_pack(&packed, 4, &ask, &often);
    assert_ok(ll_check_told_each(ll_buf_view(&packed), &list, LL_EN, note, &l, &counts, &err));
    assert_string_equal(
        l.text, "2|H1|checked||010101|Head|match|yes||2026-05-20|\n"
                "2|H1|checked||020502|Crop area|absent at the source||||\n"
                "3|H1|refused||010101|Head|||||\n3|H1|refused||020502|Crop area|||||\n"
                "4|H1|asked too often||010101|Head|||||\n4|H1|asked too often||020502|Crop area|||||\n");
    assert_int_equal(counts.status[LL_CHECK_REFUSED], 1);
    assert_int_equal(counts.status[LL_CHECK_LIMITED], 1);
    assert_int_equal(counts.result[LL_CHECK_MATCH], 1);
    assert_int_equal(
        ll_check_told_each((struct ll_str){packed.p, packed.n - 1}, &list, LL_EN, NULL, NULL, NULL, &err),
        LL_INVALID);
    ll_buf_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_go_by_code_name_or_title_and_empty_cells_claim_nothing),
        cmocka_unit_test(test_a_wrong_table_says_where_it_is_wrong),
        cmocka_unit_test(test_a_packed_part_is_the_same_part_and_damage_is_told),
        cmocka_unit_test(test_what_came_of_it_is_a_line_a_claim_and_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
