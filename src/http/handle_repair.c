/* handle_repair.c - credit repair: asked for by the subject itself, decided at the desks of the platform and of who recognised the fault. */
#include "apps/credit/repair.h"
#include "http/attaching.h"
#include "http/consenting.h"
#include "routes.gen.h"
#include "standard/convert.h"

enum { KEY_PARTS = 16, KEY_TEXT = 200, RULING_TEXT = 200 };

static struct ll_repair_env env_of(struct ll_app *app, struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_repair_env){.gateway = app->gateway,
                                  .tables = app->tables,
                                  .vault = ll_data_vault(app->data),
                                  .cat = s->cat,
                                  .tx = s->tx,
                                  .actor = &rq->actor,
                                  .arena = rq->arena};
}

/* The subject its own, its source and the platform theirs, once it is handed in; any other is as good as not there. */
static bool sees(const struct ll_request *rq, const struct ll_repair *r)
{
    if (rq->actor.subject)
        return ll_str_is(ll_str(r->subject), rq->actor.subject);
    return r->state != LL_STATE_REPAIR_DRAFT && ll_sharing_sees(rq, NULL, r->provider);
}

static int get(const struct ll_repair_env *env, struct ll_request *rq, const char *id, struct ll_repair *ret,
               struct ll_err *err)
{
    int rc = ll_repair_get(env, id, ret, err);

    if (rc == LL_OK && !sees(rq, ret))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的修复申请", "there is no repair %s", id);
    return rc;
}

static int put(const struct ll_repair_env *env, struct ll_request *rq, const struct ll_repair *r,
               struct ll_err *err)
{
    const struct ll_flow_object object = ll_repair_object(r);
    int rc;

    ll_json_obj(&rq->json);
    if ((rc = ll_repair_put(env, r, &rq->json, err)) < 0)
        return rc;
    rc = rq->actor.subject ? ll_sharing_progress(env->tx, rq, LL_FLOW_REPAIR, r->id, err)
                           : ll_sharing_history(env->tx, rq, LL_FLOW_REPAIR, r->id, err);
    if (rc < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &object, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int show(const struct ll_repair_env *env, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_repair r;
    int rc = get(env, rq, id, &r, err);

    return rc < 0 ? rc : put(env, rq, &r, err);
}

/* --- both sides ---------------------------------------------------------------------------------------------------------- */

static int list(struct ll_app *app, struct ll_request *rq, const struct ll_repair_query *q,
                struct ll_err *err)
{
    struct ll_repair *found;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_repair_env env = env_of(app, rq, &s);
    if ((rc = ll_repair_list(&env, q, &found, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = put(&env, rq, &found[i], err);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show_in(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                   struct ll_err *err)
{
    const struct ll_repair_env env = env_of(app, rq, s);

    return show(&env, rq, id, err);
}

/* Who does not see it cannot take a step, either. */
static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_repair_env env = env_of(app, rq, s);
    struct ll_repair r;
    int rc = get(&env, rq, id, &r, err);

    return rc < 0 ? rc : ll_repair_act(&env, id, act, err);
}

static int fetch(struct ll_app *app, struct ll_request *rq, const char *id, const char *hash,
                 struct ll_err *err)
{
    struct ll_attachment a;
    struct ll_repair r;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_repair_env env = env_of(app, rq, &s);
    if ((rc = get(&env, rq, id, &r, err)) == LL_OK)
        rc = ll_attachment_find(s.tx, id, hash, rq->arena, &a, err);
    ll_sharing_close(&s);
    return rc < 0 ? rc : ll_attaching_send(app, rq, &a, err);
}

/* --- the subject --------------------------------------------------------------------------------------------------------- */

int ll_h_me_repairs_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_repair_query q = {.subject = rq->actor.subject,
                                      .offset = (size_t)ll_arg(rq, LL_P_ME_REPAIRS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_ME_REPAIRS_LIST_LIMIT)->i};

    return list(app, rq, &q, err);
}

int ll_h_me_repair_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_ME_REPAIR_SHOW_ID)->s.p, show_in, err);
}

static int read_ground(struct ll_repair_ask *ask, const char *ground, const char *ruled, struct ll_err *err)
{
    ask->ground = ground ? ll_repair_ground_parse(ll_str(ground)) : LL_REPAIR_FULFILLED;
    ask->ruled_day = LL_PUBLIC_NO_DAY;
    if (ask->ground == LL_REPAIR_GROUNDS)
        return ll_fail(err, LL_USAGE, "ground 应为 fulfilled 或 reorganised",
                       "ground is fulfilled or reorganised");
    if (ruled && ll_cv_date(ll_str(ruled), &ask->ruled_day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "ruled_on“%s”不是日期，应写成 2026-01-31",
                       "ruled_on '%s' is not a date; write it as 2026-01-31", ruled);
    return LL_OK;
}

int ll_h_me_repair_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_repair_ask ask = {.n_key = 0};
    struct ll_consent_self me;
    char id[LL_FLOW_ID_TEXT];
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ask.resource = ll_body_text(&b, "resource", 1, 64, true);
    ask.n_key = ll_body_texts(&b, "key", KEY_PARTS, KEY_TEXT, &ask.key);
    ask.statement = ll_body_text(&b, "statement", 1, LL_REPAIR_TEXT_MAX, true);
    ask.commitment = ll_body_text(&b, "commitment", 1, LL_REPAIR_TEXT_MAX, true);
    const char *ground = ll_body_text(&b, "ground", 1, 16, false),
               *ruled = ll_body_text(&b, "ruled_on", 10, 10, false);
    ask.court = ll_body_text(&b, "court", 1, RULING_TEXT, false);
    ask.ruling = ll_body_text(&b, "ruling", 1, RULING_TEXT, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_ground(&ask, ground, ruled, err)) < 0 ||
        (rc = ll_consenting_self(app, rq, true, &c, &me, err)) < 0)
        return rc;
    ask.scheme = me.scheme;
    ask.value = me.value;
    const struct ll_repair_env env = env_of(app, rq, &c.s);
    if ((rc = ll_repair_add(&env, &ask, id, err)) == LL_OK && (rc = show(&env, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

int ll_h_me_repair_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_ME_REPAIR_ACT_ID)->s.p, step, show_in, err);
}

int ll_h_me_repair_attach_begin(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_attaching_begin(app, rq, s.tx, ll_arg(rq, LL_P_ME_REPAIR_ATTACH_ID)->s.p, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_me_repair_attach(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_attaching_keep(rq, s.tx, ll_arg(rq, LL_P_ME_REPAIR_ATTACH_ID)->s.p,
                                ll_arg(rq, LL_P_ME_REPAIR_ATTACH_NAME)->s.p, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

int ll_h_me_repair_attachment(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return fetch(app, rq, ll_arg(rq, LL_P_ME_REPAIR_ATTACHMENT_ID)->s.p,
                 ll_arg(rq, LL_P_ME_REPAIR_ATTACHMENT_HASH)->s.p, err);
}

/* --- the desks ----------------------------------------------------------------------------------------------------------- */

int ll_h_repairs_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_repair_query q = {.provider = rq->only,
                                      .state = ll_arg(rq, LL_P_REPAIRS_LIST_STATE)->s.p,
                                      .sort = ll_arg(rq, LL_P_REPAIRS_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_REPAIRS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_REPAIRS_LIST_LIMIT)->i};

    return list(app, rq, &q, err);
}

int ll_h_repair_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_REPAIR_SHOW_ID)->s.p, show_in, err);
}

int ll_h_repair_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_REPAIR_ACT_ID)->s.p, step, show_in, err);
}

int ll_h_repair_attachment(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return fetch(app, rq, ll_arg(rq, LL_P_REPAIR_ATTACHMENT_ID)->s.p,
                 ll_arg(rq, LL_P_REPAIR_ATTACHMENT_HASH)->s.p, err);
}
