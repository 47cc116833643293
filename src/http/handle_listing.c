/* handle_listing.c - lists of reward and punishment: what there is, who was put on one by a document; the check before an act, and what was done. */
#include "apps/credit/check.h"
#include "apps/credit/publicity.h"
#include "http/consenting.h"
#include "http/look.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "share/workdays.h"
#include "standard/convert.h"

/* A catalogue, a transaction and the rules for the length of one request. */
struct listing {
    struct ll_sharing s;
    struct ll_credit_rules rules;
    struct ll_listing_env env;
};

static int begin(struct ll_app *app, struct ll_request *rq, bool write, struct listing *l, struct ll_err *err)
{
    int rc = ll_sharing_open(app, write, &l->s, err);

    if (rc < 0)
        return rc;
    l->env = (struct ll_listing_env){.tx = l->s.tx,
                                     .keys = ll_journaling_keys(app->journaling),
                                     .cat = l->s.cat,
                                     .rules = &l->rules,
                                     .actor = &rq->actor,
                                     .arena = rq->arena};
    if ((rc = ll_credit_rules_read(l->s.tx, rq->arena, &l->rules, err)) < 0)
        ll_sharing_close(&l->s);
    return rc;
}

/* --- the lists ------------------------------------------------------------------------------------------------------------- */

static void put_rule(const struct ll_credit_list *l, struct ll_json *j)
{
    ll_json_key(j, "rule");
    if (!l->resource[0]) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "resource", l->resource);
    ll_json_kz(j, "item", l->item[0] ? l->item : NULL);
    ll_json_kz(j, "values", l->values[0] ? l->values : NULL);
    ll_json_kz(j, "latest_by", l->latest_by[0] ? l->latest_by : NULL);
    ll_json_kz(j, "date_item", l->date_item[0] ? l->date_item : NULL);
    ll_json_ki(j, "months", l->months);
    ll_json_end_obj(j);
}

static void put_list(const struct ll_credit_rules *rules, const struct ll_credit_list *l, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "list", l->name);
    ll_json_kz(j, "kind", l->kind);
    ll_json_kz(j, "title", l->title);
    ll_json_kz(j, "title_en", l->title_en);
    ll_json_kz(j, "authority", l->authority);
    ll_json_kz(j, "visibility", l->agencies ? "agencies" : "public");
    put_rule(l, j);
    ll_json_kz(j, "legal_basis", l->legal_basis);
    ll_json_kz(j, "basis", l->basis);
    ll_json_kz(j, "source", l->source);
    ll_json_key(j, "measures");
    ll_json_arr(j);
    for (size_t i = 0; i < rules->n_measures; i++)
        if (ll_credit_goes_with(rules, l, &rules->measures[i]))
            ll_json_z(j, rules->measures[i].name);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static void put_measure(const struct ll_credit_measure *m, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "measure", m->name);
    ll_json_kz(j, "kind", m->kind);
    ll_json_kz(j, "title", m->title);
    ll_json_kz(j, "title_en", m->title_en);
    ll_json_kz(j, "class", m->grade);
    ll_json_kz(j, "legal_basis", m->legal_basis);
    ll_json_kz(j, "basis", m->basis);
    ll_json_kz(j, "source", m->source);
    ll_json_end_obj(j);
}

int ll_h_credit_lists(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct listing l;
    struct ll_json *j = &rq->json;
    int rc = begin(app, rq, false, &l, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_key(j, "lists");
    ll_json_arr(j);
    for (size_t i = 0; i < l.rules.n_lists; i++)
        put_list(&l.rules, &l.rules.lists[i], j);
    ll_json_end_arr(j);
    ll_json_key(j, "measures");
    ll_json_arr(j);
    for (size_t i = 0; i < l.rules.n_measures; i++)
        put_measure(&l.rules.measures[i], j);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_sharing_close(&l.s);
    return LL_OK;
}

/* --- entries --------------------------------------------------------------------------------------------------------------- */

static int show(struct listing *l, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_listing e;
    int rc = ll_listing_get(&l->env, id, &e, err);

    if (rc < 0)
        return rc;
    if (!ll_sharing_sees(rq, NULL, e.provider))
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的名单条目", "there is no list entry %s", id);
    const struct ll_flow_object object = ll_listing_object(&e);
    ll_json_obj(&rq->json);
    ll_listing_put(&l->env, &e, &rq->json);
    if ((rc = ll_sharing_history(l->s.tx, rq, LL_FLOW_LISTING, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &object, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_credit_entries_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_listing_query q = {.provider = rq->only,
                                       .list = ll_arg(rq, LL_P_CREDIT_ENTRIES_LIST_LIST)->s.p,
                                       .state = ll_arg(rq, LL_P_CREDIT_ENTRIES_LIST_STATE)->s.p,
                                       .sort = ll_arg(rq, LL_P_CREDIT_ENTRIES_LIST_SORT)->s.p,
                                       .offset = (size_t)ll_arg(rq, LL_P_CREDIT_ENTRIES_LIST_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_CREDIT_ENTRIES_LIST_LIMIT)->i};
    struct ll_listing *list;
    struct listing l;
    int64_t total;
    size_t n;
    int rc = begin(app, rq, false, &l, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_listing_list(&l.env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_listing_put(&l.env, &list[i], &rq->json);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&l.s);
    return rc;
}

int ll_h_credit_entry_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct listing l;
    int rc = begin(app, rq, false, &l, err);

    if (rc < 0)
        return rc;
    rc = show(&l, rq, ll_arg(rq, LL_P_CREDIT_ENTRY_SHOW_ID)->s.p, err);
    ll_sharing_close(&l.s);
    return rc;
}

static int read_day(const char *name, const char *text, int32_t *ret, struct ll_err *err)
{
    *ret = LL_PUBLIC_NO_DAY;
    if (!text || ll_cv_date(ll_str(text), ret) == LL_CV_OK)
        return LL_OK;
    return ll_fail(err, LL_USAGE, "%s：“%s”不是日期（如 2026-06-30）", "%s: '%s' is no date (2026-06-30)",
                   name, text);
}

int ll_h_credit_entry_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_listing_draft d = {.list = NULL};
    char id[LL_FLOW_ID_TEXT];
    struct listing l;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    (void)!ll_consenting_who(&b, &d.who, err); /* what is wrong is told at the end of the body, or below */
    d.list = ll_body_text(&b, "list", 1, 64, true);
    d.document = ll_body_text(&b, "document", 1, 1000, true);
    d.reason = ll_body_text(&b, "reason", 1, 1000, true);
    d.legal_basis = ll_body_text(&b, "legal_basis", 1, LL_REASON_MAX, true);
    const char *decided = ll_body_text(&b, "decided_on", 1, 10, true),
               *until = ll_body_text(&b, "until", 1, 10, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_detect(d.who.value.p, &d.who, err)) < 0 ||
        (rc = read_day("decided_on", decided, &d.decided_day, err)) < 0 ||
        (rc = read_day("until", until, &d.until_day, err)) < 0 || (rc = begin(app, rq, true, &l, err)) < 0)
        return rc;
    if ((rc = ll_listing_add(&l.env, &d, id, err)) == LL_OK && (rc = show(&l, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &l.s, err);
    ll_sharing_close(&l.s);
    rq->status = 201;
    return rc;
}

int ll_h_credit_entry_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CREDIT_ENTRY_ACT_ID)->s.p;
    struct ll_flow_act act;
    struct listing l;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    if ((rc = ll_body_end(&b)) < 0 || (rc = begin(app, rq, true, &l, err)) < 0)
        return rc;
    if ((rc = ll_listing_act(&l.env, id, &act, err)) == LL_OK && (rc = show(&l, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &l.s, err);
    ll_sharing_close(&l.s);
    return rc;
}

/* --- the check ------------------------------------------------------------------------------------------------------------- */

static int check(struct ll_app *app, struct ll_request *rq, const struct ll_check_ask *ask,
                 struct ll_err *err)
{
    struct listing l;
    int rc = begin(app, rq, true, &l, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    if ((rc = ll_check(&l.env, app->tables, app->gateway, ask, &rq->json, err)) == LL_OK)
        rc = ll_sharing_commit(app, &l.s, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&l.s);
    return rc < 0 ? rc : ll_look_note(app, rq, ll_scheme_name(ask->scheme), ask->value, err);
}

int ll_h_credit_check(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_check_ask ask = {.matter = NULL};
    char canon[LL_ID_MAX];
    struct ll_body b;
    size_t n = 0;
    int rc;

    ll_body_open(&b, rq, err);
    const char *subject = ll_body_text(&b, "subject", 1, LL_ID_MAX - 1, true);
    ask.matter = ll_body_text(&b, "matter", 2, LL_CHECK_MATTER_MAX, true);
    ask.officer = ll_body_text(&b, "officer", 1, 64, false);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!ll_id_detect(ll_str(subject), &ask.scheme, canon, &n) ||
        (ask.scheme != LL_ID_USCC && ask.scheme != LL_ID_RESIDENT_ID))
        return ll_fail(err, LL_INVALID, "subject 不是有效的统一社会信用代码或公民身份号码",
                       "subject is no valid credit code or resident number");
    ask.value = (struct ll_str){canon, n};
    rq->looked_for = ask.matter;
    rq->officer = ask.officer;
    return check(app, rq, &ask, err);
}

int ll_h_credit_report(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct listing l;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *measure = ll_body_text(&b, "measure", 1, 64, true);
    const json_t *taken = ll_body_any(&b, "taken", true);
    const char *note = ll_body_text(&b, "note", 1, LL_CHECK_NOTE_MAX, false);
    bool was = json_is_true(taken), is = json_is_boolean(taken);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!is)
        return ll_fail(err, LL_USAGE, "taken 应为 true 或 false", "taken is true or false");
    if ((rc = begin(app, rq, true, &l, err)) < 0)
        return rc;
    if ((rc = ll_check_report(&l.env, ll_arg(rq, LL_P_CREDIT_REPORT_ID)->s.p, measure, was, note, err)) ==
            LL_OK &&
        (rc = ll_sharing_commit(app, &l.s, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "check", ll_arg(rq, LL_P_CREDIT_REPORT_ID)->s.p);
        ll_json_kz(&rq->json, "measure", measure);
        ll_json_kb(&rq->json, "taken", was);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&l.s);
    rq->status = 201;
    return rc;
}

int ll_h_credit_statistics(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_check_statistics(s.tx, rq->only, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}
