/* loan_step.c - steps of loan cases and what follows of each, in one transaction (loan_case.h). */
#include "apps/finance/finance_event.h"
#include "apps/finance/loan_money.h"
#include "apps/finance/refusal.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <inttypes.h>
#include <string.h>

/* --- what each step checks and keeps ------------------------------------------------------------------------------------ */

static int on_investigate(const struct ll_loan_taking *t, struct ll_err *err)
{
    const char *consent = NULL;
    int rc = ll_loan_consent(t->env, t->c, t->act->consent, &consent, err);

    if (rc < 0)
        return rc;
    if (rc == 0)
        return ll_fail(
            err, LL_INVALID,
            "没有有效的贷前授权书：请先请企业签署（授权给本机构，目的写明“贷前”），才能开始尽调",
            "there is no consent in force for due diligence: ask the firm to sign one to this institution "
            "for a purpose that names 贷前");
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET consent = $1 WHERE id = $2", "zz", consent,
                   t->c->id);
}

static int on_refuse(const struct ll_loan_taking *t, struct ll_err *err)
{
    const struct ll_codeset *reasons = ll_catalog_codeset(t->env->cat, LL_STR(LL_REFUSAL_TABLE));
    const char *code = t->act->refusal, *note = t->act->flow.reason;

    if (!code || !reasons || !ll_codeset_by_code(reasons, ll_str(code)))
        return ll_fail(err, LL_INVALID, "拒绝须从代码表 " LL_REFUSAL_TABLE " 中选一个原因（refusal）",
                       "a refusal takes a reason code of " LL_REFUSAL_TABLE " (refusal)");
    if (strcmp(code, LL_REFUSAL_OTHER) == 0 && (!note || !note[0]))
        return ll_fail(err, LL_INVALID, "选“其他”时须写明原因（reason）", "reason 99 takes a note (reason)");
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET refusal = $1, refusal_note = $2 WHERE id = $3",
                   "zzz", code, note, t->c->id);
}

/* The first money ends the financing, and with it whatever else was under way. */
static int on_draw(const struct ll_loan_taking *t, struct ll_err *err)
{
    const struct ll_flow_act met = {.action = "meet"};
    int rc = ll_loan_put_draw(t, err);

    if (rc < 0 || t->f->state != LL_STATE_FINANCING_PUBLISHED)
        return rc;
    return (rc = ll_financing_act(t->env->tx, t->f->id, &met, err)) < 0
               ? rc
               : ll_loan_drop_others(t->env, t->f->id, t->c->id, err);
}

/* From now on the institution sees who it is. */
static int on_apply(const struct ll_loan_taking *t, struct ll_err *err)
{
    return ll_exec(t->env->tx, err, "UPDATE loan_case SET applied_at = $1 WHERE id = $2", "iz", ll_now_ms(),
                   t->c->id);
}

static const struct {
    const char *action, *kind; /* kind: of finance_event */
    int (*then)(const struct ll_loan_taking *t, struct ll_err *err);
} follows[] = {
    {"apply", "applied", on_apply},
    {"hand_on", "applied", on_apply},
    {"accept", "accepted", NULL},
    {"investigate", "due_diligence", on_investigate},
    {"refuse", "refused", on_refuse},
    {"grant", "granted", ll_loan_put_grant},
    {"draw", "drawn", on_draw},
    {"repay", "repaid", ll_loan_put_repayment},
    {"overdue", "overdue", ll_loan_put_overdue},
    {"cure", "repaying", ll_loan_put_cure},
    {"bad", "bad", ll_loan_put_loss},
    {"settle", "settled", ll_loan_check_settled},
    {"lapse", "lapsed", NULL},
    {"withdraw", "withdrawn", NULL},
    {"drop", "withdrawn", NULL},
};

/* --- a step ----------------------------------------------------------------------------------------------------------------- */

static int check_day(struct ll_loan_taking *t, struct ll_err *err)
{
    const int64_t today = ll_workday_of(ll_now_ms());

    t->day = t->act->day ? t->act->day : today;
    if (t->day > today || t->day < t->c->last_day)
        return ll_fail(err, LL_INVALID, "%s：日期不能晚于今天，也不能早于上一事项之日",
                       "%s: the day is after today, or before the day of what happened last", t->c->id);
    return LL_OK;
}

static int enter(const struct ll_loan_taking *t, const struct ll_flow_step *step, struct ll_err *err)
{
    const int64_t now = ll_now_ms();

    return ll_exec(
        t->env->tx, err,
        "UPDATE loan_case SET state = $1, due_at = CASE WHEN $1 = 'granted' THEN valid_until ELSE nullif($2, 0) END,"
        " last_day = $3, changed_at = $4 WHERE id = $5",
        "ziiiz", ll_state_word(step->to), ll_flow_due(step->to, now), t->day, now, t->c->id);
}

/* What the row of statistics says of it: money of this step, otherwise what was asked for. */
static int tell(const struct ll_loan_taking *t, size_t at, const struct ll_flow_step *step,
                struct ll_err *err)
{
    const struct ll_loan_act *a = t->act;
    const bool money = a->amount >= 0;
    const struct ll_finance_event e = {.kind = step->to == LL_STATE_CASE_WITHDRAWN ? "withdrawn"
                                                                                   : follows[at].kind,
                                       .f = t->f,
                                       .c = t->c,
                                       .amount = money         ? a->amount
                                                 : t->c->drawn ? t->c->drawn - t->c->repaid
                                                               : t->f->amount,
                                       .rate = a->rate >= 0              ? a->rate
                                               : t->c->granted_rate >= 0 ? t->c->granted_rate
                                                                         : t->f->rate_most,
                                       .term = a->term >= 0              ? a->term
                                               : t->c->granted_term >= 0 ? t->c->granted_term
                                                                         : t->f->term,
                                       .reason = step->to == LL_STATE_CASE_REFUSED ? a->refusal : NULL};

    return ll_finance_event_add(t->env->tx, &e, err);
}

/* No step is left for it then, and that is not for want of a part in the matter. */
static int check_left(const struct ll_loan_case *c, const struct ll_loan_act *act, struct ll_err *err)
{
    if (strcmp(act->flow.action, "draw") != 0 || c->granted <= 0 || c->drawn < c->granted)
        return LL_OK;
    return ll_fail(err, LL_INVALID, "授信 %" PRId64 " 分已全部放款",
                   "all of the %" PRId64 " fen granted is drawn", c->granted);
}

int ll_loan_act(const struct ll_deal_env *env, const char *id, const struct ll_loan_act *act,
                struct ll_err *err)
{
    const struct ll_flow_step *step = NULL;
    struct ll_loan_case c;
    struct ll_financing f;
    struct ll_loan_taking t = {.env = env, .c = &c, .f = &f, .act = act};
    size_t at = 0;
    int rc = ll_loan_get(env, id, &c, err);

    if (rc < 0 || (rc = ll_financing_get(env, c.financing, &f, err)) < 0)
        return rc;
    const struct ll_flow_object o = ll_loan_object(&c);
    if ((rc = check_left(&c, act, err)) < 0 || (rc = ll_flow_take(env->tx, &o, &act->flow, &step, err)) < 0 ||
        (rc = check_day(&t, err)) < 0)
        return rc;
    while (at + 1 < LL_COUNT(follows) && strcmp(follows[at].action, step->action) != 0)
        at++;
    if ((follows[at].then && (rc = follows[at].then(&t, err)) < 0) || (rc = enter(&t, step, err)) < 0 ||
        (rc = tell(&t, at, step, err)) < 0)
        return rc;
    return step->to == LL_STATE_CASE_REFUSED ? ll_loan_hand_on(env, &f, &c, err) : LL_OK;
}

/* --- the platform --------------------------------------------------------------------------------------------------------------- */

#define NOTHING_SAID .amount = -1, .interest = -1, .rate = -1, .term = -1, .overdue_days = -1

int ll_loan_lapse(struct ll_txn *tx, const char *id, const struct ll_flow_act *flow, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_deal_env env = {.tx = tx, .actor = flow->actor, .arena = arena};
    const struct ll_loan_act act = {.flow = *flow, NOTHING_SAID};
    int rc = arena ? ll_loan_act(&env, id, &act, err) : ll_no_memory(err);

    ll_arena_free(arena);
    return rc;
}

int ll_loan_drop_others(const struct ll_deal_env *env, const char *financing, const char *except,
                        struct ll_err *err)
{
    const struct ll_loan_query q = {.financing = financing, .limit = LL_LOAN_ROWS};
    const struct ll_loan_act act = {.flow = {.action = "drop"}, NOTHING_SAID};
    struct ll_loan_case *list = NULL;
    int64_t total;
    size_t n = 0;
    int rc = ll_loan_list(env, &q, &list, &n, &total, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        const struct ll_flow_object o = ll_loan_object(&list[i]);
        if ((!except || strcmp(list[i].id, except) != 0) && ll_flow_find(&o, "drop", 1u << LL_PART_SYSTEM))
            rc = ll_loan_act(env, list[i].id, &act, err);
    }
    return rc;
}

int ll_loan_consent(const struct ll_deal_env *env, const struct ll_loan_case *c, const char *wanted,
                    const char **ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        env->tx,
        "SELECT id FROM consent WHERE subject = $1 AND organisation = $2 AND state = 'active' AND from_at <= $3"
        " AND $3 < until_at AND (uses = 0 OR used < uses) AND instr(purpose, '贷前') > 0 AND ($4 IS NULL OR id = $4)"
        " ORDER BY kind DESC, until_at DESC, id LIMIT 1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, c->subject);
    ll_bind_z(s, 2, c->organisation);
    ll_bind_int(s, 3, ll_now_ms());
    ll_bind_z(s, 4, wanted);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_dup(s, 0, env->arena, &nomem);
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc;
}
