/* loan_money.c - see loan_money.h.  Promise (6) of loan_case.h: no more is drawn than granted, no more repaid than drawn. */
#include "apps/finance/loan_money.h"
#include "apps/finance/repay.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <string.h>

enum {
    VALID_DAYS_MOST = 1096,
    TERM_DAYS_MOST = 480 * 31,
    OVERDUE_MOST = 36500,
    REPAYMENTS_MOST = LL_LOAN_ROWS
};

static int need(const struct ll_loan_taking *t, bool given, const char *names, struct ll_err *err)
{
    return given ? LL_OK
                 : ll_fail(err, LL_INVALID, "%s：须写明 %s", "%s: say %s", t->act->flow.action, names);
}

static int64_t outstanding(const struct ll_loan_case *c)
{
    return c->drawn - c->repaid;
}

/* --- granted ---------------------------------------------------------------------------------------------------------------- */

static int check_grant(const struct ll_loan_taking *t, struct ll_err *err)
{
    const struct ll_loan_act *a = t->act;
    const struct ll_codeset *set = ll_catalog_codeset(t->env->cat, LL_STR("LOAN_GUARANTEE_STAT"));
    int rc = need(t, a->amount > 0 && a->rate >= 0 && a->term > 0 && a->valid_day > 0,
                  "amount_fen, rate, term_months, valid_until", err);

    if (rc < 0)
        return rc;
    if (a->amount > t->f->amount)
        return ll_fail(err, LL_INVALID, "授信金额不能超过企业申请的 %lld 分",
                       "no more is granted than the %lld fen that were asked for", (long long)t->f->amount);
    if (a->term > LL_LOAN_MONTHS)
        return ll_fail(err, LL_INVALID, "term_months 应为 1 至 %d", "term_months is 1 to %d", LL_LOAN_MONTHS);
    if (a->valid_day < ll_workday_of(ll_now_ms()) || a->valid_day > t->day + VALID_DAYS_MOST)
        return ll_fail(err, LL_INVALID, "valid_until 应在今天起 %d 日内",
                       "valid_until is within %d days from today", VALID_DAYS_MOST);
    if (a->guarantee && (!set || !ll_codeset_by_code(set, ll_str(a->guarantee))))
        return ll_fail(err, LL_INVALID, "guarantee 不是 LOAN_GUARANTEE_STAT 的代码",
                       "guarantee is no code of LOAN_GUARANTEE_STAT");
    return LL_OK;
}

int ll_loan_put_grant(const struct ll_loan_taking *t, struct ll_err *err)
{
    const struct ll_loan_act *a = t->act;
    int rc = check_grant(t, err);

    return rc < 0
               ? rc
               : ll_exec(
                     t->env->tx, err,
                     "UPDATE loan_case SET granted = $1, granted_rate = $2, granted_term = $3, granted_guarantee = $4,"
                     " granted_day = $5, valid_until = $6 WHERE id = $7",
                     "iiiziiz", a->amount, a->rate, a->term, a->guarantee, t->day,
                     ll_workday_end((int32_t)a->valid_day), t->c->id);
}

/* --- drawn ------------------------------------------------------------------------------------------------------------------ */

int ll_loan_put_draw(const struct ll_loan_taking *t, struct ll_err *err)
{
    const struct ll_loan_act *a = t->act;
    const struct ll_loan_case *c = t->c;
    struct ll_err broken;
    int rc = need(t, a->amount > 0 && a->loan_no && a->due_day > 0, "amount_fen, loan_no, due_day", err);

    if (rc < 0)
        return rc;
    if (a->amount > c->granted - c->drawn)
        return ll_fail(err, LL_INVALID, "放款超过授信：还可放款 %lld 分",
                       "more than was granted: %lld fen are left", (long long)(c->granted - c->drawn));
    if (ll_workday_end((int32_t)t->day) > c->valid_until)
        return ll_fail(err, LL_INVALID, "授信已于放款之日前失效",
                       "the grant was not valid any more on that day");
    if (a->due_day <= t->day || a->due_day > t->day + TERM_DAYS_MOST)
        return ll_fail(err, LL_INVALID, "due_day 应在放款之日之后",
                       "due_day comes after the day of the draw");
    rc = ll_exec(t->env->tx, &broken,
                 "INSERT INTO loan_draw (organisation, loan_no, loan_case, amount, rate, day, due_day, at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                 "zzziiiii", c->organisation, a->loan_no, c->id, a->amount,
                 a->rate >= 0 ? a->rate : c->granted_rate, t->day, a->due_day, ll_now_ms());
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "借据号 %s 已经用过", "loan number %s was used already", a->loan_no);
    if (rc < 0)
        *err = broken;
    return rc < 0 ? rc
                  : ll_exec(t->env->tx, err, "UPDATE loan_case SET drawn = drawn + $1 WHERE id = $2", "iz",
                            a->amount, c->id);
}

/* --- repaid ----------------------------------------------------------------------------------------------------------------- */

static int repayments(const struct ll_loan_taking *t, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(t->env->tx, "SELECT count(*) FROM loan_repayment WHERE loan_case = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->c->id);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_loan_put_repayment(const struct ll_loan_taking *t, struct ll_err *err)
{
    const int64_t principal = t->act->amount > 0 ? t->act->amount : 0,
                  interest = t->act->interest > 0 ? t->act->interest : 0;
    int64_t n = 0;
    int rc = need(t, principal + interest > 0, "amount_fen, interest_fen", err);

    if (rc < 0 || (rc = repayments(t, &n, err)) < 0)
        return rc;
    if (principal > outstanding(t->c))
        return ll_fail(err, LL_INVALID, "归还本金超过未还的 %lld 分",
                       "more than the %lld fen that are outstanding", (long long)outstanding(t->c));
    if (n >= REPAYMENTS_MOST)
        return ll_fail(err, LL_TOOMANY, "一件办理至多记 %d 笔还款", "a case has %d repayments at most",
                       REPAYMENTS_MOST);
    if ((rc = ll_exec(
             t->env->tx, err,
             "INSERT INTO loan_repayment (loan_case, seq, day, principal, interest, at) VALUES ($1, $2, $3, $4, $5, $6)",
             "ziiiii", t->c->id, n + 1, t->day, principal, interest, ll_now_ms())) < 0)
        return rc;
    return ll_exec(t->env->tx, err,
                   "UPDATE loan_case SET repaid = repaid + $1, interest = interest + $2 WHERE id = $3", "iiz",
                   principal, interest, t->c->id);
}

/* --- overdue, lost, settled --------------------------------------------------------------------------------------------------- */

int ll_loan_put_overdue(const struct ll_loan_taking *t, struct ll_err *err)
{
    int rc = need(t, t->act->overdue_days > 0 && t->act->overdue_days <= OVERDUE_MOST,
                  "overdue_days (1..36500)", err);

    return rc < 0 ? rc
                  : ll_exec(t->env->tx, err, "UPDATE loan_case SET overdue_days = $1 WHERE id = $2", "iz",
                            t->act->overdue_days, t->c->id);
}

int ll_loan_put_cure(const struct ll_loan_taking *t, struct ll_err *err)
{
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET overdue_days = NULL WHERE id = $1", "z", t->c->id);
}

int ll_loan_put_loss(const struct ll_loan_taking *t, struct ll_err *err)
{
    const int64_t lost = t->act->amount >= 0 ? t->act->amount : outstanding(t->c);

    if (lost < 1 || lost > outstanding(t->c))
        return ll_fail(err, LL_INVALID, "代偿或核销的金额应为 1 至 %lld 分", "what is lost is 1 to %lld fen",
                       (long long)outstanding(t->c));
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET lost = $1 WHERE id = $2", "iz", lost, t->c->id);
}

/* A loan that went bad may end with a rest that nobody will pay. */
int ll_loan_check_settled(const struct ll_loan_taking *t, struct ll_err *err)
{
    if (t->c->state != LL_STATE_CASE_BAD && outstanding(t->c) != 0)
        return ll_fail(err, LL_INVALID, "还有 %lld 分本金未还，不能结清",
                       "%lld fen are outstanding: it is not settled", (long long)outstanding(t->c));
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET overdue_days = NULL WHERE id = $1", "z", t->c->id);
}
