/* handle_version.c - products of institutions as they are written: drafts, versions, what changed, and the steps to being published. */
#include "apps/finance/product_version.h"
#include "http/sharing.h"
#include "routes.gen.h"

static struct ll_market_env env_of(struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_market_env){.tx = s->tx, .cat = s->cat, .actor = &rq->actor, .arena = rq->arena};
}

static int put_card(struct ll_request *rq, const struct ll_market_env *env,
                    const struct ll_product_version *v, struct ll_err *err)
{
    int rc;

    ll_json_obj(&rq->json);
    rc = ll_version_put(&rq->json, env, v, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_market_products(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *state = ll_arg(rq, LL_P_MARKET_PRODUCTS_STATE);
    const struct ll_arg *sort = ll_arg(rq, LL_P_MARKET_PRODUCTS_SORT);
    const struct ll_version_query q = {.organisation = rq->only,
                                       .state = state->given ? state->s.p : NULL,
                                       .sort = sort->given ? sort->s.p : NULL,
                                       .offset = (size_t)ll_arg(rq, LL_P_MARKET_PRODUCTS_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_MARKET_PRODUCTS_LIMIT)->i};
    struct ll_product_version *list;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_versions_list(&env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = put_card(rq, &env, &list[i], err);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

/* ---- one version ---- */

/* NULL: null. */
static int put_product(struct ll_request *rq, const struct ll_market_env *env, const char *key,
                       const struct ll_product *p, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_key(&rq->json, key);
    if (!p) {
        ll_json_null(&rq->json);
        return LL_OK;
    }
    ll_json_obj(&rq->json);
    rc = ll_product_put_whole(&rq->json, env->cat, p, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

/* What is published beside it, so that whoever decides sees what would change. */
static int put_before(struct ll_request *rq, const struct ll_market_env *env,
                      const struct ll_product_version *v, struct ll_err *err)
{
    const struct ll_product *p = NULL;
    struct ll_product_version before;
    int rc = ll_version_published(env, v->code, &before, err);

    if (rc < 0 || (rc > 0 && (rc = ll_version_product(env, &before, &p, err)) < 0))
        return rc;
    return put_product(rq, env, "before", p, err);
}

static int put_versions(struct ll_request *rq, const struct ll_market_env *env, const char *code,
                        struct ll_err *err)
{
    enum { SHOWN = 100 };
    const struct ll_version_query q = {.code = code, .limit = SHOWN};
    struct ll_product_version *list;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_versions_list(env, &q, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_json_key(&rq->json, "versions");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = put_card(rq, env, &list[i], err);
    ll_json_end_arr(&rq->json);
    return rc;
}

static int put_whole(struct ll_request *rq, const struct ll_market_env *env,
                     const struct ll_product_version *v, struct ll_err *err)
{
    const struct ll_flow_object o = ll_version_object(v);
    const struct ll_product *p = NULL;
    struct ll_product_form form;
    int rc = ll_product_form_parse(ll_str(v->text), rq->arena, &form, err);

    if (rc < 0 || (rc = ll_version_product(env, v, &p, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    if ((rc = ll_version_put(&rq->json, env, v, err)) < 0)
        return rc;
    ll_json_key(&rq->json, "form");
    ll_product_form_put(&rq->json, &form);
    if ((rc = put_product(rq, env, "product", p, err)) < 0 || (rc = put_before(rq, env, v, err)) < 0 ||
        (rc = put_versions(rq, env, v->code, err)) < 0 ||
        (rc = ll_sharing_history(env->tx, rq, LL_FLOW_PRODUCT, v->id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    const struct ll_market_env env = env_of(rq, s);
    struct ll_product_version v;
    int rc = ll_version_get(&env, id, &v, err);

    (void)app;
    if (rc < 0)
        return rc;
    return ll_sharing_sees(rq, v.organisation, NULL) ? put_whole(rq, &env, &v, err)
                                                     : ll_fail(err, LL_NOTFOUND, "没有产品版本 %.40s",
                                                               "there is no version %.40s of a product", id);
}

int ll_h_market_product_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_MARKET_PRODUCT_SHOW_ID)->s.p, show, err);
}

/* ---- writing ---- */

struct written {
    struct ll_product_form form;
    const char *note, *code;
};

/* {"form", "note", "code"}; code only where a product may be named. */
static int read_written(struct ll_request *rq, bool names, struct written *w, struct ll_err *err)
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
        of_form = ll_product_form_read(form, rq->arena, &w->form, err);
    rc = ll_body_end(&b);
    return rc < 0 ? rc : of_form;
}

int ll_h_market_product_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT];
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, true, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_version_add(&env, w.code, &w.form, w.note, id, err)) == LL_OK &&
        (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

int ll_h_market_product_change(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_MARKET_PRODUCT_CHANGE_ID)->s.p;
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, false, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    if ((rc = ll_version_change(&env, id, &w.form, w.note, err)) == LL_OK &&
        (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_market_env env = env_of(rq, s);

    (void)app;
    return ll_version_act(&env, id, act, err);
}

int ll_h_market_product_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_MARKET_PRODUCT_ACT_ID)->s.p, step, show, err);
}

/* ---- what a form comes to, as it is typed ---- */

static void put_faults(struct ll_request *rq, const struct ll_form_fault *faults, size_t n)
{
    ll_json_key(&rq->json, "faults");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "field", faults[i].field);
        ll_json_kz(&rq->json, "text", faults[i].text[LL_ZH]);
        ll_json_kz(&rq->json, "text_en", faults[i].text[LL_EN]);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
}

static int put_check(struct ll_request *rq, const struct ll_market_env *env,
                     const struct ll_product_form *form, struct ll_err *err)
{
    const struct ll_organisation *own = ll_catalog_organisation(env->cat, ll_str(rq->actor.organisation));
    const struct ll_product_owner owner = {
        .code = "draft",
        .organisation = rq->actor.organisation,
        .title = {own ? own->name : rq->actor.organisation, own ? own->name_en : NULL}};
    const struct ll_feature_set *set = NULL;
    const struct ll_product *p = NULL;
    struct ll_form_fault *faults;
    size_t n = 0;
    int rc = ll_features_read(env->tx, env->cat, rq->arena, &set, err);

    if (rc < 0 || (rc = ll_product_form_check(form, set, env->cat, rq->arena, &faults, &n, err)) < 0 ||
        (rc = ll_form_product(env, form, &owner, &p, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    put_faults(rq, faults, n);
    if ((rc = ll_product_form_put_rules(&rq->json, form, set, rq->arena, err)) < 0 ||
        (rc = put_product(rq, env, "product", p, err)) < 0)
        return rc;
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_market_product_check(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    struct written w;
    int rc = read_written(rq, false, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    rc = put_check(rq, &env, &w.form, err);
    ll_sharing_close(&s);
    return rc;
}
