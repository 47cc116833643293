/* repay.c - see repay.h. */
#include "apps/finance/repay.h"

#include "standard/convert.h"

#include <math.h>
#include <string.h>

/* for %.*s, no longer than a message bears */
#define SHOWN(s) (int)((s).n < 40 ? (s).n : 40), (s).p

#define X(id, word, code, zh, en) [LL_REPAY_##id] = {word, code, {zh, en}},
const struct ll_repay_title ll_repay_titles[LL_REPAY_COUNT] = {LL_REPAY_METHODS(X)};
#undef X

enum { YEAR = 12 };

/* Text to fen; empty stays 0. */
static int read_yuan(struct ll_str text, int64_t *ret, struct ll_err *err)
{
    char currency[4] = "";
    ll_i128 v = 0;
    enum ll_cv got = text.n ? ll_cv_amount(text, LL_STR("元"), 2, &v, currency) : LL_CV_EMPTY;

    if (got == LL_CV_BAD || v < 0 || v > LL_LOAN_MOST || (currency[0] && strcmp(currency, "CNY") != 0))
        return ll_fail(err, LL_INVALID, "“%.*s”不是 100 亿元以内的人民币金额",
                       "'%.*s' is not an amount of at most 10 000 000 000 yuan", SHOWN(text));
    *ret = (int64_t)v;
    return LL_OK;
}

static int read_rate(struct ll_str text, int32_t *ret, struct ll_err *err)
{
    struct ll_str bare = text;
    ll_i128 v = 0;

    if (bare.n && bare.p[bare.n - 1] == '%') /* percent with or without its sign: 4.35 is never 435 % */
        bare.n--;
    if (ll_cv_decimal(bare, 4, &v) != LL_CV_OK || v < 0 || v > LL_RATE_ONE)
        return ll_fail(err, LL_INVALID, "“%.*s”不是 0 至 100 之间的年利率（%%）",
                       "'%.*s' is not a rate between 0 and 100 %% a year", SHOWN(text));
    *ret = (int32_t)v;
    return LL_OK;
}

int ll_loan_read(struct ll_loan *loan, struct ll_str amount, struct ll_str rate, struct ll_str fee,
                 struct ll_str month_fee, struct ll_err *err)
{
    if (read_yuan(amount, &loan->principal, err) < 0)
        return ll_fail_in(err, "借款金额", "amount");
    if (read_rate(rate, &loan->rate, err) < 0)
        return ll_fail_in(err, "年利率", "rate");
    if (read_yuan(fee, &loan->fee, err) < 0)
        return ll_fail_in(err, "一次性费用", "fee at payout");
    if (read_yuan(month_fee, &loan->month_fee, err) < 0)
        return ll_fail_in(err, "每期费用", "fee of each payment");
    return LL_OK;
}

static int check_terms(const struct ll_loan *l, struct ll_err *err)
{
    if (l->principal < 100 || l->principal > LL_LOAN_MOST)
        return ll_fail(err, LL_INVALID, "借款金额应在 1 元至 100 亿元之间",
                       "the amount is between 1 and 10 000 000 000 yuan");
    if (l->rate < 0 || l->rate > LL_RATE_ONE)
        return ll_fail(err, LL_INVALID, "年利率应在 0 至 100%% 之间",
                       "the rate is between 0 and 100 %% a year");
    if (l->months < 1 || l->months > LL_LOAN_MONTHS)
        return ll_fail(err, LL_INVALID, "期限应在 1 至 %d 个月之间", "the term is between 1 and %d months",
                       LL_LOAN_MONTHS);
    if (l->fee < 0 || l->fee > l->principal / 2 || l->month_fee < 0 || l->month_fee > l->principal)
        return ll_fail(
            err, LL_INVALID, "一次性费用不得超过借款金额的一半，每期费用不得超过借款金额",
            "the fee at payout is at most half of the amount, that of each payment at most the amount");
    return LL_OK;
}

/* Fits: principal up to 10^12, rate up to 10^6. */
static int64_t interest_of(int64_t left, int32_t rate)
{
    const int64_t year = INT64_C(1) * YEAR * LL_RATE_ONE;

    return (left * rate + year / 2) / year;
}

/* What each payment of equal instalments comes to. */
static int64_t instalment_of(const struct ll_loan *l)
{
    double i = (double)l->rate / LL_RATE_ONE / YEAR;

    /* expm1 and log1p keep the digits that (1 + i)^n - 1 loses at small rates */
    double factor = l->rate ? i / -expm1(-l->months * log1p(i)) : 1.0 / l->months;
    return llround((double)l->principal * factor);
}

static int64_t principal_due(const struct ll_loan *l, int32_t month, int64_t interest, int64_t instalment)
{
    switch (l->method) {
    case LL_REPAY_INSTALMENT:
        return instalment - interest;
    case LL_REPAY_PRINCIPAL: /* by what should be paid until then, so that roundings do not add up */
        return l->principal * month / l->months - l->principal * (month - 1) / l->months;
    default:
        return 0;
    }
}

static void pay_monthly(const struct ll_loan *l, struct ll_schedule *s)
{
    int64_t left = l->principal, instalment = instalment_of(l);

    for (int32_t month = 1; month <= l->months; month++) {
        struct ll_payment *p = &s->payments[s->n++];
        p->month = month;
        p->interest = interest_of(left, l->rate);
        p->principal = principal_due(l, month, p->interest, instalment);
        if (month == l->months || p->principal > left)
            p->principal = left;
        p->fee = l->month_fee;
        left -= p->principal;
        p->left = left;
    }
}

static void pay_at_end(const struct ll_loan *l, struct ll_schedule *s)
{
    __extension__ unsigned __int128 all = (unsigned __int128)l->principal * (uint64_t)l->rate *
                                          (uint64_t)l->months;
    const int64_t year = INT64_C(1) * YEAR * LL_RATE_ONE;

    s->payments[s->n++] = (struct ll_payment){.month = l->months,
                                              .principal = l->principal,
                                              .interest = (int64_t)((all + year / 2) / year),
                                              .fee = l->month_fee};
}

static double worth(double rate, const double *payments, size_t n)
{
    double sum = 0, factor = 1 / (1 + rate);

    for (size_t t = n; t-- > 0;)
        sum = (sum + payments[t]) * factor;
    return sum;
}

double ll_repay_rate(double received, const double *payments, size_t n)
{
    double low = 0, high = 1;

    if (worth(0, payments, n) <= received)
        return 0;
    while (worth(high, payments, n) > received)
        high *= 2;
    for (int i = 0; i < 100; i++) { /* what is paid is worth less the higher the rate: there is one answer */
        double middle = (low + high) / 2;
        *(worth(middle, payments, n) > received ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static int add_rates(const struct ll_loan *l, struct ll_arena *arena, struct ll_schedule *s,
                     struct ll_err *err)
{
    double *paid = ll_arena_array(arena, (size_t)l->months, sizeof(*paid)), i;

    if (!paid)
        return ll_no_memory(err);
    for (size_t k = 0; k < s->n; k++) {
        const struct ll_payment *p = &s->payments[k];
        paid[p->month - 1] = (double)(p->principal + p->interest + p->fee);
    }
    i = ll_repay_rate((double)(l->principal - l->fee), paid, (size_t)l->months);
    s->simple = llround(i * YEAR * LL_RATE_ONE);
    s->compound = llround(expm1(YEAR * log1p(i)) * LL_RATE_ONE);
    return LL_OK;
}

int ll_repay(const struct ll_loan *loan, struct ll_arena *arena, struct ll_schedule *ret, struct ll_err *err)
{
    int rc = check_terms(loan, err);

    if (rc < 0)
        return rc;
    *ret = (struct ll_schedule){
        .payments = ll_arena_array(arena, (size_t)loan->months, sizeof(*ret->payments)), .fees = loan->fee};
    if (!ret->payments)
        return ll_no_memory(err);
    loan->method == LL_REPAY_END ? pay_at_end(loan, ret) : pay_monthly(loan, ret);
    for (size_t k = 0; k < ret->n; k++) {
        const struct ll_payment *p = &ret->payments[k];
        int64_t all = p->principal + p->interest + p->fee;
        ret->interest += p->interest;
        ret->fees += p->fee;
        ret->most = all > ret->most ? all : ret->most;
    }
    return add_rates(loan, arena, ret, err);
}
