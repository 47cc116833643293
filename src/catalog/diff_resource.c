/* diff_resource.c - two states of a pack's resources: items, key, subjects, mappings and checks. */
#include "catalog/diff_parts.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 256 };

static const char *const roles[] = {"-", "subject", "subject_name", "related"};

/* One resource in both states.  A raised version takes the sting out of every change: the old version stays. */
struct pair {
    struct ll_comparison *c;
    const struct ll_resource *from, *to;
    bool strict; /* same version: what would break is refused */
};

static char *within(const struct pair *p, const char *part, char out[NAME_MAX_BYTES])
{
    snprintf(out, NAME_MAX_BYTES, "%s.%s", p->from->name, part);
    return out;
}

static void item_changed(const struct pair *p, const struct ll_item *a, const struct ll_item *b)
{
    struct ll_comparison *c = p->c;
    char name[NAME_MAX_BYTES];

    within(p, a->name, name);
    if (strcmp(a->element->name, b->element->name) != 0)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, p->strict, name, "数据元：%s→%s",
                      "element: %s -> %s", a->element->name, b->element->name);
    ll_change_meaning(c, LL_CHANGE_ITEM, p->strict, name, a->element, b->element);
    if (a->role != b->role)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, p->strict, name, "主体角色：%s→%s",
                      "role: %s -> %s", roles[a->role], roles[b->role]);
    if (!ll_same_text(a->relation, b->relation))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, p->strict, name, "关系：%s→%s",
                      "relation: %s -> %s", a->relation ? a->relation : "-", b->relation ? b->relation : "-");
    if (!ll_same_text(a->title, b->title))
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, false, name, "名称：“%s”→“%s”",
                      "title: '%s' -> '%s'", a->title ? a->title : "", b->title ? b->title : "");
    if (a->required != b->required)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, false, name, "%s%.0s", "%.0s%s",
                      b->required ? "改为必填" : "改为选填",
                      b->required ? "now required" : "no longer required");
    if (a->grade != b->grade)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, false, name, "级别：%u→%u", "grade: %u -> %u",
                      a->grade, b->grade);
    if (a->unique != b->unique)
        ll_change_add(c, LL_CHANGE_CHANGED, LL_CHANGE_ITEM, false, name, "%s%.0s", "%.0s%s",
                      b->unique ? "改为唯一" : "不再要求唯一", b->unique ? "now unique" : "no longer unique");
}

static void compare_items(const struct pair *p)
{
    char name[NAME_MAX_BYTES];

    for (size_t i = 0; i < p->from->n_items; i++) {
        const struct ll_item *a = &p->from->items[i];
        const struct ll_item *b = ll_resource_item(p->to, ll_str(a->name));
        if (b)
            item_changed(p, a, b);
        else
            ll_change_add(p->c, LL_CHANGE_REMOVED, LL_CHANGE_ITEM, p->strict, within(p, a->name, name), "%s",
                          "%s", a->title ? a->title : a->name);
    }
    for (size_t i = 0; i < p->to->n_items; i++) {
        const struct ll_item *b = &p->to->items[i];
        if (!ll_resource_item(p->from, ll_str(b->name)))
            ll_change_add(p->c, LL_CHANGE_ADDED, LL_CHANGE_ITEM, false, within(p, b->name, name), "%s", "%s",
                          b->title ? b->title : b->name);
    }
}

static char *key_text(const struct ll_resource *r, char out[NAME_MAX_BYTES])
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < r->n_key && used < NAME_MAX_BYTES; i++)
        used += (size_t)snprintf(out + used, NAME_MAX_BYTES - used, "%s%s", i ? ", " : "", r->key[i]->name);
    return out;
}

static void compare_key(const struct pair *p)
{
    char a[NAME_MAX_BYTES], b[NAME_MAX_BYTES];

    if (strcmp(key_text(p->from, a), key_text(p->to, b)) != 0)
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, p->strict, p->from->name, "主键：%s→%s",
                      "key: %s -> %s", a, b);
}

static bool same_mapping(const struct ll_mapping *a, const struct ll_mapping *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->rows[i].item->name, b->rows[i].item->name) != 0 ||
            !ll_same_text(a->rows[i].source, b->rows[i].source) ||
            !ll_same_text(a->rows[i].transform, b->rows[i].transform) ||
            !ll_same_text(a->rows[i].arguments, b->rows[i].arguments))
            return false;
    return true;
}

static const struct ll_mapping *mapping_of(const struct ll_resource *r, const char *variant)
{
    for (size_t i = 0; i < r->n_mappings; i++)
        if (ll_same_text(r->mappings[i].variant, variant))
            return &r->mappings[i];
    return NULL;
}

static void compare_mappings(const struct pair *p)
{
    char name[NAME_MAX_BYTES];

    for (size_t i = 0; i < p->from->n_mappings; i++) {
        const struct ll_mapping *a = &p->from->mappings[i], *b = mapping_of(p->to, a->variant);
        within(p, a->variant ? a->variant : "(default)", name);
        if (!b)
            ll_change_add(p->c, LL_CHANGE_REMOVED, LL_CHANGE_MAPPING, false, name, "映射", "mapping");
        else if (!same_mapping(a, b))
            ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_MAPPING, false, name, "来源列或变换",
                          "columns or transforms");
    }
    for (size_t i = 0; i < p->to->n_mappings; i++) {
        const struct ll_mapping *b = &p->to->mappings[i];
        within(p, b->variant ? b->variant : "(default)", name);
        if (!mapping_of(p->from, b->variant))
            ll_change_add(p->c, LL_CHANGE_ADDED, LL_CHANGE_MAPPING, false, name, "映射", "mapping");
    }
}

static const struct ll_check *check_of(const struct ll_resource *r, const char *name)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].name, name) == 0)
            return &r->checks[i];
    return NULL;
}

static void compare_checks(const struct pair *p)
{
    char name[NAME_MAX_BYTES];

    for (size_t i = 0; i < p->from->n_checks; i++) {
        const struct ll_check *a = &p->from->checks[i], *b = check_of(p->to, a->name);
        within(p, a->name, name);
        if (!b) {
            ll_change_add(p->c, LL_CHANGE_REMOVED, LL_CHANGE_CHECK, false, name, "%s%.0s", "%.0s%s",
                          a->message, a->message_en);
            continue;
        }
        ll_change_texts(p->c, LL_CHANGE_CHECK, name, a, b, &ll_check_fields);
        if (a->severity != b->severity || a->dimension != b->dimension)
            ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_CHECK, false, name, "严重程度或质量维度",
                          "severity or dimension");
    }
    for (size_t i = 0; i < p->to->n_checks; i++) {
        const struct ll_check *b = &p->to->checks[i];
        if (!check_of(p->from, b->name))
            ll_change_add(p->c, LL_CHANGE_ADDED, LL_CHANGE_CHECK, false, within(p, b->name, name), "%s%.0s",
                          "%.0s%s", b->message, b->message_en);
    }
}

static void compare_entry(const struct pair *p)
{
    const struct ll_resource *a = p->from, *b = p->to;
    struct ll_resource rest = *a;

    if (!ll_same_text(a->subject_kind, b->subject_kind))
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, p->strict, a->name, "主体类型：%s→%s",
                      "subject kind: %s -> %s", a->subject_kind, b->subject_kind);
    rest.subject_kind = b->subject_kind;
    ll_change_texts(p->c, LL_CHANGE_RESOURCE, a->name, &rest, b, &ll_resource_fields);
    if (a->version != b->version)
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, b->version < a->version, a->name,
                      b->version < a->version ? "版本不能降低：%u→%u" : "版本：%u→%u（旧版本保留）",
                      b->version < a->version ? "the version cannot go down: %u -> %u"
                                              : "version: %u -> %u (the old one stays)",
                      a->version, b->version);
    if (a->mode != b->mode)
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, false, a->name, "交付方式：%s→%s",
                      "mode: %s -> %s", a->mode == LL_INCREMENT ? "increment" : "snapshot",
                      b->mode == LL_INCREMENT ? "increment" : "snapshot");
    if (a->grade != b->grade)
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, false, a->name, "级别：%u→%u",
                      "grade: %u -> %u", a->grade, b->grade);
    if (a->change_limit != b->change_limit)
        ll_change_add(p->c, LL_CHANGE_CHANGED, LL_CHANGE_RESOURCE, false, a->name, "变动上限：%u%%→%u%%",
                      "change limit: %u%% -> %u%%", a->change_limit, b->change_limit);
}

static const struct ll_resource *resource_of(const struct ll_pack *p, const char *name)
{
    for (size_t i = 0; i < p->n_resources; i++)
        if (strcmp(p->resources[i].name, name) == 0)
            return &p->resources[i];
    return NULL;
}

/* Other packs' items that refer to a resource (item NULL) or to one of its items. */
static void references_lost(struct ll_comparison *c, const struct ll_resource *gone, const char *item)
{
    size_t n = 0;
    const struct ll_resource *const *list = c->cat ? ll_catalog_resources(c->cat, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        if (ll_same_text(list[i]->pack, c->to->info.name))
            continue;
        for (size_t k = 0; k < list[i]->n_items; k++) {
            const struct ll_item *from = &list[i]->items[k];
            if (ll_same_text(from->ref_resource, gone->name) && (!item || ll_same_text(from->ref_item, item)))
                ll_change_add(c, LL_CHANGE_REMOVED, item ? LL_CHANGE_ITEM : LL_CHANGE_RESOURCE, true,
                              gone->name, "场景包 %s 的 %s.%s 引用它%s%s",
                              "in pack %s %s.%s refers to it%s%s", list[i]->pack, list[i]->name, from->name,
                              item ? ": " : "", item ? item : "");
        }
    }
}

static void compare_one(struct ll_comparison *c, const struct ll_resource *from, const struct ll_resource *to)
{
    struct pair p = {c, from, to, to->version <= from->version};

    compare_entry(&p);
    compare_items(&p);
    compare_key(&p);
    compare_mappings(&p);
    compare_checks(&p);
    for (size_t i = 0; i < from->n_items; i++)
        if (!ll_resource_item(to, ll_str(from->items[i].name)))
            references_lost(c, from, from->items[i].name);
}

void ll_compare_resources(struct ll_comparison *c)
{
    for (size_t i = 0; i < c->from->n_resources; i++) {
        const struct ll_resource *from = &c->from->resources[i], *to = resource_of(c->to, from->name);
        if (to) {
            compare_one(c, from, to);
        } else {
            ll_change_add(c, LL_CHANGE_REMOVED, LL_CHANGE_RESOURCE, false, from->name, "%s", "%s",
                          from->title);
            references_lost(c, from, NULL);
        }
    }
    for (size_t i = 0; i < c->to->n_resources; i++)
        if (!resource_of(c->from, c->to->resources[i].name))
            ll_change_add(c, LL_CHANGE_ADDED, LL_CHANGE_RESOURCE, false, c->to->resources[i].name, "%s", "%s",
                          c->to->resources[i].title);
}
