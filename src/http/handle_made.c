/* handle_made.c - services that a consumer makes from a grant: made, listed, ended.  They are called like any other (handle_service.c). */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/grant.h"
#include "share/made.h"

#include <string.h>

int ll_h_made_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_made_new m = {.grant = ll_arg(rq, LL_P_MADE_MAKE_ID)->s.p};
    struct ll_sharing s;
    struct ll_made made;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    m.name = ll_body_text(&b, "name", 1, 48, true);
    m.title = ll_body_text(&b, "title", 1, LL_MADE_TITLE_MAX, false);
    m.title_en = ll_body_text(&b, "title_en", 1, LL_MADE_TITLE_MAX, false);
    m.n_items = ll_body_texts(&b, "items", LL_SERVICE_ITEMS_MAX, 100, &m.items);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_made_make(s.tx, s.cat, &m, &rq->actor, rq->arena, &made, err)) == LL_OK) {
        ll_made_json(&rq->json, &made);
        rc = ll_sharing_commit(app, &s, err);
    }
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

/* For the organisation whose grant it is, and for those who see all; the provider is not told by what names its data are called. */
int ll_h_made_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_MADE_LIST_ID)->s.p;
    struct ll_made *list = NULL;
    struct ll_sharing s;
    struct ll_grant g;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_grant_get(s.tx, id, rq->arena, &g, err)) == LL_OK &&
        !ll_sharing_sees(rq, g.organisation, g.provider))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的授权", "there is no grant %s", id);
    if (rc == LL_OK && (!rq->only || strcmp(rq->only, g.organisation) == 0))
        rc = ll_made_list(s.tx, g.organisation, id, rq->arena, &list, &n, err);
    ll_sharing_close(&s);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        ll_made_json(&rq->json, &list[i]);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_made_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_made_end(s.tx, &rq->actor, ll_arg(rq, LL_P_MADE_END_NAME)->s, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 204;
    return rc;
}
