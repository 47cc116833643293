/* handle_system.c - health, the API's description and the console's files. */
#include "http/app.h"
#include "http/assets.h"
#include "http/request.h"
#include "routes.gen.h"

#include <string.h>

static int status_ok(struct ll_request *rq)
{
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "status", "ok");
    ll_json_kz(&rq->json, "version", LULING_VERSION);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_healthz(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app, (void)err;
    return status_ok(rq);
}

int ll_h_readyz(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_txn *tx = NULL;

    if (atomic_load(&app->stopping))
        return ll_fail(err, LL_BUSY, "服务正在停止", "the server is stopping");
    if (ll_txn_begin(ll_data_store(app->data), false, &tx, err) < 0)
        return LL_BUSY; /* with what the store says */
    ll_txn_end(tx);
    return status_ok(rq);
}

static int asset_reply(struct ll_request *rq, const char *name, struct ll_err *err)
{
    for (size_t i = 0; i < ll_asset_count; i++) {
        const struct ll_asset *a = &ll_assets[i];
        if (strcmp(a->name, name) != 0)
            continue;
        rq->type = a->type;
        rq->etag = a->etag;
        rq->fixed = (struct ll_str){(const char *)a->gzip, a->gzip_n};
        rq->fixed_brotli = (struct ll_str){(const char *)a->brotli, a->brotli_n};
        rq->fixed_gzip = true;
        rq->immutable = a->immutable;
        return LL_OK;
    }
    return ll_fail(err, LL_NOTFOUND, "没有这个文件", "no such file");
}

int ll_h_openapi(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app;
    return asset_reply(rq, ll_arg(rq, LL_P_OPENAPI_LANG)->i == LL_ZH ? "openapi.zh.json" : "openapi.en.json",
                       err);
}

/* The pages are one document; its script shows what the address names.  With a query it is what somebody searched for: no page to be
 * found by others. */
int ll_h_page(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app;
    rq->noindex = memchr(rq->target.p, '?', rq->target.n) != NULL;
    return asset_reply(rq, "index.html", err);
}

int ll_h_collect_worker(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app;
    return asset_reply(rq, "collect-worker.js", err);
}

int ll_h_asset(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app;
    return asset_reply(rq, ll_arg(rq, LL_P_PAGE_ASSET_FILE)->s.p, err);
}
