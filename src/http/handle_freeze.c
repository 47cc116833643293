/* handle_freeze.c - stopping an organisation, a system, a resource or everything at once, and letting it go on. */
#include "http/sharing.h"
#include "routes.gen.h"

enum { AFTER_CHANGE = 20 }; /* rows of the page that a change answers with */

static int put_page(struct ll_app *app, struct ll_request *rq, const struct ll_freeze_query *q,
                    struct ll_err *err)
{
    struct ll_frozen *list;
    int64_t total;
    size_t n;
    int rc = ll_freeze_list(ll_data_store(app->data), q, rq->arena, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
    for (size_t i = 0; i < n; i++)
        ll_frozen_json(&list[i], &rq->json);
    ll_sharing_page_end(rq);
    return LL_OK;
}

int ll_h_freezes_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_freeze_query q = {.kind = ll_arg(rq, LL_P_FREEZES_LIST_KIND)->s.p,
                                      .sort = ll_arg(rq, LL_P_FREEZES_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_FREEZES_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_FREEZES_LIST_LIMIT)->i};

    return put_page(app, rq, &q, err);
}

/* The newest of what is frozen now. */
static int put_newest(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return put_page(app, rq, &(struct ll_freeze_query){.limit = AFTER_CHANGE}, err);
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
    return put_newest(app, rq, err);
}

int ll_h_freeze_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int rc = ll_thaw(ll_data_store(app->data), &rq->actor, ll_arg(rq, LL_P_FREEZE_END_KIND)->s,
                     ll_arg(rq, LL_P_FREEZE_END_ID)->s, err);

    return rc < 0 ? rc : put_newest(app, rq, err);
}
