/* bank_event.c - see bank_event.h. */
#include "apps/finance/bank_event.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"

#include <string.h>

static const struct {
    const char *event, *action;
} events[] = {{"accepted", "accept"}, {"due_diligence", "investigate"},
              {"refused", "refuse"},  {"granted", "grant"},
              {"drawn", "draw"},      {"repaid", "repay"},
              {"overdue", "overdue"}, {"cured", "cure"},
              {"bad", "bad"},         {"settled", "settle"}};

static const char *action_of(const char *event)
{
    for (size_t i = 0; i < LL_COUNT(events); i++)
        if (strcmp(events[i].event, event) == 0)
            return events[i].action;
    return NULL;
}

/* 1: it was recorded; LL_CONFLICT: it was another. */
static int recorded(const struct ll_deal_env *env, const struct ll_bank_event *e, const char *hash,
                    struct ll_bank_event_taken *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false, same = false;
    int rc = ll_sql(
        env->tx, "SELECT said, state, at FROM bank_event WHERE organisation = $1 AND event_no = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->organisation);
    ll_bind_z(s, 2, e->number);
    if ((rc = ll_step(s, err)) > 0) {
        same = ll_str_is(ll_col_text(s, 0), hash);
        ret->state = ll_col_dup(s, 1, env->arena, &nomem);
        ret->at = ll_col_int(s, 2);
    }
    ll_stmt_done(s);
    if (rc > 0 && !same)
        return ll_fail(err, LL_CONFLICT, "事件编号 %s 已用于另一内容",
                       "event number %s was used for something else", e->number);
    return nomem ? ll_no_memory(err) : rc;
}

static int take(const struct ll_deal_env *env, const struct ll_bank_event *e, const char *hash,
                struct ll_bank_event_taken *ret, struct ll_err *err)
{
    struct ll_loan_act act = e->act;
    struct ll_loan_case c;
    int rc = ll_loan_get(env, e->loan_case, &c, err);

    if (rc < 0)
        return rc;
    if (strcmp(c.organisation, env->actor->organisation) != 0 || !c.applied_at)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的贷款办理", "there is no loan case %s",
                       e->loan_case);
    act.flow.action = action_of(e->event);
    act.flow.actor = env->actor;
    if ((rc = ll_loan_act(env, c.id, &act, err)) < 0 || (rc = ll_loan_get(env, c.id, &c, err)) < 0)
        return rc;
    *ret = (struct ll_bank_event_taken){.first = true, .state = ll_state_word(c.state), .at = ll_now_ms()};
    return ll_exec(env->tx, err,
                   "INSERT INTO bank_event (organisation, event_no, said, loan_case, event, state, at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   "zzzzzzi", env->actor->organisation, e->number, hash, c.id, e->event, ret->state, ret->at);
}

int ll_bank_event_take(const struct ll_deal_env *env, const struct ll_bank_event *e,
                       struct ll_bank_event_taken *ret, struct ll_err *err)
{
    struct ll_buf hash = LL_BUF_INIT(2 * LL_DIGEST + 1);
    unsigned char digest[LL_DIGEST];
    int rc;

    *ret = (struct ll_bank_event_taken){.first = false};
    if (!action_of(e->event))
        return ll_fail(err, LL_USAGE, "event 没有 %s", "event takes no %s", e->event);
    ll_sha256(e->said.p, e->said.n, digest);
    ll_hex_put(&hash, digest, sizeof digest);
    rc = hash.failed ? ll_no_memory(err) : recorded(env, e, hash.p, ret, err);
    if (rc == 0)
        rc = take(env, e, hash.p, ret, err);
    ll_buf_free(&hash);
    return rc < 0 ? rc : LL_OK;
}
