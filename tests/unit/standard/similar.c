/* How alike two texts are, and the chosen part of a firm's name. */
#include "../test.h"

#include "standard/similar.h"

static void names_that_are_equal_are_alike_and_only_those(void **state)
{
    (void)state;
    assert_true(ll_similar_names(LL_STR("庐陵"), LL_STR("庐陵")) == 1);
    assert_true(ll_similar_names(LL_STR("庐陵"), LL_STR("庐陵商贸")) < 1);
    assert_true(ll_similar_names(LL_STR(""), LL_STR("a")) == 0);
    assert_true(ll_similar_names(LL_STR("ab"), LL_STR("cd")) == 0);
}

/* The examples that Winkler's report gives (1990, table 1), to three digits. */
static void names_are_as_alike_as_the_literature_says(void **state)
{
    static const struct {
        const char *a, *b;
        double want;
    } known[] = {{"MARTHA", "MARHTA", 0.961}, {"DWAYNE", "DUANE", 0.840}, {"DIXON", "DICKSONX", 0.813}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(known); i++) {
        double got = ll_similar_names(ll_str(known[i].a), ll_str(known[i].b));
        assert_true(got > known[i].want - 0.001 && got < known[i].want + 0.001);
        assert_true(got == ll_similar_names(ll_str(known[i].b), ll_str(known[i].a)));
    }
}

static void edits_count_characters_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(ll_similar_edits(LL_STR("庐陵"), LL_STR("卢陵")), 1);
    assert_int_equal(ll_similar_edits(LL_STR("19081209"), LL_STR("19082109")), 1);
    assert_int_equal(ll_similar_edits(LL_STR("kitten"), LL_STR("sitting")), 3);
    assert_int_equal(ll_similar_edits(LL_STR(""), LL_STR("abc")), 3);
}

static void tokens_are_words_and_pairs_of_characters(void **state)
{
    (void)state;
    assert_true(ll_similar_tokens(LL_STR("stanley street"), LL_STR("Street, Stanley")) == 1);
    assert_true(ll_similar_tokens(LL_STR("吉州区井冈山大道"), LL_STR("青原区井冈山大道")) > 0.7);
    assert_true(ll_similar_tokens(LL_STR("井冈山大道12号"), LL_STR("井冈山大道13号")) < 1);
    assert_true(ll_similar_tokens(LL_STR(""), LL_STR("")) == 0);
}

static void a_firms_core_is_what_its_owner_chose(void **state)
{
    static const char *const cases[][2] = {
        {"江西省吉安市庐陵商贸有限责任公司", "庐陵商贸"},
        {"吉安市吉州区庐陵商贸有限公司", "庐陵商贸"},
        {"江西庐陵商贸股份有限公司", "庐陵商贸"},
        {"庐陵商贸（江西）有限公司", "庐陵商贸"},
        {"庐陵商贸(江西)有限公司吉安分公司", "庐陵商贸有限公司吉安"},
        {"泰和县乌鸡专业合作社", "乌鸡"},
        {"有限公司", "有限公司"},
        {"市公司", "市公司"},
    };
    struct ll_buf out = LL_BUF_INIT(4096);

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        ll_company_core(ll_str(cases[i][0]), &out);
        assert_str(ll_buf_view(&out), cases[i][1]);
    }
    ll_buf_free(&out);
}

/* Whatever the bytes: nothing is read beyond its end (the sanitizers watch), and the measures keep their ranges. */
static void any_bytes_can_be_compared(void **state)
{
    char a[600], b[600];
    struct ll_buf out = LL_BUF_INIT(4096);
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        size_t n = (size_t)(round * 2), m = (size_t)(round % 61);
        for (size_t i = 0; i < sizeof a; i++) {
            seed = seed * 1664525u + 1013904223u;
            a[i] = (char)(seed >> 24);
            b[i] = (char)(seed >> 16);
        }
        double names = ll_similar_names((struct ll_str){a, n}, (struct ll_str){b, m});
        double tokens = ll_similar_tokens((struct ll_str){a, n}, (struct ll_str){b, m});
        assert_true(names >= 0 && names <= 1 && tokens >= 0 && tokens <= 1);
        assert_true(ll_similar_edits((struct ll_str){a, n}, (struct ll_str){b, m}) <= LL_SIMILAR_MAX);
        ll_company_core((struct ll_str){a, n}, &out);
    }
    ll_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_equal_are_alike_and_only_those),
        cmocka_unit_test(names_are_as_alike_as_the_literature_says),
        cmocka_unit_test(edits_count_characters_and_swaps),
        cmocka_unit_test(tokens_are_words_and_pairs_of_characters),
        cmocka_unit_test(a_firms_core_is_what_its_owner_chose),
        cmocka_unit_test(any_bytes_can_be_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
