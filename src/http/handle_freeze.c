/* handle_freeze.c - stopping an organisation, a system, a resource or everything at once, and letting it go on. */
#include "http/app.h"
#include "http/body.h"
#include "routes.gen.h"

int ll_h_freezes_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_frozen *list;
    size_t n;
    int rc = ll_freeze_list(ll_data_store(app->data), rq->arena, &list, &n, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        ll_frozen_json(&list[i], &rq->json);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_freeze_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *kind = ll_body_text(&b, "kind", 1, 20, true);
    const char *id = ll_body_text(&b, "id", 1, 128, true);
    const char *reason = ll_body_text(&b, "reason", 2, 400, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_freeze(ll_data_store(app->data), &rq->actor, ll_str(kind),
                                                      ll_str(id), ll_str(reason), err)) < 0)
        return rc;
    rq->status = 201;
    return ll_h_freezes_list(app, rq, err);
}

int ll_h_freeze_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int rc = ll_thaw(ll_data_store(app->data), &rq->actor, ll_arg(rq, LL_P_FREEZE_END_KIND)->s,
                     ll_arg(rq, LL_P_FREEZE_END_ID)->s, err);

    return rc < 0 ? rc : ll_h_freezes_list(app, rq, err);
}
