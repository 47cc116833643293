/* attaching.c - see attaching.h. */
#include "http/attaching.h"

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

int ll_attaching_begin(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, const char *scene,
                       struct ll_err *err)
{
    struct upload *u;
    int rc = ll_attachment_may(tx, scene, &rq->actor, err);

    if (rc < 0)
        return rc;
    if (!(u = calloc(1, sizeof *u)))
        return ll_no_memory(err);
    if ((rc = ll_attaching_open(app->data, &u->a, err)) < 0) {
        free(u);
        return rc;
    }
    u->sink = (struct ll_body_sink){upload_write, upload_close};
    rq->sink = &u->sink;
    return LL_OK;
}

int ll_attaching_keep(struct ll_request *rq, struct ll_txn *tx, const char *scene, const char *name,
                      struct ll_err *err)
{
    struct upload *u = (struct upload *)rq->sink;
    struct ll_attachment *list;
    char sha[LL_SHA256_HEX];
    size_t n;
    int rc = ll_attaching_done(u->a, tx, scene, name, &rq->actor, sha, err);

    if (rc < 0 || (rc = ll_attachment_list(tx, scene, rq->arena, &list, &n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (ll_str_is(ll_str(list[i].sha256), sha))
            ll_attachment_json(&rq->json, &list[i]);
    return LL_OK;
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

int ll_attaching_send(struct ll_app *app, struct ll_request *rq, const struct ll_attachment *a,
                      struct ll_err *err)
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
