/* The estimation finds parameters that are known, because the pairs were made by them. */
#include "../../test.h"

#include "apps/credit/link_em.h"

#include <math.h>

enum { COMPARISONS = 4, LEVELS = 2 };

static const double true_m[COMPARISONS][LEVELS + 1] = {
    {0.05, 0.15, 0.80}, {0.10, 0.20, 0.70}, {0.02, 0.08, 0.90}, {0.30, 0.10, 0.60}};
static const double true_u[COMPARISONS][LEVELS + 1] = {
    {0.95, 0.04, 0.01}, {0.90, 0.07, 0.03}, {0.97, 0.02, 0.01}, {0.60, 0.30, 0.10}};

static struct ll_link_model model_of_four(void)
{
    struct ll_link_model m = {.name = "known", .n_comparisons = COMPARISONS};

    for (size_t c = 0; c < COMPARISONS; c++)
        m.comparisons[c].n = LEVELS;
    return m;
}

/* Every pattern with the number of pairs that the parameters lead one to expect; comparison 3 is empty in a tenth. */
static void expected(struct ll_link_patterns *p, double lambda, double pairs)
{
    for (int i = 0; i < 3 * 3 * 3 * 4; i++) {
        struct ll_link_pattern t = {
            .level = {(int8_t)(i % 3), (int8_t)(i / 3 % 3), (int8_t)(i / 9 % 3), (int8_t)(i / 27 - 1)}};
        double match = lambda, not = 1 - lambda;
        for (size_t c = 0; c < COMPARISONS; c++) {
            double there = c == 3 ? 0.9 : 1, k = t.level[c];
            match *= k < 0 ? 0.1 : there * true_m[c][t.level[c]];
            not *= k < 0 ? 0.1 : there * true_u[c][t.level[c]];
        }
        struct ll_err err;
        t.count = pairs * (match + not );
        assert_ok(ll_link_patterns_add(p, &t, &err));
    }
}

static bool near(double a, double b, double by)
{
    return fabs(a - b) <= by;
}

static void known_parameters_are_found(void **state)
{
    struct ll_link_model m = model_of_four();
    struct ll_link_patterns random = {0}, blocked = {0};
    struct ll_link_params p;
    struct ll_link_em em;
    bool live[LL_LINK_COMPARISONS] = {true, true, true, true};

    (void)state;
    expected(&random, 1e-6, 1e7);
    expected(&blocked, 0.3, 1e6);
    ll_link_params_init(&m, &p);
    ll_link_estimate_u(&m, &random, false, &p);
    ll_link_em_run(&m, &blocked, live, &p, &em, NULL, NULL);
    assert_true(em.converged && near(em.lambda, 0.3, 0.002));
    for (size_t c = 0; c < COMPARISONS; c++)
        for (size_t k = 0; k <= LEVELS; k++) {
            assert_true(near(p.m[c][k], true_m[c][k], 0.003));
            assert_true(near(p.u[c][k], true_u[c][k], 0.001));
        }
    ll_link_patterns_free(&random);
    ll_link_patterns_free(&blocked);
}

/* Where one pair in twenty is of one subject, chance is what remains without them. */
static void u_is_not_fooled_by_many_duplicates(void **state)
{
    struct ll_link_model m = model_of_four();
    struct ll_link_patterns random = {0};
    struct ll_link_params p;

    (void)state;
    expected(&random, 0.05, 1e7);
    ll_link_params_init(&m, &p);
    ll_link_estimate_u(&m, &random, false, &p);
    double naive = p.u[2][2];
    for (size_t c = 0; c < COMPARISONS; c++)
        memcpy(p.m[c], true_m[c], sizeof true_m[c]);
    p.lambda = 0.05;
    for (int i = 0; i < 20; i++)
        ll_link_estimate_u(&m, &random, true, &p);
    assert_true(naive > 0.05);
    assert_true(near(p.u[2][2], true_u[2][2], 0.002));
    ll_link_patterns_free(&random);
}

static void never_falls(void *ctx, const struct ll_link_em *em)
{
    double *last = ctx;

    assert_true(em->likelihood >= *last - 1e-12);
    *last = em->likelihood;
}

static void likelihood_never_falls_and_probabilities_add_up(void **state)
{
    struct ll_link_model m = model_of_four();
    bool live[LL_LINK_COMPARISONS] = {true, true, true, true};

    (void)state;
    for (int share = 1; share < 20; share++) {
        struct ll_link_patterns p = {0};
        struct ll_link_params params;
        struct ll_link_em em;
        double last = -INFINITY;
        expected(&p, share / 20.0, 1000);
        ll_link_params_init(&m, &params);
        ll_link_em_run(&m, &p, live, &params, &em, never_falls, &last);
        for (size_t c = 0; c < COMPARISONS; c++) {
            double sum_m = 0, sum_u = 0;
            for (size_t k = 0; k <= LEVELS; k++) {
                assert_true(params.m[c][k] > 0 && params.m[c][k] < 1);
                sum_m += params.m[c][k];
                sum_u += params.u[c][k];
            }
            assert_true(near(sum_m, 1, 1e-9) && near(sum_u, 1, 1e-9));
        }
        ll_link_patterns_free(&p);
    }
}

static void lambda_is_the_share_of_all_pairs(void **state)
{
    struct ll_link_model m = model_of_four();
    struct ll_link_patterns p = {0};
    struct ll_link_params params;

    (void)state;
    ll_link_params_init(&m, &params);
    for (size_t c = 0; c < COMPARISONS; c++) {
        memcpy(params.m[c], true_m[c], sizeof true_m[c]);
        memcpy(params.u[c], true_u[c], sizeof true_u[c]);
    }
    expected(&p, 0.001, 1e7);
    assert_true(near(ll_link_estimate_lambda(&m, &p, 1e7, &params), 0.001, 5e-5));
    ll_link_patterns_free(&p);
}

static void more_weight_is_more_likely(void **state)
{
    struct ll_link_params p = {.lambda = 0.01};
    double last = -1;

    (void)state;
    for (double w = -60; w <= 60; w += 0.25) {
        double now = ll_link_probability(w);
        assert_true(now >= last && now >= 0 && now <= 1);
        if (fabs(w) < 30)
            assert_true(near(ll_link_weight_of(now), w, 1e-4));
        last = now;
    }
    assert_true(near(ll_link_probability(ll_link_prior(&p)), 0.01, 1e-12));
    assert_true(ll_link_weight(&p, 0, -1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_parameters_are_found),
        cmocka_unit_test(u_is_not_fooled_by_many_duplicates),
        cmocka_unit_test(likelihood_never_falls_and_probabilities_add_up),
        cmocka_unit_test(lambda_is_the_share_of_all_pairs),
        cmocka_unit_test(more_weight_is_more_likely),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
