/* handle_open.c - open data for anybody: what there is, a first look, whole files, and the catalogue for other portals. */
#include "http/app.h"
#include "http/dcat.h"
#include "http/request.h"
#include "routes.gen.h"
#include "share/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The resource, while cat is held; LL_NOTFOUND also for one that is not open: what it holds is asked for, not taken. */
static int open_resource(struct ll_app *app, struct ll_request *rq, struct ll_str name,
                         struct ll_catalog **ret, const struct ll_resource **ret_r, struct ll_err *err)
{
    struct ll_catalog *cat;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    *ret_r = ll_catalog_resource(cat, name);
    if (*ret_r && ll_open_is(*ret_r)) {
        *ret = cat;
        return LL_OK;
    }
    ll_catalog_unref(cat);
    return ll_fail(err, LL_NOTFOUND, "没有名为 %s 的开放数据；不开放的资源请登录后申请使用",
                   "there are no open data named %s; sign in and apply for what is not open", name.p);
}

/* ---- what there is ---- */

struct sums {
    int64_t resources, records, open, open_records, providers;
};

static bool first_of_provider(const struct ll_resource *const *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(list[i]->provider, list[at]->provider) == 0)
            return false;
    return true;
}

static struct sums sum_up(struct ll_app *app, const struct ll_catalog *cat)
{
    struct sums s = {0};
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);

    for (size_t i = 0; i < n; i++) {
        struct ll_figure figure = ll_figures_get(app->figures, list[i]->name);
        int64_t records = figure.records > 0 ? figure.records : 0;
        bool open = ll_open_is(list[i]);
        s.resources++;
        s.records += records;
        s.open += open;
        s.open_records += open ? records : 0;
        s.providers += first_of_provider(list, i);
    }
    return s;
}

int ll_h_open_overview(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_json *j = &rq->json;
    struct ll_catalog *cat;
    struct sums s;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    s = sum_up(app, cat);
    ll_catalog_unref(cat);
    ll_json_obj(j);
    ll_json_ki(j, "providers", s.providers);
    ll_json_ki(j, "resources", s.resources);
    ll_json_ki(j, "records", s.records);
    ll_json_ki(j, "open", s.open);
    ll_json_ki(j, "open_records", s.open_records);
    ll_json_kz(j, "licence", ll_data_settings(app->data)->open_licence);
    ll_json_end_obj(j);
    return LL_OK;
}

/* ---- a first look ---- */

static int put_rows(struct ll_app *app, const struct ll_resource *r, int64_t limit, struct ll_json *j,
                    struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc = ll_tables_take(app->tables, r->name, &t, err);

    if (rc < 0 || (rc = ll_table_scan(t, NULL, err)) < 0)
        goto done;
    for (int64_t n = 0; n < limit && (rc = ll_table_next(t, err)) > 0;)
        if (ll_open_gives(r, t)) {
            ll_open_record(r, t, j);
            n++;
        }
    ll_table_rewind(t);
done:
    ll_tables_give(app->tables, t);
    return rc < 0 ? rc : LL_OK;
}

int ll_h_open_preview(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_resource *r;
    struct ll_json *j = &rq->json;
    struct ll_catalog *cat;
    int rc = open_resource(app, rq, ll_arg(rq, LL_P_OPEN_PREVIEW_NAME)->s, &cat, &r, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "name", r->name);
    ll_json_kz(j, "licence", ll_data_settings(app->data)->open_licence);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_open_item(&r->items[i]))
            ll_json_z(j, r->items[i].name);
    ll_json_end_arr(j);
    ll_json_ki(j, "left_out", (int64_t)(r->n_items - ll_open_items(r)));
    ll_json_key(j, "rows");
    ll_json_arr(j);
    rc = put_rows(app, r, ll_arg(rq, LL_P_OPEN_PREVIEW_LIMIT)->i, j, err);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_catalog_unref(cat);
    return rc;
}

/* ---- whole files ---- */

/* One published state of the resource, line by line.  A file that breaks off is cut at the connection: nobody takes a part for the whole. */
struct download {
    struct ll_stream base;
    struct ll_tables *tables;
    struct ll_table *table;
    struct ll_catalog *catalog;
    const struct ll_resource *resource;
    enum ll_open_format format;
    bool headed;
};

enum { PIECE = 32 << 10 };

static enum ll_stream_state download_read(struct ll_stream *s, struct ll_buf *out, bool stopping)
{
    struct download *d = (struct download *)s;
    struct ll_err err = {0};
    int rc = 1;

    if (d->format == LL_OPEN_CSV && !d->headed)
        ll_open_head(d->resource, out);
    d->headed = true;
    while (!stopping && out->n < PIECE && (rc = ll_table_next(d->table, &err)) > 0)
        if (ll_open_gives(d->resource, d->table))
            ll_open_line(d->resource, d->table, d->format, out);
    if (stopping || rc < 0)
        out->failed = true;
    return rc > 0 ? LL_STREAM_MORE : LL_STREAM_END;
}

static void download_close(struct ll_stream *s)
{
    struct download *d = (struct download *)s;

    if (d->table)
        ll_table_rewind(d->table);
    ll_tables_give(d->tables, d->table);
    ll_catalog_unref(d->catalog);
    free(d);
}

static int download_begin(struct ll_app *app, struct download *d, struct ll_err *err)
{
    int rc = ll_tables_take(app->tables, d->resource->name, &d->table, err);

    return rc < 0 ? rc : ll_table_scan(d->table, NULL, err);
}

int ll_h_open_data(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    bool csv = ll_arg(rq, LL_P_OPEN_DATA_FORMAT)->i == LL_OPEN_CSV;
    struct download *d = calloc(1, sizeof(*d));
    char name[96];
    int rc;

    if (!d)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    *d = (struct download){.base = {download_read, download_close},
                           .tables = app->tables,
                           .format = csv ? LL_OPEN_CSV : LL_OPEN_JSONL};
    if ((rc = open_resource(app, rq, ll_arg(rq, LL_P_OPEN_DATA_NAME)->s, &d->catalog, &d->resource, err)) <
        0) {
        free(d);
        return rc;
    }
    snprintf(name, sizeof name, "%s.%s", d->resource->name, csv ? "csv" : "jsonl");
    if ((rc = download_begin(app, d, err)) < 0 || (rc = ll_reply_download(rq, name, err)) < 0) {
        download_close(&d->base);
        return rc;
    }
    ll_reply_stream(rq, &d->base, csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
    return LL_OK;
}

/* ---- the catalogue for other portals ---- */

int ll_h_open_dcat(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_dcat d = {.figures = app->figures, .licence = ll_data_settings(app->data)->open_licence};
    const struct ll_site *site;
    struct ll_catalog *cat;
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 || (rc = ll_site(app, &site, err)) < 0 ||
        (rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    d.catalog = cat;
    d.origin = site->origin;
    ll_dcat_write(&d, &rq->json);
    ll_catalog_unref(cat);
    rq->type = "application/ld+json";
    return LL_OK;
}
