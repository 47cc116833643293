/* handle_upward.c - reporting upward, as the platform below sees it: streams, messages, days, and what came back to whom. */
#include "base/clock.h"
#include "http/look.h"
#include "http/sharing.h"
#include "http/upward_job.h"
#include "routes.gen.h"
#include "share/record.h"
#include "share/subject_impl.h"
#include "share/upward.h"

#include <stdio.h>
#include <string.h>

int ll_h_upward_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    ll_json_obj(&rq->json);
    ll_json_kb(&rq->json, "configured", ll_data_settings(app->data)->upward_url[0] != 0);
    int rc = ll_upward_streams_json(ll_data_store(app->data), &rq->json, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

/* LL_NOTFOUND unless there is such a stream. */
static int resource_of(struct ll_app *app, struct ll_request *rq, const char **ret, struct ll_err *err)
{
    return ll_upward_stream_resource(ll_data_store(app->data), ll_arg(rq, 0)->s.p, rq->arena, ret, err);
}

int ll_h_upward_messages(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_upward_page p = {ll_arg(rq, LL_P_UPWARD_MESSAGES_STREAM)->s.p,
                                     ll_arg(rq, LL_P_UPWARD_MESSAGES_OFFSET)->i,
                                     ll_arg(rq, LL_P_UPWARD_MESSAGES_LIMIT)->i};
    const char *resource;
    int rc = resource_of(app, rq, &resource, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_ki(&rq->json, "offset", p.offset);
    ll_json_ki(&rq->json, "limit", p.limit);
    rc = ll_upward_messages_json(ll_data_store(app->data), &p, &rq->json, err);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_upward_days(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *resource;
    int rc = resource_of(app, rq, &resource, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_upward_days_json(ll_data_store(app->data), ll_arg(rq, LL_P_UPWARD_DAYS_STREAM)->s.p, &rq->json,
                             err);
    ll_json_end_obj(&rq->json);
    return rc;
}

/* --- acts ------------------------------------------------------------------------------------------------------------------ */

static int accepted(struct ll_request *rq, const char *stream)
{
    rq->status = 202;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "stream", stream);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_upward_send(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *resource, *stream = ll_arg(rq, 0)->s.p;
    int rc = resource_of(app, rq, &resource, err);

    if (rc == LL_OK && (rc = ll_upward_job_wake(app->upward, err)) == LL_OK)
        rc = accepted(rq, stream);
    return rc;
}

int ll_h_upward_reconcile(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *resource, *stream = ll_arg(rq, 0)->s.p;
    int rc = resource_of(app, rq, &resource, err);

    if (rc == LL_OK && (rc = ll_upward_job_reconcile(app->upward, stream, &rq->actor, err)) == LL_OK)
        rc = accepted(rq, stream);
    return rc;
}

/* The job may hold the stream for a moment: LL_BUSY says to try again. */
int ll_h_upward_resend(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_upward_opts o = {app->data, ll_journaling_keys(app->journaling)};
    const char *resource, *stream = ll_arg(rq, 0)->s.p;
    struct ll_upward *u = NULL;
    int64_t n = 0;
    int rc = resource_of(app, rq, &resource, err);

    if (rc == LL_OK && (rc = ll_upward_open(&o, &u, err)) == LL_OK)
        rc = ll_upward_resend(u, stream, &rq->actor, &n, err);
    ll_upward_close(u);
    if (rc < 0)
        return rc;
    ll_journaling_wake(app->journaling);
    if (ll_data_settings(app->data)->upward_url[0] && (rc = ll_upward_job_wake(app->upward, err)) < 0)
        return rc;
    rq->status = 202;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "stream", stream);
    ll_json_ki(&rq->json, "records", n);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* --- what came back -------------------------------------------------------------------------------------------------------- */

struct back {
    struct ll_app *app;
    struct ll_request *rq;
    const struct ll_resource *r;
};

/* The record by its key, persons masked; whose it is was looked at. */
static int put_record(struct back *b, const char *record, struct ll_err *err)
{
    struct ll_json *j = &b->rq->json;
    struct ll_str *key;
    size_t n = 0;
    int rc = LL_OK;

    ll_json_key(j, "key");
    ll_json_arr(j);
    if (ll_key_parse(ll_str(record), b->rq->arena, &key, &n, err) < 0 || n != b->r->n_key)
        n = 0;
    for (size_t i = 0; i < n; i++) {
        ll_record_put_text(b->r->key[i], key[i], true, j);
        if (rc == LL_OK && key[i].n &&
            (b->r->key[i]->role == LL_ROLE_SUBJECT || b->r->key[i]->role == LL_ROLE_SUBJECT_NAME))
            rc = ll_look_note(b->app, b->rq, ll_subject_id_type(b->r->key[i], key[i]), key[i], err);
    }
    ll_json_end_arr(j);
    return rc;
}

static int put_back(void *ctx, const struct ll_upward_returned *r, struct ll_err *err)
{
    struct back *b = ctx;
    struct ll_json *j = &b->rq->json;
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_ki(j, "sequence", r->sequence);
    ll_json_kz(j, "department", r->department);
    int rc = put_record(b, r->record, err);
    ll_json_key(j, "codes");
    ll_json_raw(j, ll_str(r->codes));
    ll_json_kz(j, "zh", r->zh);
    ll_json_kz(j, "en", r->en);
    ll_json_kz(j, "returned_at", ll_time_text(r->returned_at, when));
    ll_json_kz(j, "closed_at", r->closed_at < 0 ? NULL : ll_time_text(r->closed_at, when));
    ll_json_end_obj(j);
    return rc;
}

static int find_resource(struct ll_app *app, struct ll_request *rq, struct ll_catalog **cat,
                         const struct ll_resource **ret, struct ll_err *err)
{
    const char *name;
    int rc = resource_of(app, rq, &name, err);

    if (rc == LL_OK && (rc = ll_catalog_live_get(app->catalog, false, cat, err)) == LL_OK &&
        !(*ret = ll_catalog_resource(*cat, ll_str(name))))
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", name);
    return rc;
}

int ll_h_upward_returned(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_upward_page p = {ll_arg(rq, LL_P_UPWARD_RETURNED_STREAM)->s.p,
                                     ll_arg(rq, LL_P_UPWARD_RETURNED_OFFSET)->i,
                                     ll_arg(rq, LL_P_UPWARD_RETURNED_LIMIT)->i};
    struct back b = {app, rq, NULL};
    struct ll_catalog *cat = NULL;
    int64_t total = 0;
    int rc = find_resource(app, rq, &cat, &b.r, err);

    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_ki(&rq->json, "offset", p.offset);
        ll_json_ki(&rq->json, "limit", p.limit);
        ll_json_key(&rq->json, "items");
        ll_json_arr(&rq->json);
        rc = ll_upward_returned_each(ll_data_store(app->data), ll_data_vault(app->data), &p,
                                     ll_arg(rq, LL_P_UPWARD_RETURNED_OPEN)->i, rq->only, put_back, &b, &total,
                                     err);
        ll_json_end_arr(&rq->json);
        ll_json_ki(&rq->json, "total", total);
        ll_json_end_obj(&rq->json);
    }
    ll_catalog_unref(cat);
    return rc;
}

static int csv_row(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    ll_buf_csv_row(ctx, cells, n);
    return ((struct ll_buf *)ctx)->failed ? ll_no_memory(err) : LL_OK;
}

int ll_h_upward_returned_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum ll_lang lang = (enum ll_lang)ll_arg(rq, LL_P_UPWARD_RETURNED_FILE_LANG)->i;
    const char *stream = ll_arg(rq, LL_P_UPWARD_RETURNED_FILE_STREAM)->s.p;
    const struct ll_resource *r = NULL;
    struct ll_catalog *cat = NULL;
    char name[96];
    int rc = find_resource(app, rq, &cat, &r, err);

    snprintf(name, sizeof name, lang == LL_ZH ? "上报退回-%.48s.csv" : "returned-%.48s.csv", stream);
    if (rc == LL_OK && (rc = ll_reply_download(rq, name, err)) == LL_OK) {
        rq->type = "text/csv; charset=utf-8";
        ll_buf_z(&rq->out, "\xEF\xBB\xBF");
        rc = ll_upward_returned_lines(app->data, app->tables, r, stream, rq->only, lang, csv_row, &rq->out,
                                      err);
    }
    ll_catalog_unref(cat);
    return rc;
}
