/* handle_complaint_desk.c - complaints at the desks: an institution those about itself, the platform all; how to reach who complains, which the journal has;
 * figures, for who oversees them. */
#include "apps/finance/complaint_figures.h"
#include "http/complaining.h"
#include "http/look.h"
#include "http/table_file.h"
#include "routes.gen.h"
#include "standard/ident.h"

#include <stdio.h>

static const char *given(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

/* An institution sees those that were forwarded to it, and no others: what the platform has not looked at yet is not there. */
static bool sees(const struct ll_request *rq, const struct ll_complaint *c)
{
    return !rq->only || (c->organisation && ll_str_is(ll_str(c->organisation), rq->only) && c->accepted_at);
}

static int get(const struct ll_complaining *k, const struct ll_request *rq, const char *id,
               struct ll_complaint *c, struct ll_err *err)
{
    int rc = ll_complaint_get(&k->env, id, c, err);

    if (rc == LL_OK && !sees(rq, c))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的投诉", "there is no complaint %s", id);
    return rc;
}

int ll_h_complaints_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *organisation = ll_arg(rq, LL_P_COMPLAINTS_LIST_ORGANISATION);
    const struct ll_complaint_query q = {.organisation = rq->only ? rq->only : given(organisation),
                                         .forwarded = rq->only != NULL,
                                         .kind = given(ll_arg(rq, LL_P_COMPLAINTS_LIST_KIND)),
                                         .state = given(ll_arg(rq, LL_P_COMPLAINTS_LIST_STATE)),
                                         .late = ll_arg(rq, LL_P_COMPLAINTS_LIST_LATE)->given,
                                         .sort = given(ll_arg(rq, LL_P_COMPLAINTS_LIST_SORT)),
                                         .offset = (size_t)ll_arg(rq, LL_P_COMPLAINTS_LIST_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_COMPLAINTS_LIST_LIMIT)->i};
    struct ll_complaining k;
    int rc = ll_complaining_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = ll_complaining_page(&k, rq, &q, err);
    ll_complaining_close(&k);
    return rc;
}

static int put(const struct ll_complaining *k, struct ll_request *rq, const struct ll_complaint *c,
               struct ll_err *err)
{
    const struct ll_flow_object o = ll_complaint_object(c);
    int rc;

    ll_json_obj(&rq->json);
    if ((rc = ll_complaint_put_whole(&rq->json, &k->env, c, err)) < 0 ||
        (rc = ll_sharing_history(k->env.tx, rq, LL_FLOW_COMPLAINT, c->id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_complaint_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaining k;
    struct ll_complaint c;
    int rc = ll_complaining_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = get(&k, rq, ll_arg(rq, LL_P_COMPLAINT_SHOW_ID)->s.p, &c, err)) == LL_OK)
        rc = put(&k, rq, &c, err);
    ll_complaining_close(&k);
    return rc;
}

int ll_h_complaint_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_COMPLAINT_ACT_ID)->s.p;
    struct ll_complaint_act act = {.rating = 0};
    struct ll_complaining k;
    struct ll_complaint c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act.flow);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_complaining_open(app, rq, true, &k, err)) < 0)
        return rc;
    if ((rc = get(&k, rq, id, &c, err)) == LL_OK && (rc = ll_complaint_act(&k.env, &c, &act, err)) == LL_OK &&
        (rc = get(&k, rq, id, &c, err)) == LL_OK && (rc = put(&k, rq, &c, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.c.s, err);
    ll_complaining_close(&k);
    return rc;
}

/* ---- how to reach who complains ---- */

/* Of a subject the look is noted by its identifier, so that it finds it among the looks at its data; of anybody else by the number. */
static int note(struct ll_app *app, struct ll_request *rq, const struct ll_complaining *k,
                const struct ll_complaint *c, struct ll_err *err)
{
    struct ll_consent_self who;
    int rc;

    if (!c->subject)
        return ll_look_note(app, rq, "complaint", ll_str(c->id), err);
    rc = ll_consent_subject(&k->c.env, c->subject, &who, err);
    return rc < 0 ? rc : ll_look_note(app, rq, ll_scheme_name(who.scheme), who.value, err);
}

int ll_h_complaint_contact(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaint_contact contact;
    struct ll_complaining k;
    struct ll_complaint c;
    int rc = ll_complaining_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = get(&k, rq, ll_arg(rq, LL_P_COMPLAINT_CONTACT_ID)->s.p, &c, err)) == LL_OK &&
        ll_flow_states[c.state].end)
        rc = ll_fail(err, LL_CONFLICT, "投诉已办结，不再提供联系方式",
                     "the complaint has ended: how to reach who complained is shown no more");
    if (rc == LL_OK && (rc = ll_complaint_contact_of(&k.env, c.id, &contact, err)) == LL_OK &&
        (rc = note(app, rq, &k, &c, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "name", contact.name);
        ll_json_kz(&rq->json, "phone", contact.phone);
        ll_json_end_obj(&rq->json);
    }
    ll_complaining_close(&k);
    return rc;
}

/* ---- figures ---- */

struct figures {
    struct ll_complaining k;
    struct ll_complaint_figures f;
};

/* What both routes take, in this order. */
enum { BY, FROM, TO, OWN };

/* Who is confined to an organisation sees its own, or what all come to; of either no cell that is small. */
static int read_figures(struct ll_app *app, struct ll_request *rq, struct figures *ret, struct ll_err *err)
{
    struct ll_complaint_ask a = {.by = LL_COMPLAINT_BY_TOTAL,
                                 .from = given(ll_arg(rq, FROM)),
                                 .to = given(ll_arg(rq, TO)),
                                 .organisation = ll_arg(rq, OWN)->given ? rq->only : NULL,
                                 .few = rq->only != NULL};
    int rc;

    ll_complaint_by_of(ll_arg(rq, BY)->s, &a.by);
    if (rq->only && a.by == LL_COMPLAINT_BY_INSTITUTION)
        a.only_key = rq->only;
    if ((rc = ll_complaining_open(app, rq, false, &ret->k, err)) < 0)
        return rc;
    if ((rc = ll_complaint_figures_read(&ret->k.env, &a, &ret->f, err)) < 0)
        ll_complaining_close(&ret->k);
    return rc;
}

int ll_h_complaint_figures(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct figures f;
    int rc = read_figures(app, rq, &f, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "organisation", rq->only);
    ll_complaint_figures_put(&f.k.env, &f.f, &rq->json);
    ll_json_end_obj(&rq->json);
    ll_complaining_close(&f.k);
    return LL_OK;
}

static int put_rows(const void *table, enum ll_lang lang, ll_table_put_fn *put_row, void *ctx,
                    struct ll_err *err)
{
    const struct figures *f = table;

    return ll_complaint_figures_rows(&f->k.env, &f->f, lang, put_row, ctx, err);
}

int ll_h_complaint_figures_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char zh[64], en[64];
    struct figures f;
    int rc = read_figures(app, rq, &f, err);

    if (rc < 0)
        return rc;
    snprintf(zh, sizeof zh, "投诉统计-%s", ll_complaint_by_word(f.f.by));
    snprintf(en, sizeof en, "complaint-figures-%s", ll_complaint_by_word(f.f.by));
    const struct ll_table_file file = {
        .table = &f,
        .rows = put_rows,
        .name = {zh, en},
        .sheet = {"投诉统计", "complaints"},
        .lang = (enum ll_lang)ll_arg(rq, LL_P_COMPLAINT_FIGURES_FILE_LANG)->i,
        .xlsx = ll_str_is(ll_arg(rq, LL_P_COMPLAINT_FIGURES_FILE_FORMAT)->s, "xlsx")};
    rc = ll_table_file_reply(app, rq, &file, err);
    ll_complaining_close(&f.k);
    return rc;
}
