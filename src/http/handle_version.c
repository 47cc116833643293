/* handle_version.c - products of institutions and policies of departments as they are written: drafts, versions, what changed, and the steps to being published. */
#include "apps/finance/policy_version.h"
#include "apps/finance/product_version.h"
#include "http/sharing.h"
#include "routes.gen.h"

static struct ll_market_env env_of(struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_market_env){.tx = s->tx, .cat = s->cat, .actor = &rq->actor, .arena = rq->arena};
}

static int put_card(struct ll_request *rq, const struct ll_version_kind *k, const struct ll_market_env *env,
                    const struct ll_version *v, struct ll_err *err)
{
    int rc;

    ll_json_obj(&rq->json);
    rc = ll_version_put(&rq->json, k, env, v, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

static int list(struct ll_app *app, struct ll_request *rq, const struct ll_version_kind *k,
                const struct ll_version_query *q, struct ll_err *err)
{
    struct ll_version *rows;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_versions_list(k, &env, q, &rows, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = put_card(rq, k, &env, &rows[i], err);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

/* ---- one version ---- */

/* What is published beside it, so that whoever decides sees what would change. */
static int put_before(struct ll_request *rq, const struct ll_version_kind *k, const struct ll_market_env *env,
                      const struct ll_version *v, struct ll_err *err)
{
    struct ll_version before;
    int rc = ll_version_published(k, env, v->code, &before, err);

    if (rc > 0)
        return ll_version_put_made(&rq->json, "before", k, env, &before, err);
    ll_json_kz(&rq->json, "before", NULL);
    return rc;
}

static int put_versions(struct ll_request *rq, const struct ll_version_kind *k,
                        const struct ll_market_env *env, const char *code, struct ll_err *err)
{
    enum { SHOWN = 100 };
    const struct ll_version_query q = {.code = code, .limit = SHOWN};
    struct ll_version *rows;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_versions_list(k, env, &q, &rows, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_json_key(&rq->json, "versions");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = put_card(rq, k, env, &rows[i], err);
    ll_json_end_arr(&rq->json);
    return rc;
}

static int put_whole(struct ll_request *rq, const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_version *v, struct ll_err *err)
{
    const struct ll_flow_object o = ll_version_object(k, v);
    struct ll_form form;
    int rc = ll_form_parse(k->form, ll_str(v->text), rq->arena, &form, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    if ((rc = ll_version_put(&rq->json, k, env, v, err)) < 0)
        return rc;
    ll_json_key(&rq->json, "form");
    ll_form_put(&rq->json, &form);
    if ((rc = ll_version_put_made(&rq->json, k->member, k, env, v, err)) < 0 ||
        (rc = put_before(rq, k, env, v, err)) < 0 || (rc = put_versions(rq, k, env, v->code, err)) < 0 ||
        (rc = ll_sharing_history(env->tx, rq, k->flow, v->id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int show(struct ll_sharing *s, struct ll_request *rq, const struct ll_version_kind *k, const char *id,
                struct ll_err *err)
{
    const struct ll_market_env env = env_of(rq, s);
    struct ll_version v;
    int rc = ll_version_get(k, &env, id, &v, err);

    if (rc < 0)
        return rc;
    return ll_sharing_sees(rq, v.organisation, NULL)
               ? put_whole(rq, k, &env, &v, err)
               : ll_fail(err, LL_NOTFOUND, "没有版本 %.40s", "there is no version %.40s", id);
}

/* ---- writing ---- */

struct written {
    struct ll_form form;
    const char *note, *code;
};

/* {"form", "note", "code"}; code only where something that is there may be named. */
static int read_written(struct ll_request *rq, const struct ll_version_kind *k, bool names, struct written *w,
                        struct ll_err *err)
{
    enum { CODE = 64 };
    struct ll_body b;
    int rc, of_form = LL_OK;

    *w = (struct written){.note = NULL};
    ll_body_open(&b, rq, err);
    const json_t *form = ll_body_any(&b, "form", true);
    w->note = ll_body_text(&b, "note", 1, LL_VERSION_NOTE, false);
    if (names)
        w->code = ll_body_text(&b, "code", 1, CODE, false);
    if (form)
        of_form = ll_form_read(k->form, form, rq->arena, &w->form, err);
    rc = ll_body_end(&b);
    return rc < 0 ? rc : of_form;
}

static int add(struct ll_app *app, struct ll_request *rq, const struct ll_version_kind *k, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT];
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, k, true, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_version_add(k, &env, w.code, &w.form, w.note, id, err)) == LL_OK &&
        (rc = show(&s, rq, k, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

static int change(struct ll_app *app, struct ll_request *rq, const struct ll_version_kind *k, const char *id,
                  struct ll_err *err)
{
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, k, false, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_version_change(k, &env, id, &w.form, w.note, err)) == LL_OK &&
        (rc = show(&s, rq, k, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

/* ---- what a form comes to, as it is typed ---- */

static int put_check(struct ll_request *rq, const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_form *form, struct ll_err *err)
{
    const struct ll_organisation *own = ll_catalog_organisation(env->cat, ll_str(rq->actor.organisation));
    const struct ll_form_owner owner = {
        .code = "draft",
        .organisation = rq->actor.organisation,
        .title = {own ? own->name : rq->actor.organisation, own ? own->name_en : NULL}};
    struct ll_version_checked checked;
    int rc = ll_version_check(k, env, form, &checked, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_form_put_faults(&rq->json, checked.faults, checked.n);
    if ((rc = ll_form_put_rules(&rq->json, form, &checked.on, err)) < 0 ||
        (rc = ll_form_put_made(&rq->json, k->member, k, env, form, &owner, err)) < 0)
        return rc;
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int check(struct ll_app *app, struct ll_request *rq, const struct ll_version_kind *k,
                 struct ll_err *err)
{
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, k, false, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    rc = put_check(rq, k, &env, &w.form, err);
    ll_sharing_close(&s);
    return rc;
}

/* ---- the routes: the same for each kind ---- */

/* NAME: of the routes' parameters; name: of the handlers. */
#define ROUTES(NAME, name, kind)                                                                             \
    static int show_##name(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,  \
                           struct ll_err *err)                                                               \
    {                                                                                                        \
        (void)app;                                                                                           \
        return show(s, rq, &(kind), id, err);                                                                \
    }                                                                                                        \
    static int step_##name(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,  \
                           const struct ll_flow_act *act, struct ll_err *err)                                \
    {                                                                                                        \
        const struct ll_market_env env = env_of(rq, s);                                                      \
                                                                                                             \
        (void)app;                                                                                           \
        return ll_version_act(&(kind), &env, id, act, err);                                                  \
    }                                                                                                        \
    int ll_h_market_##name##_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)             \
    {                                                                                                        \
        return ll_sharing_show(app, rq, ll_arg(rq, LL_P_MARKET_##NAME##_SHOW_ID)->s.p, show_##name, err);    \
    }                                                                                                        \
    int ll_h_market_##name##_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)              \
    {                                                                                                        \
        return add(app, rq, &(kind), err);                                                                   \
    }                                                                                                        \
    int ll_h_market_##name##_change(struct ll_app *app, struct ll_request *rq, struct ll_err *err)           \
    {                                                                                                        \
        return change(app, rq, &(kind), ll_arg(rq, LL_P_MARKET_##NAME##_CHANGE_ID)->s.p, err);               \
    }                                                                                                        \
    int ll_h_market_##name##_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)              \
    {                                                                                                        \
        return ll_sharing_step(app, rq, ll_arg(rq, LL_P_MARKET_##NAME##_ACT_ID)->s.p, step_##name,           \
                               show_##name, err);                                                            \
    }                                                                                                        \
    int ll_h_market_##name##_check(struct ll_app *app, struct ll_request *rq, struct ll_err *err)            \
    {                                                                                                        \
        return check(app, rq, &(kind), err);                                                                 \
    }

ROUTES(PRODUCT, product, ll_product_versions)
ROUTES(POLICY, policy, ll_policy_versions)

static const char *text_of(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

int ll_h_market_products(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_version_query q = {.organisation = rq->only,
                                       .state = text_of(ll_arg(rq, LL_P_MARKET_PRODUCTS_STATE)),
                                       .sort = text_of(ll_arg(rq, LL_P_MARKET_PRODUCTS_SORT)),
                                       .offset = (size_t)ll_arg(rq, LL_P_MARKET_PRODUCTS_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_MARKET_PRODUCTS_LIMIT)->i};

    return list(app, rq, &ll_product_versions, &q, err);
}

int ll_h_market_policies(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_version_query q = {.organisation = rq->only,
                                       .state = text_of(ll_arg(rq, LL_P_MARKET_POLICIES_STATE)),
                                       .sort = text_of(ll_arg(rq, LL_P_MARKET_POLICIES_SORT)),
                                       .offset = (size_t)ll_arg(rq, LL_P_MARKET_POLICIES_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_MARKET_POLICIES_LIMIT)->i};

    return list(app, rq, &ll_policy_versions, &q, err);
}
