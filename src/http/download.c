/* download.c - see download.h. */
#include "http/download.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RANGE_NOT_SATISFIABLE = 416, NOT_MODIFIED = 304, PARTIAL = 206 };

struct download {
    struct ll_stream stream; /* first: the server knows us by it */
    struct ll_bytes bytes;
    int64_t at, end;
};

static enum ll_stream_state download_read(struct ll_stream *s, struct ll_buf *out, bool stopping)
{
    struct download *d = (struct download *)s;
    char piece[LL_FRAME];
    size_t want = d->end - d->at < (int64_t)sizeof piece ? (size_t)(d->end - d->at) : sizeof piece, n = 0;

    (void)stopping;
    if (ll_bytes_read(&d->bytes, piece, want, d->at, &n, NULL) < 0 || (!n && want))
        out->failed = true; /* the connection ends before the file does */
    ll_buf_add(out, piece, n);
    d->at += (int64_t)n;
    return d->at < d->end ? LL_STREAM_MORE : LL_STREAM_END;
}

static void download_close(struct ll_stream *s)
{
    ll_bytes_close(&((struct download *)s)->bytes);
    free(s);
}

static int not_satisfiable(struct ll_request *rq, const struct ll_download *f, struct ll_err *err)
{
    rq->status = RANGE_NOT_SATISFIABLE;
    rq->content_range = ll_arena_printf(rq->arena, "bytes */%" PRId64, f->bytes);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "error");
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "code", "RANGE");
    ll_json_kz(&rq->json, "zh", "所请求的字节范围不在文件之内；Content-Range 是文件的大小");
    ll_json_kz(&rq->json, "en",
               "the file does not have the bytes that were asked for; Content-Range tells its size");
    ll_json_kz(&rq->json, "request", rq->id);
    ll_json_end_obj(&rq->json);
    ll_json_end_obj(&rq->json);
    return rq->content_range ? LL_OK : ll_no_memory(err);
}

static int not_modified(struct ll_request *rq)
{
    rq->status = NOT_MODIFIED;
    rq->content_range = "";
    rq->type = "application/octet-stream";
    return LL_OK;
}

int ll_download_part(struct ll_request *rq, const struct ll_download *f, struct ll_range *ret, bool *ret_send,
                     struct ll_err *err)
{
    *ret = (struct ll_range){0, f->bytes};
    *ret_send = false;
    if (!(rq->etag = ll_arena_printf(rq->arena, "\"%s\"", f->sha256)))
        return ll_no_memory(err);
    if ((ll_range_holds(rq->if_range, rq->etag) ? ll_range_parse(rq->range, f->bytes, ret) : LL_RANGE_ALL) ==
        LL_RANGE_NONE)
        return not_satisfiable(rq, f, err);
    if (ll_etag_matches(rq->if_none_match, rq->etag))
        return not_modified(rq);
    *ret_send = true;
    return LL_OK;
}

int ll_download_send(struct ll_request *rq, const struct ll_download *f, struct ll_bytes *bytes,
                     const struct ll_range *part, struct ll_err *err)
{
    bool whole = part->n == f->bytes;
    struct download *d = calloc(1, sizeof *d);

    if (!d) {
        ll_bytes_close(bytes);
        return ll_no_memory(err);
    }
    *d = (struct download){{download_read, download_close}, *bytes, part->from, part->from + part->n};
    *bytes = LL_BYTES_INIT;
    ll_reply_stream(rq, &d->stream, f->type);
    rq->stream_size = part->n;
    rq->content_range = whole ? ""
                              : ll_arena_printf(rq->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
                                                part->from, part->from + part->n - 1, f->bytes);
    rq->status = whole ? 200 : PARTIAL;
    return rq->content_range ? ll_reply_download(rq, f->name, err) : ll_no_memory(err);
}
