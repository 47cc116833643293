/* kit: whatever is asked of random firms, no count, and no difference of two counts, is of fewer firms than a cell has; sums are those of the firms. */
#include "../../test.h"

#include "apps/finance/kit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRMS = 900, ANSWERS = 80 };

static struct ll_arena *arena;
static struct ll_feature number = {.name = "n"}, code = {.name = "c", .code = true};
static double numbers[2][FIRMS];
static struct ll_str codes[FIRMS];
static signed char outcome[FIRMS];
static unsigned seed;

static unsigned next(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return seed / 65536u % below;
}

static void make(unsigned of)
{
    static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H"};

    seed = of;
    for (size_t f = 0; f < FIRMS; f++) {
        unsigned kind = next(10);
        numbers[0][f] = of % 3 == 0 && kind == 0 ? NAN : kind < 3 ? next(5) : pow(next(1000) + 1, 1.7) / 7;
        numbers[1][f] = numbers[0][f] * 3 + next(50);
        codes[f] = ll_str(next(40) == 0 ? "" : names[next(100) < 96 ? next(4) : next(8)]);
        outcome[f] = (signed char)(next(4) == 0 ? LL_KIT_OUT : next(6) == 0 ? LL_KIT_BAD : LL_KIT_GOOD);
    }
}

static const struct ll_kit_column column = {.feature = &number, .n = FIRMS, .numbers = numbers[0]},
                                  second = {.feature = &number, .n = FIRMS, .numbers = numbers[1]},
                                  coded = {.feature = &code, .n = FIRMS, .codes = codes};

struct cut {
    double at;
    bool missing;             /* firms without a value are counted in it */
    int64_t below, good, bad; /* good < 0: not told */
};

static size_t n_cuts;
static struct cut cuts[ANSWERS * (LL_KIT_BINS + 2)];

static void apart(int64_t a, int64_t b)
{
    int64_t d = a < b ? b - a : a - b;

    if (d != 0 && d < LL_KIT_CELL)
        fail_msg("a difference of %lld firms", (long long)d);
}

/* What somebody who adds the answer up knows. */
static void learn(const struct ll_kit_bins *b, bool told)
{
    struct cut c = {.good = told ? 0 : -1, .bad = told ? 0 : -1};

    for (size_t i = 0; i < b->n; i++) {
        const struct ll_kit_bin *x = &b->list[i];
        assert_true(x->firms >= LL_KIT_CELL && (!told || (x->good >= LL_KIT_CELL && x->bad >= LL_KIT_CELL)));
        c.missing |= x->missing;
        c.below += x->firms;
        c.good += told ? x->good : 0;
        c.bad += told ? x->bad : 0;
        if (x->has_to) {
            c.at = x->to;
            cuts[n_cuts++] = c;
        }
    }
}

/* Bins are asked of the same cells in every way there is; sums of them below any two edges are compared. */
static void no_difference_of_answers_is_a_small_cell(void **state)
{
    (void)state;
    for (unsigned of = 1; of <= 12; of++) {
        make(of);
        n_cuts = 0;
        for (unsigned k = 2; k <= LL_KIT_BINS; k++)
            for (unsigned way = 0; way < 4; way++) {
                struct ll_kit_bins b;
                struct ll_err err;
                assert_int_equal(ll_kit_bin(&column, way & 1 ? outcome : NULL,
                                            way & 2 ? LL_KIT_WIDTH : LL_KIT_QUANTILE, k, arena, &b, &err),
                                 LL_OK);
                assert_true(b.n <= k + 1);
                assert_int_equal(b.firms, FIRMS);
                learn(&b, way & 1);
            }
        for (size_t i = 0; i < n_cuts; i++)
            for (size_t k = 0; k < i; k++) {
                const struct cut *low = cuts[i].at < cuts[k].at ? &cuts[i] : &cuts[k],
                                 *high = low == &cuts[i] ? &cuts[k] : &cuts[i];
                if (low->missing && !high->missing && low->at != high->at)
                    continue; /* neither is a part of the other: what is left is no cell */
                apart(cuts[i].below, cuts[k].below);
                if (cuts[i].good >= 0 && cuts[k].good >= 0) {
                    apart(cuts[i].good, cuts[k].good);
                    apart(cuts[i].bad, cuts[k].bad);
                    apart(cuts[i].below - cuts[i].good - cuts[i].bad,
                          cuts[k].below - cuts[k].good - cuts[k].bad);
                }
            }
        ll_arena_reset(arena);
    }
}

static void codes_that_are_few_are_told_together(void **state)
{
    (void)state;
    for (unsigned of = 1; of <= 30; of++)
        for (unsigned told = 0; told < 2; told++) {
            struct ll_kit_bins b;
            struct ll_err err;
            int64_t all = 0;
            make(of);
            int rc = ll_kit_bin(&coded, told ? outcome : NULL, LL_KIT_QUANTILE, 5, arena, &b, &err);
            assert_int_equal(rc, LL_OK);
            for (size_t i = 0; i < b.n; i++) {
                assert_true(b.list[i].firms >= LL_KIT_CELL);
                assert_true(!told || (b.list[i].good >= LL_KIT_CELL && b.list[i].bad >= LL_KIT_CELL));
                all += b.list[i].firms;
            }
            assert_int_equal(all, FIRMS);
            ll_arena_reset(arena);
        }
}

static void every_cell_of_a_table_is_large_and_they_add_up(void **state)
{
    (void)state;
    for (unsigned of = 1; of <= 30; of++) {
        struct ll_kit_cross x;
        struct ll_err err;
        int64_t all = 0;
        make(of);
        assert_int_equal(ll_kit_cross(&column, of & 1 ? &coded : &second, arena, &x, &err), LL_OK);
        for (size_t i = 0; i < x.a.n; i++) {
            int64_t row = 0;
            for (size_t k = 0; k < x.b.n; k++) {
                assert_true(x.cells[i * x.b.n + k] >= LL_KIT_CELL);
                row += x.cells[i * x.b.n + k];
            }
            assert_int_equal(row, x.a.list[i].firms);
            all += row;
        }
        assert_int_equal(all, FIRMS);
        ll_arena_reset(arena);
    }
}

static void weights_of_evidence_and_correlations_are_what_they_are(void **state)
{
    struct ll_kit_correlation r;
    struct ll_kit_bins b;
    struct ll_err err;
    double iv = 0;

    (void)state;
    make(5);
    assert_int_equal(ll_kit_bin(&column, outcome, LL_KIT_QUANTILE, 4, arena, &b, &err), LL_OK);
    for (size_t i = 0; i < b.n; i++) {
        double g = (double)b.list[i].good / (double)b.good, d = (double)b.list[i].bad / (double)b.bad;
        assert_float_equal(b.list[i].woe, log(g / d), 1e-12);
        iv += (g - d) * log(g / d);
    }
    assert_float_equal(b.iv, iv, 1e-12);
    for (size_t f = 0; f < FIRMS; f++)
        numbers[1][f] = -2 * numbers[0][f];
    assert_int_equal(ll_kit_correlate(&column, &second, arena, &r, &err), LL_OK);
    assert_float_equal(r.pearson, -1, 0);
    assert_float_equal(r.spearman, -1, 0);
    assert_int_equal(r.firms % 10, 0);
    assert_int_equal(ll_kit_correlate(&column, &coded, arena, &r, &err), LL_INVALID);
}

static void too_few_firms_are_told_of_by_nobody(void **state)
{
    struct ll_kit_column few = column;
    struct ll_kit_bins b;
    struct ll_err err;

    (void)state;
    few.n = LL_KIT_CELL - 1;
    assert_int_equal(ll_kit_bin(&few, NULL, LL_KIT_QUANTILE, 5, arena, &b, &err), LL_INVALID);
    few.n = 40;
    for (size_t f = 0; f < few.n; f++)
        outcome[f] = f < 5 ? LL_KIT_BAD : LL_KIT_GOOD;
    assert_int_equal(ll_kit_bin(&few, outcome, LL_KIT_QUANTILE, 5, arena, &b, &err), LL_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_difference_of_answers_is_a_small_cell),
        cmocka_unit_test(codes_that_are_few_are_told_together),
        cmocka_unit_test(every_cell_of_a_table_is_large_and_they_add_up),
        cmocka_unit_test(weights_of_evidence_and_correlations_are_what_they_are),
        cmocka_unit_test(too_few_firms_are_told_of_by_nobody),
    };
    int failed;

    arena = ll_arena_new(0);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return failed;
}
