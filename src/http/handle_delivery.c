/* handle_delivery.c - receiving a file, and telling how far its job is.
 *
 * A file is hashed and written as it comes, in pieces of what the socket gave; its size never matters to memory. */
#include "base/clock.h"
#include "http/app.h"
#include "http/request.h"
#include "intake/delivery.h"
#include "routes.gen.h"

#include <stdlib.h>
#include <string.h>

/* ---- receiving ---- */

struct upload {
    struct ll_body_sink sink; /* first: the server knows us by it */
    struct ll_receive *receive;
};

static int upload_write(struct ll_body_sink *s, const void *p, size_t n, struct ll_err *err)
{
    return ll_receive_add(((struct upload *)s)->receive, p, n, err);
}

static void upload_close(struct ll_body_sink *s)
{
    ll_receive_abort(((struct upload *)s)->receive);
    free(s);
}

int ll_h_delivery_upload_begin(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct upload *u = calloc(1, sizeof(*u));
    int rc;

    if (!u)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    u->sink = (struct ll_body_sink){upload_write, upload_close};
    rc = ll_receive_open(app->data, ll_arg(rq, LL_P_DELIVERY_UPLOAD_NAME)->s.p,
                         ll_arg(rq, LL_P_DELIVERY_UPLOAD_MODE)->s.p,
                         ll_arg(rq, LL_P_DELIVERY_UPLOAD_FILE_NAME)->s.p, &u->receive, err);
    if (rc < 0) {
        free(u);
        return rc;
    }
    rq->sink = &u->sink;
    return LL_OK;
}

int ll_h_delivery_upload(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct upload *u = (struct upload *)rq->sink;
    struct ll_delivery v;
    char id[LL_ID_TEXT];
    bool again;
    int rc = ll_receive_done(u->receive, id, &again, err);

    u->receive = NULL;
    if (rc < 0 || (rc = ll_delivery_get(app->data, id, rq->arena, &v, err)) < 0)
        return rc;
    if ((strcmp(v.state, "received") == 0 || strcmp(v.state, "sealed") == 0) &&
        (rc = ll_runner_submit(app->runner, id, v.resource, false, err)) < 0)
        return rc;
    rq->status = 202;
    rq->location = ll_arena_printf(rq->arena, "/v1/deliveries/%s", id);
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "id", id);
    ll_json_kb(&rq->json, "again", again);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* ---- telling ---- */

enum {
    QUIET_US = 15000000
}; /* a line now and then keeps the connection, and shows when nobody listens any more */

struct events {
    struct ll_stream stream; /* first: the server knows us by it */
    struct ll_app *app;
    char id[LL_ID_TEXT];
    struct ll_buf last; /* what was sent, so that only a change is sent again */
    uint64_t spoke_at;
};

static void write_progress(struct ll_json *j, const struct ll_delivery *v, const struct ll_run_state *run)
{
    ll_json_obj(j);
    ll_json_key(j, "delivery");
    ll_delivery_json(j, v);
    ll_json_kz(j, "stage", run->running && run->stage[0] ? run->stage : v->stage);
    ll_json_ki(j, "done", (int64_t)run->done);
    ll_json_ki(j, "total", (int64_t)run->total);
    ll_json_kn(j, "rows_per_second", run->per_second);
    ll_json_kb(j, "running", run->running || run->queued);
    ll_json_end_obj(j);
}

static bool at_rest(const struct ll_delivery *v, const struct ll_run_state *run)
{
    return !run->running && !run->queued && strcmp(v->state, "received") != 0 &&
           strcmp(v->state, "sealed") != 0;
}

static void send_event(struct events *e, const char *name, struct ll_str data, struct ll_buf *out)
{
    ll_buf_printf(out, "event: %s\ndata: ", name);
    ll_buf_str(out, data);
    ll_buf_z(out, "\n\n");
    e->spoke_at = ll_mono_us();
}

static enum ll_stream_state events_read(struct ll_stream *s, struct ll_buf *out, bool stopping)
{
    struct events *e = (struct events *)s;
    struct ll_arena *arena = ll_arena_new(1 << 20);
    struct ll_run_state run = ll_runner_state(e->app->runner, e->id);
    struct ll_buf now = LL_BUF_INIT(1 << 20);
    enum ll_stream_state state = LL_STREAM_WAIT;
    struct ll_delivery v;
    struct ll_json j;

    if (!arena || ll_delivery_get(e->app->data, e->id, arena, &v, NULL) < 0) {
        state = LL_STREAM_END; /* told by the end of the stream: the client asks again */
        goto done;
    }
    ll_json_init(&j, &now);
    write_progress(&j, &v, &run);
    if (!ll_str_eq(ll_buf_view(&now), ll_buf_view(&e->last))) {
        ll_buf_clear(&e->last);
        ll_buf_str(&e->last, ll_buf_view(&now));
        send_event(e, "progress", ll_buf_view(&now), out);
        state = LL_STREAM_MORE;
    }
    if (at_rest(&v, &run)) {
        send_event(e, "end", LL_STR("{}"), out);
        state = LL_STREAM_END;
    } else if (stopping) {
        state = LL_STREAM_END;
    } else if (ll_mono_us() - e->spoke_at > QUIET_US) {
        ll_buf_z(out, ": still here\n\n");
        e->spoke_at = ll_mono_us();
    }
done:
    ll_buf_free(&now);
    ll_arena_free(arena);
    return state;
}

static void events_close(struct ll_stream *s)
{
    ll_buf_free(&((struct events *)s)->last);
    free(s);
}

int ll_h_delivery_events(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_DELIVERY_EVENTS_ID)->s;
    struct ll_delivery v;
    struct events *e;
    int rc = ll_delivery_get(app->data, id.p, rq->arena, &v, err);

    if (rc < 0)
        return rc;
    if (!(e = calloc(1, sizeof(*e))))
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    e->stream = (struct ll_stream){events_read, events_close};
    e->app = app;
    e->last = LL_BUF_INIT(1 << 20);
    memcpy(e->id, v.id, strnlen(v.id, sizeof(e->id) - 1));
    ll_reply_stream(rq, &e->stream, "text/event-stream");
    return LL_OK;
}
