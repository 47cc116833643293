/* handle_anomaly.c - what was unusual about calls, and what the security administrator decides about it. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/anomaly.h"

int ll_h_anomalies_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_anomaly_query q = {.state = ll_arg(rq, LL_P_ANOMALIES_LIST_STATE)->s.p,
                                       .sort = ll_arg(rq, LL_P_ANOMALIES_LIST_SORT)->s.p,
                                       .offset = (size_t)ll_arg(rq, LL_P_ANOMALIES_LIST_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_ANOMALIES_LIST_LIMIT)->i};
    struct ll_anomaly *list;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n;
    int rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    if ((rc = ll_anomaly_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_anomaly_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    struct ll_anomaly a;
    int rc = ll_anomaly_get(s->tx, id, rq->arena, &a, err);

    (void)app;
    if (rc < 0)
        return rc;
    const struct ll_flow_object object = ll_anomaly_object(&a);
    ll_json_obj(&rq->json);
    ll_anomaly_put(&rq->json, &a);
    if ((rc = ll_sharing_history(s->tx, rq, LL_FLOW_ANOMALY, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &object, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_anomaly_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_ANOMALY_SHOW_ID)->s.p, show, err);
}

static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                const struct ll_flow_act *act, struct ll_err *err)
{
    (void)app;
    (void)rq;
    return ll_anomaly_act(s->tx, id, act, err);
}

int ll_h_anomaly_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_ANOMALY_ACT_ID)->s.p, step, show, err);
}
