/* size: every industry of the table at each of its limits, a step below, with measures missing; codes that are outside or too coarse. */
#include "../../test.h"

#include "apps/finance/size.h"
#include "base/csv.h"
#include "base/fs.h"

static struct ll_arena *arena;
static struct ll_size_rule rules[LL_SIZE_RULES_MAX];
static size_t n_rules;

static void read_rules(const char *path)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_csv_record row = {0};
    struct ll_csv c = {0};
    struct ll_err err;
    bool head = true;

    assert_ok(ll_fs_read(path, 1 << 20, &text, &err));
    ll_csv_init(&c, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    while (ll_csv_next(&c, &row) > 0) {
        if (!head) {
            assert_int_equal(row.n, LL_SIZE_CELLS);
            assert_ok(ll_size_rule_read(row.cells, arena, &rules[n_rules++], &err));
        }
        head = false;
    }
    ll_csv_record_free(&row);
    ll_csv_free(&c);
    ll_buf_free(&text);
}

static struct ll_size_found of(const char *industry, int64_t persons, int64_t revenue, int64_t assets)
{
    const struct ll_size_facts f = {.industry = industry, .value = {persons, revenue, assets}};

    return ll_size_of(rules, n_rules, &f);
}

/* A code that lies in the scope: its first beginning with more behind it. */
static const char *code_in(const struct ll_size_rule *r)
{
    struct ll_str one, rest;

    ll_str_cut(ll_str(r->scope), '|', &one, &rest);
    return ll_arena_printf(arena, "%.*s%s", LL_STR_ARG(one), one.n == 1 ? "99" : "0");
}

static void every_industry_at_each_limit_and_a_step_below(void **state)
{
    (void)state;
    assert_int_equal(n_rules, 30);
    for (size_t i = 0; i < n_rules; i++) {
        const char *code = code_in(&rules[i]);
        for (enum ll_size s = LL_SIZE_SMALL; s <= LL_SIZE_LARGE; s++) {
            int64_t v[LL_SIZE_MEASURES] = {INT64_MAX, INT64_MAX, INT64_MAX};
            v[rules[i].measure] = rules[i].least[s];
            struct ll_size_found at = of(code, v[0], v[1], v[2]);
            assert_int_equal(at.reason, LL_SIZE_BY_FOUND);
            assert_ptr_equal(at.rule[rules[i].measure], &rules[i]);
            assert_int_equal(at.size, s);
            v[rules[i].measure]--;
            assert_int_equal(of(code, v[0], v[1], v[2]).size, s - 1); /* every measure must reach it */
        }
    }
}

static void the_limits_that_everybody_knows(void **state)
{
    (void)state;
    assert_int_equal(of("C13", 1000, 400000000, -1).size, LL_SIZE_LARGE);
    assert_int_equal(of("C13", 1000, 399999999, -1).size, LL_SIZE_MEDIUM);
    assert_int_equal(of("C13", 300, 20000000, -1).size, LL_SIZE_MEDIUM);
    assert_int_equal(of("C13", 299, 400000000, -1).size, LL_SIZE_SMALL);
    assert_int_equal(of("C13", 19, 400000000, -1).size, LL_SIZE_MICRO);
    assert_int_equal(of("F52", 10, 1000000, -1).size, LL_SIZE_SMALL);
    assert_int_equal(of("A01", -1, 5000000, -1).size, LL_SIZE_MEDIUM);
    assert_int_equal(of("L72", 100, -1, 80000000).size, LL_SIZE_MEDIUM);
    assert_int_equal(of("M74", 300, -1, -1).size, LL_SIZE_LARGE);
}

static void a_missing_measure_leaves_it_open_unless_another_makes_it_micro(void **state)
{
    (void)state;
    struct ll_size_found f = of("C13", 500, -1, -1);
    assert_int_equal(f.size, LL_SIZE_NONE);
    assert_int_equal(f.reason, LL_SIZE_BY_MISSING);
    assert_int_equal(f.by[LL_SIZE_PERSONS], LL_SIZE_MEDIUM);
    assert_int_equal(f.by[LL_SIZE_REVENUE], LL_SIZE_NONE);
    assert_int_equal(of("C13", 5, -1, -1).size, LL_SIZE_MICRO);
    assert_int_equal(of("C13", -1, -1, 1).reason, LL_SIZE_BY_MISSING);
}

static void codes_that_are_outside_or_too_coarse_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(of(NULL, 1, 1, 1).reason, LL_SIZE_BY_NO_INDUSTRY);
    assert_int_equal(of("", 1, 1, 1).reason, LL_SIZE_BY_NO_INDUSTRY);
    assert_int_equal(of("J66", 1, 1, 1).reason, LL_SIZE_BY_NO_RULE); /* finance has a rule of its own */
    assert_int_equal(of("P83", 1, 1, 1).reason, LL_SIZE_BY_NO_RULE);
    assert_int_equal(of("G53", 1, 1, 1).reason, LL_SIZE_BY_NO_RULE); /* railways */
    assert_int_equal(of("A05", 1, 1, 1).reason, LL_SIZE_BY_NO_RULE);
    assert_int_equal(of("F", 1, 1, 1).reason, LL_SIZE_BY_COARSE);
    assert_int_equal(of("K70", 1, 1, 1).reason, LL_SIZE_BY_COARSE);
    assert_int_equal(of("A", 1, 1, 1).reason, LL_SIZE_BY_COARSE);
    assert_int_equal(of("K7010", 1, 2000000000, 100000000).size, LL_SIZE_LARGE);
    assert_int_equal(of("C", 20, 3000000, -1).size, LL_SIZE_SMALL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_industry_at_each_limit_and_a_step_below),
        cmocka_unit_test(the_limits_that_everybody_knows),
        cmocka_unit_test(a_missing_measure_leaves_it_open_unless_another_makes_it_micro),
        cmocka_unit_test(codes_that_are_outside_or_too_coarse_are_told_apart),
    };

    if (argc < 2)
        return 77;
    arena = ll_arena_new(0);
    read_rules(argv[1]);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return rc;
}
