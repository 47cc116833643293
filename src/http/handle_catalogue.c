/* handle_catalogue.c - searching the catalogue, one resource, organisations. */
#include "catalog/search.h"
#include "http/app.h"
#include "http/request.h"
#include "http/write.h"
#include "routes.gen.h"

#include <string.h>

/* Where each facet's choice stands among the parameters. */
static const unsigned facet_params[LL_FACET_COUNT] = {
    [LL_FACET_PROVIDER] = LL_P_CATALOGUE_SEARCH_PROVIDER,
    [LL_FACET_REGION] = LL_P_CATALOGUE_SEARCH_REGION,
    [LL_FACET_SHARE_TYPE] = LL_P_CATALOGUE_SEARCH_SHARE_TYPE,
    [LL_FACET_OPEN] = LL_P_CATALOGUE_SEARCH_OPEN,
    [LL_FACET_UPDATE_CYCLE] = LL_P_CATALOGUE_SEARCH_UPDATE_CYCLE,
    [LL_FACET_GRADE] = LL_P_CATALOGUE_SEARCH_GRADE,
    [LL_FACET_SCENARIO] = LL_P_CATALOGUE_SEARCH_SCENARIO,
};

static void write_facets(struct ll_json *j, const struct ll_search *q, const struct ll_search_result *found)
{
    ll_json_key(j, "facets");
    ll_json_arr(j);
    for (unsigned f = 0; f < LL_FACET_COUNT; f++) {
        ll_json_obj(j);
        ll_json_kz(j, "field", ll_facet_name(f));
        ll_json_kz(j, "title", ll_facet_title(f, LL_ZH));
        ll_json_kz(j, "title_en", ll_facet_title(f, LL_EN));
        ll_json_key(j, "values");
        ll_json_arr(j);
        for (size_t i = 0; i < found->facets[f].n; i++) {
            const struct ll_facet_value *v = &found->facets[f].values[i];
            ll_json_obj(j);
            ll_json_kz(j, "value", v->value);
            ll_json_kz(j, "title", v->title[LL_ZH]);
            ll_json_kz(j, "title_en", v->title[LL_EN]);
            ll_json_ki(j, "count", (int64_t)v->count);
            ll_json_kb(j, "chosen", ll_str_is(q->only[f], v->value));
            ll_json_end_obj(j);
        }
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void write_found(struct ll_app *app, struct ll_json *j, const struct ll_catalog *cat,
                        const struct ll_search *q, const struct ll_search_result *found)
{
    ll_json_obj(j);
    ll_json_ki(j, "total", (int64_t)found->total);
    ll_json_ki(j, "offset", (int64_t)q->offset);
    ll_json_ki(j, "limit", (int64_t)q->limit);
    ll_json_kb(j, "relaxed", found->relaxed);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < found->n_hits; i++) {
        struct ll_figure figure = ll_figures_get(app->figures, found->hits[i].resource->name);
        ll_json_obj(j);
        ll_write_card(j, cat, found->hits[i].resource, &figure);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    write_facets(j, q, found);
    ll_json_end_obj(j);
}

int ll_h_catalogue_search(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_search q = {.text = ll_arg(rq, LL_P_CATALOGUE_SEARCH_Q)->s,
                          .limit = (size_t)ll_arg(rq, LL_P_CATALOGUE_SEARCH_LIMIT)->i,
                          .offset = (size_t)ll_arg(rq, LL_P_CATALOGUE_SEARCH_OFFSET)->i};
    struct ll_search_result found = {0};
    struct ll_catalog *cat;
    const struct ll_arg *sort = ll_arg(rq, LL_P_CATALOGUE_SEARCH_SORT);
    int rc;

    if (sort->given && !ll_search_sort_parse(sort->s, &q.sort, &q.descending))
        return ll_fail(err, LL_USAGE, "没有排序方式 %s", "there is no order %s", sort->s.p);
    if ((rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    for (unsigned f = 0; f < LL_FACET_COUNT; f++)
        q.only[f] = ll_arg(rq, facet_params[f])->s;
    rc = ll_catalog_search(ll_data_store(app->data), cat, &q, rq->arena, &found, err);
    if (rc >= 0)
        write_found(app, &rq->json, cat, &q, &found);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_resource_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str name = ll_arg(rq, LL_P_RESOURCE_SHOW_NAME)->s;
    const struct ll_arg *version = ll_arg(rq, LL_P_RESOURCE_SHOW_VERSION);
    struct ll_figure figure = ll_figures_get(app->figures, name.p);
    const struct ll_resource *r;
    struct ll_catalog *cat;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    r = version->given ? ll_catalog_resource_version(cat, name, (unsigned)version->i)
                       : ll_catalog_resource(cat, name);
    if (r)
        ll_write_resource(&rq->json, cat, r, &figure);
    else
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s，或没有这一版",
                     "there is no resource %s, or no such version of it", name.p);
    ll_catalog_unref(cat);
    return rc;
}

static size_t resources_of(const struct ll_catalog *cat, const char *provider)
{
    size_t n, count = 0;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);

    for (size_t i = 0; i < n; i++)
        count += strcmp(list[i]->provider, provider) == 0;
    return count;
}

static void write_organisation(struct ll_json *j, const struct ll_catalog *cat,
                               const struct ll_organisation *o)
{
    ll_json_obj(j);
    ll_json_kz(j, "code", o->code);
    ll_json_kz(j, "name", o->name);
    ll_json_kz(j, "name_en", o->name_en);
    ll_json_kz(j, "region", o->region);
    ll_json_kz(j, "parent", o->parent);
    ll_json_kz(j, "role", o->role);
    ll_json_kz(j, "uscc", o->uscc);
    ll_json_ki(j, "resources", (int64_t)resources_of(cat, o->code));
    ll_json_end_obj(j);
}

int ll_h_organisations_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *role = ll_arg(rq, LL_P_ORGANISATIONS_LIST_ROLE);
    const struct ll_arg *region = ll_arg(rq, LL_P_ORGANISATIONS_LIST_REGION);
    const struct ll_organisation *const *list;
    struct ll_json *j = &rq->json;
    struct ll_catalog *cat;
    size_t n, shown = 0;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    list = ll_catalog_organisations(cat, &n);
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        if ((role->given && !ll_str_is(role->s, list[i]->role)) ||
            (region->given && !(list[i]->region && ll_str_is(region->s, list[i]->region))))
            continue;
        write_organisation(j, cat, list[i]);
        shown++;
    }
    ll_json_end_arr(j);
    ll_json_ki(j, "total", (int64_t)shown);
    ll_json_end_obj(j);
    ll_catalog_unref(cat);
    return LL_OK;
}
