/* complaining.c - see complaining.h. */
#include "http/complaining.h"

int ll_complaining_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_complaining *ret,
                        struct ll_err *err)
{
    int rc;

    *ret = (struct ll_complaining){.held = NULL};
    if (((rc = ll_products_live_get(app->products, &ret->held, err)) < 0 && rc != LL_NOTFOUND) ||
        (rc = ll_consenting_open(app, rq, write, &ret->c, err)) < 0) {
        ll_products_let_go(ret->held);
        return rc;
    }
    ret->env = (struct ll_complaint_env){.vault = ll_data_vault(app->data),
                                         .settings = ll_data_settings(app->data),
                                         .cat = ret->c.s.cat,
                                         .products = ret->held ? ret->held->all : NULL,
                                         .tx = ret->c.s.tx,
                                         .actor = &rq->actor,
                                         .arena = rq->arena};
    return LL_OK;
}

void ll_complaining_close(struct ll_complaining *k)
{
    ll_consenting_close(&k->c);
    ll_products_let_go(k->held);
}

void ll_complaining_act(struct ll_body *b, const struct ll_request *rq, struct ll_complaint_act *ret)
{
    *ret = (struct ll_complaint_act){.rating = 0};
    ll_sharing_act(b, rq, &ret->flow);
    ret->rating = ll_body_int(b, "rating", 1, 5, 0);
    ret->words = ll_body_text(b, "words", 1, LL_COMPLAINT_WORDS, false);
}

int ll_complaining_page(const struct ll_complaining *k, struct ll_request *rq,
                        const struct ll_complaint_query *q, struct ll_err *err)
{
    struct ll_complaint *list;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_complaint_list(&k->env, q, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_complaint_put(&rq->json, &k->env, &list[i]);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    return LL_OK;
}

int ll_complaining_put_own(const struct ll_complaining *k, struct ll_request *rq,
                           const struct ll_complaint *c, const struct ll_actor *actor, struct ll_err *err)
{
    const struct ll_flow_object o = ll_complaint_object(c);
    int rc;

    ll_json_obj(&rq->json);
    if ((rc = ll_complaint_put_whole(&rq->json, &k->env, c, err)) < 0 ||
        (rc = ll_sharing_progress(k->env.tx, rq, LL_FLOW_COMPLAINT, c->id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}
