/* handle_loan.c - what a loan costs: payments and the annual rate of all costs, for anybody. */
#include "apps/finance/repay.h"
#include "http/app.h"
#include "http/request.h"
#include "http/site.h"
#include "routes.gen.h"
#include "standard/convert.h"

/* value / 10^scale as an exact decimal */
static void put_decimal(struct ll_json *j, const char *key, int64_t value, unsigned scale)
{
    char text[48];

    ll_json_key(j, key);
    ll_json_raw(j, (struct ll_str){text, ll_decimal_text(value, scale, text)});
}

static void put_yuan(struct ll_json *j, const char *key, int64_t fen)
{
    put_decimal(j, key, fen, 2);
}

static void put_percent(struct ll_json *j, const char *key, int64_t millionths)
{
    put_decimal(j, key, millionths, 4);
}

static void put_payment(struct ll_json *j, const struct ll_payment *p)
{
    ll_json_obj(j);
    ll_json_ki(j, "month", p->month);
    put_yuan(j, "principal", p->principal);
    put_yuan(j, "interest", p->interest);
    put_yuan(j, "fee", p->fee);
    put_yuan(j, "total", p->principal + p->interest + p->fee);
    put_yuan(j, "left", p->left);
    ll_json_end_obj(j);
}

static void put_schedule(struct ll_json *j, const struct ll_loan *loan, const struct ll_schedule *s)
{
    const struct ll_repay_title *method = &ll_repay_titles[loan->method];

    ll_json_obj(j);
    ll_json_kz(j, "method", method->word);
    ll_json_kz(j, "title", method->title[LL_ZH]);
    ll_json_kz(j, "title_en", method->title[LL_EN]);
    ll_json_kz(j, "code", method->code);
    put_yuan(j, "interest", s->interest);
    put_yuan(j, "fees", s->fees);
    put_yuan(j, "total", loan->principal + s->interest + s->fees);
    put_yuan(j, "most", s->most);
    put_percent(j, "simple", s->simple);
    put_percent(j, "compound", s->compound);
    ll_json_key(j, "payments");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n; i++)
        put_payment(j, &s->payments[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static struct ll_str text_of(const struct ll_arg *arg)
{
    return arg->given ? arg->s : LL_STR("");
}

int ll_h_loans_schedule(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *method = ll_arg(rq, LL_P_LOANS_SCHEDULE_METHOD);
    struct ll_loan loan = {.months = (int32_t)ll_arg(rq, LL_P_LOANS_SCHEDULE_MONTHS)->i};
    int from = method->given ? (int)method->i : 0, to = method->given ? from + 1 : LL_REPAY_COUNT;
    struct ll_json *j = &rq->json;
    struct ll_schedule s;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_loan_read(&loan, ll_arg(rq, LL_P_LOANS_SCHEDULE_AMOUNT)->s,
                                     ll_arg(rq, LL_P_LOANS_SCHEDULE_RATE)->s,
                                     text_of(ll_arg(rq, LL_P_LOANS_SCHEDULE_FEE)),
                                     text_of(ll_arg(rq, LL_P_LOANS_SCHEDULE_MONTH_FEE)), err)) < 0)
        return rc;
    ll_json_obj(j);
    put_yuan(j, "amount", loan.principal);
    put_percent(j, "rate", loan.rate);
    ll_json_ki(j, "months", loan.months);
    ll_json_kz(j, "basis", "recalled");
    ll_json_kz(j, "source", "中国人民银行公告〔2021〕第3号");
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (int i = from; i < to; i++) {
        loan.method = (enum ll_repay_method)i; /* the choices of the route stand in this order */
        if ((rc = ll_repay(&loan, rq->arena, &s, err)) < 0)
            return rc;
        put_schedule(j, &loan, &s);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return LL_OK;
}
