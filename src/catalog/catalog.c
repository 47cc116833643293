/* catalog.c - look-ups in a snapshot, and the snapshot that packs would make. */
#include "catalog/catalog_build.h"

#include "catalog/body.h"
#include "catalog/pack.h"
#include "catalog/service.h"

#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 64 << 20 };

uint64_t ll_catalog_generation(const struct ll_catalog *c)
{
    return c->generation;
}

#define LOOK_UP(function, type, list)                                                                        \
    const struct type *function(const struct ll_catalog *c, struct ll_str key)                               \
    {                                                                                                        \
        return ll_index_find(&c->list.by_key, key);                                                          \
    }
#define LIST(function, type, list)                                                                           \
    const struct type *const *function(const struct ll_catalog *c, size_t *n)                                \
    {                                                                                                        \
        *n = c->list.n;                                                                                      \
        return (const struct type *const *)c->list.p;                                                        \
    }
LOOK_UP(ll_catalog_resource, ll_resource, resources)
LOOK_UP(ll_catalog_organisation, ll_organisation, organisations)
LOOK_UP(ll_catalog_element, ll_element, elements)
LOOK_UP(ll_catalog_codes, ll_codes, codes)
LOOK_UP(ll_catalog_view, ll_view, views)
LOOK_UP(ll_catalog_service, ll_service, services)
LOOK_UP(ll_catalog_page, ll_page, pages)
LOOK_UP(ll_catalog_pack, ll_pack_info, packs)
LIST(ll_catalog_resources, ll_resource, resources)
LIST(ll_catalog_old_resources, ll_resource, old)
LIST(ll_catalog_organisations, ll_organisation, organisations)
LIST(ll_catalog_elements, ll_element, elements)
LIST(ll_catalog_code_tables, ll_codes, codes)
LIST(ll_catalog_views, ll_view, views)
LIST(ll_catalog_services, ll_service, services)
LIST(ll_catalog_pages, ll_page, pages)
LIST(ll_catalog_packs, ll_pack_info, packs)
#undef LOOK_UP
#undef LIST

const struct ll_resource *ll_catalog_resource_version(const struct ll_catalog *c, struct ll_str name,
                                                      unsigned version)
{
    const struct ll_resource *r = ll_catalog_resource(c, name);
    char key[96];

    if (r && r->version == version)
        return r;
    int n = snprintf(key, sizeof key, "%.*s/%u", LL_STR_ARG(name), version);
    if (n < 0 || (size_t)n >= sizeof key)
        return NULL;
    return ll_index_find(&c->old.by_key, (struct ll_str){key, (size_t)n});
}

const struct ll_element *ll_catalog_element_code(const struct ll_catalog *c, struct ll_str code)
{
    return ll_index_find(&c->element_codes, code);
}

const struct ll_codeset *ll_catalog_codeset(const struct ll_catalog *c, struct ll_str name)
{
    const struct ll_codes *codes = ll_catalog_codes(c, name);

    return codes ? codes->set : NULL;
}

/* The codes that are there already, part by part. */
static int copy_codes(struct ll_cat_codes *t, const struct ll_codes *from, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t p = 0; p < from->n_parts; p++) {
        const struct ll_codes_part *part = &from->parts[p];
        for (size_t i = part->first; i < part->first + part->n && rc == LL_OK; i++)
            rc = ll_cat_code(t, part->pack, ll_codeset_at(from->set, i), ll_str(from->synonyms[i]), err);
    }
    return rc;
}

static int add_table(struct ll_catalog *c, const struct ll_pack *p, const struct ll_code_table *table,
                     struct ll_err *err)
{
    const struct ll_codes *there = ll_catalog_codes(c, ll_str(table->name));
    struct ll_cat_codes *t = NULL;
    size_t n = table->n + (there ? ll_codeset_size(there->set) : 0);
    int rc = ll_cat_codes_begin(c, table->name, n, &t, err);

    if (rc == LL_OK && there)
        rc = copy_codes(t, there, err);
    for (size_t i = 0; i < table->n && rc == LL_OK; i++) {
        const struct ll_code_row *row = &table->rows[i];
        struct ll_code code = {ll_str(row->code), ll_str(row->title), ll_str(row->title_en),
                               ll_str(row->parent), row->historical};
        rc = ll_cat_code(t, p->info.name, &code, ll_str(row->synonyms), err);
    }
    return rc < 0 ? rc : ll_cat_codes_end(t, err);
}

static int add_resource(struct ll_catalog *c, const struct ll_pack *p, const struct ll_resource *r,
                        struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(BODY_MAX);

    ll_body_write(r, &body);
    int rc = body.failed ? ll_fail(err, LL_NOMEM, "内存不足", "out of memory")
                         : ll_cat_resource(c, ll_buf_view(&body), p->info.name, true, err);
    ll_buf_free(&body);
    return rc;
}

static int add_service(struct ll_catalog *c, const struct ll_pack *p, const struct ll_service *s,
                       struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(BODY_MAX);

    ll_service_write(s, &body);
    int rc = body.failed ? ll_no_memory(err) : ll_cat_service(c, ll_buf_view(&body), p->info.name, err);
    ll_buf_free(&body);
    return rc;
}

static int add_pack(struct ll_catalog *c, const struct ll_pack *p, struct ll_err *err)
{
    int rc = ll_cat_pack(c, &p->info, err);

    for (size_t i = 0; i < p->n_elements && rc == LL_OK; i++)
        rc = ll_cat_element(c, &p->elements[i], err);
    for (size_t i = 0; i < p->n_tables && rc == LL_OK; i++)
        rc = add_table(c, p, &p->tables[i], err);
    for (size_t i = 0; i < p->n_organisations && rc == LL_OK; i++)
        rc = ll_cat_organisation(c, &p->organisations[i], err);
    for (size_t i = 0; i < p->n_resources && rc == LL_OK; i++)
        rc = add_resource(c, p, &p->resources[i], err);
    for (size_t i = 0; i < p->n_views && rc == LL_OK; i++)
        rc = ll_cat_view(c, &p->views[i], err);
    for (size_t i = 0; i < p->n_services && rc == LL_OK; i++)
        rc = add_service(c, p, &p->services[i], err);
    for (size_t i = 0; i < p->n_pages && rc == LL_OK; i++)
        rc = ll_cat_page(c, &p->pages[i], err);
    return rc;
}

int ll_catalog_of_packs(struct ll_catalog *base, const struct ll_pack *const *packs, size_t n,
                        struct ll_catalog **ret, struct ll_err *err)
{
    struct ll_catalog *c = NULL;
    int rc = ll_cat_new(base, &c, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = add_pack(c, packs[i], err);
    if (rc < 0) {
        ll_catalog_unref(c);
        return rc;
    }
    ll_cat_finish(c, 0);
    *ret = c;
    return LL_OK;
}
