/* handle_attachment.c - scans that belong to an application: sent piece by piece, and fetched by those who may see the application. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/application.h"

#include <stdlib.h>

/* --- sending ------------------------------------------------------------------------------------------------------------ */

struct upload {
    struct ll_body_sink sink; /* first: the server knows us by it */
    struct ll_attaching *a;
};

static int upload_write(struct ll_body_sink *s, const void *p, size_t n, struct ll_err *err)
{
    return ll_attaching_add(((struct upload *)s)->a, p, n, err);
}

static void upload_close(struct ll_body_sink *s)
{
    ll_attaching_close(((struct upload *)s)->a);
    free(s);
}

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
    struct upload *u = calloc(1, sizeof *u);
    struct ll_sharing s;
    const char *scene;
    int rc = u ? ll_sharing_open(app, false, &s, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        if ((rc = scene_of(s.tx, rq, ll_arg(rq, LL_P_ATTACHMENT_ADD_ID)->s.p, &scene, err)) == LL_OK)
            rc = ll_attachment_may(s.tx, scene, &rq->actor, err);
        ll_sharing_close(&s);
    }
    if (rc == LL_OK)
        rc = ll_attaching_open(app->data, &u->a, err);
    if (rc < 0) {
        free(u);
        return rc;
    }
    u->sink = (struct ll_body_sink){upload_write, upload_close};
    rq->sink = &u->sink;
    return LL_OK;
}

static int keep(struct ll_sharing *s, struct ll_request *rq, struct ll_attaching *a, struct ll_err *err)
{
    const char *name = ll_arg(rq, LL_P_ATTACHMENT_ADD_NAME)->s.p, *scene;
    struct ll_attachment *list;
    char sha[LL_SHA256_HEX];
    size_t n;
    int rc = scene_of(s->tx, rq, ll_arg(rq, LL_P_ATTACHMENT_ADD_ID)->s.p, &scene, err);

    if (rc < 0 || (rc = ll_attaching_done(a, s->tx, scene, name, &rq->actor, sha, err)) < 0 ||
        (rc = ll_attachment_list(s->tx, scene, rq->arena, &list, &n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (ll_str_is(ll_str(list[i].sha256), sha))
            ll_attachment_json(&rq->json, &list[i]);
    return LL_OK;
}

int ll_h_attachment_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct upload *u = (struct upload *)rq->sink;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = keep(&s, rq, u->a, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

/* --- fetching ----------------------------------------------------------------------------------------------------------- */

struct download {
    struct ll_stream stream; /* first: the server knows us by it */
    struct ll_bytes bytes;
    int64_t at;
};

static enum ll_stream_state download_read(struct ll_stream *s, struct ll_buf *out, bool stopping)
{
    struct download *d = (struct download *)s;
    char piece[LL_FRAME];
    size_t n = 0;

    (void)stopping;
    if (ll_bytes_read(&d->bytes, piece, sizeof piece, d->at, &n, NULL) < 0)
        out->failed = true; /* the connection ends before the file does */
    ll_buf_add(out, piece, n);
    d->at += (int64_t)n;
    return d->at < d->bytes.size ? LL_STREAM_MORE : LL_STREAM_END;
}

static void download_close(struct ll_stream *s)
{
    ll_bytes_close(&((struct download *)s)->bytes);
    free(s);
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

static int send(struct ll_app *app, struct ll_request *rq, const struct ll_attachment *a, struct ll_err *err)
{
    struct download *d = calloc(1, sizeof *d);
    char first[8];
    size_t n = 0;
    int rc = d ? ll_attachment_open(app->data, a->sha256, &d->bytes, err) : ll_no_memory(err);

    if (rc < 0) {
        free(d);
        return rc;
    }
    d->stream = (struct ll_stream){download_read, download_close};
    if ((rc = ll_bytes_read(&d->bytes, first, sizeof first, 0, &n, err)) < 0) {
        download_close(&d->stream);
        return rc;
    }
    const char *type = ll_attachment_type((struct ll_str){first, n});
    ll_reply_stream(rq, &d->stream, type ? type : "application/octet-stream");
    return ll_reply_download(rq, a->name, err);
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
    return rc < 0 ? rc : send(app, rq, &a, err);
}
