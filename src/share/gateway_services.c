/* gateway_services.c - what an organisation may call (gateway.h). */
#include "share/gateway_impl.h"

#include "base/clock.h"

#include <string.h>

static bool holds(const struct ll_grant *g, const char *organisation, int64_t now)
{
    return strcmp(g->organisation, organisation) == 0 && ll_grant_in_force(g, now);
}

/* What is called: a resource by its name under a grant, or what was made from the grant. */
struct offer {
    const struct ll_grant *grant;
    const struct ll_resource *resource;
    const struct ll_made *made; /* NULL: the resource itself */
};

static void put_items(const struct offer *o, struct ll_json *j)
{
    const struct ll_grant *g = o->grant;

    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_items; i++) {
        struct ll_str name = ll_str(g->items[i].name);
        const struct ll_item *item = ll_resource_item(o->resource, name);
        if (!item || (o->made && !ll_made_has(o->made, name)))
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
        if (ll_grant_modes(g) & 1u << i)
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

static int put_service(struct ll_txn *tx, const struct offer *o, int64_t day, struct ll_json *j,
                       struct ll_err *err)
{
    const struct ll_grant *g = o->grant;
    const struct ll_resource *r = o->resource;
    const struct ll_service *s = o->made ? &o->made->service : NULL;
    char until[LL_TIME_TEXT];
    int rc;

    ll_json_obj(j);
    ll_json_kz(j, "name", s ? s->name : r->name);
    ll_json_kz(j, "title", s ? s->title : r->title);
    ll_json_kz(j, "title_en", s ? s->title_en : r->title_en);
    ll_json_ki(j, "version", s ? s->version : r->version);
    ll_json_kz(j, "resource", r->name);
    ll_json_kb(j, "made", s != NULL);
    ll_json_kz(j, "provider", r->provider);
    ll_json_kz(j, "grant", g->id);
    ll_json_kz(j, "purpose", g->purpose);
    ll_json_kb(j, "consent", g->consent);
    ll_json_kz(j, "until", ll_time_text(g->until_at, until));
    put_modes(g, j);
    put_items(o, j);
    rc = put_quotas(tx, g, day, j, err);
    ll_json_end_obj(j);
    return rc;
}

static int put_granted(struct ll_txn *tx, const struct ll_grants *grants, const struct ll_catalog *cat,
                       const char *organisation, struct ll_json *j, struct ll_err *err)
{
    int64_t now = ll_now_ms(), day = ll_local_day(now);
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < ll_grants_count(grants); i++) {
        struct offer o = {.grant = ll_grants_at(grants, i)};
        if (holds(o.grant, organisation, now) &&
            (o.resource = ll_catalog_resource(cat, ll_str(o.grant->resource))))
            rc = put_service(tx, &o, day, j, err);
    }
    return rc;
}

static int put_made(struct ll_txn *tx, const struct ll_grants *grants, const struct ll_catalog *cat,
                    const char *organisation, struct ll_json *j, struct ll_err *err)
{
    int64_t now = ll_now_ms(), day = ll_local_day(now);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_made *list = NULL;
    size_t n = 0;
    int rc = arena ? ll_made_list(tx, organisation, NULL, arena, &list, &n, err) : ll_no_memory(err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        struct offer o = {.grant = ll_grants_by_id(grants, ll_str(list[i].grant)), .made = &list[i]};
        if (o.grant && holds(o.grant, organisation, now) &&
            (o.resource = ll_catalog_resource(cat, ll_str(o.grant->resource))))
            rc = put_service(tx, &o, day, j, err);
    }
    ll_arena_free(arena);
    return rc;
}

static int put_all(struct ll_gateway *g, struct ll_grants *grants, struct ll_catalog *cat,
                   const char *organisation, struct ll_json *j, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(g->o.store, false, &tx, err);

    if (rc == LL_OK && (rc = put_granted(tx, grants, cat, organisation, j, err)) == LL_OK)
        rc = put_made(tx, grants, cat, organisation, j, err);
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
