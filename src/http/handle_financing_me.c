/* handle_financing_me.c - a firm's own financings: drafted, published, matched with reasons, handed on, and its hand to institutions. */
#include "apps/finance/enterprise.h"
#include "http/consenting.h"
#include "http/financing_match.h"
#include "http/financing_view.h"
#include "http/look.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <string.h>

enum { OPEN_MOST_USUAL = 3, CODE_MAX = 16 };

/* The subject's own, if it is an enterprise. */
static int open_own(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *c,
                    struct ll_consent_self *me, struct ll_err *err)
{
    int rc = ll_consenting_self(app, rq, write, c, me, err);

    if (rc == LL_OK && me->scheme != LL_ID_USCC) {
        rc = ll_fail(err, LL_NOTFOUND, "以统一社会信用代码登录的企业才有融资需求",
                     "only an enterprise, signed in by its credit code, has financings");
        ll_consenting_close(c);
    }
    return rc;
}

static int get_own(const struct ll_deal_env *env, const char *id, struct ll_financing *f, struct ll_err *err)
{
    int rc = ll_financing_get(env, id, f, err);

    if (rc == LL_OK && strcmp(f->subject, env->actor->subject) != 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的融资需求", "there is no financing %s", id);
    return rc;
}

/* --- shown ------------------------------------------------------------------------------------------------------------------ */

static int put_cases(const struct ll_deal_env *env, struct ll_request *rq, const char *id, const char *uscc,
                     struct ll_err *err)
{
    const struct ll_loan_query q = {.financing = id, .limit = LL_LOAN_ROWS};
    struct ll_loan_case *list = NULL;
    int64_t total;
    size_t n = 0;
    int rc = ll_loan_list(env, &q, &list, &n, &total, err);

    ll_json_key(&rq->json, "cases");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_loan_view(rq, env, &list[i], LL_LOAN_FIRM, uscc, err);
    ll_json_end_arr(&rq->json);
    return rc;
}

static void put_own(struct ll_json *j, const struct ll_deal_env *env, const struct ll_financing *f)
{
    ll_financing_view(j, env->cat, f);
    ll_json_kz(j, "pass_on", ll_pass_on_word(f->pass_on));
    ll_json_ki(j, "waits", f->waits);
}

static int put(const struct ll_deal_env *env, struct ll_request *rq, const char *id,
               const struct ll_consent_self *me, struct ll_err *err)
{
    struct ll_financing_product next;
    struct ll_financing f;
    int rc = get_own(env, id, &f, err), any;

    if (rc < 0 || (any = ll_financing_next(env, &f, &next, err)) < 0)
        return rc < 0 ? rc : any;
    const struct ll_flow_object o = ll_financing_object(&f);
    ll_json_obj(&rq->json);
    put_own(&rq->json, env, &f);
    ll_financing_view_product(&rq->json, "next",
                              any && f.state == LL_STATE_FINANCING_PUBLISHED ? &next : NULL);
    if ((rc = put_cases(env, rq, id, ll_arena_dup(rq->arena, me->value), err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    rc = ll_sharing_progress(env->tx, rq, LL_FLOW_FINANCING, id, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_me_financings(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_financing_query q = {.subject = rq->actor.subject,
                                         .now = ll_now_ms(),
                                         .offset = (size_t)ll_arg(rq, LL_P_ME_FINANCINGS_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_ME_FINANCINGS_LIMIT)->i};
    struct ll_financing *list = NULL;
    struct ll_consent_self me;
    struct ll_consenting c;
    int64_t total;
    size_t n = 0;
    int rc = open_own(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if ((rc = ll_financing_list(&env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            put_own(&rq->json, &env, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_financing(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = open_own(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    rc = put(&env, rq, ll_arg(rq, LL_P_ME_FINANCING_ID)->s.p, &me, err);
    ll_consenting_close(&c);
    return rc;
}

/* --- drafts ------------------------------------------------------------------------------------------------------------------- */

static int read_told(struct ll_request *rq, struct ll_financing_told *t, struct ll_err *err)
{
    struct ll_body b;
    int64_t day = 0;
    int rc;

    ll_body_open(&b, rq, err);
    const char *mode = ll_body_text(&b, "mode", 1, 16, true),
               *pass = ll_body_text(&b, "pass_on", 1, 16, false),
               *rate = ll_body_text(&b, "rate_most", 1, 16, false),
               *until = ll_body_text(&b, "open_until", 10, 10, false);
    *t = (struct ll_financing_told){
        .amount = ll_body_int(&b, "amount_fen", 1, INT64_C(1000000000000), 0),
        .term = ll_body_int(&b, "term_months", 1, 480, 0),
        .rate_most = -1,
        .open_most = ll_body_int(&b, "open_most", 1, LL_FINANCING_OPEN_MOST, OPEN_MOST_USUAL),
        .purpose = ll_body_text(&b, "purpose", 1, CODE_MAX, true),
        .guarantee = ll_body_text(&b, "guarantee", 1, CODE_MAX, false),
        .repayment = ll_body_text(&b, "repayment", 1, CODE_MAX, false),
        .product = ll_body_text(&b, "product", 1, 64, false),
        .renews = ll_body_text(&b, "renews", 1, LL_LOAN_NO_MAX, false),
        .first_loan = ll_body_bool(&b, "first_loan", false)};
    if ((rc = ll_body_end(&b)) < 0 ||
        (rate && (rc = ll_rate_read("rate_most", rate, &t->rate_most, err)) < 0) ||
        (rc = ll_deal_day("open_until", until, &day, err)) < 0)
        return rc;
    t->open_until = day ? ll_workday_end((int32_t)day) : 0;
    t->mode = ll_financing_mode_parse(ll_str(mode));
    t->pass_on = pass ? ll_pass_on_parse(ll_str(pass)) : LL_PASS_NO;
    return t->mode < LL_MODE_COUNT && t->pass_on < LL_PASS_COUNT
               ? LL_OK
               : ll_fail(err, LL_USAGE,
                         "mode 应为 direct、open 或 matched，pass_on 应为 no、next 或 guarantee",
                         "mode is direct, open or matched; pass_on is no, next or guarantee");
}

static int save(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_err *err)
{
    char made[LL_FLOW_ID_TEXT];
    struct ll_financing_told told;
    struct ll_financing f;
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = read_told(rq, &told, err);

    if (rc < 0 || (rc = open_own(app, rq, true, &c, &me, err)) < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if (!id)
        rc = ll_financing_add(&env, &told, made, err);
    else if ((rc = get_own(&env, id, &f, err)) == LL_OK)
        rc = ll_financing_change(&env, id, &told, err);
    if (rc == LL_OK && (rc = put(&env, rq, id ? id : made, &me, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_financing_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    rq->status = 201;
    return save(app, rq, NULL, err);
}

int ll_h_me_financing_change(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return save(app, rq, ll_arg(rq, LL_P_ME_FINANCING_CHANGE_ID)->s.p, err);
}

/* --- matches ------------------------------------------------------------------------------------------------------------------ */

/* The firm's code and what it wants, read in a transaction of their own: the engine must not run within one. */
static int wish_of(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_str *uscc,
                   struct ll_financing *f, struct ll_financing_wish *wish, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = open_own(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if ((rc = get_own(&env, id, f, err)) == LL_OK) {
        *uscc = ll_str(ll_arena_dup(rq->arena, me.value));
        *wish = (struct ll_financing_wish){f->amount, f->term, f->rate_most, f->guarantee, f->repayment};
        rc = uscc->p ? LL_OK : ll_no_memory(err);
    }
    ll_consenting_close(&c);
    return rc;
}

static const struct ll_loan_case *case_of(const struct ll_loan_case *list, size_t n, const char *organisation)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].organisation, organisation) == 0)
            return &list[i];
    return NULL;
}

static int put_fit(struct ll_request *rq, const struct ll_deal_env *env, const struct ll_financing_matched *m,
                   size_t at, const struct ll_loan_case *cases, size_t n, struct ll_err *err)
{
    const struct ll_financing_fit *fit = &m->fits[at];
    const struct ll_organisation *o = ll_catalog_organisation(env->cat,
                                                              ll_str(fit->match.product->organisation));
    const struct ll_loan_case *c = o ? case_of(cases, n, o->code) : NULL;
    struct ll_json *j = &rq->json;
    int rc;

    ll_json_obj(j);
    ll_json_ki(j, "place", (int64_t)at + 1);
    ll_json_kz(j, "result", ll_financing_fit_word(fit));
    ll_json_key(j, "match");
    rc = ll_product_match_put(j, env->cat, &fit->match, &m->said, err);
    ll_financing_fit_put(j, "terms", fit);
    ll_json_kz(j, "organisation", o ? o->code : NULL);
    ll_json_kz(j, "organisation_name", o ? o->name : NULL);
    ll_json_kz(j, "case", c ? c->id : NULL);
    ll_json_end_obj(j);
    return rc;
}

static int put_matches(struct ll_app *app, struct ll_request *rq, const char *id,
                       const struct ll_financing_matched *m, struct ll_err *err)
{
    const struct ll_loan_query q = {.financing = id, .limit = LL_LOAN_ROWS};
    const int64_t total = (int64_t)m->all->n, offset = ll_arg(rq, LL_P_ME_FINANCING_MATCHES_OFFSET)->i,
                  limit = ll_arg(rq, LL_P_ME_FINANCING_MATCHES_LIMIT)->i;
    struct ll_loan_case *cases = NULL;
    char at[LL_TIME_TEXT];
    struct ll_sharing s;
    int64_t known;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &s);
    if ((rc = ll_loan_list(&env, &q, &cases, &n, &known, err)) == LL_OK) {
        ll_sharing_page(rq, total, offset, limit);
        for (int64_t i = offset; i < total && i < offset + limit && rc == LL_OK; i++)
            rc = put_fit(rq, &env, m, (size_t)i, cases, n, err);
        ll_json_end_arr(&rq->json);
        ll_json_kz(&rq->json, "as_of", ll_time_text(m->told.as_of.ms, at));
        ll_json_kz(&rq->json, "day", m->told.as_of.day);
        ll_json_kz(&rq->json, "from", ll_feature_from_word(&m->told));
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_me_financing_matches(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ME_FINANCING_MATCHES_ID)->s.p;
    struct ll_financing_matched m;
    struct ll_financing_wish wish;
    struct ll_financing f;
    struct ll_str uscc = {NULL, 0};
    int rc = wish_of(app, rq, id, &uscc, &f, &wish, err);

    if (rc < 0 || (rc = ll_financing_matched_open(app, rq, uscc, &wish, &m, err)) < 0)
        return rc;
    if ((rc = put_matches(app, rq, id, &m, err)) == LL_OK)
        rc = ll_look_note(app, rq, ll_scheme_name(LL_ID_USCC), uscc, err);
    ll_financing_matched_close(&m);
    return rc;
}

/* --- steps -------------------------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct ll_enterprise *e, enum ll_enterprise_field f)
{
    return e->values[f].from == LL_ENT_FROM_NOBODY ? NULL : e->values[f].text.p;
}

/* Who publishes is registered; what it is now goes with the financing. */
static int know(struct ll_app *app, struct ll_request *rq, const struct ll_consenting *c,
                const struct ll_consent_self *me, struct ll_financing_known *k, struct ll_err *err)
{
    const struct ll_enterprise_env env = {.tables = app->tables,
                                          .marks = ll_gateway_marks(app->gateway),
                                          .vault = ll_data_vault(app->data),
                                          .cat = c->s.cat,
                                          .tx = c->s.tx,
                                          .actor = &rq->actor,
                                          .arena = rq->arena};
    struct ll_enterprise e;
    int rc = ll_enterprise_read(&env, rq->actor.subject, me->value, &e, err);

    if (rc < 0)
        return rc;
    if (!e.id || e.state != LL_STATE_REGISTERED)
        return ll_fail(err, LL_CONFLICT, "请先注册企业档案，再发布融资需求",
                       "register the enterprise's profile before publishing a financing");
    k->region = text_of(&e, LL_ENT_REGION);
    k->industry = text_of(&e, LL_ENT_INDUSTRY);
    k->size = e.size.size == LL_SIZE_NONE ? NULL : ll_size_word(e.size.size);
    return LL_OK;
}

struct asked {
    const char *action, *product, *pass_on, *reason;
};

static int take(const struct ll_deal_env *env, const char *id, const struct asked *a, struct ll_err *err)
{
    char made[LL_FLOW_ID_TEXT];
    enum ll_pass_on pass = a->pass_on ? ll_pass_on_parse(ll_str(a->pass_on)) : LL_PASS_COUNT;

    if (strcmp(a->action, "withdraw") == 0)
        return ll_financing_withdraw(env, id, a->reason, err);
    if (strcmp(a->action, "apply") == 0 && a->product)
        return ll_loan_apply(env, id, a->product, made, err);
    if (strcmp(a->action, "pass_on") == 0 && pass < LL_PASS_COUNT)
        return ll_financing_pass_on(env, id, pass, err);
    return ll_fail(err, LL_USAGE,
                   "action 应为 publish、apply（须有 product）、pass_on（须有 pass_on）或 withdraw",
                   "action is publish, apply (with product), pass_on (with pass_on) or withdraw");
}

/* m: of a financing that is being published; NULL: any other step. */
static int step(struct ll_app *app, struct ll_request *rq, const char *id, const struct asked *a,
                const struct ll_financing_matched *m, struct ll_err *err)
{
    struct ll_financing_known k = {
        .fits = m ? m->fits : NULL, .n = m ? m->all->n : 0, .loans = m ? m->loans : -1};
    struct ll_consent_self me;
    struct ll_financing f;
    struct ll_consenting c;
    int rc = open_own(app, rq, true, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if ((rc = get_own(&env, id, &f, err)) == LL_OK &&
        (!m || (rc = know(app, rq, &c, &me, &k, err)) == LL_OK) &&
        (rc = m ? ll_financing_publish(&env, id, &k, err) : take(&env, id, a, err)) == LL_OK &&
        (rc = put(&env, rq, id, &me, err)) == LL_OK &&
        (rc = ll_look_note(app, rq, ll_scheme_name(me.scheme), me.value, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_financing_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ME_FINANCING_ACT_ID)->s.p;
    struct ll_financing_matched m;
    struct ll_financing_wish wish;
    struct ll_financing f;
    struct ll_str uscc = {NULL, 0};
    struct asked a;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    a = (struct asked){.action = ll_body_text(&b, "action", 1, 16, true),
                       .product = ll_body_text(&b, "product", 1, 64, false),
                       .pass_on = ll_body_text(&b, "pass_on", 1, 16, false),
                       .reason = ll_body_text(&b, "reason", 1, LL_DEAL_TEXT_MAX, false)};
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (strcmp(a.action, "publish") != 0)
        return step(app, rq, id, &a, NULL, err);
    if ((rc = wish_of(app, rq, id, &uscc, &f, &wish, err)) < 0 ||
        (rc = ll_financing_matched_open(app, rq, uscc, &wish, &m, err)) < 0)
        return rc;
    rc = step(app, rq, id, &a, &m, err);
    ll_financing_matched_close(&m);
    return rc;
}

/* The firm's hand to an institution, or its withdrawal. */
int ll_h_me_loan_case_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ME_LOAN_CASE_ACT_ID)->s.p;
    struct ll_loan_act act = {.flow = {.actor = &rq->actor},
                              .amount = -1,
                              .interest = -1,
                              .rate = -1,
                              .term = -1,
                              .overdue_days = -1};
    struct ll_consent_self me;
    struct ll_consenting c;
    struct ll_loan_case l;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    act.flow.action = ll_body_text(&b, "action", 1, 16, true);
    act.flow.reason = ll_body_text(&b, "reason", 1, LL_DEAL_TEXT_MAX, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = open_own(app, rq, true, &c, &me, err)) < 0)
        return rc;
    const struct ll_deal_env env = ll_deal_env_of(rq, &c.s);
    if ((rc = ll_loan_get(&env, id, &l, err)) == LL_OK && strcmp(l.subject, rq->actor.subject) != 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的贷款办理", "there is no loan case %s", id);
    if (rc == LL_OK && (rc = ll_loan_act(&env, id, &act, err)) == LL_OK &&
        (rc = put(&env, rq, l.financing, &me, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}
