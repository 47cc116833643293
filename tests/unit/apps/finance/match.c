/* match: all products for one firm and for many come to the same, in the declared order; and numbers that would tell who are not told. */
#include "../../test.h"

#include "apps/finance/match.h"
#include "apps/finance/match_count.h"
#include "apps/finance/match_plan.h"

enum { FEATURES = 12, PRODUCTS = 60, FIRMS = 400 };

static struct ll_arena *arena;
static struct ll_feature features[FEATURES];
static const struct ll_feature_set set = {.features = features, .n = FEATURES};
static struct ll_product list[PRODUCTS];
static struct ll_products all = {.list = list, .n = PRODUCTS, .set = &set};

static unsigned any(unsigned below)
{
    static uint64_t state = 20261201;

    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % below;
}

static const char *text(const char *format, unsigned n)
{
    char out[32];

    snprintf(out, sizeof out, format, n);
    return ll_arena_dup(arena, ll_str(out));
}

/* Few different ones, so that products share them. */
static struct ll_rule some_rule(void)
{
    static const char *const of_numbers[] = {"ge", "gt", "le", "lt", "eq", "ne"}, *const of_codes[] = {
                                                                                      "in", "not_in",
                                                                                      "starts", "not_starts"};
    unsigned at = any(FEATURES);
    bool code = features[at].code;
    const struct ll_str cells[LL_RULE_CELLS] = {
        ll_str(features[at].name), ll_str(code ? of_codes[any(4)] : of_numbers[any(6)]),
        ll_str(code ? (any(2) ? "A|B1" : "B") : text("%u", any(4))), LL_STR("own")};
    struct ll_err err;
    struct ll_rule r;

    assert_int_equal(ll_rule_read(cells, &set, arena, &r, &err), LL_OK);
    return r;
}

static void make_products(void)
{
    for (unsigned i = 0; i < FEATURES; i++)
        features[i] = (struct ll_feature){
            .name = text("f%u", i), .title = {"指标", "indicator"}, .unit = "", .code = i % 3 == 0};
    for (unsigned i = 0; i < PRODUCTS; i++) {
        list[i] = (struct ll_product){
            .name = text("p%02u", i), .rate_min = any(4), .target = {.n_groups = any(LL_TARGET_GROUPS_MAX)}};
        for (size_t g = 0; g < list[i].target.n_groups; g++) {
            struct ll_rule *rules = ll_arena_array(arena, 3, sizeof *rules);
            list[i].target.groups[g] = (struct ll_rule_group){.name = "g", .rules = rules, .n = 1 + any(3)};
            for (size_t k = 0; k < list[i].target.groups[g].n; k++)
                rules[k] = some_rule();
        }
    }
}

static void some_firm(struct ll_feature_value *values)
{
    static const char *const codes[] = {"A", "B", "B1", "B12", "C"};

    for (unsigned i = 0; i < FEATURES; i++) {
        values[i] = (struct ll_feature_value){.kind = LL_FV_NONE};
        if (any(5) && features[i].code)
            values[i] = (struct ll_feature_value){.kind = LL_FV_CODE, .code = ll_str(codes[any(5)])};
        else if (any(5) && !features[i].code)
            values[i] = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = any(4)};
    }
}

/* As the rules say, in the plainest way. */
static struct ll_match_met plainly(const struct ll_product *p, const struct ll_feature_value *values)
{
    struct ll_match_met met = {0, 0};

    for (size_t g = 0; g < p->target.n_groups; g++) {
        bool passed = false, unknown = false;
        for (size_t k = 0; k < p->target.groups[g].n; k++) {
            enum ll_rule_result r = ll_rule_meet(&p->target.groups[g].rules[k], values).result;
            passed |= r == LL_RULE_PASS;
            unknown |= r == LL_RULE_UNKNOWN;
        }
        met.unknown += !passed && unknown;
        met.misses += !passed && !unknown;
    }
    return met;
}

static bool before(const struct ll_product_match *a, const struct ll_product_match *b)
{
    if (a->misses != b->misses)
        return a->misses < b->misses;
    if (a->unknown != b->unknown)
        return a->unknown < b->unknown;
    if (a->product->rate_min != b->product->rate_min)
        return a->product->rate_min < b->product->rate_min;
    return strcmp(a->product->name, b->product->name) < 0;
}

static void one_firm_alone_and_among_many_come_to_the_same_in_the_declared_order(void **state)
{
    const struct ll_match_plan *plan;
    struct ll_feature_value values[FEATURES];
    struct ll_match_met met[PRODUCTS];
    struct ll_product_match ordered[PRODUCTS];
    struct ll_targets targets;
    struct ll_err err;
    size_t rules = 0;

    (void)state;
    make_products();
    for (size_t i = 0; i < PRODUCTS; i++)
        for (size_t g = 0; g < list[i].target.n_groups; g++)
            rules += list[i].target.groups[g].n;
    assert_int_equal(ll_products_targets(&all, arena, &targets, &err), LL_OK);
    assert_int_equal(ll_match_plan_new(&targets, arena, &plan, &err), LL_OK);
    assert_true(ll_match_plan_rules(plan) < rules / 2);
    uint8_t *scratch = ll_arena_alloc(arena, ll_match_plan_scratch(plan));
    for (int firm = 0; firm < FIRMS; firm++) {
        some_firm(values);
        ll_match_plan_meet(plan, values, scratch, met);
        ll_products_match(&all, values, ordered);
        for (size_t i = 0; i < PRODUCTS; i++) {
            const struct ll_match_met plain = plainly(&list[i], values);
            assert_int_equal(met[i].misses, plain.misses);
            assert_int_equal(met[i].unknown, plain.unknown);
        }
        for (size_t i = 0; i < PRODUCTS; i++) {
            const struct ll_match_met *same = &met[ordered[i].product - list];
            assert_int_equal(ordered[i].misses, same->misses);
            assert_int_equal(ordered[i].unknown, same->unknown);
            assert_true(i == 0 || before(&ordered[i - 1], &ordered[i]));
        }
    }
}

static void no_targets_and_no_rules_are_no_trouble(void **state)
{
    static const struct ll_target bare = {.n_groups = 0};
    const struct ll_target *list_of_one = &bare;
    const struct ll_targets none = {.set = &set}, one = {.list = &list_of_one, .n = 1, .set = &set};
    struct ll_feature_value values[FEATURES] = {{.kind = LL_FV_NONE}};
    const struct ll_match_plan *plan;
    struct ll_match_met met = {9, 9};
    uint8_t scratch[1];
    struct ll_err err;

    (void)state;
    assert_int_equal(ll_match_plan_new(&none, arena, &plan, &err), LL_OK);
    ll_match_plan_meet(plan, values, scratch, &met);
    assert_int_equal(ll_match_plan_new(&one, arena, &plan, &err), LL_OK);
    assert_int_equal(ll_match_plan_scratch(plan), 1);
    ll_match_plan_meet(plan, values, scratch, &met);
    assert_int_equal(met.misses + met.unknown, 0);
}

/* Whoever knows the sum and what is shown learns no number from 1 to LL_MATCH_LEAST - 1, unless nothing else is there to hide it behind. */
static void a_small_number_does_not_follow_from_the_others(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        int64_t real[8], told[8];
        size_t n = 1 + any(8), hidden = 0, others = 0;
        for (size_t i = 0; i < n; i++)
            real[i] = told[i] = any(3) ? any(12) : 0;
        ll_match_hide(told, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(told[i] == real[i] || told[i] == -1);
            assert_true(told[i] == 0 || told[i] == -1 || told[i] >= LL_MATCH_LEAST);
            hidden += told[i] == -1;
            others += told[i] >= LL_MATCH_LEAST;
        }
        assert_true(hidden != 1 || others == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_firm_alone_and_among_many_come_to_the_same_in_the_declared_order),
        cmocka_unit_test(no_targets_and_no_rules_are_no_trouble),
        cmocka_unit_test(a_small_number_does_not_follow_from_the_others),
    };

    arena = ll_arena_new(0);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return rc;
}
