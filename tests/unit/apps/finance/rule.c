/* rule: every operator at its limit and on both sides of it, what is not known, groups of alternatives, and the words. */
#include "../../test.h"

#include "apps/finance/rule.h"

#include <math.h>

static struct ll_arena *arena;
static struct ll_feature features[] = {
    {.name = "years", .title = {"经营年限", "Years in business"}, .unit = "年"},
    {.name = "grade", .title = {"纳税信用级别", "Tax credit grade"}, .unit = "", .code = true},
    {.name = "high_tech", .title = {"是否高新技术企业", "High-technology enterprise"}, .unit = ""},
    {.name = "share", .title = {"资产负债率", "Debt ratio"}, .unit = "%"},
};
static const struct ll_feature_set set = {.features = features, .n = LL_COUNT(features)};

static int read(const char *indicator, const char *op, const char *value, struct ll_rule *ret)
{
    const struct ll_str cells[LL_RULE_CELLS] = {ll_str(indicator), ll_str(op), ll_str(value), LL_STR("own")};
    struct ll_err err;

    return ll_rule_read(cells, &set, arena, ret, &err);
}

static struct ll_rule rule(const char *indicator, const char *op, const char *value)
{
    struct ll_rule r;

    assert_int_equal(read(indicator, op, value, &r), LL_OK);
    return r;
}

static struct ll_rule_met met(const struct ll_rule *r, double number, const char *code)
{
    struct ll_feature_value values[LL_COUNT(features)] = {{.kind = LL_FV_NONE}};

    if (code)
        values[r->at] = (struct ll_feature_value){.kind = LL_FV_CODE, .code = ll_str(code)};
    else if (!isnan(number))
        values[r->at] = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = number};
    return ll_rule_meet(r, values);
}

static void every_operator_over_numbers_and_by_how_much_it_misses(void **state)
{
    static const struct {
        const char *op;
        bool below, at, above;
    } rows[] = {{"ge", false, true, true},  {"gt", false, false, true}, {"le", true, true, false},
                {"lt", true, false, false}, {"eq", false, true, false}, {"ne", true, false, true}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        const struct ll_rule r = rule("years", rows[i].op, "2");
        const bool passes[] = {rows[i].below, rows[i].at, rows[i].above};
        for (int side = -1; side <= 1; side++) {
            struct ll_rule_met m = met(&r, 2 + side * 0.5, NULL);
            assert_int_equal(m.result, passes[side + 1] ? LL_RULE_PASS : LL_RULE_MISS);
            if (passes[side + 1] || r.op == LL_RULE_NE)
                assert_true(isnan(m.gap));
            else
                assert_float_equal(m.gap, side ? 0.5 : 0, 0);
        }
        assert_int_equal(met(&r, NAN, NULL).result, LL_RULE_UNKNOWN);
        assert_int_equal(met(&r, 0, "A").result, LL_RULE_UNKNOWN);
    }
}

static void every_operator_over_codes(void **state)
{
    static const struct {
        const char *op;
        bool a, c13, b;
    } rows[] = {{"in", true, false, false},
                {"not_in", false, true, true},
                {"starts", true, true, false},
                {"not_starts", false, false, true}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        const struct ll_rule r = rule("grade", rows[i].op, "A|C");
        assert_int_equal(met(&r, 0, "A").result, rows[i].a ? LL_RULE_PASS : LL_RULE_MISS);
        assert_int_equal(met(&r, 0, "C13").result, rows[i].c13 ? LL_RULE_PASS : LL_RULE_MISS);
        assert_int_equal(met(&r, 0, "B").result, rows[i].b ? LL_RULE_PASS : LL_RULE_MISS);
        assert_int_equal(met(&r, NAN, NULL).result, LL_RULE_UNKNOWN);
        assert_true(isnan(met(&r, 0, "B").gap));
    }
}

static void one_of_a_group_is_enough_and_what_is_not_known_is_no_miss(void **state)
{
    struct ll_rule rules[] = {rule("years", "ge", "2"), rule("grade", "in", "A")};
    const struct ll_rule_group g = {.name = "g", .rules = rules, .n = 2};
    struct ll_feature_value v[LL_COUNT(features)] = {{.kind = LL_FV_NONE}};

    (void)state;
    assert_int_equal(ll_rule_group_meet(&g, v), LL_RULE_UNKNOWN);
    v[0] = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = 1};
    assert_int_equal(ll_rule_group_meet(&g, v), LL_RULE_UNKNOWN);
    v[1] = (struct ll_feature_value){.kind = LL_FV_CODE, .code = LL_STR("B")};
    assert_int_equal(ll_rule_group_meet(&g, v), LL_RULE_MISS);
    v[0].number = 2;
    assert_int_equal(ll_rule_group_meet(&g, v), LL_RULE_PASS);
}

static void what_is_no_rule_is_refused(void **state)
{
    struct ll_rule r;

    (void)state;
    assert_int_equal(read("nothing", "ge", "2", &r), LL_INVALID);
    assert_int_equal(read("years", "about", "2", &r), LL_INVALID);
    assert_int_equal(read("years", "in", "2", &r), LL_INVALID);
    assert_int_equal(read("grade", "ge", "2", &r), LL_INVALID);
    assert_int_equal(read("years", "ge", "", &r), LL_INVALID);
    assert_int_equal(read("years", "ge", "2x", &r), LL_INVALID);
    assert_int_equal(read("years", "ge", "inf", &r), LL_INVALID);
    assert_int_equal(read("grade", "in", "A||B", &r), LL_INVALID);
}

static void says(const char *indicator, const char *op, const char *value, const char *zh, const char *en)
{
    const struct ll_rule r = rule(indicator, op, value);
    struct ll_buf b = LL_BUF_INIT(1000);

    ll_rule_text(&r, LL_ZH, &b);
    assert_string_equal(b.p, zh);
    ll_buf_clear(&b);
    ll_rule_text(&r, LL_EN, &b);
    assert_string_equal(b.p, en);
    ll_buf_free(&b);
}

static void rules_are_told_in_plain_words(void **state)
{
    (void)state;
    says("years", "ge", "2", "经营年限不少于 2 年", "Years in business: at least 2 years");
    says("years", "ge", "1", "经营年限不少于 1 年", "Years in business: at least 1 year");
    says("years", "le", "0", "经营年限：没有", "Years in business: none");
    says("share", "le", "70", "资产负债率不超过 70%", "Debt ratio: at most 70%");
    says("grade", "in", "A|B", "纳税信用级别为 A、B 之一", "Tax credit grade: one of A, B");
    says("grade", "not_in", "D", "纳税信用级别不为 D", "Tax credit grade: none of D");
    says("high_tech", "ge", "1", "是否高新技术企业：是", "High-technology enterprise: yes");
    says("high_tech", "eq", "0", "是否高新技术企业：否", "High-technology enterprise: no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_over_numbers_and_by_how_much_it_misses),
        cmocka_unit_test(every_operator_over_codes),
        cmocka_unit_test(one_of_a_group_is_enough_and_what_is_not_known_is_no_miss),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(rules_are_told_in_plain_words),
    };

    arena = ll_arena_new(0);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return rc;
}
