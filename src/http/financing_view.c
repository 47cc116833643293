/* financing_view.c - see financing_view.h. */
#include "http/financing_view.h"

#include "apps/finance/refusal.h"
#include "apps/finance/repay.h"
#include "apps/finance/size.h"
#include "http/write.h"
#include "share/workdays.h"
#include "standard/convert.h"

#include <string.h>

enum { DAY_TEXT = 16 };

struct ll_deal_env ll_deal_env_of(struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_deal_env){.tx = s->tx, .cat = s->cat, .actor = &rq->actor, .arena = rq->arena};
}

int ll_deal_day(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    int32_t day = 0;

    *ret = 0;
    if (!text)
        return LL_OK;
    if (strlen(text) != 10 || ll_cv_date(ll_str(text), &day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "%s：“%s”不是日期（如 2027-06-30）", "%s: '%s' is no date (2027-06-30)",
                       name, text);
    *ret = day;
    return LL_OK;
}

/* --- pieces --------------------------------------------------------------------------------------------------------------- */

static void put_day(struct ll_json *j, const char *key, int64_t day)
{
    char text[DAY_TEXT];

    ll_date_text((int32_t)day, text);
    ll_json_kz(j, key, text);
}

/* A number, or null for -1. */
static void put_number(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n < 0)
        ll_json_null(j);
    else
        ll_json_int(j, n);
}

static void put_known(struct ll_json *j, const char *key, int64_t known)
{
    ll_json_key(j, key);
    if (known < 0)
        ll_json_null(j);
    else
        ll_json_bool(j, known > 0);
}

static void put_rate(struct ll_json *j, const char *key, int64_t rate)
{
    char text[LL_RATE_TEXT];

    ll_json_kz(j, key, rate < 0 ? NULL : ll_rate_text(rate, text));
}

/* Words of ours in the form of codes. */
static void put_word(struct ll_json *j, const char *key, const char *word, const char *zh, const char *en)
{
    ll_json_key(j, key);
    if (!word) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "code", word);
    ll_json_kz(j, "title", zh);
    ll_json_kz(j, "title_en", en);
    ll_json_end_obj(j);
}

static void put_repayment(struct ll_json *j, const char *word)
{
    const struct ll_repay_title *t = NULL;

    for (size_t i = 0; word && i < LL_REPAY_COUNT; i++)
        if (strcmp(word, ll_repay_titles[i].word) == 0)
            t = &ll_repay_titles[i];
    put_word(j, "repayment", t ? t->word : NULL, t ? t->title[LL_ZH] : NULL, t ? t->title[LL_EN] : NULL);
}

static void put_size(struct ll_json *j, const char *word)
{
    enum ll_size s = LL_SIZE_MICRO;

    while (word && s <= LL_SIZE_LARGE && strcmp(word, ll_size_word(s)) != 0)
        s++;
    bool known = word && s <= LL_SIZE_LARGE;
    put_word(j, "size", known ? word : NULL, known ? ll_size_title(s, LL_ZH) : NULL,
             known ? ll_size_title(s, LL_EN) : NULL);
}

static void put_wanted(struct ll_json *j, const struct ll_catalog *cat, const struct ll_financing *f)
{
    ll_json_key(j, "wanted");
    ll_json_obj(j);
    ll_json_ki(j, "amount_fen", f->amount);
    ll_json_ki(j, "term_months", f->term);
    ll_write_code(j, "purpose", cat, "FIN_PURPOSE", f->purpose);
    ll_write_code(j, "guarantee", cat, "LOAN_GUARANTEE_STAT", f->guarantee);
    put_rate(j, "rate_most", f->rate_most);
    put_repayment(j, f->repayment);
    ll_write_code(j, "region", cat, "REGION", f->region);
    ll_write_code(j, "industry", cat, "INDUSTRY", f->industry);
    put_size(j, f->size);
    ll_json_kb(j, "first_loan", f->first_loan);
    put_known(j, "first_loan_known", f->first_known);
    ll_json_kb(j, "renewal", f->renews != NULL);
    ll_json_kz(j, "renews", f->renews);
    put_known(j, "renewal_known", f->renewal_known);
    ll_json_end_obj(j);
}

/* --- financings ----------------------------------------------------------------------------------------------------------- */

void ll_financing_view(struct ll_json *j, const struct ll_catalog *cat, const struct ll_financing *f)
{
    ll_json_kz(j, "id", f->id);
    ll_json_kz(j, "mode", ll_financing_mode_word(f->mode));
    ll_json_kz(j, "mode_title", ll_financing_mode_title(f->mode, LL_ZH));
    ll_json_kz(j, "mode_title_en", ll_financing_mode_title(f->mode, LL_EN));
    ll_state_put(j, f->state);
    put_wanted(j, cat, f);
    ll_json_ki(j, "open_most", f->open_most);
    ll_write_time(j, "open_until", f->open_until);
    ll_json_ki(j, "taken", f->taken);
    ll_json_kz(j, "product", f->product);
    ll_json_kz(j, "product_title", f->product_title[LL_ZH]);
    ll_json_kz(j, "product_title_en", f->product_title[LL_EN]);
    ll_write_time(j, "created_at", f->created_at);
    ll_write_time(j, "published_at", f->published_at);
    ll_write_time(j, "changed_at", f->changed_at);
}

static void put_product(struct ll_json *j, const struct ll_financing_product *p)
{
    ll_json_obj(j);
    ll_json_ki(j, "place", p->place);
    ll_json_kz(j, "code", p->product);
    ll_json_kz(j, "title", p->title);
    ll_json_kz(j, "title_en", p->title_en);
    ll_json_kz(j, "organisation", p->organisation);
    ll_json_kz(j, "result", p->result);
    ll_json_ki(j, "misses", p->misses);
    ll_json_ki(j, "unknown", p->unknown);
    ll_json_end_obj(j);
}

void ll_financing_view_product(struct ll_json *j, const char *key, const struct ll_financing_product *p)
{
    ll_json_key(j, key);
    if (p)
        put_product(j, p);
    else
        ll_json_null(j);
}

void ll_financing_view_products(struct ll_json *j, const char *key, const struct ll_financing_product *list,
                                size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        put_product(j, &list[i]);
    ll_json_end_arr(j);
}

/* --- loan cases ------------------------------------------------------------------------------------------------------------- */

static void put_match(struct ll_json *j, const struct ll_loan_case *c)
{
    ll_json_key(j, "match");
    if (!c->result) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_ki(j, "place", c->place);
    ll_json_kz(j, "result", c->result);
    ll_json_ki(j, "misses", c->misses);
    ll_json_ki(j, "unknown", c->unknown);
    ll_json_end_obj(j);
}

static void put_granted(struct ll_json *j, const struct ll_catalog *cat, const struct ll_loan_case *c)
{
    ll_json_key(j, "granted");
    if (c->granted < 0) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_ki(j, "amount_fen", c->granted);
    put_rate(j, "rate", c->granted_rate);
    ll_json_ki(j, "term_months", c->granted_term);
    ll_write_code(j, "guarantee", cat, "LOAN_GUARANTEE_STAT", c->granted_guarantee);
    put_day(j, "valid_until", ll_workday_of(c->valid_until - 1));
    put_day(j, "day", c->granted_day);
    ll_json_end_obj(j);
}

static void put_money(struct ll_json *j, const struct ll_loan_case *c)
{
    ll_json_ki(j, "drawn_fen", c->drawn);
    ll_json_ki(j, "repaid_fen", c->repaid);
    ll_json_ki(j, "interest_fen", c->interest);
    ll_json_ki(j, "outstanding_fen", c->drawn - c->repaid);
    put_number(j, "overdue_days", c->overdue_days);
    put_number(j, "lost_fen", c->lost);
}

static int put_refusal(struct ll_json *j, const struct ll_deal_env *env, const struct ll_loan_case *c,
                       struct ll_err *err)
{
    const struct ll_codeset *set = ll_catalog_codeset(env->cat, LL_STR(LL_REFUSAL_TABLE));
    const struct ll_code *code = set && c->refusal ? ll_codeset_by_code(set, ll_str(c->refusal)) : NULL;
    struct ll_refusal_advice advice;
    int rc;

    ll_json_key(j, "refusal");
    if (!c->refusal) {
        ll_json_null(j);
        return LL_OK;
    }
    if ((rc = ll_refusal_advice(env->tx, c->refusal, env->arena, &advice, err)) < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "code", c->refusal);
    ll_json_ks(j, "title", code ? code->title : ll_str(c->refusal));
    ll_json_kz(j, "title_en", code && code->title_en.n ? code->title_en.p : NULL);
    ll_json_kz(j, "advice", advice.text[LL_ZH]);
    ll_json_kz(j, "advice_en", advice.text[LL_EN]);
    ll_json_kz(j, "note", c->refusal_note);
    ll_json_end_obj(j);
    return LL_OK;
}

/* Before the firm applied it has no name, but for itself. */
static bool named(const struct ll_request *rq, const struct ll_loan_case *c)
{
    return rq->actor.subject || !rq->only || c->applied_at;
}

static int put_card(struct ll_request *rq, const struct ll_deal_env *env, const struct ll_loan_case *c,
                    const char *uscc, struct ll_err *err)
{
    const struct ll_organisation *o = ll_catalog_organisation(env->cat, ll_str(c->organisation));
    const bool shown = named(rq, c);
    struct ll_json *j = &rq->json;
    struct ll_financing f;
    int rc = ll_financing_get(env, c->financing, &f, err);

    if (rc < 0)
        return rc;
    ll_json_kz(j, "id", c->id);
    ll_json_kz(j, "financing", c->financing);
    ll_json_kz(j, "organisation", c->organisation);
    ll_json_kz(j, "organisation_name", o ? o->name : NULL);
    ll_json_kz(j, "product", c->product);
    ll_json_kz(j, "product_title", c->product_title[LL_ZH]);
    ll_json_kz(j, "product_title_en", c->product_title[LL_EN]);
    ll_json_kz(j, "way", ll_case_way_word(c->way));
    ll_json_kz(j, "way_title", ll_case_way_title(c->way, LL_ZH));
    ll_json_kz(j, "way_title_en", ll_case_way_title(c->way, LL_EN));
    ll_json_kz(j, "why", c->why);
    ll_json_kz(j, "before", c->before);
    ll_state_put(j, c->state);
    ll_json_kz(j, "code", ll_case_code(c->state));
    ll_write_time(j, "due", c->due_at);
    ll_write_time(j, "created_at", c->created_at);
    ll_write_time(j, "changed_at", c->changed_at);
    ll_json_kz(j, "uscc", shown ? uscc : NULL);
    ll_json_kz(j, "subject_title", shown ? c->subject_title : NULL);
    put_wanted(j, env->cat, &f);
    put_match(j, c);
    ll_json_kz(j, "consent", c->consent);
    put_granted(j, env->cat, c);
    put_money(j, c);
    return put_refusal(j, env, c, err);
}

static int put_draws(struct ll_json *j, const struct ll_deal_env *env, const char *id, struct ll_err *err)
{
    struct ll_loan_draw *draws = NULL;
    size_t n = 0;
    int rc = ll_loan_draws(env, id, &draws, &n, err);

    ll_json_key(j, "draws");
    ll_json_arr(j);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "loan_no", draws[i].loan_no);
        ll_json_ki(j, "amount_fen", draws[i].amount);
        put_rate(j, "rate", draws[i].rate);
        put_day(j, "day", draws[i].day);
        put_day(j, "due_day", draws[i].due_day);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc;
}

static int put_repayments(struct ll_json *j, const struct ll_deal_env *env, const char *id,
                          struct ll_err *err)
{
    struct ll_loan_repayment *list = NULL;
    size_t n = 0;
    int rc = ll_loan_repayments(env, id, &list, &n, err);

    ll_json_key(j, "repayments");
    ll_json_arr(j);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        ll_json_obj(j);
        put_day(j, "day", list[i].day);
        ll_json_ki(j, "principal_fen", list[i].principal);
        ll_json_ki(j, "interest_fen", list[i].interest);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc;
}

/* What only the desk is told: a consent on which it may begin, and who did what. */
static int put_desk(struct ll_request *rq, const struct ll_deal_env *env, const struct ll_loan_case *c,
                    struct ll_err *err)
{
    const char *ready = NULL;
    int rc = c->state == LL_STATE_CASE_DRAFT ? 0 : ll_loan_consent(env, c, NULL, &ready, err);

    if (rc < 0)
        return rc;
    ll_json_kz(&rq->json, "consent_ready", ready);
    return ll_sharing_history(env->tx, rq, LL_FLOW_LOAN_CASE, c->id, err);
}

int ll_loan_view(struct ll_request *rq, const struct ll_deal_env *env, const struct ll_loan_case *c,
                 enum ll_loan_view as, const char *uscc, struct ll_err *err)
{
    const struct ll_flow_object o = ll_loan_object(c);
    int rc;

    ll_json_obj(&rq->json);
    rc = put_card(rq, env, c, uscc, err);
    if (as != LL_LOAN_CARD && rc == LL_OK) {
        ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
        if ((rc = put_draws(&rq->json, env, c->id, err)) == LL_OK &&
            (rc = put_repayments(&rq->json, env, c->id, err)) == LL_OK)
            rc = as == LL_LOAN_DESK ? put_desk(rq, env, c, err)
                                    : ll_sharing_progress(env->tx, rq, LL_FLOW_LOAN_CASE, c->id, err);
    }
    ll_json_end_obj(&rq->json);
    return rc;
}
