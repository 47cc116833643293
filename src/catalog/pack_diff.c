/* pack_diff.c - see pack_diff.h: elements, codes, organisations and views; resources are in diff_resource.c. */
#include "catalog/diff_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS(X)                                                                                             \
    X(PACK, "pack", "场景包")                                                                                \
    X(ELEMENT, "element", "数据元")                                                                          \
    X(CODE, "code", "代码")                                                                                  \
    X(ORGANISATION, "organisation", "机构")                                                                  \
    X(RESOURCE, "resource", "数据资源")                                                                      \
    X(ITEM, "item", "信息项")                                                                                \
    X(MAPPING, "mapping", "映射")                                                                            \
    X(CHECK, "check", "规则")                                                                                \
    X(VIEW, "view", "视图")                                                                                  \
    X(SERVICE, "service", "服务")                                                                            \
    X(PAGE, "page", "页面")
#define X(id, en, zh) [LL_CHANGE_##id] = {zh, en},
static const char *const kinds[LL_CHANGE_KINDS][2] = {KINDS(X)};
#undef X

static const char *const whats[][2] = {{"新增", "added"}, {"删除", "removed"}, {"修改", "changed"}};

enum { SHOWN_CODES = 10, REF_MAX = 128 };

const char *ll_change_kind_name(enum ll_change_kind k)
{
    return kinds[k][LL_EN];
}

const char *ll_change_kind_title(enum ll_change_kind k, enum ll_lang lang)
{
    return kinds[k][lang];
}

bool ll_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct ll_change *room(struct ll_diff *d)
{
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 64;
        struct ll_change *list = realloc(d->list, cap * sizeof *list);
        if (!list)
            return NULL;
        d->list = list;
        d->cap = cap;
    }
    return &d->list[d->n];
}

void ll_change_add(struct ll_comparison *c, enum ll_change_what what, enum ll_change_kind kind, bool breaks,
                   const char *name, const char *zh, const char *en, ...)
{
    struct ll_diff *d = c->diff;
    struct ll_change *ch = room(d);
    struct ll_err text;
    va_list ap;

    va_start(ap, en);
    ll_vfail(&text, LL_OK, zh, en, ap);
    va_end(ap);
    if (!ch) {
        d->failed = true;
        return;
    }
    *ch = (struct ll_change){.what = what, .kind = kind, .breaks = breaks};
    ch->name = ll_arena_dup(d->arena, ll_str(name));
    ch->zh = ll_arena_dup(d->arena, ll_str(text.zh));
    ch->en = ll_arena_dup(d->arena, ll_str(text.en));
    d->failed |= !ch->name || !ch->zh || !ch->en;
    d->breaks += breaks;
    d->n++;
}

void ll_change_texts(struct ll_comparison *c, enum ll_change_kind kind, const char *name, const void *from,
                     const void *to, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const struct ll_field *f = &fields->list[i];
        const char *a = ll_field_get(from, f), *b = ll_field_get(to, f);
        if (!ll_same_text(a, b))
            ll_change_add(c, LL_CHANGE_CHANGED, kind, false, name, "%s%.0s：“%s”→“%s”",
                          "%.0s%s: '%s' -> '%s'", f->title[LL_ZH], f->title[LL_EN], a ? a : "", b ? b : "");
    }
}

static bool narrower(unsigned from, unsigned to)
{
    return to && (!from || to < from);
}

void ll_change_meaning(struct ll_comparison *c, enum ll_change_kind kind, bool breaks, const char *name,
                       const struct ll_element *from, const struct ll_element *to)
{
    char was[LL_TYPE_TEXT_MAX], now[LL_TYPE_TEXT_MAX];

    if (strcmp(ll_element_type(from, was), ll_element_type(to, now)) != 0)
        ll_change_add(c, LL_CHANGE_CHANGED, kind, breaks, name, "类型：%s→%s", "type: %s -> %s", was, now);
    if (from->length != to->length)
        ll_change_add(c, LL_CHANGE_CHANGED, kind, breaks && narrower(from->length, to->length), name,
                      "长度：%u→%u（0 为不限）", "length: %u -> %u (0: no limit)", from->length, to->length);
    if (!ll_same_text(from->code_table, to->code_table))
        ll_change_add(c, LL_CHANGE_CHANGED, kind, breaks, name, "代码表：%s→%s", "code table: %s -> %s",
                      from->code_table ? from->code_table : "-", to->code_table ? to->code_table : "-");
    if (!ll_same_text(from->unit, to->unit))
        ll_change_add(c, LL_CHANGE_CHANGED, kind, breaks, name, "单位：%s→%s", "unit: %s -> %s",
                      from->unit ? from->unit : "-", to->unit ? to->unit : "-");
    if (!ll_same_text(from->check, to->check))
        ll_change_add(c, LL_CHANGE_CHANGED, kind, breaks && from->type == LL_TYPE_IDENTIFIER, name,
                      "校验：%s→%s", "check: %s -> %s", from->check ? from->check : "-",
                      to->check ? to->check : "-");
}

static void index_list(struct ll_comparison *c, struct ll_index *ix, const void *list, size_t n, size_t size,
                       const char *(*key)(const void *))
{
    ll_index_init(ix, c->diff->arena);
    for (size_t i = 0; i < n; i++) {
        const void *object = (const char *)list + i * size;
        if (ll_index_add(ix, ll_str(key(object)), object) < 0)
            c->diff->failed = true;
    }
}

#define KEY_OF(name, type, field)                                                                            \
    static const char *name(const void *object)                                                              \
    {                                                                                                        \
        return ((const struct type *)object)->field;                                                         \
    }
KEY_OF(element_key, ll_element, name)
KEY_OF(table_key, ll_code_table, name)
KEY_OF(code_key, ll_code_row, code)
KEY_OF(organisation_key, ll_organisation, code)
KEY_OF(view_key, ll_view, name)
KEY_OF(service_key, ll_service, name)
KEY_OF(page_key, ll_page, key)
#undef KEY_OF

/* Calls fn for each item of another pack's current resource that the test picks. */
static void each_outside_item(struct ll_comparison *c, const struct ll_element *from,
                              void (*fn)(struct ll_comparison *, const struct ll_element *from,
                                         const struct ll_resource *, const struct ll_item *))
{
    size_t n = 0;
    const struct ll_resource *const *list = c->cat ? ll_catalog_resources(c->cat, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        if (ll_same_text(list[i]->pack, c->to->info.name))
            continue;
        for (size_t k = 0; k < list[i]->n_items; k++)
            if (strcmp(list[i]->items[k].element->name, from->name) == 0)
                fn(c, from, list[i], &list[i]->items[k]);
    }
}

static void lost_element(struct ll_comparison *c, const struct ll_element *from, const struct ll_resource *r,
                         const struct ll_item *item)
{
    ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_ELEMENT, true, from->name,
                  "场景包 %s 的信息项 %s.%s 仍在使用它", "in pack %s item %s.%s still uses it", r->pack,
                  r->name, item->name);
}

static void changed_element(struct ll_comparison *c, const struct ll_element *from,
                            const struct ll_resource *r, const struct ll_item *item)
{
    const struct ll_element *to = ll_index_find(&c->to_index, ll_str(from->name));
    char name[REF_MAX * 2];

    snprintf(name, sizeof name, "%s -> %s.%s", from->name, r->name, item->name);
    ll_change_meaning(c, LL_CHANGE_ELEMENT, true, name, from, to);
}

static void element_changed(struct ll_comparison *c, const struct ll_element *from,
                            const struct ll_element *to)
{
    ll_change_meaning(c, LL_CHANGE_ELEMENT, false, from->name, from, to);
    if (from->grade != to->grade)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ELEMENT, false, from->name, "级别：%u→%u",
                      "grade: %u -> %u", from->grade, to->grade);
    struct ll_element rest = *from; /* what ll_change_meaning told is not told again */
    rest.code_table = to->code_table;
    rest.check = to->check;
    rest.unit = to->unit;
    rest.pack = to->pack;
    ll_change_texts(c, LL_CHANGE_ELEMENT, from->name, &rest, to, &ll_element_fields);
    each_outside_item(c, from, changed_element);
}

static void compare_elements(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->elements, a->n_elements, sizeof *a->elements, element_key);
    index_list(c, &c->to_index, b->elements, b->n_elements, sizeof *b->elements, element_key);
    for (size_t i = 0; i < a->n_elements; i++) {
        const struct ll_element *from = &a->elements[i];
        const struct ll_element *to = ll_index_find(&c->to_index, ll_str(from->name));
        if (to) {
            element_changed(c, from, to);
            continue;
        }
        ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_ELEMENT, false, from->name, "%s", "%s", from->title);
        each_outside_item(c, from, lost_element);
    }
    for (size_t i = 0; i < b->n_elements; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->elements[i].name)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_ELEMENT, false, b->elements[i].name, "%s", "%s",
                          b->elements[i].title);
}

static bool uses_table(const struct ll_resource *r, const char *table)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_same_text(r->items[i].element->code_table, table))
            return true;
    return false;
}

/* A resource of this pack may leave codes behind by raising its version. */
static bool left_behind(const struct ll_comparison *c, const struct ll_resource *r)
{
    for (size_t i = 0; i < c->to->n_resources; i++)
        if (strcmp(c->to->resources[i].name, r->name) == 0)
            return c->to->resources[i].version > r->version;
    return ll_same_text(r->pack, c->to->info.name); /* removed: reported as such */
}

static void codes_lost(struct ll_comparison *c, const char *table, size_t n, const char *which)
{
    size_t n_resources = 0;
    const struct ll_resource *const *list = c->cat ? ll_catalog_resources(c->cat, &n_resources) : NULL;

    ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_CODE, false, table, "%zu 个代码：%s", "%zu codes: %s", n,
                  which);
    for (size_t i = 0; i < n_resources; i++)
        if (uses_table(list[i], table) && !left_behind(c, list[i]))
            ll_change_add(
                c, LL_CHANGE_REMOVED, LL_CHANGE_CODE, true, table,
                "数据资源 %s 使用此代码表；停用的代码请标为 historical",
                "resource %s uses this code table; mark codes that are no longer in use as historical",
                list[i]->name);
}

static void code_changed(struct ll_comparison *c, const char *table, const struct ll_code_row *from,
                         const struct ll_code_row *to)
{
    char name[REF_MAX];

    snprintf(name, sizeof name, "%s.%s", table, from->code);
    if (!ll_same_text(from->title, to->title))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_CODE, false, name, "名称：“%s”→“%s”",
                      "title: '%s' -> '%s'", from->title, to->title);
    if (!ll_same_text(from->parent, to->parent))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_CODE, false, name, "上级：%s→%s", "parent: %s -> %s",
                      from->parent ? from->parent : "-", to->parent ? to->parent : "-");
    if (from->historical != to->historical)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_CODE, false, name, "%s%.0s", "%.0s%s",
                      to->historical ? "停用" : "恢复使用",
                      to->historical ? "no longer in use" : "in use again");
}

/* The first few codes of `list` that `other` lacks, and how many there are. */
static size_t missing(struct ll_comparison *c, const struct ll_code_table *list,
                      const struct ll_code_table *other, char which[REF_MAX])
{
    struct ll_index ix;
    size_t n = 0, used = 0;

    index_list(c, &ix, other ? other->rows : NULL, other ? other->n : 0, sizeof *list->rows, code_key);
    which[0] = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (ll_index_find(&ix, ll_str(list->rows[i].code)))
            continue;
        if (n++ < SHOWN_CODES && used < REF_MAX - 8)
            used += (size_t)snprintf(which + used, REF_MAX - used, "%s%s", n > 1 ? ", " : "",
                                     list->rows[i].code);
        used = used < REF_MAX ? used : REF_MAX - 1;
    }
    return n;
}

static void compare_table(struct ll_comparison *c, const struct ll_code_table *from,
                          const struct ll_code_table *to)
{
    char which[REF_MAX];
    struct ll_index ix;
    const char *name = from ? from->name : to->name;
    size_t n = from ? missing(c, from, to, which) : 0;

    if (n)
        codes_lost(c, name, n, which);
    n = to ? missing(c, to, from, which) : 0;
    if (n)
        ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_CODE, false, name, "%zu 个代码：%s", "%zu codes: %s", n,
                      which);
    if (!from || !to)
        return;
    index_list(c, &ix, to->rows, to->n, sizeof *to->rows, code_key);
    for (size_t i = 0; i < from->n; i++) {
        const struct ll_code_row *now = ll_index_find(&ix, ll_str(from->rows[i].code));
        if (now)
            code_changed(c, name, &from->rows[i], now);
    }
}

static void compare_codes(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->tables, a->n_tables, sizeof *a->tables, table_key);
    index_list(c, &c->to_index, b->tables, b->n_tables, sizeof *b->tables, table_key);
    for (size_t i = 0; i < a->n_tables; i++)
        compare_table(c, &a->tables[i], ll_index_find(&c->to_index, ll_str(a->tables[i].name)));
    for (size_t i = 0; i < b->n_tables; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->tables[i].name)))
            compare_table(c, NULL, &b->tables[i]);
}

static void provider_lost(struct ll_comparison *c, const struct ll_organisation *o,
                          const struct ll_resource *const *list, size_t n, bool old)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i]->provider, o->code) == 0 &&
            (old || !ll_same_text(list[i]->pack, c->to->info.name)))
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_ORGANISATION, true, o->code,
                          "它提供数据资源 %s（版本 %u）", "it provides resource %s (version %u)",
                          list[i]->name, list[i]->version);
}

static void organisation_removed(struct ll_comparison *c, const struct ll_organisation *o)
{
    size_t n = 0;

    ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_ORGANISATION, false, o->code, "%s", "%s", o->name);
    if (!c->cat)
        return;
    const struct ll_resource *const *resources = ll_catalog_resources(c->cat, &n);
    provider_lost(c, o, resources, n, false);
    resources = ll_catalog_old_resources(c->cat, &n);
    provider_lost(c, o, resources, n, true);
    const struct ll_organisation *const *list = ll_catalog_organisations(c->cat, &n);
    for (size_t i = 0; i < n; i++)
        if (ll_same_text(list[i]->parent, o->code) && !ll_same_text(list[i]->pack, c->to->info.name))
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_ORGANISATION, true, o->code,
                          "它是机构 %s（场景包 %s）的上级", "it is the parent of organisation %s (pack %s)",
                          list[i]->code, list[i]->pack);
}

static void compare_organisations(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->organisations, a->n_organisations, sizeof *a->organisations,
               organisation_key);
    index_list(c, &c->to_index, b->organisations, b->n_organisations, sizeof *b->organisations,
               organisation_key);
    for (size_t i = 0; i < a->n_organisations; i++) {
        const struct ll_organisation *from = &a->organisations[i];
        const struct ll_organisation *to = ll_index_find(&c->to_index, ll_str(from->code));
        if (to)
            ll_change_texts(c, LL_CHANGE_ORGANISATION, from->code, from, to, &ll_organisation_fields);
        else
            organisation_removed(c, from);
    }
    for (size_t i = 0; i < b->n_organisations; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->organisations[i].code)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_ORGANISATION, false, b->organisations[i].code, "%s",
                          "%s", b->organisations[i].name);
}

static void compare_views(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->views, a->n_views, sizeof *a->views, view_key);
    index_list(c, &c->to_index, b->views, b->n_views, sizeof *b->views, view_key);
    for (size_t i = 0; i < a->n_views; i++) {
        const struct ll_view *to = ll_index_find(&c->to_index, ll_str(a->views[i].name));
        if (!to)
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_VIEW, false, a->views[i].name, "视图", "view");
        else if (!ll_same_text(a->views[i].sql, to->sql))
            ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_VIEW, false, a->views[i].name, "SQL", "SQL");
    }
    for (size_t i = 0; i < b->n_views; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->views[i].name)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_VIEW, false, b->views[i].name, "视图", "view");
}

/* What callers of the same version would miss. */
static void compare_service(struct ll_comparison *c, const struct ll_service *from,
                            const struct ll_service *to)
{
    bool same = from->version == to->version;

    for (size_t i = 0; i < from->n_items; i++) {
        const struct ll_service_item *it = &from->items[i];
        const struct ll_service_item *now = ll_service_item(to, it->use, ll_str(it->name));
        if (it->use == LL_SERVICE_INPUT)
            continue;
        if (!now)
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_SERVICE, same, from->name, "%s", "%s", it->name);
        else if (!ll_same_text(it->element, now->element))
            ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_SERVICE, same, from->name, "%s：%s→%s",
                          "%s: %s -> %s", it->name, it->element, now->element);
    }
    for (size_t i = 0; i < to->n_items; i++)
        if (to->items[i].use == LL_SERVICE_PARAMETER && to->items[i].required &&
            !ll_service_item(from, LL_SERVICE_PARAMETER, ll_str(to->items[i].name)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_SERVICE, same, from->name, "必填参数 %s",
                          "required parameter %s", to->items[i].name);
    if (!same)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_SERVICE, false, from->name, "版本：%u→%u",
                      "version: %u -> %u", from->version, to->version);
    else if (!ll_same_text(from->view, to->view))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_SERVICE, true, from->name, "视图", "view");
}

static void compare_services(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->services, a->n_services, sizeof *a->services, service_key);
    index_list(c, &c->to_index, b->services, b->n_services, sizeof *b->services, service_key);
    for (size_t i = 0; i < a->n_services; i++) {
        const struct ll_service *to = ll_index_find(&c->to_index, ll_str(a->services[i].name));
        if (to)
            compare_service(c, &a->services[i], to);
        else
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_SERVICE, false, a->services[i].name, "服务",
                          "service");
    }
    for (size_t i = 0; i < b->n_services; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->services[i].name)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_SERVICE, false, b->services[i].name, "服务",
                          "service");
}

static void compare_pages(struct ll_comparison *c)
{
    const struct ll_pack *a = c->from, *b = c->to;

    index_list(c, &c->from_index, a->pages, a->n_pages, sizeof *a->pages, page_key);
    index_list(c, &c->to_index, b->pages, b->n_pages, sizeof *b->pages, page_key);
    for (size_t i = 0; i < a->n_pages; i++) {
        const struct ll_page *to = ll_index_find(&c->to_index, ll_str(a->pages[i].key));
        if (!to)
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_PAGE, false, a->pages[i].name, "页面", "page");
        else if (!ll_same_text(a->pages[i].body, to->body))
            ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_PAGE, false, a->pages[i].name, "页面", "page");
    }
    for (size_t i = 0; i < b->n_pages; i++)
        if (!ll_index_find(&c->from_index, ll_str(b->pages[i].key)))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_PAGE, false, b->pages[i].name, "页面", "page");
}

static void compare_about(struct ll_comparison *c)
{
    const struct ll_pack_info *a = &c->from->info, *b = &c->to->info;

    if (!a->name)
        ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_PACK, false, b->name, "版本 %s", "version %s",
                      b->version);
    else if (!ll_same_text(a->version, b->version))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_PACK, false, b->name, "版本：%s→%s",
                      "version: %s -> %s", a->version, b->version);
}

int ll_pack_diff(const struct ll_pack *from, const struct ll_pack *to, const struct ll_catalog *cat,
                 struct ll_diff **ret, struct ll_err *err)
{
    static const struct ll_pack nothing;
    struct ll_diff *d = calloc(1, sizeof *d);
    struct ll_comparison c = {.diff = d, .from = from ? from : &nothing, .to = to, .cat = cat};

    if (d)
        d->arena = ll_arena_new(0);
    if (!d || !d->arena) {
        free(d);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    compare_about(&c);
    compare_elements(&c);
    compare_codes(&c);
    compare_organisations(&c);
    ll_compare_resources(&c);
    compare_views(&c);
    compare_services(&c);
    compare_pages(&c);
    if (d->failed) {
        ll_diff_free(d);
        return ll_fail(err, LL_NOMEM, "比较场景包时内存不足", "out of memory comparing packs");
    }
    *ret = d;
    return LL_OK;
}

struct ll_diff *ll_diff_free(struct ll_diff *d)
{
    if (!d)
        return NULL;
    ll_arena_free(d->arena);
    free(d->list);
    free(d);
    return NULL;
}

void ll_diff_text(const struct ll_diff *d, enum ll_lang lang, struct ll_buf *out)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct ll_change *ch = &d->list[i];
        ll_buf_printf(out, lang == LL_ZH ? "%s%s%s %s：%s\n" : "%s%s %s %s: %s\n",
                      ch->breaks ? (lang == LL_ZH ? "【破坏】" : "BREAKS ") : "", whats[ch->what][lang],
                      kinds[ch->kind][lang], ch->name, lang == LL_ZH ? ch->zh : ch->en);
    }
}

void ll_diff_json(const struct ll_diff *d, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < d->n; i++) {
        const struct ll_change *ch = &d->list[i];
        ll_json_obj(j);
        ll_json_kz(j, "change", whats[ch->what][LL_EN]);
        ll_json_kz(j, "kind", kinds[ch->kind][LL_EN]);
        ll_json_kz(j, "name", ch->name);
        ll_json_kb(j, "breaks", ch->breaks);
        ll_json_kz(j, "zh", ch->zh);
        ll_json_kz(j, "en", ch->en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
