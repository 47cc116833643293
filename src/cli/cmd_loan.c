/* cmd_loan.c - loan: what a loan costs, month by month. */
#include "cli/out.h"

#include "apps/finance/repay.h"
#include "standard/convert.h"

#include <string.h>

enum { MONEY = 2 };

static const struct ll_column columns[] = {
    {"month", "期", "month", LL_RIGHT},         {"principal", "本金", "principal", LL_RIGHT},
    {"interest", "利息", "interest", LL_RIGHT}, {"fee", "费用", "fee", LL_RIGHT},
    {"total", "合计", "total", LL_RIGHT},       {"left", "剩余本金", "left", LL_RIGHT},
};

static int read_loan(const struct ll_cli *c, struct ll_loan *loan, struct ll_err *err)
{
    const char *word = c->opts[LL_OPT_loan_schedule_method], *fee = c->opts[LL_OPT_loan_schedule_fee],
               *month_fee = c->opts[LL_OPT_loan_schedule_month_fee];
    int64_t months = 0;

    *loan = (struct ll_loan){.method = LL_REPAY_INSTALMENT};
    for (int i = 0; word && i < LL_REPAY_COUNT; i++)
        if (strcmp(word, ll_repay_titles[i].word) == 0)
            loan->method = (enum ll_repay_method)i;
    if (ll_cv_integer(ll_str(c->args[1]), &months) != LL_CV_OK || months < 1 || months > LL_LOAN_MONTHS)
        return ll_fail(err, LL_USAGE, "期限“%s”应为 1 至 %d 的月数", "'%s' is no term of 1 to %d months",
                       c->args[1], LL_LOAN_MONTHS);
    loan->months = (int32_t)months;
    return ll_loan_read(loan, ll_str(c->args[0]), ll_str(c->args[2]), ll_str(fee ? fee : ""),
                        ll_str(month_fee ? month_fee : ""), err);
}

static void put_money(struct ll_grid *g, int64_t fen)
{
    ll_grid_num(g, (double)fen / 100, MONEY);
}

static int print(struct ll_cli *c, const struct ll_schedule *s, struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));

    for (size_t i = 0; i < s->n; i++) {
        const struct ll_payment *p = &s->payments[i];
        ll_grid_int(g, p->month);
        put_money(g, p->principal);
        put_money(g, p->interest);
        put_money(g, p->fee);
        put_money(g, p->principal + p->interest + p->fee);
        put_money(g, p->left);
    }
    int rc = ll_grid_end(g, err);
    ll_out_line(
        c, "利息合计 %.2f 元，费用合计 %.2f 元；年化利率（含全部费用）：单利 %.4f%%，复利 %.4f%%",
        "interest %.2f yuan, fees %.2f yuan; annual rate of all costs: simple %.4f %%, compound %.4f %%",
        (double)s->interest / 100, (double)s->fees / 100, (double)s->simple / 10000,
        (double)s->compound / 10000);
    return rc;
}

int ll_cmd_loan_schedule(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_schedule s;
    struct ll_loan loan;
    int rc = arena ? read_loan(c, &loan, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_repay(&loan, arena, &s, err)) == LL_OK)
        rc = print(c, &s, err);
    ll_arena_free(arena);
    return rc;
}
