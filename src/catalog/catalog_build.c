/* catalog_build.c - see catalog_build.h. */
#include "catalog/catalog_build.h"

#include "catalog/body.h"
#include "catalog/browse.h"
#include "catalog/fields.h"
#include "catalog/service.h"

#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x6c6c6361 };
#define CATALOGUE_MAX ((size_t)16 << 30) /* a million entries take 2 GiB or so */

static int nomem(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "读取目录时内存不足", "out of memory reading the catalogue");
}

static int list_add(struct ll_arena *arena, struct ll_cat_list *l, const char *key, const void *object)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        const void **p = ll_arena_array(arena, cap, sizeof *p);
        if (!p)
            return LL_NOMEM;
        if (l->n)
            memcpy(p, l->p, l->n * sizeof *p);
        l->p = p;
        l->cap = cap;
    }
    int rc = ll_index_add(&l->by_key, ll_str(key), object);
    if (rc <= 0)
        return rc < 0 ? LL_NOMEM : LL_CONFLICT;
    l->p[l->n++] = object;
    return LL_OK;
}

static int add(struct ll_catalog *c, struct ll_cat_list *l, const char *key, const void *object,
               struct ll_err *err)
{
    int rc = list_add(c->arena, l, key, object);

    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "目录中已有“%s”", "the catalogue already has '%s'", key);
    return rc < 0 ? nomem(err) : LL_OK;
}

static int share(struct ll_catalog *c, struct ll_cat_list *into, const struct ll_cat_list *from,
                 const char *(*key)(const void *))
{
    for (size_t i = 0; i < from->n; i++)
        if (list_add(c->arena, into, key(from->p[i]), from->p[i]) == LL_NOMEM)
            return LL_NOMEM;
    return LL_OK;
}

#define KEY_OF(name, type, field)                                                                            \
    static const char *name(const void *object)                                                              \
    {                                                                                                        \
        return ((const struct type *)object)->field;                                                         \
    }
KEY_OF(pack_key, ll_pack_info, name)
KEY_OF(element_key, ll_element, name)
KEY_OF(codes_key, ll_codes, name)
KEY_OF(organisation_key, ll_organisation, code)
KEY_OF(resource_key, ll_resource, name)
KEY_OF(view_key, ll_view, name)
KEY_OF(service_key, ll_service, name)
KEY_OF(page_key, ll_page, key)
#undef KEY_OF

/* Old versions are found by the list alone; their index would need a key of two parts. */
static char *version_key(struct ll_catalog *c, const struct ll_resource *r)
{
    return ll_arena_printf(c->arena, "%s/%u", r->name, r->version);
}

static int share_all(struct ll_catalog *c, const struct ll_catalog *base)
{
    if (share(c, &c->packs, &base->packs, pack_key) < 0 ||
        share(c, &c->elements, &base->elements, element_key) < 0 ||
        share(c, &c->codes, &base->codes, codes_key) < 0 ||
        share(c, &c->organisations, &base->organisations, organisation_key) < 0 ||
        share(c, &c->resources, &base->resources, resource_key) < 0 ||
        share(c, &c->views, &base->views, view_key) < 0 ||
        share(c, &c->services, &base->services, service_key) < 0 ||
        share(c, &c->pages, &base->pages, page_key) < 0)
        return LL_NOMEM;
    for (size_t i = 0; i < base->old.n; i++) {
        char *key = version_key(c, base->old.p[i]);
        if (!key || list_add(c->arena, &c->old, key, base->old.p[i]) < 0)
            return LL_NOMEM;
    }
    for (size_t i = 0; i < base->elements.n; i++) {
        const struct ll_element *e = base->elements.p[i];
        if (ll_index_add(&c->element_codes, ll_str(e->code), e) < 0)
            return LL_NOMEM;
    }
    return LL_OK;
}

int ll_cat_new(struct ll_catalog *base, struct ll_catalog **ret, struct ll_err *err)
{
    struct ll_catalog *c = calloc(1, sizeof *c);
    struct ll_cat_list *lists[] = {&c->packs, &c->elements, &c->codes,    &c->organisations, &c->resources,
                                   &c->old,   &c->views,    &c->services, &c->pages};

    if (!c)
        return nomem(err);
    c->magic = MAGIC;
    atomic_init(&c->refs, 1);
    c->arena = ll_arena_new(CATALOGUE_MAX);
    c->browse = ll_browse_new();
    if (!c->arena || !c->browse) {
        ll_catalog_unref(c);
        return nomem(err);
    }
    for (size_t i = 0; i < LL_COUNT(lists); i++)
        ll_index_init(&lists[i]->by_key, c->arena);
    ll_index_init(&c->element_codes, c->arena);
    if (base) {
        c->base = ll_catalog_ref(base);
        if (share_all(c, base) < 0) {
            ll_catalog_unref(c);
            return nomem(err);
        }
    }
    *ret = c;
    return LL_OK;
}

struct ll_catalog *ll_catalog_ref(struct ll_catalog *c)
{
    LL_CHECK(c, MAGIC);
    atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
    return c;
}

struct ll_catalog *ll_catalog_unref(struct ll_catalog *c)
{
    if (!c)
        return NULL;
    LL_CHECK(c, MAGIC);
    if (atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) > 1)
        return NULL;
    ll_catalog_unref(c->base);
    ll_browse_free(c->browse);
    ll_arena_free(c->arena);
    c->magic = 0;
    free(c);
    return NULL;
}

static bool copy(struct ll_arena *arena, const char **z)
{
    if (!*z)
        return true;
    *z = ll_arena_dup(arena, ll_str(*z));
    return *z != NULL;
}

static bool copy_fields(struct ll_arena *arena, void *object, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const char *z = ll_field_get(object, &fields->list[i]);
        if (!copy(arena, &z))
            return false;
        ll_field_set(object, &fields->list[i], z);
    }
    return true;
}

int ll_cat_pack(struct ll_catalog *c, const struct ll_pack_info *p, struct ll_err *err)
{
    struct ll_pack_info *mine = ll_arena_alloc(c->arena, sizeof *mine);

    if (!mine)
        return nomem(err);
    *mine = *p;
    mine->needs = ll_arena_array(c->arena, p->n_needs, sizeof *mine->needs);
    if (!mine->needs || !copy(c->arena, &mine->name) || !copy(c->arena, &mine->version) ||
        !copy(c->arena, &mine->title) || !copy(c->arena, &mine->title_en) ||
        !copy(c->arena, &mine->description) || !copy(c->arena, &mine->description_en) ||
        !copy(c->arena, &mine->sha256))
        return nomem(err);
    for (size_t i = 0; i < p->n_needs; i++) {
        mine->needs[i] = p->needs[i];
        if (!copy(c->arena, &mine->needs[i]))
            return nomem(err);
    }
    return add(c, &c->packs, mine->name, mine, err);
}

int ll_cat_element(struct ll_catalog *c, const struct ll_element *e, struct ll_err *err)
{
    struct ll_element *mine = ll_arena_alloc(c->arena, sizeof *mine);

    if (!mine)
        return nomem(err);
    *mine = *e;
    if (!copy_fields(c->arena, mine, &ll_element_fields) || !copy(c->arena, &mine->name) ||
        ll_index_add(&c->element_codes, ll_str(mine->code), mine) < 0)
        return nomem(err);
    return add(c, &c->elements, mine->name, mine, err);
}

int ll_cat_organisation(struct ll_catalog *c, const struct ll_organisation *o, struct ll_err *err)
{
    struct ll_organisation *mine = ll_arena_alloc(c->arena, sizeof *mine);

    if (!mine)
        return nomem(err);
    *mine = *o;
    if (!copy_fields(c->arena, mine, &ll_organisation_fields) || !copy(c->arena, &mine->code) ||
        !copy(c->arena, &mine->pack))
        return nomem(err);
    return add(c, &c->organisations, mine->code, mine, err);
}

int ll_cat_view(struct ll_catalog *c, const struct ll_view *v, struct ll_err *err)
{
    struct ll_view *mine = ll_arena_alloc(c->arena, sizeof *mine);

    if (!mine)
        return nomem(err);
    *mine = *v;
    if (!copy(c->arena, &mine->name) || !copy(c->arena, &mine->sql) || !copy(c->arena, &mine->pack))
        return nomem(err);
    return add(c, &c->views, mine->name, mine, err);
}

int ll_cat_service(struct ll_catalog *c, struct ll_str body, const char *pack, struct ll_err *err)
{
    struct ll_service *mine = ll_arena_alloc(c->arena, sizeof *mine);
    int rc = mine ? ll_service_read(body, c->arena, mine, err) : nomem(err);

    if (rc < 0)
        return rc;
    mine->pack = pack;
    return copy(c->arena, &mine->pack) ? add(c, &c->services, mine->name, mine, err) : nomem(err);
}

int ll_cat_page(struct ll_catalog *c, const struct ll_page *p, struct ll_err *err)
{
    struct ll_page *mine = ll_arena_alloc(c->arena, sizeof *mine);

    if (!mine)
        return nomem(err);
    *mine = *p;
    if (!copy(c->arena, &mine->key) || !copy(c->arena, &mine->pack) || !copy(c->arena, &mine->name) ||
        !copy(c->arena, &mine->body))
        return nomem(err);
    return add(c, &c->pages, mine->key, mine, err);
}

static const struct ll_element *element_named(void *ctx, struct ll_str name)
{
    return ll_catalog_element(ctx, name);
}

static const struct ll_codeset *codes_named(void *ctx, struct ll_str table)
{
    return ll_catalog_codeset(ctx, table);
}

int ll_cat_resource(struct ll_catalog *c, struct ll_str body, const char *pack, bool current,
                    struct ll_err *err)
{
    struct ll_body_names names = {c, current ? element_named : NULL, codes_named};
    struct ll_resource *r = NULL;
    int rc = ll_body_read(body, &names, c->arena, &r, err);

    if (rc < 0)
        return rc;
    const struct ll_organisation *o = ll_catalog_organisation(c, ll_str(r->provider));
    r->provider_name = o ? o->name : r->provider;
    r->pack = ll_arena_dup(c->arena, ll_str(pack));
    if (!r->pack)
        return nomem(err);
    if (current)
        return add(c, &c->resources, r->name, r, err);
    char *key = version_key(c, r);
    return key ? add(c, &c->old, key, r, err) : nomem(err);
}

struct ll_cat_codes {
    struct ll_catalog *c;
    struct ll_codeset *set;
    struct ll_codes *codes;
    struct ll_codes_part *parts;
    const char **synonyms;
    size_t cap, part_cap;
};

int ll_cat_codes_begin(struct ll_catalog *c, const char *table, size_t hint, struct ll_cat_codes **ret,
                       struct ll_err *err)
{
    struct ll_cat_codes *t = ll_arena_alloc(c->arena, sizeof *t);

    if (!t)
        return nomem(err);
    t->c = c;
    t->codes = ll_arena_alloc(c->arena, sizeof *t->codes);
    t->set = ll_codeset_new(c->arena, table, hint);
    if (!t->codes || !t->set)
        return nomem(err);
    t->codes->name = ll_codeset_name(t->set);
    t->codes->set = t->set;
    *ret = t;
    return LL_OK;
}

/* An array in an arena with room for one more: what it outgrows is at most as much again.  NULL when memory is out. */
static void *room(struct ll_arena *arena, void *array, size_t n, size_t *cap, size_t size)
{
    if (array && n < *cap)
        return array;
    size_t wider = *cap ? *cap * 2 : 16;
    void *p = ll_arena_array(arena, wider, size);
    if (!p)
        return NULL;
    if (array)
        memcpy(p, array, n * size);
    *cap = wider;
    return p;
}

static bool next_part(struct ll_cat_codes *t, const char *pack)
{
    struct ll_codes *codes = t->codes;

    if (t->parts && strcmp(t->parts[codes->n_parts - 1].pack, pack) == 0)
        return true;
    struct ll_codes_part *parts = room(t->c->arena, t->parts, codes->n_parts, &t->part_cap, sizeof *parts);
    if (!parts)
        return false;
    parts[codes->n_parts] = (struct ll_codes_part){ll_arena_dup(t->c->arena, ll_str(pack)),
                                                   ll_codeset_size(t->set), 0};
    codes->parts = t->parts = parts;
    return parts[codes->n_parts++].pack != NULL;
}

int ll_cat_code(struct ll_cat_codes *t, const char *pack, const struct ll_code *code, struct ll_str synonyms,
                struct ll_err *err)
{
    size_t at = ll_codeset_size(t->set);
    const char **list = room(t->c->arena, t->synonyms, at, &t->cap, sizeof *list);

    if (!list || !next_part(t, pack))
        return nomem(err);
    t->codes->synonyms = t->synonyms = list;
    t->synonyms[at] = synonyms.n ? ll_arena_dup(t->c->arena, synonyms) : NULL;
    if (synonyms.n && !t->synonyms[at])
        return nomem(err);
    int rc = ll_codeset_add(t->set, code, synonyms, err);
    if (rc < 0)
        return rc;
    t->parts[t->codes->n_parts - 1].n++;
    return LL_OK;
}

/* A table of the base that gets more codes is replaced by the longer one. */
int ll_cat_codes_end(struct ll_cat_codes *t, struct ll_err *err)
{
    struct ll_cat_list *l = &t->c->codes;
    const void *there = ll_index_find(&l->by_key, ll_str(t->codes->name));

    if (!there)
        return add(t->c, l, t->codes->name, t->codes, err);
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i] == there)
            l->p[i] = t->codes;
    ll_index_replace(&l->by_key, ll_str(t->codes->name), t->codes);
    return LL_OK;
}

#define BY_KEY(name, key)                                                                                    \
    static int name(const void *a, const void *b)                                                            \
    {                                                                                                        \
        return strcmp(key(*(const void *const *)a), key(*(const void *const *)b));                           \
    }
BY_KEY(by_pack, pack_key)
BY_KEY(by_element, element_key)
BY_KEY(by_codes, codes_key)
BY_KEY(by_organisation, organisation_key)
BY_KEY(by_view, view_key)
BY_KEY(by_service, service_key)
BY_KEY(by_page, page_key)
#undef BY_KEY

static int by_resource(const void *a, const void *b)
{
    const struct ll_resource *x = *(const struct ll_resource *const *)a;
    const struct ll_resource *y = *(const struct ll_resource *const *)b;
    int c = strcmp(x->name, y->name);

    return c ? c : (x->version > y->version) - (x->version < y->version);
}

static void sort(struct ll_cat_list *l, int (*by)(const void *, const void *))
{
    if (l->n)
        qsort(l->p, l->n, sizeof *l->p, by);
}

void ll_cat_finish(struct ll_catalog *c, uint64_t generation)
{
    sort(&c->packs, by_pack);
    sort(&c->elements, by_element);
    sort(&c->codes, by_codes);
    sort(&c->organisations, by_organisation);
    sort(&c->resources, by_resource);
    sort(&c->old, by_resource);
    sort(&c->views, by_view);
    sort(&c->services, by_service);
    sort(&c->pages, by_page);
    c->generation = generation;
}
