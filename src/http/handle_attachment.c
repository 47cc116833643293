/* handle_attachment.c - scans that belong to an application: sent piece by piece, and fetched by those who may see the application. */
#include "http/attaching.h"
#include "routes.gen.h"
#include "share/application.h"

/* The submission that the path names, by itself or by one of its applications. */
static int scene_of(struct ll_txn *tx, struct ll_request *rq, const char *id, const char **ret,
                    struct ll_err *err)
{
    struct ll_application a;
    int rc = LL_OK;

    *ret = id;
    if (id[0] != 'S' && (rc = ll_application_get(tx, id, rq->arena, &a, err)) == LL_OK)
        *ret = a.scene;
    return rc;
}

/* Before the body comes: whoever may not add one need not send it. */
int ll_h_attachment_add_begin(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    const char *scene;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = scene_of(s.tx, rq, ll_arg(rq, LL_P_ATTACHMENT_ADD_ID)->s.p, &scene, err)) == LL_OK)
        rc = ll_attaching_begin(app, rq, s.tx, scene, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_attachment_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    const char *scene;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = scene_of(s.tx, rq, ll_arg(rq, LL_P_ATTACHMENT_ADD_ID)->s.p, &scene, err)) == LL_OK &&
        (rc = ll_attaching_keep(rq, s.tx, scene, ll_arg(rq, LL_P_ATTACHMENT_ADD_NAME)->s.p, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

static int find(struct ll_sharing *s, struct ll_request *rq, struct ll_attachment *ret, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ATTACHMENT_FETCH_ID)->s.p;
    struct ll_application a;
    int rc = ll_application_get(s->tx, id, rq->arena, &a, err);

    if (rc == LL_OK && !ll_sharing_sees(rq, a.organisation, a.provider))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的申请", "there is no application %s", id);
    return rc < 0 ? rc
                  : ll_attachment_find(s->tx, a.scene, ll_arg(rq, LL_P_ATTACHMENT_FETCH_HASH)->s.p, rq->arena,
                                       ret, err);
}

int ll_h_attachment_fetch(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_attachment a;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = find(&s, rq, &a, err);
    ll_sharing_close(&s);
    return rc < 0 ? rc : ll_attaching_send(app, rq, &a, err);
}
