/* statistic_view.c - see statistic_view.h. */
#include "http/statistic_view.h"

#include "apps/finance/event_deliver.h"
#include "http/sharing.h"
#include "share/gateway.h"

void ll_stat_view_close(struct ll_stat_view *v)
{
    ll_products_let_go(v->held);
    v->held = NULL;
    v->cat = ll_catalog_unref(v->cat);
}

/* The city is that of whoever provides the events. */
static int find_counties(const struct ll_sharing *s, struct ll_arena *arena, struct ll_stat_view *v,
                         struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(s->cat, LL_STR(LL_EVENT_RESOURCE));

    return !r ? LL_OK
              : ll_counties_read(s->tx, s->cat, r->provider, arena, &v->counties, &v->n_counties, err);
}

int ll_stat_view_read(struct ll_app *app, struct ll_request *rq, struct ll_stat_ask *a,
                      const enum ll_stat_by *by, size_t n, struct ll_stat_view *ret, struct ll_stat *stats,
                      struct ll_err *err)
{
    struct ll_err ignored;
    struct ll_sharing s;
    int rc;

    *ret = (struct ll_stat_view){0};
    if ((rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    rc = find_counties(&s, rq->arena, ret, err);
    ll_txn_end(s.tx);
    ret->cat = s.cat;
    if (rc == LL_OK && ll_products_live_get(app->products, &ret->held, &ignored) < 0)
        ret->held = NULL;
    a->data = app->data;
    a->cat = ret->cat;
    ret->names = (struct ll_stat_names){.cat = ret->cat, .products = ret->held ? ret->held->all : NULL};
    if (rc == LL_OK && (rc = ll_data_view_begin(app->data, err)) == LL_OK) {
        rc = ll_stat_read_each(a, by, n, rq->arena, stats, err);
        ll_data_view_end(app->data);
    }
    if (rc < 0)
        ll_stat_view_close(ret);
    return rc;
}

static void put_place(struct ll_json *j, const char *key, int n)
{
    ll_json_key(j, key);
    if (n < 0)
        ll_json_null(j);
    else
        ll_json_int(j, n);
}

void ll_stat_view_put_counties(const struct ll_stat_view *v, struct ll_json *j)
{
    ll_json_key(j, "counties");
    ll_json_arr(j);
    for (size_t i = 0; i < v->n_counties; i++) {
        const struct ll_county *c = &v->counties[i];
        ll_json_obj(j);
        ll_json_ks(j, "code", c->code->code);
        ll_json_ks(j, "title", c->code->title);
        ll_json_ks(j, "title_en", c->code->title_en.n ? c->code->title_en : c->code->title);
        put_place(j, "row", c->row);
        put_place(j, "place", c->place);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
