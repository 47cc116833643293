/* area: by which areas a resource is collected follows from the longest codes of its table, and where each lies from its digits. */
#include "../../test.h"

#include "apps/collect/area.h"

struct place {
    const char *code, *title;
    bool historical;
};

static struct ll_codeset *table(struct ll_arena *arena, const struct place *rows, size_t n)
{
    struct ll_codeset *cs = ll_codeset_new(arena, "T", n);
    struct ll_err err;

    for (size_t i = 0; i < n; i++) {
        const struct ll_code c = {
            .code = ll_str(rows[i].code), .title = ll_str(rows[i].title), .historical = rows[i].historical};
        assert_ok(ll_codeset_add(cs, &c, LL_STR(""), &err));
    }
    return cs;
}

static const struct place villages[] = {{"360802101902", "下塘村", false},
                                        {"360802101901", "上塘村", false},
                                        {"360803101901", "外塘村", false},
                                        {"360802102901", "旧塘村", true},
                                        {"360802101", "某镇", false}};
static const struct place regions[] = {
    {"360802", "吉州区", false}, {"360802101", "兴桥镇", false}, {"360803", "青原区", false}};

static struct ll_areas areas(struct ll_arena *arena)
{
    return (struct ll_areas){.codes = table(arena, villages, LL_COUNT(villages)),
                             .regions = table(arena, regions, LL_COUNT(regions)),
                             .longest = 12};
}

static void test_areas_of_a_place_are_those_that_lie_in_it_by_code(void **unused)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_areas a = areas(arena);
    const struct ll_code **list = NULL;
    struct ll_err err;
    size_t n = 0;

    (void)unused;
    assert_ok(ll_areas_in(&a, LL_STR("360802"), arena, &list, &n, &err));
    assert_int_equal(n, 2); /* not what is historical, not the town itself, not of another county */
    assert_str(list[0]->code, "360802101901");
    assert_str(list[1]->code, "360802101902");
    assert_ok(ll_areas_in(&a, LL_STR("360803101901"), arena, &list, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(ll_areas_in(&a, LL_STR("360821"), arena, &list, &n, &err));
    assert_int_equal(n, 0);
    ll_arena_free(arena);
}

static void test_only_the_longest_codes_that_still_hold_are_areas(void **unused)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_areas a = areas(arena);

    (void)unused;
    assert_true(ll_area_is(&a, LL_STR("360802101901")));
    assert_false(ll_area_is(&a, LL_STR("360802101")));
    assert_false(ll_area_is(&a, LL_STR("360802102901")));
    assert_false(ll_area_is(&a, LL_STR("360802101903")));
    ll_arena_free(arena);
}

static void test_an_area_is_named_with_what_it_lies_in(void **unused)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_areas a = areas(arena);

    (void)unused;
    assert_string_equal(ll_area_name(&a, LL_STR("360802101901"), arena), "上塘村");
    assert_non_null(strstr(ll_area_title(&a, LL_STR("360802101901"), arena), "吉州区"));
    assert_non_null(strstr(ll_area_title(&a, LL_STR("360802101901"), arena), "上塘村"));
    assert_null(ll_area_name(&a, LL_STR("360899"), arena));
    ll_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas_of_a_place_are_those_that_lie_in_it_by_code),
        cmocka_unit_test(test_only_the_longest_codes_that_still_hold_are_areas),
        cmocka_unit_test(test_an_area_is_named_with_what_it_lies_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
