/* handle_complaint.c - who complains: anybody, by number and code, and subjects that are signed in. */
#include "http/complaining.h"
#include "http/site.h"
#include "routes.gen.h"
#include "standard/codes.h"

#include <string.h>

enum { ID = LL_FLOW_ID_TEXT - 1, CODE = 24, KIND = 8, NAME = 64, PHONE = 24 };

/* ---- what one may complain about ---- */

static void put_kinds(struct ll_json *j, const struct ll_catalog *cat)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(cat, LL_STR(LL_COMPLAINT_KINDS));

    ll_json_key(j, "kinds");
    ll_json_arr(j);
    for (size_t i = 0; kinds && i < ll_codeset_size(kinds); i++) {
        const struct ll_code *c = ll_codeset_at(kinds, i);
        ll_json_obj(j);
        ll_json_ks(j, "code", c->code);
        ll_json_ks(j, "title", c->title);
        ll_json_kz(j, "title_en", c->title_en.n ? c->title_en.p : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static int put_institutions(const struct ll_complaining *k, struct ll_json *j, struct ll_err *err)
{
    size_t n;
    const struct ll_organisation *const *list = ll_catalog_organisations(k->env.cat, &n);
    int rc = LL_OK;

    ll_json_key(j, "institutions");
    ll_json_arr(j);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        const struct ll_organisation *o = list[i];
        if ((rc = ll_complaint_about(&k->env, o->code, err)) <= 0)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "code", o->code);
        ll_json_kz(j, "title", o->name);
        ll_json_kz(j, "title_en", o->name_en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc < 0 ? rc : LL_OK;
}

static void put_days(struct ll_json *j, const struct ll_settings *set)
{
    ll_json_key(j, "working_days");
    ll_json_obj(j);
    ll_json_ki(j, "accept", (int64_t)set->complaint_accept_days);
    ll_json_ki(j, "answer", (int64_t)set->complaint_answer_days);
    ll_json_ki(j, "extension", (int64_t)set->complaint_extension_days);
    ll_json_kz(j, "basis", "recalled");
    ll_json_kz(j, "source", "《银行业保险业消费投诉处理管理办法》（银保监会令2020年第3号），未核对原文");
    ll_json_end_obj(j);
}

int ll_h_complaint_about(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaining k;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_complaining_open(app, rq, false, &k, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    put_kinds(&rq->json, k.env.cat);
    rc = put_institutions(&k, &rq->json, err);
    put_days(&rq->json, k.env.settings);
    ll_json_end_obj(&rq->json);
    ll_complaining_close(&k);
    return rc;
}

/* ---- making one ---- */

static void read_new(struct ll_body *b, struct ll_complaint_new *n)
{
    n->kind = ll_body_text(b, "kind", 1, KIND, true);
    n->organisation = ll_body_text(b, "organisation", 1, NAME, false);
    n->product = ll_body_text(b, "product", 1, NAME, false);
    n->told.text = ll_body_text(b, "text", 1, LL_COMPLAINT_TEXT, true);
    n->told.wish = ll_body_text(b, "wish", 1, LL_COMPLAINT_WISH, false);
    n->contact.name = ll_body_text(b, "name", 1, LL_COMPLAINT_NAME, true);
    n->contact.phone = ll_body_text(b, "phone", 1, PHONE, true);
}

/* Who it is comes from the actor alone: on the public route even who is signed in gets a number and a code. */
static int make(struct ll_app *app, struct ll_request *rq, const struct ll_complaint_new *n,
                const struct ll_actor *actor, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT], code[LL_COMPLAINT_CODE];
    struct ll_complaint c;
    struct ll_complaining k;
    int rc;

    if ((rc = ll_complaint_prepare(ll_data_vault(app->data), err)) < 0 ||
        (rc = ll_complaining_open(app, rq, true, &k, err)) < 0)
        return rc;
    k.env.actor = actor;
    if ((rc = ll_complaint_add(&k.env, n, id, code, err)) == LL_OK &&
        (rc = ll_complaint_get(&k.env, id, &c, err)) == LL_OK) {
        const struct ll_actor owner = {.subject = c.subject ? c.subject : c.id};
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "id", id);
        ll_json_kz(&rq->json, "code", code[0] ? code : NULL);
        ll_json_key(&rq->json, "complaint");
        if ((rc = ll_complaining_put_own(&k, rq, &c, &owner, err)) == LL_OK)
            rc = ll_sharing_commit(app, &k.c.s, err);
        ll_json_end_obj(&rq->json);
    }
    ll_complaining_close(&k);
    rq->status = 201;
    return rc;
}

int ll_h_complaint_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_actor anybody = {.account = NULL};
    struct ll_complaint_new n = {.kind = NULL};
    struct ll_body b;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0)
        return rc;
    ll_body_open(&b, rq, err);
    read_new(&b, &n);
    return (rc = ll_body_end(&b)) < 0 ? rc : make(app, rq, &n, &anybody, err);
}

int ll_h_me_complaint_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaint_new n = {.kind = NULL};
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_new(&b, &n);
    n.loan_case = ll_body_text(&b, "loan_case", 1, ID, false);
    return (rc = ll_body_end(&b)) < 0 ? rc : make(app, rq, &n, &rq->actor, err);
}

/* ---- by number and code ---- */

/* A wrong code is counted, whatever the answer. */
static int find(struct ll_complaining *k, const char *id, const char *code, struct ll_complaint *c,
                struct ll_err *err)
{
    struct ll_err wrong;
    int rc = ll_complaint_open(&k->env, id, code, c, &wrong), kept = LL_OK;

    if (rc == LL_NOTFOUND && (kept = ll_txn_commit(k->env.tx, err)) < 0)
        return kept;
    if (rc < 0)
        *err = wrong;
    return rc;
}

static int follow(struct ll_app *app, struct ll_request *rq, const char *id, const char *code,
                  const struct ll_complaint_act *act, struct ll_err *err)
{
    struct ll_complaint_act mine;
    struct ll_complaining k;
    struct ll_complaint c;
    int rc = ll_complaining_open(app, rq, true, &k, err);

    if (rc < 0)
        return rc;
    const struct ll_actor owner = {.subject = id};
    if ((rc = find(&k, id, code, &c, err)) == LL_OK && act) {
        mine = *act;
        mine.flow.actor = &owner;
        if ((rc = ll_complaint_act(&k.env, &c, &mine, err)) == LL_OK)
            rc = ll_complaint_get(&k.env, id, &c, err);
    }
    if (rc == LL_OK && (rc = ll_complaining_put_own(&k, rq, &c, &owner, err)) == LL_OK && act)
        rc = ll_sharing_commit(app, &k.c.s, err);
    ll_complaining_close(&k);
    return rc;
}

int ll_h_complaint_follow(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id, *code;
    struct ll_body b;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0)
        return rc;
    ll_body_open(&b, rq, err);
    id = ll_body_text(&b, "id", 1, ID, true);
    code = ll_body_text(&b, "code", 1, CODE, true);
    return (rc = ll_body_end(&b)) < 0 ? rc : follow(app, rq, id, code, NULL, err);
}

int ll_h_complaint_follow_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaint_act act;
    const char *id, *code;
    struct ll_body b;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0)
        return rc;
    ll_body_open(&b, rq, err);
    id = ll_body_text(&b, "id", 1, ID, true);
    code = ll_body_text(&b, "code", 1, CODE, true);
    ll_complaining_act(&b, rq, &act);
    return (rc = ll_body_end(&b)) < 0 ? rc : follow(app, rq, id, code, &act, err);
}

/* ---- a subject its own ---- */

static int get_own(const struct ll_complaining *k, struct ll_request *rq, const char *id,
                   struct ll_complaint *c, struct ll_err *err)
{
    int rc = ll_complaint_get(&k->env, id, c, err);

    if (rc == LL_OK && (!c->subject || !ll_str_is(ll_str(c->subject), rq->actor.subject)))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的投诉", "there is no complaint %s", id);
    return rc;
}

int ll_h_me_complaints_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_complaint_query q = {.subject = rq->actor.subject,
                                         .offset = (size_t)ll_arg(rq, LL_P_ME_COMPLAINTS_LIST_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_ME_COMPLAINTS_LIST_LIMIT)->i};
    struct ll_complaining k;
    int rc = ll_complaining_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = ll_complaining_page(&k, rq, &q, err);
    ll_complaining_close(&k);
    return rc;
}

int ll_h_me_complaint_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_complaining k;
    struct ll_complaint c;
    int rc = ll_complaining_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = get_own(&k, rq, ll_arg(rq, LL_P_ME_COMPLAINT_SHOW_ID)->s.p, &c, err)) == LL_OK)
        rc = ll_complaining_put_own(&k, rq, &c, &rq->actor, err);
    ll_complaining_close(&k);
    return rc;
}

int ll_h_me_complaint_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ME_COMPLAINT_ACT_ID)->s.p;
    struct ll_complaint_act act;
    struct ll_complaining k;
    struct ll_complaint c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_complaining_act(&b, rq, &act);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_complaining_open(app, rq, true, &k, err)) < 0)
        return rc;
    if ((rc = get_own(&k, rq, id, &c, err)) == LL_OK &&
        (rc = ll_complaint_act(&k.env, &c, &act, err)) == LL_OK &&
        (rc = get_own(&k, rq, id, &c, err)) == LL_OK &&
        (rc = ll_complaining_put_own(&k, rq, &c, &rq->actor, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.c.s, err);
    ll_complaining_close(&k);
    return rc;
}
