/* handle_grant.c - grants: listed, shown, suspended, resumed, revoked, renewed. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/grant.h"

int ll_h_grants_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_grant_query q = {.either = rq->only,
                                     .resource = ll_arg(rq, LL_P_GRANTS_LIST_RESOURCE)->s.p,
                                     .state = ll_arg(rq, LL_P_GRANTS_LIST_STATE)->s.p,
                                     .sort = ll_arg(rq, LL_P_GRANTS_LIST_SORT)->s.p,
                                     .offset = (size_t)ll_arg(rq, LL_P_GRANTS_LIST_OFFSET)->i,
                                     .limit = (size_t)ll_arg(rq, LL_P_GRANTS_LIST_LIMIT)->i};
    struct ll_sharing s;
    struct ll_grant *list;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_grant_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++)
            ll_grant_json(&rq->json, &list[i], &rq->actor);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    struct ll_grant g;
    int rc = ll_grant_get(s->tx, id, rq->arena, &g, err);

    (void)app;
    if (rc < 0)
        return rc;
    if (!ll_sharing_sees(rq, g.organisation, g.provider))
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的授权", "there is no grant %s", id);
    const struct ll_flow_object o = ll_grant_object(&g);
    ll_json_obj(&rq->json);
    ll_grant_put(&rq->json, &g);
    if ((rc = ll_sharing_history(s->tx, rq, LL_FLOW_GRANT, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_grant_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_GRANT_SHOW_ID)->s.p, show, err);
}

int ll_h_grant_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_GRANT_ACT_ID)->s.p;
    struct ll_flow_act act;
    struct ll_sharing s;
    struct ll_body b;
    int64_t until;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    const char *day = ll_body_text(&b, "until", 10, 10, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_day_end("until", day, &until, err)) < 0 ||
        (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_grant_act(s.tx, id, &act, until, err)) == LL_OK &&
        (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}
