/* sections.c - see sections.h.  The file's form was checked when the pack was loaded. */
#include "apps/credit/sections.h"

#include "catalog/pack.h"

#include <string.h>

enum column {
    KIND,
    SECTION,
    TITLE,
    TITLE_EN,
    RESOURCE,
    WHAT,
    WHAT_EN,
    ITEMS,
    SHAPE,
    TONE,
    BASIS,
    SOURCE,
    COLUMNS
};
static const char *const names[COLUMNS] = {"kind",    "section", "title", "title_en", "resource", "what",
                                           "what_en", "items",   "shape", "tone",     "basis",    "source"};
static const char *const tones[] = {
    [LL_TONE_PLAIN] = "plain", [LL_TONE_GOOD] = "good", [LL_TONE_WARN] = "warn", [LL_TONE_BAD] = "bad"};

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    const char *kind;
    struct ll_credit_section *list;
    size_t n;
};

/* Those that are named and that the resource has; all of it where none are named. */
static int choose_items(struct reading *r, struct ll_credit_section *s, struct ll_str list,
                        struct ll_err *err)
{
    const struct ll_resource *res = s->resource;
    struct ll_str name;

    if (!res)
        return LL_OK;
    if (!(s->items = ll_arena_array(r->arena, LL_DOC_COLUMNS_MAX * 4, sizeof *s->items)))
        return ll_no_memory(err);
    for (size_t i = 0; !list.n && i < res->n_items && s->n_items < LL_DOC_COLUMNS_MAX; i++)
        s->items[s->n_items++] = &res->items[i];
    while (list.n && s->n_items < LL_DOC_COLUMNS_MAX * 4) {
        ll_str_cut(list, '|', &name, &list);
        const struct ll_item *item = ll_resource_item(res, name);
        if (item)
            s->items[s->n_items++] = item;
    }
    return LL_OK;
}

static int add(struct reading *r, const struct ll_str *cells, struct ll_err *err)
{
    struct ll_credit_section *s = &r->list[r->n];
    const char **texts[] = {&s->section, &s->title,   &s->title_en, &s->resource_name,
                            &s->what,    &s->what_en, &s->basis,    &s->source};
    static const enum column from[] = {SECTION, TITLE, TITLE_EN, RESOURCE, WHAT, WHAT_EN, BASIS, SOURCE};

    if (r->n == LL_CREDIT_SECTIONS_MAX)
        return ll_fail(err, LL_TOOBIG, "report_sections.csv 超过 %d 行",
                       "report_sections.csv has more than %d rows", LL_CREDIT_SECTIONS_MAX);
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (!(*texts[i] = ll_arena_dup(r->arena, cells[from[i]])))
            return ll_no_memory(err);
    s->resource = ll_catalog_resource(r->cat, ll_str(s->resource_name));
    s->pairs = ll_str_is(cells[SHAPE], "pairs");
    for (size_t t = 0; t < LL_COUNT(tones); t++)
        if (tones[t] && ll_str_is(cells[TONE], tones[t]))
            s->tone = (enum ll_tone)t;
    r->n++;
    return choose_items(r, s, cells[ITEMS], err);
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;

    (void)pack;
    return ll_str_is(cells[KIND], r->kind) ? add(r, cells, err) : LL_OK;
}

int ll_credit_sections(struct ll_txn *tx, const struct ll_catalog *cat, const char *kind,
                       struct ll_arena *arena, struct ll_credit_section **ret, size_t *ret_n,
                       struct ll_err *err)
{
    struct reading r = {.cat = cat, .arena = arena, .kind = kind};
    int rc;

    if (!(r.list = ll_arena_array(arena, LL_CREDIT_SECTIONS_MAX, sizeof *r.list)))
        return ll_no_memory(err);
    rc = ll_pack_use_each(tx, LL_CREDIT_PACK, "report_sections.csv", names, COLUMNS, take, &r, err);
    *ret = r.list;
    *ret_n = r.n;
    return rc;
}
