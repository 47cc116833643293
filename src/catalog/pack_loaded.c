/* pack_loaded.c - a pack as the catalogue has it, in the form in which packs are compared. */
#include "catalog/pack_diff.h"

#include <stdlib.h>
#include <string.h>

struct taking {
    struct ll_pack *p;
    const struct ll_catalog *cat;
    bool nomem;
};

static bool ours(const struct taking *t, const char *pack)
{
    return pack && strcmp(pack, t->p->info.name) == 0;
}

static void *room(struct taking *t, size_t n, size_t size)
{
    void *p = ll_arena_array(t->p->arena, n, size);

    t->nomem |= !p;
    return p;
}

/* The objects of one kind that belong to the pack, copied (not deeply: the snapshot is held). */
#define TAKE(function, type, list_of, field, count)                                                          \
    static void function(struct taking *t)                                                                   \
    {                                                                                                        \
        size_t n;                                                                                            \
        const struct type *const *list = list_of(t->cat, &n);                                                \
        t->p->field = room(t, n, sizeof *t->p->field);                                                       \
        for (size_t i = 0; i < n && !t->nomem; i++)                                                          \
            if (ours(t, list[i]->pack))                                                                      \
                t->p->field[t->p->count++] = *list[i];                                                       \
    }
TAKE(take_elements, ll_element, ll_catalog_elements, elements, n_elements)
TAKE(take_organisations, ll_organisation, ll_catalog_organisations, organisations, n_organisations)
TAKE(take_resources, ll_resource, ll_catalog_resources, resources, n_resources)
TAKE(take_views, ll_view, ll_catalog_views, views, n_views)
TAKE(take_services, ll_service, ll_catalog_services, services, n_services)
TAKE(take_pages, ll_page, ll_catalog_pages, pages, n_pages)
#undef TAKE

static const char *text(struct taking *t, struct ll_str s)
{
    if (!s.n)
        return NULL;
    char *z = ll_arena_dup(t->p->arena, s);
    t->nomem |= !z;
    return z;
}

static void take_part(struct taking *t, const struct ll_codes *codes, const struct ll_codes_part *part)
{
    struct ll_code_table *table = &t->p->tables[t->p->n_tables++];

    table->name = codes->name;
    table->rows = room(t, part->n, sizeof *table->rows);
    for (size_t i = part->first; i < part->first + part->n && !t->nomem; i++) {
        const struct ll_code *code = ll_codeset_at(codes->set, i);
        table->rows[table->n++] = (struct ll_code_row){.code = text(t, code->code),
                                                       .title = text(t, code->title),
                                                       .title_en = text(t, code->title_en),
                                                       .parent = text(t, code->parent),
                                                       .synonyms = codes->synonyms[i],
                                                       .historical = code->historical};
    }
}

static void take_codes(struct taking *t)
{
    size_t n;
    const struct ll_codes *const *list = ll_catalog_code_tables(t->cat, &n);

    t->p->tables = room(t, n, sizeof *t->p->tables);
    for (size_t i = 0; i < n && !t->nomem; i++)
        for (size_t k = 0; k < list[i]->n_parts && !t->nomem; k++)
            if (ours(t, list[i]->parts[k].pack))
                take_part(t, list[i], &list[i]->parts[k]);
}

int ll_pack_loaded(struct ll_catalog *cat, struct ll_str name, struct ll_pack **ret, struct ll_err *err)
{
    const struct ll_pack_info *info = ll_catalog_pack(cat, name);
    struct taking t = {.cat = cat};

    if (!info)
        return ll_fail(err, LL_NOTFOUND, "场景包 %.*s 尚未加载", "pack %.*s is not loaded", LL_STR_ARG(name));
    t.p = calloc(1, sizeof *t.p);
    if (!t.p || !(t.p->arena = ll_arena_new(0))) {
        free(t.p);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    t.p->info = *info;
    t.p->known = ll_catalog_ref(cat);
    take_elements(&t);
    take_codes(&t);
    take_organisations(&t);
    take_resources(&t);
    take_views(&t);
    take_services(&t);
    take_pages(&t);
    if (t.nomem) {
        ll_pack_free(t.p);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    *ret = t.p;
    return LL_OK;
}
