/* handle_intake.c - batches, their quality and quarantine, and deliveries (looking at them, and deciding on those that wait). */
#include "http/app.h"
#include "http/request.h"
#include "intake/job.h"
#include "intake/quarantine.h"
#include "routes.gen.h"

#include <string.h>

/* {"total","offset","limit","items":[ : what every page of a list begins with. */
static void page_begin(struct ll_json *j, int64_t total, int64_t offset, int64_t limit)
{
    ll_json_obj(j);
    ll_json_ki(j, "total", total);
    ll_json_ki(j, "offset", offset);
    ll_json_ki(j, "limit", limit);
    ll_json_key(j, "items");
    ll_json_arr(j);
}

static void page_end(struct ll_json *j)
{
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static int resource_exists(struct ll_app *app, struct ll_str name, struct ll_err *err)
{
    struct ll_catalog *cat;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    if (!ll_catalog_resource(cat, name))
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", name.p);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_resource_batches(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str name = ll_arg(rq, LL_P_RESOURCE_BATCHES_NAME)->s;
    const struct ll_batch_query q = {.resource = name.p,
                                     .state = ll_arg(rq, LL_P_RESOURCE_BATCHES_STATE)->s.p,
                                     .sort = ll_arg(rq, LL_P_RESOURCE_BATCHES_SORT)->s.p,
                                     .offset = (size_t)ll_arg(rq, LL_P_RESOURCE_BATCHES_OFFSET)->i,
                                     .limit = (size_t)ll_arg(rq, LL_P_RESOURCE_BATCHES_LIMIT)->i};
    struct ll_batch *list;
    int64_t total;
    size_t n;
    int rc;

    if ((rc = resource_exists(app, name, err)) < 0 ||
        (rc = ll_batch_page(app->data, &q, rq->arena, &list, &n, &total, err)) < 0)
        return rc;
    page_begin(&rq->json, total, (int64_t)q.offset, (int64_t)q.limit);
    for (size_t i = 0; i < n; i++)
        ll_batch_json(&rq->json, &list[i]);
    page_end(&rq->json);
    return LL_OK;
}

int ll_h_batch_quality(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_BATCH_QUALITY_ID)->s.p;
    struct ll_batch b;
    int rc = ll_batch_get(app->data, id, rq->arena, &b, err);

    if (rc < 0)
        return rc;
    if (!b.quality)
        return ll_fail(err, LL_NOTFOUND, "批次 %s 没有质量报告", "batch %s has no quality report", id);
    ll_json_raw(&rq->json, ll_str(b.quality));
    return LL_OK;
}

static int write_refused(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct ll_json *j = ctx;

    (void)err;
    ll_json_obj(j);
    ll_json_ki(j, "row", r->row);
    ll_json_ki(j, "line", r->line);
    ll_json_kb(j, "closed", r->closed);
    ll_json_key(j, "codes");
    ll_json_raw(j, r->codes);
    ll_json_ks(j, "zh", r->zh);
    ll_json_ks(j, "en", r->en);
    ll_json_key(j, "cells");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n; i++) {
        if (r->cells[i].p)
            ll_json_str(j, r->cells[i]);
        else
            ll_json_null(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return LL_OK;
}

int ll_h_batch_quarantine(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_BATCH_QUARANTINE_ID)->s.p;
    bool open_only = ll_arg(rq, LL_P_BATCH_QUARANTINE_OPEN)->i;
    int64_t limit = ll_arg(rq, LL_P_BATCH_QUARANTINE_LIMIT)->i;
    int64_t offset = ll_arg(rq, LL_P_BATCH_QUARANTINE_OFFSET)->i;
    struct ll_json *j = &rq->json;
    struct ll_quarantine q;
    int rc = ll_quarantine_open(app->data, id, rq->arena, &q, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "batch", id);
    ll_json_ki(j, "total", q.total);
    ll_json_ki(j, "open", q.open);
    ll_json_ki(j, "offset", offset);
    ll_json_ki(j, "limit", limit);
    ll_json_key(j, "columns");
    ll_json_arr(j);
    for (size_t i = 0; i < q.n_columns; i++)
        ll_json_str(j, q.columns[i]);
    ll_json_end_arr(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    if (q.total)
        rc = ll_quarantine_each(app->data, id, open_only, offset, limit, write_refused, j, err);
    page_end(j);
    return rc;
}

int ll_h_deliveries_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t limit = ll_arg(rq, LL_P_DELIVERIES_LIST_LIMIT)->i, total;
    int64_t offset = ll_arg(rq, LL_P_DELIVERIES_LIST_OFFSET)->i;
    struct ll_delivery *list;
    size_t n;
    const struct ll_delivery_filter which = {.resource = ll_arg(rq, LL_P_DELIVERIES_LIST_RESOURCE)->s.p,
                                             .state = ll_arg(rq, LL_P_DELIVERIES_LIST_STATE)->s.p,
                                             .provider = rq->only,
                                             .sort = ll_arg(rq, LL_P_DELIVERIES_LIST_SORT)->s.p};
    int rc = ll_delivery_list(app->data, &which, offset, limit, rq->arena, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    page_begin(&rq->json, total, offset, limit);
    for (size_t i = 0; i < n; i++)
        ll_delivery_json(&rq->json, &list[i]);
    page_end(&rq->json);
    return LL_OK;
}

static int show(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_delivery v;
    int rc = ll_delivery_get(app->data, id, rq->arena, &v, err);

    if (rc >= 0)
        ll_delivery_json(&rq->json, &v);
    return rc;
}

int ll_h_delivery_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show(app, rq, ll_arg(rq, LL_P_DELIVERY_SHOW_ID)->s.p, err);
}

int ll_h_delivery_confirm(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DELIVERY_CONFIRM_ID)->s.p;
    struct ll_delivery v;
    int rc = ll_delivery_get(app->data, id, rq->arena, &v, err);

    /* durable before it is answered: whoever asks next sees that it goes on */
    if (rc < 0 || (rc = ll_job_confirm(app->data, id, err)) < 0 ||
        (rc = ll_runner_submit(app->runner, id, v.resource, true, err)) < 0)
        return rc;
    rq->status = 202;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "id", id);
    ll_json_kb(&rq->json, "again", false);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_delivery_refuse(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DELIVERY_REFUSE_ID)->s.p;
    int rc = ll_job_refuse(app->data, id, err);

    return rc < 0 ? rc : show(app, rq, id, err);
}
