/* loan_offer.c - how an institution comes to handle a financing: applied for, taken up, invited, assigned, handed on (loan_case.h). */
#include "apps/finance/finance_event.h"

#include "base/clock.h"

#include <string.h>

/* --- making a case ----------------------------------------------------------------------------------------------------------- */

struct making {
    const struct ll_financing *f;
    const struct ll_financing_product *p;
    enum ll_case_way way;
    const char *why, *before;
    const struct ll_actor *actor; /* NULL: the platform */
};

static int insert(const struct ll_deal_env *env, const struct making *m, const char *id, struct ll_err *err)
{
    const int64_t now = ll_now_ms();
    struct ll_err broken;
    int rc = ll_exec(
        env->tx, &broken,
        "INSERT INTO loan_case (id, financing, subject, organisation, product, way, why, before_case, state, due_at,"
        " created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        "zzzzzzzzzii", id, m->f->id, m->f->subject, m->p->organisation, m->p->product,
        ll_case_way_word(m->way), m->why, m->before, ll_state_word(LL_STATE_CASE_DRAFT),
        ll_flow_due(LL_STATE_CASE_DRAFT, now), now);

    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "%s 已办理过这项融资需求", "%s has handled this financing already",
                       m->p->organisation);
    if (rc < 0)
        *err = broken;
    return rc;
}

/* The case in state draft, and applied at once where `apply` names the step. */
static int make(const struct ll_deal_env *env, const struct making *m, const char *apply,
                char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    const struct ll_flow_act begun = {.action = "create", .actor = m->actor, .reason = m->why};
    struct ll_loan_case c = {.organisation = m->p->organisation,
                             .subject = m->f->subject,
                             .product = m->p->product,
                             .state = LL_STATE_CASE_DRAFT};
    int rc;

    ll_flow_new_id('L', id);
    c.id = id;
    const struct ll_flow_object o = ll_loan_object(&c);
    const struct ll_finance_event e = {.kind = ll_case_way_word(m->way),
                                       .f = m->f,
                                       .c = &c,
                                       .amount = m->f->amount,
                                       .rate = m->f->rate_most,
                                       .term = m->f->term};
    if ((rc = insert(env, m, id, err)) < 0 || (rc = ll_flow_begin_as(env->tx, &o, &begun, err)) < 0 ||
        (m->way >= LL_WAY_TAKEN && (rc = ll_finance_event_add(env->tx, &e, err)) < 0))
        return rc;
    const struct ll_loan_act act = {.flow = {.action = apply, .actor = m->actor},
                                    .amount = -1,
                                    .interest = -1,
                                    .rate = -1,
                                    .term = -1,
                                    .overdue_days = -1};
    return apply ? ll_loan_act(env, id, &act, err) : LL_OK;
}

static int published(const struct ll_deal_env *env, const char *id, struct ll_financing *f,
                     struct ll_err *err)
{
    int rc = ll_financing_get(env, id, f, err);

    if (rc == LL_OK && (f->state != LL_STATE_FINANCING_PUBLISHED || f->open_until <= ll_now_ms()))
        rc = ll_fail(err, LL_CONFLICT, "融资需求 %s 不在征集中", "financing %s is not open", id);
    return rc;
}

/* --- the firm ------------------------------------------------------------------------------------------------------------------- */

int ll_loan_apply(const struct ll_deal_env *env, const char *financing, const char *product,
                  char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "apply", .actor = env->actor, .reason = product};
    const struct ll_flow_step *step = NULL;
    struct ll_financing_product p;
    struct ll_financing f;
    int rc = published(env, financing, &f, err);

    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_financing_object(&f);
    if ((rc = ll_flow_take(env->tx, &o, &act, &step, err)) < 0)
        return rc;
    if ((rc = ll_financing_product(env, financing, product, &p, err)) == 0)
        return ll_fail(err, LL_INVALID, "没有机构在本平台受理产品 %s",
                       "nobody takes applications for product %s here", product);
    const struct making m = {.f = &f,
                             .p = &p,
                             .way = f.product && strcmp(f.product, product) == 0 ? LL_WAY_DIRECT
                                                                                 : LL_WAY_APPLIED,
                             .actor = env->actor};
    return rc < 0 ? rc : make(env, &m, "apply", id, err);
}

/* --- institutions and the platform ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *action;
    enum ll_case_way way;
} offers[] = {{"take", LL_WAY_TAKEN}, {"invite", LL_WAY_INVITED}, {"assign", LL_WAY_ASSIGNED}};

static int check_offer(const struct ll_deal_env *env, const struct ll_financing *f,
                       const struct ll_financing_product *p, enum ll_case_way way, struct ll_err *err)
{
    const struct ll_actor *a = env->actor;

    if (way == LL_WAY_ASSIGNED)
        return LL_OK; /* flow FINANCING says who may */
    if (!(a->roles & LL_DUTY_CONSUMER_STEWARD) || strcmp(p->organisation, a->organisation) != 0)
        return ll_fail(err, LL_DENIED, "只能以本机构的产品办理",
                       "with a product of one's own institution only");
    if (f->mode != (way == LL_WAY_TAKEN ? LL_MODE_OPEN : LL_MODE_MATCHED))
        return ll_fail(err, LL_CONFLICT, "抢单用于抢单方式的需求，邀请用于平台匹配的需求",
                       "what is open is taken up, what is matched is invited");
    if (way == LL_WAY_TAKEN && f->taken >= f->open_most)
        return ll_fail(err, LL_CONFLICT, "已有 %lld 家机构抢单，名额已满",
                       "%lld institutions have taken it up: no more may", (long long)f->taken);
    if (way == LL_WAY_INVITED && strcmp(p->result, "miss") == 0)
        return ll_fail(err, LL_CONFLICT, "该产品有准入条件未满足，不能邀请",
                       "a condition of the product is missed: no invitation");
    return LL_OK;
}

static int note_assigned(const struct ll_deal_env *env, const struct ll_financing *f, const char *reason,
                         struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "assign", .actor = env->actor, .reason = reason};
    const struct ll_flow_object o = ll_financing_object(f);
    const struct ll_flow_step *step = NULL;

    return ll_flow_take(env->tx, &o, &act, &step, err);
}

int ll_loan_offer(const struct ll_deal_env *env, const char *financing, const char *action,
                  const char *product, const char *reason, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_financing_product p;
    struct ll_financing f;
    size_t at = 0;
    int rc = published(env, financing, &f, err);

    while (at < LL_COUNT(offers) && strcmp(action, offers[at].action) != 0)
        at++;
    if (at == LL_COUNT(offers))
        return ll_fail(err, LL_USAGE, "没有操作 %s", "there is no action %s", action);
    if (rc < 0)
        return rc;
    if ((rc = ll_financing_product(env, financing, product, &p, err)) == 0)
        return ll_fail(err, LL_INVALID, "没有机构在本平台受理产品 %s",
                       "nobody takes applications for product %s here", product);
    if (rc < 0 || (rc = check_offer(env, &f, &p, offers[at].way, err)) < 0 ||
        (offers[at].way == LL_WAY_ASSIGNED && (rc = note_assigned(env, &f, reason, err)) < 0))
        return rc;
    const struct making m = {.f = &f, .p = &p, .way = offers[at].way, .why = reason, .actor = env->actor};
    return make(env, &m, NULL, id, err);
}

/* --- after a refusal ------------------------------------------------------------------------------------------------------------------ */

/* Any case that the firm or an institution may still carry on. */
static int under_way(const struct ll_deal_env *env, const char *financing, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        env->tx,
        "SELECT 1 FROM loan_case WHERE financing = $1 AND state NOT IN ('refused', 'lapsed', 'settled', 'withdrawn') LIMIT 1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, financing);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc;
}

int ll_loan_hand_on(const struct ll_deal_env *env, const struct ll_financing *f,
                    const struct ll_loan_case *refused, struct ll_err *err)
{
    struct ll_financing_product p;
    char id[LL_FLOW_ID_TEXT];
    int rc = f->state == LL_STATE_FINANCING_PUBLISHED ? under_way(env, f->id, err) : 1;

    if (rc != 0 || (rc = ll_financing_next(env, f, &p, err)) <= 0)
        return rc < 0 ? rc : LL_OK;
    const struct making m = {.f = f,
                             .p = &p,
                             .way = strcmp(p.kind, "guarantee") == 0 ? LL_WAY_GUARANTEE : LL_WAY_NEXT,
                             .before = refused->id};
    return make(env, &m, "hand_on", id, err);
}
