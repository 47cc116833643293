/* handle_rural_loan.c - banks record what became of loans, event by event, and everybody who plans sees what the events show. */
#include "apps/rural/check.h"
#include "apps/rural/loan.h"
#include "http/rural_view.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "standard/convert.h"

#include <string.h>

enum { NO_MAX = 40, ID_MAX = 18, YEAR_DAYS = 365 };

static int read_day(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    int32_t day = 0;

    if (!text || ll_cv_date(ll_str(text), &day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "%s 不是日期（如 2026-06-30）", "%s is no date (2026-06-30)", name);
    *ret = day;
    return LL_OK;
}

struct asked {
    struct ll_str household, subject;
    struct ll_loan_event e;
};

static int read_body(struct ll_request *rq, struct asked *a, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    a->household = ll_str(ll_body_text(&b, "household", 1, NO_MAX, false));
    a->subject = ll_str(ll_body_text(&b, "subject", 1, ID_MAX, false));
    a->e.reference = ll_body_text(&b, "reference", 1, LL_LOAN_REFERENCE_MAX, true);
    const char *event = ll_body_text(&b, "event", 1, 16, true), *day = ll_body_text(&b, "day", 10, 10, true);
    a->e.fen = ll_body_int(&b, "amount_fen", 0, INT64_C(1000000000000), -1);
    a->e.overdue_days = ll_body_int(&b, "overdue_days", 1, 36500, -1);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_day("day", day, &a->e.day, err)) < 0)
        return rc;
    if (!ll_loan_event_of(event, &a->e.kind))
        return ll_fail(err, LL_USAGE,
                       "event 应为 applied、refused、granted、lent、repaid、overdue 或 settled",
                       "event takes applied, refused, granted, lent, repaid, overdue or settled");
    if (a->e.kind == LL_LOAN_APPLIED && (a->household.n > 0) == (a->subject.n > 0))
        return ll_fail(err, LL_USAGE,
                       "申请须给出 household（户号）或 subject（成员的公民身份号码），只给一个",
                       "an application takes either household or subject");
    return LL_OK;
}

/* Of the household that applies; one that is not known is kept by what it was called, and nobody is told. */
static int place(struct ll_app *app, struct ll_request *rq, const struct ll_rural_view *k, struct asked *a,
                 char key[LL_RURAL_KEY], struct ll_err *err)
{
    struct ll_serving_person speaks;
    struct ll_household *h = NULL;
    struct ll_rated rated;
    int rc = ll_household_spoken(&k->r, a->household, a->subject, rq->arena, &h, &speaks, err), found;

    if (rc < 0)
        return rc;
    struct ll_str no = h ? h->no : a->household.n ? a->household : a->subject;
    if ((rc = ll_rural_key(app->data, no, key, err)) < 0)
        return rc;
    a->e.household = key;
    a->e.village = h ? ll_arena_dup(rq->arena, h->village_code) : "";
    if (!a->e.village)
        return ll_no_memory(err);
    if (!h || !k->card)
        return LL_OK;
    found = ll_rating_of(app->data, k->card, no, rq->arena, &rated, err);
    if (found > 0)
        a->e.grade = ll_rated_grade(&rated);
    return found < 0 ? found : LL_OK;
}

int ll_h_rural_loan_record(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char key[LL_RURAL_KEY];
    struct ll_rural_view k;
    struct asked a = {.e = {.fen = -1}};
    int rc = read_body(rq, &a, err);

    if (rc < 0 || (rc = ll_rural_view_open(app, rq, true, &k, err)) < 0)
        return rc;
    if (a.e.kind == LL_LOAN_APPLIED)
        rc = place(app, rq, &k, &a, key, err);
    if (rc == LL_OK && (rc = ll_loan_record(k.s.tx, &rq->actor, &a.e, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.s, err);
    ll_rural_view_close(&k);
    rq->status = 204;
    return rc;
}

/* A bank sees what it recorded itself, whoever plans what all did. */
int ll_h_rural_effect(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *from = ll_arg(rq, LL_P_RURAL_EFFECT_FROM), *to = ll_arg(rq, LL_P_RURAL_EFFECT_TO),
                        *within = ll_arg(rq, LL_P_RURAL_EFFECT_WITHIN);
    struct ll_effect_query q = {.organisation = rq->only,
                                .within = within->s.p ? within->s.p : "",
                                .from_day = ll_today() - YEAR_DAYS,
                                .to_day = ll_today()};
    struct ll_sharing s;
    int rc;

    if ((from->given && (rc = read_day("from", from->s.p, &q.from_day, err)) < 0) ||
        (to->given && (rc = read_day("to", to->s.p, &q.to_day, err)) < 0) ||
        (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "organisation", q.organisation);
    ll_json_ki(&rq->json, "assisted_days", LL_ASSISTED_DAYS);
    ll_json_ki(&rq->json, "least", LL_EFFECT_LEAST);
    rc = ll_effect_put(s.tx, &q, rq->arena, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}
