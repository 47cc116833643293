/* repay.h - what a loan costs: its schedule of payments, and the annual rate of all that is paid for it.
 *
 * (1) Amounts are whole fen (0.01 yuan), rates millionths a year (4.35 % is 43 500), time is counted in months of a twelfth of a year.
 * (2) Interest of a month is rounded half up to a fen, so is the instalment; the last payment clears what is left.  At the end
 *     interest is simple: principal x rate x months / 12.
 * (3) The annual rate of all costs (年化利率) is that of the announcement [2021] No. 3 of the People's Bank of China, which wants all costs
 *     of the loan over the principal that is in use, by compound or simple interest (recalled, clause not at hand): the rate i a month
 *     that makes what is paid worth what was received, as (1 + i)^12 - 1 and as 12 i. */
#ifndef LL_APPS_FINANCE_REPAY_H
#define LL_APPS_FINANCE_REPAY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include "apps/finance/tbl/repay_methods.h"

#define X(id, ...) LL_REPAY_##id,
enum ll_repay_method { LL_REPAY_METHODS(X) LL_REPAY_COUNT };
#undef X

struct ll_repay_title {
    const char *word, *code, *title[2]; /* title by enum ll_lang */
};

extern const struct ll_repay_title ll_repay_titles[LL_REPAY_COUNT];

enum { LL_LOAN_MONTHS = 480, LL_RATE_ONE = 1000000 }; /* most months; 100 % a year, the most */
#define LL_LOAN_MOST INT64_C(1000000000000)           /* fen: ten thousand million yuan */

struct ll_loan {
    enum ll_repay_method method;
    int64_t principal; /* fen, 100 to LL_LOAN_MOST */
    int32_t rate;      /* millionths a year, 0 to LL_RATE_ONE */
    int32_t months;    /* 1 to LL_LOAN_MONTHS */
    int64_t fee,
        month_fee; /* fen: once, when the loan is paid out (at most half of it); with each payment (at most the principal) */
};

struct ll_payment {
    int32_t month; /* after how many months it is due, from 1 */
    int64_t principal, interest, fee, left;
};

struct ll_schedule {
    struct ll_payment *payments;
    size_t n;
    int64_t interest, fees, most; /* sums, the one at payout included; the highest payment */
    int64_t simple, compound;     /* annual rate of all costs, millionths */
};

/* Terms as people write them: amounts in yuan (120000, 12万元), the rate in percent a year (4.35, 4.35%); NULL or empty for a fee: none.
 * LL_INVALID: which of them is no such number.  Bounds are looked at by ll_repay. */
int ll_loan_read(struct ll_loan *loan, struct ll_str amount, struct ll_str rate, struct ll_str fee,
                 struct ll_str month_fee, struct ll_err *err) LL_MUST;

/* In arena.  LL_INVALID: which of the terms is out of its bounds. */
int ll_repay(const struct ll_loan *loan, struct ll_arena *arena, struct ll_schedule *ret,
             struct ll_err *err) LL_MUST;

/* The rate a month at which payments[t], due after t + 1 months, are worth `received` today; 0 when they are worth no more.  n from 1, received
 * above 0, nothing negative. */
double ll_repay_rate(double received, const double *payments, size_t n);

#endif
