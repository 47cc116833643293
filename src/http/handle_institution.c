/* handle_institution.c - financial institutions: those that are listed, for anybody; an institution's own, and all of them for the platform, with their steps. */
#include "apps/finance/institution.h"
#include "apps/finance/product_live.h"
#include "http/sharing.h"
#include "http/site.h"
#include "routes.gen.h"

static struct ll_market_env env_of(struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_market_env){.tx = s->tx, .cat = s->cat, .actor = &rq->actor, .arena = rq->arena};
}

static int put_page(struct ll_request *rq, const struct ll_market_env *env,
                    const struct ll_institution_query *q, bool whole, struct ll_err *err)
{
    struct ll_institution *list;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_institutions_list(env, q, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_institution_put(&rq->json, env->cat, &list[i], whole);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    return LL_OK;
}

static const char *text_of(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

/* ---- for anybody ---- */

int ll_h_institutions_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *sort = ll_arg(rq, LL_P_INSTITUTIONS_LIST_SORT);
    const struct ll_institution_query q = {.state = ll_state_word(LL_STATE_INSTITUTION_LISTED),
                                           .kind = text_of(ll_arg(rq, LL_P_INSTITUTIONS_LIST_KIND)),
                                           .q = text_of(ll_arg(rq, LL_P_INSTITUTIONS_LIST_Q)),
                                           .sort = sort->given ? sort->s.p : "title",
                                           .offset = (size_t)ll_arg(rq, LL_P_INSTITUTIONS_LIST_OFFSET)->i,
                                           .limit = (size_t)ll_arg(rq, LL_P_INSTITUTIONS_LIST_LIMIT)->i};
    struct ll_sharing s;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    rc = put_page(rq, &env, &q, false, err);
    ll_sharing_close(&s);
    return rc;
}

/* Its own products stand in the list of all; here they are picked from it. */
static int put_products(struct ll_app *app, struct ll_request *rq, const char *organisation,
                        struct ll_err *err)
{
    const struct ll_products_held *held = NULL;
    int rc = ll_products_live_get(app->products, &held, err);

    if (rc < 0 && rc != LL_NOTFOUND)
        return rc;
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; held && i < held->all->n; i++) {
        if (!ll_str_is(ll_str(organisation), held->all->list[i].organisation))
            continue;
        ll_json_obj(&rq->json);
        ll_product_put(&rq->json, held->cat, &held->all->list[i]);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
    ll_products_let_go(held);
    return LL_OK;
}

int ll_h_institution_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_institution i;
    struct ll_sharing s;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    rc = ll_institution_get(&env, ll_arg(rq, LL_P_INSTITUTION_SHOW_CODE)->s.p, &i, err);
    if (rc == LL_OK && i.state != LL_STATE_INSTITUTION_LISTED)
        rc = ll_fail(err, LL_NOTFOUND, "没有这个机构", "there is no such institution");
    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        ll_institution_put(&rq->json, env.cat, &i, false);
        rc = put_products(app, rq, i.organisation, err);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

/* ---- for those who work with it ---- */

int ll_h_market_institutions(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_institution_query q = {.organisation = rq->only,
                                           .state = text_of(ll_arg(rq, LL_P_MARKET_INSTITUTIONS_STATE)),
                                           .sort = text_of(ll_arg(rq, LL_P_MARKET_INSTITUTIONS_SORT)),
                                           .offset = (size_t)ll_arg(rq, LL_P_MARKET_INSTITUTIONS_OFFSET)->i,
                                           .limit = (size_t)ll_arg(rq, LL_P_MARKET_INSTITUTIONS_LIMIT)->i};
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    rc = put_page(rq, &env, &q, true, err);
    ll_sharing_close(&s);
    return rc;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *organisation,
                struct ll_err *err)
{
    const struct ll_market_env env = env_of(rq, s);
    struct ll_institution i;
    int rc = ll_sharing_sees(rq, organisation, NULL)
                 ? ll_institution_get(&env, organisation, &i, err)
                 : ll_fail(err, LL_NOTFOUND, "没有这个机构", "there is no such institution");

    (void)app;
    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_institution_object(&i);
    ll_json_obj(&rq->json);
    ll_institution_put(&rq->json, env.cat, &i, true);
    rc = ll_sharing_history(s->tx, rq, LL_FLOW_INSTITUTION, i.id, err);
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_market_institution_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_MARKET_INSTITUTION_SHOW_CODE)->s.p, show, err);
}

int ll_h_market_institution_say(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum { KIND = 2, LICENCE = 40, CODE = 64, NAME = 60, PHONE = 30, ABOUT = 1000, REGION = 12 };
    struct ll_institution_said said = {.kind = NULL};
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    said.kind = ll_body_text(&b, "kind", 1, KIND, true);
    said.licence = ll_body_text(&b, "licence", 1, LICENCE, true);
    said.n_regions = ll_body_texts(&b, "regions", LL_INSTITUTION_REGIONS, REGION, &said.regions);
    said.parent = ll_body_text(&b, "parent", 1, CODE, false);
    said.contact = ll_body_text(&b, "contact", 1, NAME, true);
    said.phone = ll_body_text(&b, "phone", 1, PHONE, true);
    said.about = ll_body_text(&b, "about", 1, ABOUT, false);
    said.about_en = ll_body_text(&b, "about_en", 1, 2 * ABOUT, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_market_env env = env_of(rq, &s);
    const char *own = rq->actor.organisation;
    if ((rc = ll_institution_say(&env, own, &said, err)) == LL_OK &&
        (rc = show(app, &s, rq, own, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *organisation,
                const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_market_env env = env_of(rq, s);

    (void)app;
    return ll_institution_act(&env, organisation, act, err);
}

int ll_h_market_institution_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_MARKET_INSTITUTION_ACT_CODE)->s.p, step, show, err);
}
