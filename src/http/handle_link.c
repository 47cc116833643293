/* handle_link.c - linked records: the queue, why, what persons decide, and back again. */
#include "apps/credit/link_explain.h"
#include "http/sharing.h"
#include "routes.gen.h"

static const char *text_or_null(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

int ll_h_link_runs_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_link_query q = {.model = text_or_null(ll_arg(rq, LL_P_LINK_RUNS_LIST_MODEL)),
                                    .state = text_or_null(ll_arg(rq, LL_P_LINK_RUNS_LIST_STATE)),
                                    .sort = text_or_null(ll_arg(rq, LL_P_LINK_RUNS_LIST_SORT)),
                                    .offset = ll_arg(rq, LL_P_LINK_RUNS_LIST_OFFSET)->i,
                                    .limit = ll_arg(rq, LL_P_LINK_RUNS_LIST_LIMIT)->i};
    struct ll_link_run *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_run_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, q.offset, q.limit);
        for (size_t i = 0; i < n; i++)
            ll_link_run_put(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_link_pairs_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *state = text_or_null(ll_arg(rq, LL_P_LINK_PAIRS_LIST_STATE));
    const struct ll_link_query q = {.model = text_or_null(ll_arg(rq, LL_P_LINK_PAIRS_LIST_MODEL)),
                                    .state = state ? state : "review",
                                    .sort = text_or_null(ll_arg(rq, LL_P_LINK_PAIRS_LIST_SORT)),
                                    .offset = ll_arg(rq, LL_P_LINK_PAIRS_LIST_OFFSET)->i,
                                    .limit = ll_arg(rq, LL_P_LINK_PAIRS_LIST_LIMIT)->i};
    struct ll_link_pair *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_pair_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, q.offset, q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_link_pair_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_link_pair_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_link_explained e;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_explain(s.tx, ll_arg(rq, LL_P_LINK_PAIR_SHOW_ID)->i, rq->arena, &e, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_link_explained_put(&rq->json, &e);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_link_cluster(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *model = ll_arg(rq, LL_P_LINK_CLUSTER_MODEL)->s.p,
               *record = ll_arg(rq, LL_P_LINK_CLUSTER_RECORD)->s.p;
    const char **list;
    struct ll_sharing s;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_cluster(s.tx, model, record, rq->arena, &list, &n, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "model", model);
        ll_json_kz(&rq->json, "record", record);
        ll_json_key(&rq->json, "records");
        ll_json_arr(&rq->json);
        for (size_t i = 0; i < n; i++)
            ll_json_z(&rq->json, list[i]);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_link_acts_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *pair = ll_arg(rq, LL_P_LINK_ACTS_LIST_PAIR);
    const struct ll_link_query q = {.model = text_or_null(ll_arg(rq, LL_P_LINK_ACTS_LIST_MODEL)),
                                    .pair = pair->given ? pair->i : 0,
                                    .sort = text_or_null(ll_arg(rq, LL_P_LINK_ACTS_LIST_SORT)),
                                    .offset = ll_arg(rq, LL_P_LINK_ACTS_LIST_OFFSET)->i,
                                    .limit = ll_arg(rq, LL_P_LINK_ACTS_LIST_LIMIT)->i};
    struct ll_link_act *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_act_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, q.offset, q.limit);
        for (size_t i = 0; i < n; i++)
            ll_link_act_put(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

/* --- changing ---------------------------------------------------------------------------------------------------------- */

/* Commits what was done and answers with the act, by which it can be undone. */
static int done(struct ll_app *app, struct ll_request *rq, struct ll_sharing *s, int rc, int64_t act,
                struct ll_err *err)
{
    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_ki(&rq->json, "act", act);
        ll_json_end_obj(&rq->json);
        rc = ll_sharing_commit(app, s, err);
    }
    ll_sharing_close(s);
    return rc;
}

int ll_h_link_pair_decide(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t act = 0, pair = ll_arg(rq, LL_P_LINK_PAIR_DECIDE_ID)->i;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_body_any(&b, "accept", true); /* leaving it out is neither answer */
    bool accept = ll_body_bool(&b, "accept", false);
    const char *reason = ll_body_text(&b, "reason", 0, LL_REASON_MAX, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    rc = ll_link_decide(s.tx, pair, accept, reason, &rq->actor, &act, err);
    return done(app, rq, &s, rc, act, err);
}

int ll_h_link_split(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    struct ll_body b;
    int64_t act = 0;
    int rc;

    ll_body_open(&b, rq, err);
    const char *model = ll_body_text(&b, "model", 1, 200, true);
    const char *record = ll_body_text(&b, "record", 3, 600, true);
    const char *reason = ll_body_text(&b, "reason", 0, LL_REASON_MAX, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    rc = ll_link_split(s.tx, model, record, reason, &rq->actor, &act, err);
    return done(app, rq, &s, rc, act, err);
}

int ll_h_link_act_undo(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t made = 0, act = ll_arg(rq, LL_P_LINK_ACT_UNDO_ID)->i;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *reason = ll_body_text(&b, "reason", 0, LL_REASON_MAX, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    rc = ll_link_undo(s.tx, act, reason, &rq->actor, &made, err);
    return done(app, rq, &s, rc, made, err);
}
