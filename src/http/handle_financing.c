/* handle_financing.c - the desks: financings that are open, loan cases and their steps, and what banks' systems report. */
#include "apps/finance/bank_event.h"
#include "http/consenting.h"
#include "http/financing_view.h"
#include "http/look.h"
#include "http/write.h"
#include "journal/canon.h"
#include "routes.gen.h"

#include "base/clock.h"

#include <string.h>

enum { PRODUCTS_SHOWN = 20, CODE_MAX = 16, ID_MAX = 32, SAID_MAX = 16384 };
static const int64_t fen_most = INT64_C(1000000000000);

/* --- financings ------------------------------------------------------------------------------------------------------------- */

/* What the caller may do with it now. */
static void put_may(struct ll_request *rq, const struct ll_financing *f, bool has_case,
                    const struct ll_financing_product *own, size_t n_own)
{
    const bool open = f->state == LL_STATE_FINANCING_PUBLISHED && f->open_until > ll_now_ms();
    const bool officer = rq->only && rq->actor.roles & LL_DUTY_CONSUMER_STEWARD && n_own && !has_case;
    struct ll_json *j = &rq->json;
    bool passes = false;

    for (size_t i = 0; i < n_own; i++)
        passes = passes || strcmp(own[i].result, "miss") != 0;
    ll_json_key(j, "may");
    ll_json_arr(j);
    if (open && officer && f->mode == LL_MODE_OPEN && f->taken < f->open_most)
        ll_json_z(j, "take");
    if (open && officer && f->mode == LL_MODE_MATCHED && passes)
        ll_json_z(j, "invite");
    if (open && rq->actor.roles & LL_DUTY_OPERATOR)
        ll_json_z(j, "assign");
    ll_json_end_arr(j);
}

static int own_case(const struct ll_deal_env *env, struct ll_request *rq, const char *id,
                    struct ll_loan_case **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_loan_query q = {.financing = id, .organisation = rq->only, .limit = LL_LOAN_ROWS};
    int64_t total;

    return ll_loan_list(env, &q, ret, ret_n, &total, err);
}

static int put_financing(const struct ll_deal_env *env, struct ll_request *rq, const struct ll_financing *f,
                         bool whole, struct ll_err *err)
{
    struct ll_financing_product *products = NULL;
    struct ll_loan_case *cases = NULL;
    size_t n_products = 0, n_cases = 0;
    struct ll_json *j = &rq->json;
    int rc = ll_financing_products(env, f->id, rq->only, PRODUCTS_SHOWN, &products, &n_products, err);

    if (rc < 0 || (rc = own_case(env, rq, f->id, &cases, &n_cases, err)) < 0)
        return rc;
    const struct ll_loan_case *own = rq->only && n_cases ? &cases[0] : NULL;
    ll_json_obj(j);
    ll_financing_view(j, env->cat, f);
    ll_json_kz(j, "subject_title", !rq->only ? f->subject_title : NULL);
    ll_financing_view_products(j, "products", products, n_products);
    ll_json_kz(j, "case", own ? own->id : NULL);
    put_may(rq, f, own != NULL, products, n_products);
    if (whole) {
        ll_json_key(j, "cases");
        ll_json_arr(j);
        for (size_t i = 0; i < n_cases && rc == LL_OK; i++)
            rc = ll_loan_view(rq, env, &cases[i], LL_LOAN_CARD, NULL, err);
        ll_json_end_arr(j);
        if (rc == LL_OK)
            rc = ll_sharing_history(env->tx, rq, LL_FLOW_FINANCING, f->id, err);
    }
    ll_json_end_obj(j);
    return rc;
}

/* One that the caller may see; any other is as good as not there. */
static int get_open(const struct ll_deal_env *env, struct ll_request *rq, const char *id,
                    struct ll_financing *f, struct ll_err *err)
{
    int rc = ll_financing_get(env, id, f, err), seen;

    if (rc < 0)
        return rc;
    seen = f->state == LL_STATE_FINANCING_DRAFT ? 0
           : rq->only                           ? ll_financing_open_to(env, id, rq->only, ll_now_ms(), err)
                                                : 1;
    return seen < 0 ? seen
           : seen   ? LL_OK
                  : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的融资需求", "there is no financing %s", id);
}

static int show_financing(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                          struct ll_err *err)
{
    const struct ll_deal_env env = ll_deal_env_of(rq, s);
    struct ll_financing f;
    int rc = get_open(&env, rq, id, &f, err);

    (void)app;
    return rc < 0 ? rc : put_financing(&env, rq, &f, true, err);
}

static const char *given(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

int ll_h_finance_financings(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_financing_query q = {.organisation = rq->only,
                                         .state = given(ll_arg(rq, LL_P_FINANCE_FINANCINGS_STATE)),
                                         .mode = given(ll_arg(rq, LL_P_FINANCE_FINANCINGS_MODE)),
                                         .region = given(ll_arg(rq, LL_P_FINANCE_FINANCINGS_REGION)),
                                         .industry = given(ll_arg(rq, LL_P_FINANCE_FINANCINGS_INDUSTRY)),
                                         .sort = given(ll_arg(rq, LL_P_FINANCE_FINANCINGS_SORT)),
                                         .now = ll_now_ms(),
                                         .offset = (size_t)ll_arg(rq, LL_P_FINANCE_FINANCINGS_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_FINANCE_FINANCINGS_LIMIT)->i};
    struct ll_financing *list = NULL;
    struct ll_sharing s;
    int64_t total;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &s);
    if ((rc = ll_financing_list(&env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = put_financing(&env, rq, &list[i], false, err);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_finance_financing(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_FINANCE_FINANCING_ID)->s.p, show_financing, err);
}

int ll_h_finance_financing_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_FINANCE_FINANCING_ACT_ID)->s.p;
    char made[LL_FLOW_ID_TEXT];
    struct ll_financing f;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *action = ll_body_text(&b, "action", 1, 16, true),
               *product = ll_body_text(&b, "product", 1, 64, true),
               *reason = ll_body_text(&b, "reason", 1, LL_DEAL_TEXT_MAX, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &s);
    if ((rc = get_open(&env, rq, id, &f, err)) == LL_OK &&
        (rc = ll_loan_offer(&env, id, action, product, reason, made, err)) == LL_OK &&
        (rc = show_financing(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

/* --- loan cases --------------------------------------------------------------------------------------------------------------- */

static int get_case(const struct ll_deal_env *env, struct ll_request *rq, const char *id,
                    struct ll_loan_case *c, struct ll_err *err)
{
    int rc = ll_loan_get(env, id, c, err);

    if (rc == LL_OK && !ll_sharing_sees(rq, NULL, c->organisation))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的贷款办理", "there is no loan case %s", id);
    return rc;
}

/* Whoever sees who the firm is is seen looking. */
static int show_case(struct ll_app *app, struct ll_consenting *c, struct ll_request *rq, const char *id,
                     struct ll_err *err)
{
    const struct ll_deal_env env = ll_deal_env_of(rq, &c->s);
    struct ll_consent_self firm = {.mask = NULL};
    struct ll_loan_case l;
    int rc = get_case(&env, rq, id, &l, err);

    if (rc < 0)
        return rc;
    if (l.applied_at && ((rc = ll_consent_subject(&c->env, l.subject, &firm, err)) < 0 ||
                         (rc = ll_look_note(app, rq, ll_scheme_name(firm.scheme), firm.value, err)) < 0))
        return rc;
    return ll_loan_view(rq, &env, &l, LL_LOAN_DESK, firm.value.p, err);
}

int ll_h_finance_cases(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_loan_query q = {.organisation = rq->only,
                                    .state = given(ll_arg(rq, LL_P_FINANCE_CASES_STATE)),
                                    .financing = given(ll_arg(rq, LL_P_FINANCE_CASES_FINANCING)),
                                    .sort = given(ll_arg(rq, LL_P_FINANCE_CASES_SORT)),
                                    .offset = (size_t)ll_arg(rq, LL_P_FINANCE_CASES_OFFSET)->i,
                                    .limit = (size_t)ll_arg(rq, LL_P_FINANCE_CASES_LIMIT)->i};
    struct ll_loan_case *list = NULL;
    struct ll_sharing s;
    int64_t total;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &s);
    if ((rc = ll_loan_list(&env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = ll_loan_view(rq, &env, &list[i], LL_LOAN_CARD, NULL, err);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_finance_case(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    rc = show_case(app, &c, rq, ll_arg(rq, LL_P_FINANCE_CASE_ID)->s.p, err);
    ll_consenting_close(&c);
    return rc;
}

/* --- steps ---------------------------------------------------------------------------------------------------------------------- */

struct days {
    const char *day, *due, *valid, *rate;
};

/* What an officer's step and a bank's event have in common. */
static void read_act(struct ll_body *b, struct ll_loan_act *a, struct days *d)
{
    a->flow.reason = ll_body_text(b, "reason", 1, LL_DEAL_TEXT_MAX, false);
    a->refusal = ll_body_text(b, "refusal", 1, CODE_MAX, false);
    a->consent = ll_body_text(b, "consent", 1, ID_MAX, false);
    a->guarantee = ll_body_text(b, "guarantee", 1, CODE_MAX, false);
    a->loan_no = ll_body_text(b, "loan_no", 1, LL_LOAN_NO_MAX, false);
    a->amount = ll_body_int(b, "amount_fen", 0, fen_most, -1);
    a->interest = ll_body_int(b, "interest_fen", 0, fen_most, -1);
    a->term = ll_body_int(b, "term_months", 1, 480, -1);
    a->overdue_days = ll_body_int(b, "overdue_days", 1, 36500, -1);
    a->rate = -1;
    *d = (struct days){.day = ll_body_text(b, "day", 10, 10, false),
                       .due = ll_body_text(b, "due_day", 10, 10, false),
                       .valid = ll_body_text(b, "valid_until", 10, 10, false),
                       .rate = ll_body_text(b, "rate", 1, 16, false)};
}

static int read_days(struct ll_loan_act *a, const struct days *d, struct ll_err *err)
{
    int rc = d->rate ? ll_rate_read("rate", d->rate, &a->rate, err) : LL_OK;

    if (rc < 0 || (rc = ll_deal_day("day", d->day, &a->day, err)) < 0 ||
        (rc = ll_deal_day("due_day", d->due, &a->due_day, err)) < 0)
        return rc;
    return ll_deal_day("valid_until", d->valid, &a->valid_day, err);
}

int ll_h_finance_case_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_FINANCE_CASE_ACT_ID)->s.p;
    struct ll_loan_act act = {.flow = {.actor = &rq->actor}};
    struct ll_consenting c;
    struct ll_loan_case l;
    struct days days;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    act.flow.action = ll_body_text(&b, "action", 1, 16, true);
    read_act(&b, &act, &days);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_days(&act, &days, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if ((rc = get_case(&env, rq, id, &l, err)) == LL_OK && (rc = ll_loan_act(&env, id, &act, err)) == LL_OK &&
        (rc = show_case(app, &c, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}

/* --- what banks report ------------------------------------------------------------------------------------------------------------ */

static int take_event(struct ll_app *app, struct ll_request *rq, const struct ll_bank_event *e,
                      struct ll_err *err)
{
    struct ll_bank_event_taken taken;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &s);
    if ((rc = ll_bank_event_take(&env, e, &taken, err)) == LL_OK &&
        (rc = ll_sharing_commit(app, &s, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "event_no", e->number);
        ll_json_kz(&rq->json, "case", e->loan_case);
        ll_json_kz(&rq->json, "event", e->event);
        ll_json_kb(&rq->json, "first", taken.first);
        ll_json_kz(&rq->json, "state", taken.state);
        ll_write_time(&rq->json, "recorded_at", taken.at);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_finance_event(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_buf said = LL_BUF_INIT(SAID_MAX);
    struct ll_bank_event e = {.number = NULL};
    struct days days;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    e.number = ll_body_text(&b, "event_no", 1, LL_BANK_EVENT_NO_MAX, true);
    e.loan_case = ll_body_text(&b, "case", 1, ID_MAX, true);
    e.event = ll_body_text(&b, "event", 1, 16, true);
    read_act(&b, &e.act, &days);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_days(&e.act, &days, err)) < 0 ||
        (rc = ll_canon_put(rq->body, &said, err)) < 0) {
        ll_buf_free(&said);
        return rc;
    }
    e.said = ll_buf_view(&said);
    rc = take_event(app, rq, &e, err);
    ll_buf_free(&said);
    return rc;
}
