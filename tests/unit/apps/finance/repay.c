/* repay: schedules against published examples, what must hold of every schedule, and the annual rate of all costs. */
#include "../../test.h"

#include "apps/finance/repay.h"

static struct ll_arena *arena;

static struct ll_schedule of(struct ll_loan loan)
{
    struct ll_schedule s;
    struct ll_err err;

    ll_arena_reset(arena);
    assert_ok(ll_repay(&loan, arena, &s, &err));
    return s;
}

/* A million yuan at 4.9 % over thirty years, the example on every bank's page: 5307.27 a month, 910 616.19 of interest when nothing is rounded on the way. */
static void equal_instalments_are_those_of_the_published_example(void **state)
{
    struct ll_schedule s = of((struct ll_loan){
        .method = LL_REPAY_INSTALMENT, .principal = 100000000, .rate = 49000, .months = 360});

    (void)state;
    assert_int_equal(s.n, 360);
    assert_int_equal(s.payments[0].principal + s.payments[0].interest, 530727);
    assert_int_equal(s.payments[0].interest, 408333);
    assert_in_range(s.interest, 91061619 - 200,
                    91061619 + 200); /* rounding each month's interest and the instalment to a fen */
    assert_in_range(s.simple, 48999, 49001);
    assert_in_range(s.compound, 50115, 50117); /* (1 + 0.049/12)^12 - 1 = 5.0116 % */
}

/* The same by equal principal: 6861.11 first, 2789.12 last, 737 041.67 of interest. */
static void equal_principal_is_that_of_the_published_example(void **state)
{
    struct ll_schedule s = of(
        (struct ll_loan){.method = LL_REPAY_PRINCIPAL, .principal = 100000000, .rate = 49000, .months = 360});

    (void)state;
    assert_in_range(s.most, 686111 - 1, 686111 + 1);
    assert_in_range(s.payments[359].principal + s.payments[359].interest, 278912 - 2, 278912 + 2);
    assert_in_range(s.interest, 73704167 - 200, 73704167 + 200);
}

static void interest_only_and_at_the_end(void **state)
{
    struct ll_schedule s = of(
        (struct ll_loan){.method = LL_REPAY_INTEREST, .principal = 10000000, .rate = 60000, .months = 12});

    (void)state;
    assert_int_equal(s.payments[0].interest, 50000);
    assert_int_equal(s.payments[10].left, 10000000);
    assert_int_equal(s.payments[11].principal, 10000000);
    assert_int_equal(s.interest, 600000);
    s = of((struct ll_loan){.method = LL_REPAY_END, .principal = 10000000, .rate = 60000, .months = 12});
    assert_int_equal(s.n, 1);
    assert_int_equal(s.payments[0].month, 12);
    assert_int_equal(s.payments[0].interest, 600000);
    assert_int_equal(s.compound, 60000); /* a year's interest at the year's end */
    assert_in_range(s.simple, 58410, 58412);
}

/* 10 000 yuan, 12 payments of 933.33, 10 800 paid in all beside 6 % "interest" said to be low: what such an offer costs is about 21.5 %. */
static void fees_show_in_the_annual_rate(void **state)
{
    struct ll_loan loan = {
        .method = LL_REPAY_PRINCIPAL, .principal = 1000000, .months = 12, .month_fee = 10000};
    struct ll_schedule s = of(loan);

    (void)state;
    assert_int_equal(s.interest, 0);
    assert_int_equal(s.fees, 120000);
    assert_in_range(s.simple, 214000, 215000);
    loan.month_fee = 0;
    loan.fee = 120000;
    assert_true(of(loan).simple > s.simple); /* the same money, paid before anything was used */
    loan.fee = 0;
    assert_int_equal(of(loan).simple, 0);
}

static void check_schedule(const struct ll_loan *l)
{
    struct ll_schedule s = of(*l);
    int64_t left = l->principal, interest = 0;

    for (size_t i = 0; i < s.n; i++) {
        const struct ll_payment *p = &s.payments[i];
        assert_true(p->principal >= 0 && p->interest >= 0);
        left -= p->principal;
        interest += p->interest;
        assert_int_equal(p->left, left);
        assert_true(left >= 0);
    }
    assert_int_equal(left, 0);
    assert_int_equal(interest, s.interest);
    if (l->principal > 1000000 && l->method != LL_REPAY_END) /* of less, a fen is too much of it */
        assert_in_range(s.simple + 200, l->rate, l->rate + 400);
}

static void whatever_the_terms_the_principal_is_paid_back_to_the_fen(void **state)
{
    uint64_t x = 20261130;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        struct ll_loan l = {.method = (enum ll_repay_method)(i % LL_REPAY_COUNT)};
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        l.principal = 100 + (int64_t)(x >> 11) % (i % 3 ? 100000000 : LL_LOAN_MOST - 100);
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        l.rate = (int32_t)((x >> 33) % (i % 5 ? 240000 : LL_RATE_ONE + 1));
        l.months = (int32_t)((x >> 20) % (i % 2 ? 60 : LL_LOAN_MONTHS)) + 1;
        check_schedule(&l);
    }
}

static void terms_out_of_bounds_are_refused_by_name(void **state)
{
    const struct {
        struct ll_loan loan;
        const char *said;
    } cases[] = {{{.principal = 99, .months = 1}, "amount"},
                 {{.principal = LL_LOAN_MOST + 1, .months = 1}, "amount"},
                 {{.principal = 10000, .rate = -1, .months = 1}, "rate"},
                 {{.principal = 10000, .rate = LL_RATE_ONE + 1, .months = 1}, "rate"},
                 {{.principal = 10000, .months = 0}, "term"},
                 {{.principal = 10000, .months = LL_LOAN_MONTHS + 1}, "term"},
                 {{.principal = 10000, .months = 1, .fee = 5001}, "fee"},
                 {{.principal = 10000, .months = 1, .month_fee = -1}, "fee"}};
    struct ll_schedule s;
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(ll_repay(&cases[i].loan, arena, &s, &err), LL_INVALID);
        assert_non_null(strstr(err.en, cases[i].said));
    }
}

static void terms_are_read_as_people_write_them(void **state)
{
    const struct ll_str none = {0};
    struct ll_loan l = {0};
    struct ll_err err;

    (void)state;
    assert_ok(ll_loan_read(&l, LL_STR("12.5万元"), LL_STR("4.35%"), LL_STR("1,200"), none, &err));
    assert_int_equal(l.principal, 12500000);
    assert_int_equal(l.rate, 43500);
    assert_int_equal(l.fee, 120000);
    assert_int_equal(l.month_fee, 0);
    assert_ok(ll_loan_read(&l, LL_STR("1000"), LL_STR("4.35"), none, none, &err));
    assert_int_equal(l.rate, 43500);
    assert_int_equal(ll_loan_read(&l, LL_STR("很多"), LL_STR("4"), none, none, &err), LL_INVALID);
    assert_non_null(strstr(err.zh, "借款金额"));
    assert_int_equal(ll_loan_read(&l, LL_STR("1万港元"), LL_STR("4"), none, none, &err), LL_INVALID);
    assert_int_equal(ll_loan_read(&l, LL_STR("1"), LL_STR("101"), none, none, &err), LL_INVALID);
    assert_non_null(strstr(err.en, "rate"));
    assert_int_equal(ll_loan_read(&l, LL_STR("1"), LL_STR("4"), LL_STR("-1"), none, &err), LL_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_instalments_are_those_of_the_published_example),
        cmocka_unit_test(equal_principal_is_that_of_the_published_example),
        cmocka_unit_test(interest_only_and_at_the_end),
        cmocka_unit_test(fees_show_in_the_annual_rate),
        cmocka_unit_test(whatever_the_terms_the_principal_is_paid_back_to_the_fen),
        cmocka_unit_test(terms_are_read_as_people_write_them),
        cmocka_unit_test(terms_out_of_bounds_are_refused_by_name),
    };

    arena = ll_arena_new(0);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return rc;
}
