/* describe.c - see describe.h: what an organisation may call, and the document of it. */
#include "share/describe_impl.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* --- what is granted ---------------------------------------------------------------------------------------------------- */

static const struct ll_grant_item *item_granted(const struct ll_describing *d, const struct ll_granted *k,
                                                const char *item, bool plain)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct ll_grant_item *g = ll_grant_in_force(k->grants[i], d->now)
                                            ? ll_grant_item_of(k->grants[i], ll_str(item))
                                            : NULL;
        if (g && (!plain || g->plain))
            return g;
    }
    return NULL;
}

static struct ll_described value_of(const struct ll_describing *d, const struct ll_granted *k,
                                    const struct ll_item *item)
{
    return (struct ll_described){item->name, item->title ? item->title : item->element->title,
                                 item->title_en ? item->title_en : item->element->title_en, item->element,
                                 item->grade >= LL_GRADE_SEALED && !item_granted(d, k, item->name, true)};
}

void ll_describe_items(const struct ll_describing *d, const struct ll_granted *k,
                       void (*how)(const struct ll_describing *, const struct ll_described *))
{
    for (size_t i = 0; i < k->r->n_items; i++) {
        struct ll_described v = value_of(d, k, &k->r->items[i]);
        if (item_granted(d, k, v.name, false) && (!k->made || ll_made_has(k->made, ll_str(v.name))))
            how(d, &v);
    }
}

/* --- what services of packs may be called ---------------------------------------------------------------------------------- */

static bool covers(const struct ll_describing *d, const struct ll_grant *g, const struct ll_service *s,
                   unsigned mode)
{
    if (!ll_grant_in_force(g, d->now) || !(ll_grant_modes(g) & mode) || (s->view && g->consent))
        return false;
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].resource && strcmp(s->items[i].resource, g->resource) == 0 &&
            !ll_grant_item_of(g, ll_str(s->items[i].item)))
            return false;
    return true;
}

/* The grant that a call would go by; NULL: there is none. */
static const struct ll_grant *covering(const struct ll_describing *d, const struct ll_service *s,
                                       const char *resource)
{
    unsigned mode = s->view ? LL_USE_BATCH : LL_USE_QUERY;
    size_t n = 0;
    const struct ll_grant *const *list = ll_grants_of(d->grants, ll_str(d->organisation), ll_str(resource),
                                                      &n);

    for (size_t i = 0; i < n; i++)
        if (covers(d, list[i], s, mode))
            return list[i];
    return NULL;
}

static bool may_call(const struct ll_describing *d, const struct ll_service *s)
{
    bool all = s->callable;

    for (size_t i = 0; all && i < s->n_resources; i++)
        all = covering(d, s, s->resources[i]) != NULL;
    return all;
}

bool ll_describe_output(const struct ll_describing *d, const struct ll_service *s,
                        const struct ll_service_item *it, struct ll_described *v)
{
    const struct ll_grant *g = it->resource ? covering(d, s, it->resource) : NULL;
    const struct ll_grant_item *granted = g ? ll_grant_item_of(g, ll_str(it->item)) : NULL;
    const struct ll_resource *r = it->resource ? ll_catalog_resource(d->cat, ll_str(it->resource)) : NULL;
    const struct ll_item *item = r ? ll_resource_item(r, ll_str(it->item)) : NULL;

    *v = (struct ll_described){it->name, it->title, it->title_en,
                               ll_catalog_element(d->cat, ll_str(it->element)), false};
    if (!v->element)
        return false;
    v->masked = item ? item->grade >= LL_GRADE_SEALED && !(granted && granted->plain)
                     : v->element->grade >= LL_GRADE_SEALED;
    return true;
}

/* --- the document ------------------------------------------------------------------------------------------------------ */

static bool of_resource(const struct ll_describing *d, const struct ll_resource *r, struct ll_granted *k)
{
    *k = (struct ll_granted){.r = r, .name = r->name, .title = r->title, .title_en = r->title_en};
    k->grants = ll_grants_of(d->grants, ll_str(d->organisation), ll_str(r->name), &k->n);
    for (size_t i = 0; i < k->n; i++)
        if (ll_grant_in_force(k->grants[i], d->now))
            k->modes |= ll_grant_modes(k->grants[i]);
    return k->modes != 0;
}

static bool of_made(const struct ll_describing *d, const struct ll_made *m, struct ll_granted *k)
{
    const struct ll_service *s = &m->service;

    *k = (struct ll_granted){.made = m, .name = s->name, .title = s->title, .title_en = s->title_en, .n = 1};
    k->r = ll_catalog_resource(d->cat, ll_str(s->resources[0]));
    k->one = ll_grants_by_id(d->grants, ll_str(m->grant));
    k->grants = &k->one;
    if (!k->r || !k->one || !ll_grant_in_force(k->one, d->now))
        return false;
    k->modes = ll_grant_modes(k->one);
    return true;
}

/* Everything that is called by a name of its own: how(d, it). */
static int each_granted(const struct ll_describing *d,
                        int (*how)(const struct ll_describing *, const struct ll_granted *))
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(d->cat, &n);
    struct ll_granted k;
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (of_resource(d, list[i], &k))
            rc = how(d, &k);
    for (size_t i = 0; i < d->n_made && rc == LL_OK; i++)
        if (of_made(d, &d->made[i], &k))
            rc = how(d, &k);
    return rc;
}

static void each_service(const struct ll_describing *d,
                         void (*how)(const struct ll_describing *, const struct ll_service *))
{
    size_t n;
    const struct ll_service *const *list = ll_catalog_services(d->cat, &n);

    for (size_t i = 0; i < n; i++)
        if (may_call(d, list[i]))
            how(d, list[i]);
}

static int put_paths(const struct ll_describing *d)
{
    ll_json_key(d->j, "paths");
    ll_json_obj(d->j);
    int rc = each_granted(d, ll_describe_paths);
    each_service(d, ll_describe_service_path);
    ll_json_end_obj(d->j);
    return rc;
}

static int put_components(const struct ll_describing *d)
{
    ll_json_key(d->j, "components");
    ll_json_obj(d->j);
    ll_json_key(d->j, "securitySchemes");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"/oauth/token（private_key_jwt）\"}}"));
    ll_json_key(d->j, "responses");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"Refused\":{\"description\":\"拒绝，说明未满足的条件 / refused, with the condition that failed\",\"content\":"
            "{\"application/json\":{\"schema\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\"}}}}}}}"));
    ll_json_key(d->j, "schemas");
    ll_json_obj(d->j);
    ll_json_key(d->j, "ValueStatus");
    ll_json_raw(d->j, LL_STR("{\"enum\":[\"present\",\"absent\",\"masked\",\"not_granted\",\"disputed\"]}"));
    ll_json_key(d->j, "Receipt");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"type\":\"object\",\"properties\":{\"index\":{\"type\":\"integer\"},\"tree_size\":{\"type\":\"integer\"},"
            "\"leaf\":{\"type\":\"string\"}}}"));
    int rc = each_granted(d, ll_describe_schemas);
    each_service(d, ll_describe_service_schemas);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    return rc;
}

static int put_document(const struct ll_describing *d, const char *origin)
{
    const struct ll_organisation *o = ll_catalog_organisation(d->cat, ll_str(d->organisation));
    struct ll_json *j = d->j;
    char text[LL_ERR_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "openapi", "3.1.0");
    ll_json_key(j, "info");
    ll_json_obj(j);
    snprintf(text, sizeof text, "%s：可以调用的服务 / services to call", o ? o->name : d->organisation);
    ll_json_kz(j, "title", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)ll_grants_generation(d->grants));
    ll_json_kz(j, "version", text);
    ll_json_end_obj(j);
    ll_json_key(j, "servers");
    ll_json_arr(j);
    ll_json_obj(j);
    ll_json_kz(j, "url", origin);
    ll_json_end_obj(j);
    ll_json_end_arr(j);
    ll_json_key(j, "security");
    ll_json_raw(j, LL_STR("[{\"token\":[]}]"));
    int rc = put_paths(d);
    if (rc == LL_OK)
        rc = put_components(d);
    ll_json_end_obj(j);
    return rc;
}

int ll_describe_services(struct ll_gateway *g, const char *organisation, const char *origin,
                         struct ll_json *j, struct ll_err *err)
{
    struct ll_describing d = {.g = g,
                              .arena = ll_arena_new(0),
                              .organisation = organisation,
                              .now = ll_now_ms(),
                              .j = j,
                              .err = err};
    int rc = d.arena ? ll_ledger_catch_up(g->ledger, err) : ll_no_memory(err);

    d.day = ll_local_day(d.now);
    if (rc == LL_OK && (rc = ll_grants_current(g->grants, &d.grants, err)) == LL_OK &&
        (rc = ll_catalog_live_get(g->o.catalog, false, &d.cat, err)) == LL_OK &&
        (rc = ll_txn_begin(g->o.store, false, &d.tx, err)) == LL_OK &&
        (rc = ll_made_list(d.tx, organisation, NULL, d.arena, &d.made, &d.n_made, err)) == LL_OK)
        rc = put_document(&d, origin);
    ll_txn_end(d.tx);
    ll_catalog_unref(d.cat);
    ll_grants_unref(d.grants);
    ll_arena_free(d.arena);
    return rc;
}
