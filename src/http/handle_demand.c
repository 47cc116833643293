/* handle_demand.c - demands, the supply-demand list, and resources that nobody calls. */
#include "http/sharing.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/demand.h"

#include "base/clock.h"

enum { DAY_MS = 86400000 };

int ll_h_demands_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_demand_query q = {.state = ll_arg(rq, LL_P_DEMANDS_LIST_STATE)->s.p,
                                      .list = ll_arg(rq, LL_P_DEMANDS_LIST_LIST)->s.p,
                                      .waiting = ll_arg(rq, LL_P_DEMANDS_LIST_WAITING)->i != 0,
                                      .sort = ll_arg(rq, LL_P_DEMANDS_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_DEMANDS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_DEMANDS_LIST_LIMIT)->i};
    struct ll_sharing s;
    struct ll_demand *list;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_demand_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_demand_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show_in(struct ll_txn *tx, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_demand d;
    int rc = ll_demand_get(tx, id, rq->arena, &d, err);

    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_demand_object(&d);
    ll_json_obj(&rq->json);
    ll_demand_put(&rq->json, &d);
    if ((rc = ll_demand_put_candidates(tx, id, &rq->json, err)) < 0 ||
        (rc = ll_sharing_history(tx, rq, LL_FLOW_DEMAND, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int show(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = show_in(s.tx, rq, id, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_demand_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show(app, rq, ll_arg(rq, LL_P_DEMAND_SHOW_ID)->s.p, err);
}

int ll_h_demand_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    struct ll_demand draft = {0};
    char id[LL_FLOW_ID_TEXT];
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    draft.title = ll_body_text(&b, "title", 2, 200, true);
    draft.what = ll_body_text(&b, "what", 2, LL_DEMAND_TEXT_MAX, true);
    draft.purpose = ll_body_text(&b, "purpose", 1, LL_DEMAND_TEXT_MAX, true);
    draft.scenario = ll_body_text(&b, "scenario", 1, 100, false);
    draft.legal_basis = ll_body_text(&b, "legal_basis", 1, LL_REASON_MAX, true);
    draft.urgency = ll_body_text(&b, "urgency", 1, 10, false);
    draft.items = ll_body_text(&b, "items", 0, LL_DEMAND_TEXT_MAX, false);
    draft.provider = ll_body_text(&b, "provider", 1, 64, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_catalog_live_get(app->catalog, true, &cat, err)) < 0)
        return rc;
    rc = ll_demand_add(ll_data_store(app->data), cat, &draft, &rq->actor, id, err);
    ll_catalog_unref(cat);
    if (rc < 0)
        return rc;
    rq->status = 201;
    return show(app, rq, id, err);
}

int ll_h_demand_match(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DEMAND_MATCH_ID)->s.p;
    struct ll_catalog *cat = NULL;
    int rc = ll_catalog_live_get(app->catalog, true, &cat, err);

    if (rc < 0)
        return rc;
    rc = ll_demand_match(ll_data_store(app->data), cat, id, err);
    ll_catalog_unref(cat);
    return rc < 0 ? rc : show(app, rq, id, err);
}

int ll_h_demand_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DEMAND_ACT_ID)->s.p;
    struct ll_flow_act act;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    const char *provider = ll_body_text(&b, "provider", 1, 64, false);
    const char *resource = ll_body_text(&b, "resource", 1, 64, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_demand_act(s.tx, s.cat, id, &act, provider, resource, err)) == LL_OK &&
        (rc = show_in(s.tx, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_demands_publish(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char list[LL_FLOW_ID_TEXT];
    struct ll_sharing s;
    struct ll_body b;
    size_t n;
    int rc;

    ll_body_open(&b, rq, err);
    const char *title = ll_body_text(&b, "title", 2, 200, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_demand_publish(s.tx, title, &rq->actor, list, &n, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    if (rc < 0)
        return rc;
    rq->status = 201;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "list", list);
    ll_json_ki(&rq->json, "demands", (int64_t)n);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_idle_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_idle_query q = {.sort = ll_arg(rq, LL_P_IDLE_LIST_SORT)->s.p,
                                    .offset = (size_t)ll_arg(rq, LL_P_IDLE_LIST_OFFSET)->i,
                                    .limit = (size_t)ll_arg(rq, LL_P_IDLE_LIST_LIMIT)->i};
    struct ll_sharing s;
    struct ll_idle *list;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_idle_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_json_kz(&rq->json, "resource", list[i].resource);
            ll_write_time(&rq->json, "since", list[i].since);
            ll_json_ki(&rq->json, "age_days", (ll_now_ms() - list[i].since) / DAY_MS);
            ll_json_ki(&rq->json, "grants", list[i].grants);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}
