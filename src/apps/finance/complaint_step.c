/* complaint_step.c - the steps of a complaint, and their days (complaint.h). */
#include "apps/finance/complaint_impl.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <string.h>

struct ll_flow_object ll_complaint_object(const struct ll_complaint *c)
{
    return (struct ll_flow_object){.flow = LL_FLOW_COMPLAINT,
                                   .id = c->id,
                                   .state = c->state,
                                   .provider = c->organisation,
                                   .subject = c->subject ? c->subject : c->id,
                                   .facts = c->organisation ? LL_FACT_ABOUT_INSTITUTION
                                                            : LL_FACT_ABOUT_PLATFORM};
}

int64_t ll_complaint_due(const struct ll_settings *set, enum ll_state state, int64_t now)
{
    if (!set)
        return ll_flow_due(state, now);
    switch (ll_flow_states[state].limit) {
    case LL_LIMIT_COMPLAINT_ACCEPT:
        return ll_workday_due(now, (int)set->complaint_accept_days);
    case LL_LIMIT_COMPLAINT_ANSWER:
        return ll_workday_due(now, (int)set->complaint_answer_days);
    case LL_LIMIT_COMPLAINT_EXTENSION:
        return ll_workday_due(now, (int)set->complaint_extension_days);
    default:
        return ll_flow_due(state, now);
    }
}

static bool is(const struct ll_flow_act *act, const char *action)
{
    return strcmp(act->action, action) == 0;
}

/* Promise (4): the platform does not mediate what the same person answered for it. */
static int check_mediator(struct ll_txn *tx, const struct ll_complaint *c, const struct ll_flow_act *act,
                          struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc;

    if (c->organisation || !is(act, "mediate") || !act->actor || !act->actor->account)
        return LL_OK;
    if ((rc = ll_sql(
             tx,
             "SELECT 1 FROM flow_event WHERE flow = 'complaint' AND object = $1 AND action = 'answer' AND"
             " account = $2",
             &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, c->id);
    ll_bind_z(s, 2, act->actor->account);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc <= 0 ? rc
                   : ll_fail(err, LL_DENIED, "%s 由本人答复，应由另一人调解",
                             "%s was answered by the same person; somebody else must mediate", c->id);
}

static int check_rating(const struct ll_complaint_act *act, struct ll_err *err)
{
    if (!is(&act->flow, "rate"))
        return act->rating > 0 || act->words
                   ? ll_fail(err, LL_INVALID, "rating：评价时才写", "rating: goes with step rate")
                   : LL_OK;
    if (act->rating < 1 || act->rating > 5)
        return ll_fail(err, LL_INVALID, "rating：应为 1 到 5", "rating: 1 to 5");
    return act->words && ll_utf8_count(ll_str(act->words)) > LL_COMPLAINT_WORDS
               ? ll_fail(err, LL_INVALID, "words：至多 %d 个字符", "words: at most %d characters",
                         LL_COMPLAINT_WORDS)
               : LL_OK;
}

/* What a step leaves in the row beside its state; NULL and 0: as it was. */
struct left {
    const char *answer, *mediation, *refusal, *words;
    int64_t accepted, answered, answer_due, reopened, rating;
};

static struct left left_by(const struct ll_complaint *c, const struct ll_complaint_act *act, enum ll_state to,
                           int64_t now)
{
    const char *said = act->flow.reason;

    switch (to) {
    case LL_STATE_COMPLAINT_WITH_INSTITUTION:
    case LL_STATE_COMPLAINT_WITH_PLATFORM:
        return (struct left){.accepted = now};
    case LL_STATE_COMPLAINT_ANSWERED:
        return (struct left){.answer = said, .answered = now, .answer_due = c->due_at};
    case LL_STATE_COMPLAINT_MEDIATION:
        return (struct left){.reopened = now};
    case LL_STATE_COMPLAINT_MEDIATED:
        return (struct left){.mediation = said};
    case LL_STATE_COMPLAINT_REJECTED:
        return (struct left){.refusal = said};
    case LL_STATE_COMPLAINT_CLOSED:
        return (struct left){.rating = act->rating, .words = act->words};
    default:
        return (struct left){.answer = NULL};
    }
}

static int enter(struct ll_txn *tx, const struct ll_settings *set, const struct ll_complaint *c,
                 const struct ll_complaint_act *act, enum ll_state to, struct ll_err *err)
{
    int64_t now = ll_now_ms();
    const struct left l = left_by(c, act, to, now);

    if (to == c->state)
        return LL_OK;
    return ll_exec(
        tx, err,
        "UPDATE complaint SET state = $1, due_at = nullif($2, 0), changed_at = $3, answer = coalesce($4, answer),"
        " mediation = coalesce($5, mediation), refusal = coalesce($6, refusal), rating_words = coalesce($7, rating_words),"
        " accepted_at = coalesce(nullif($8, 0), accepted_at), answered_at = coalesce(nullif($9, 0), answered_at),"
        " answer_due = coalesce(nullif($10, 0), answer_due), reopened_at = coalesce(nullif($11, 0), reopened_at),"
        " rating = coalesce(nullif($12, 0), rating) WHERE id = $13",
        "ziizzzziiiiiz", ll_state_word(to), ll_complaint_due(set, to, now), now, l.answer, l.mediation,
        l.refusal, l.words, l.accepted, l.answered, l.answer_due, l.reopened, l.rating, c->id);
}

static int take(struct ll_txn *tx, const struct ll_settings *set, const struct ll_complaint *c,
                const struct ll_complaint_act *act, struct ll_err *err)
{
    const struct ll_flow_object o = ll_complaint_object(c);
    const struct ll_flow_step *step = NULL;
    int rc = check_mediator(tx, c, &act->flow, err);

    if (rc < 0 || (rc = ll_flow_take(tx, &o, &act->flow, &step, err)) < 0)
        return rc;
    return enter(tx, set, c, act, step->to, err);
}

int ll_complaint_act(const struct ll_complaint_env *env, const struct ll_complaint *c,
                     const struct ll_complaint_act *act, struct ll_err *err)
{
    int rc = check_rating(act, err);

    return rc < 0 ? rc : take(env->tx, env->settings, c, act, err);
}

int ll_complaint_lapse(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_complaint_act whole = {.flow = *act};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_complaint c;
    int rc = arena ? LL_OK : ll_no_memory(err);

    const struct ll_complaint_env env = {.tx = tx, .arena = arena};
    if (rc == LL_OK && (rc = ll_complaint_get(&env, id, &c, err)) == LL_OK)
        rc = take(tx, NULL, &c, &whole, err);
    ll_arena_free(arena);
    return rc;
}
