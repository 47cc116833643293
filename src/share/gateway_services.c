/* gateway_services.c - what an organisation may call (gateway.h). */
#include "share/gateway_impl.h"

#include "base/clock.h"

#include <string.h>

static bool holds(const struct ll_grant *g, const char *organisation, int64_t now)
{
    return strcmp(g->organisation, organisation) == 0 && g->state == LL_STATE_ACTIVE && now >= g->from_at &&
           now < g->until_at;
}

static void put_items(const struct ll_grant *g, const struct ll_resource *r, struct ll_json *j)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_items; i++) {
        const struct ll_item *item = ll_resource_item(r, ll_str(g->items[i].name));
        if (!item)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "name", item->name);
        ll_json_kz(j, "title", item->title ? item->title : item->element->title);
        ll_json_kz(j, "type", ll_type_name(item->element->type));
        ll_json_kb(j, "key", item->key > 0);
        ll_json_kb(j, "masked", item->grade >= 3 && !g->items[i].plain);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_modes(const struct ll_grant *g, struct ll_json *j)
{
    ll_json_key(j, "modes");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_USE_MODE_COUNT; i++)
        if (g->modes & 1u << i)
            ll_json_z(j, ll_use_mode_word(i));
    ll_json_end_arr(j);
}

/* 0 stands for no limit, as in the grant. */
static int put_quotas(struct ll_txn *tx, const struct ll_grant *g, int64_t day, struct ll_json *j,
                      struct ll_err *err)
{
    int64_t total = 0, today = 0;
    int rc = ll_usage_of_grant(tx, ll_str(g->id), day, &total, &today, err);

    ll_json_ki(j, "per_second", g->per_second);
    ll_json_ki(j, "per_day", g->per_day);
    ll_json_ki(j, "total", g->total);
    ll_json_ki(j, "used_today", today);
    ll_json_ki(j, "used", total);
    return rc;
}

static int put_service(struct ll_txn *tx, const struct ll_grant *g, const struct ll_resource *r, int64_t day,
                       struct ll_json *j, struct ll_err *err)
{
    char until[LL_TIME_TEXT];
    int rc;

    ll_json_obj(j);
    ll_json_kz(j, "name", r->name);
    ll_json_kz(j, "title", r->title);
    ll_json_kz(j, "title_en", r->title_en);
    ll_json_ki(j, "version", r->version);
    ll_json_kz(j, "provider", r->provider);
    ll_json_kz(j, "grant", g->id);
    ll_json_kz(j, "purpose", g->purpose);
    ll_json_kb(j, "consent", g->consent);
    ll_json_kz(j, "until", ll_time_text(g->until_at, until));
    put_modes(g, j);
    put_items(g, r, j);
    rc = put_quotas(tx, g, day, j, err);
    ll_json_end_obj(j);
    return rc;
}

static int put_all(struct ll_gateway *g, struct ll_grants *grants, struct ll_catalog *cat,
                   const char *organisation, struct ll_json *j, struct ll_err *err)
{
    int64_t now = ll_now_ms(), day = ll_local_day(now);
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(g->o.store, false, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < ll_grants_count(grants); i++) {
        const struct ll_grant *one = ll_grants_at(grants, i);
        const struct ll_resource *r = holds(one, organisation, now)
                                          ? ll_catalog_resource(cat, ll_str(one->resource))
                                          : NULL;
        if (r)
            rc = put_service(tx, one, r, day, j, err);
    }
    ll_txn_end(tx);
    return rc;
}

int ll_gateway_services(struct ll_gateway *g, const char *organisation, struct ll_json *j, struct ll_err *err)
{
    struct ll_grants *grants = NULL;
    struct ll_catalog *cat = NULL;
    int rc = ll_ledger_catch_up(g->ledger, err);

    if (rc == LL_OK && (rc = ll_grants_current(g->grants, &grants, err)) == LL_OK &&
        (rc = ll_catalog_live_get(g->o.catalog, false, &cat, err)) == LL_OK) {
        ll_json_obj(j);
        ll_json_key(j, "items");
        ll_json_arr(j);
        rc = put_all(g, grants, cat, organisation, j, err);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_catalog_unref(cat);
    ll_grants_unref(grants);
    return rc;
}
