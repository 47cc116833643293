/* list.c - reads rural_items.csv and rural_sources.csv (list.h); the form of their cells was checked when the pack was loaded. */
#include "apps/rural/list.h"

#include "catalog/pack.h"
#include "catalog/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ll_rural_whose_words[3] = {"head", "member", "household"};
const char *const ll_rural_combine_words[10] = {"latest", "sum",   "max",        "min",        "any",
                                                "list",   "count", "latest_sum", "latest_any", "latest_list"};

enum item_column {
    I_LIST,
    I_CODE,
    I_ITEM,
    I_CATEGORY,
    I_CATEGORY_TITLE,
    I_CATEGORY_TITLE_EN,
    I_SUBCATEGORY,
    I_SUBCATEGORY_TITLE,
    I_SUBCATEGORY_TITLE_EN,
    I_TITLE,
    I_TITLE_EN,
    I_ELEMENT,
    I_UNIT,
    I_DECIMALS,
    I_TOLERANCE,
    I_GRADE,
    I_BASIS,
    I_SOURCE,
    I_N
};
static const char *const item_columns[I_N] = {"list",
                                              "code",
                                              "item",
                                              "category",
                                              "category_title",
                                              "category_title_en",
                                              "subcategory",
                                              "subcategory_title",
                                              "subcategory_title_en",
                                              "title",
                                              "title_en",
                                              "element",
                                              "unit",
                                              "decimals",
                                              "tolerance",
                                              "grade",
                                              "basis",
                                              "source"};

enum source_column {
    S_LIST,
    S_CODE,
    S_RESOURCE,
    S_FROM,
    S_WHOSE,
    S_COMBINE,
    S_DATE,
    S_ONLY,
    S_WITHIN,
    S_PRECEDENCE,
    S_FRESH,
    S_FACTOR,
    S_BASIS,
    S_N
};
static const char *const source_columns[S_N] = {
    "list", "code",        "resource",   "from",       "whose",  "combine", "date",
    "only", "within_days", "precedence", "fresh_days", "factor", "basis"};

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    const char *name; /* NULL until the first row names it */
    struct ll_rural_list *list;
};

bool ll_rural_combines_latest(enum ll_rural_combine c)
{
    return c == LL_RURAL_LATEST_SUM || c == LL_RURAL_LATEST_ANY || c == LL_RURAL_LATEST_LIST;
}

static unsigned count_of(struct ll_str s)
{
    return (unsigned)strtoul(s.n ? s.p : "0", NULL, 10);
}

static size_t word_of(struct ll_str s, const char *const *words, size_t n)
{
    size_t i = 0;

    while (i + 1 < n && !ll_str_is(s, words[i]))
        i++;
    return i;
}

const struct ll_rural_item *ll_rural_item(const struct ll_rural_list *l, struct ll_str code)
{
    for (size_t i = 0; i < l->n; i++)
        if (ll_str_is(code, l->items[i].code) || ll_str_is(code, l->items[i].name))
            return &l->items[i];
    return NULL;
}

/* ---- items ---- */

static bool is_number(enum ll_type t)
{
    return t == LL_TYPE_INTEGER || t == LL_TYPE_DECIMAL;
}

/* What is wrong with a row: its texts, and where it stands. */
static int wrong(const struct reading *r, const char *file, struct ll_str code, const char *zh,
                 const char *en, struct ll_err *err)
{
    char where[160];

    ll_fail_texts(err, LL_INVALID, zh, en);
    snprintf(where, sizeof where, "%s, %s %.*s", file, r->name, (int)(code.n < 64 ? code.n : 64), code.p);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

static int describe_item(struct reading *r, struct ll_rural_item *x, const struct ll_str *cells,
                         struct ll_err *err)
{
    const char **to[] = {&x->code,
                         &x->name,
                         &x->category,
                         &x->category_title[LL_ZH],
                         &x->category_title[LL_EN],
                         &x->subcategory,
                         &x->subcategory_title[LL_ZH],
                         &x->subcategory_title[LL_EN],
                         &x->title[LL_ZH],
                         &x->title[LL_EN]};

    for (size_t i = 0; i < LL_COUNT(to); i++)
        if (!(*to[i] = ll_arena_dup(r->arena, cells[I_CODE + i])))
            return ll_no_memory(err);
    x->unit = ll_arena_dup(r->arena, cells[I_UNIT]);
    x->basis = ll_arena_dup(r->arena, cells[I_BASIS]);
    x->source = ll_arena_dup(r->arena, cells[I_SOURCE]);
    if (!x->unit || !x->basis || !x->source)
        return ll_no_memory(err);
    x->decimals = cells[I_DECIMALS].n ? (int)count_of(cells[I_DECIMALS]) : -1;
    x->tolerance = count_of(cells[I_TOLERANCE]);
    x->grade = count_of(cells[I_GRADE]);
    if (!(x->element = ll_catalog_element(r->cat, cells[I_ELEMENT])))
        return wrong(r, "rural_items.csv", cells[I_CODE], "没有这个数据元", "there is no such element", err);
    x->codes = x->element->code_table ? ll_catalog_codeset(r->cat, ll_str(x->element->code_table)) : NULL;
    x->number = is_number(x->element->type);
    return LL_OK;
}

/* Rows of other lists are passed over; without a name the first row chooses. */
static int ours(struct reading *r, const char *pack, struct ll_str list, struct ll_err *err)
{
    if (!r->name && (!(r->name = ll_arena_dup(r->arena, list)) ||
                     !(r->list->pack = ll_arena_dup(r->arena, ll_str(pack)))))
        return ll_no_memory(err);
    return ll_str_is(list, r->name);
}

static int take_item(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    int mine = ours(r, pack, cells[I_LIST], err);

    if (mine <= 0)
        return mine;
    if (!r->list->pack && !(r->list->pack = ll_arena_dup(r->arena, ll_str(pack))))
        return ll_no_memory(err);
    if (r->list->n == LL_RURAL_ITEMS_MAX)
        return wrong(r, "rural_items.csv", cells[I_CODE], "信息项过多", "there are too many items", err);
    if (ll_rural_item(r->list, cells[I_CODE]) || ll_rural_item(r->list, cells[I_ITEM]))
        return wrong(r, "rural_items.csv", cells[I_CODE], "代码或名称重复", "its code or name stands twice",
                     err);
    return describe_item(r, &r->list->items[r->list->n++], cells, err);
}

/* ---- sources ---- */

/* "15", "1/10000". */
static bool read_factor(struct ll_str s, int64_t *times, int64_t *divided)
{
    enum { MOST = 1000000000 };
    struct ll_str top, bottom;

    *times = *divided = 1;
    if (!s.n)
        return true;
    if (!ll_str_cut(s, '/', &top, &bottom))
        return ll_str_i64(s, 1, MOST, times);
    return ll_str_i64(top, 1, MOST, times) && ll_str_i64(bottom, 1, MOST, divided);
}

/* "item=value", "item>0". */
static bool read_only(struct reading *r, struct ll_rural_source *x, struct ll_str s)
{
    struct ll_str name, value;

    if (!s.n)
        return true;
    if (!ll_str_cut(s, '=', &name, &value)) {
        x->only_above = true;
        if (!ll_str_cut(s, '>', &name, &value))
            return false;
    }
    x->only_value = ll_arena_dup(r->arena, value);
    return x->only_value && (!x->resource || (x->only = ll_resource_item(x->resource, name)) != NULL);
}

/* The item that finds records of a household, or of a person. */
static const struct ll_item *finder(const struct ll_resource *r, enum ll_rural_whose whose)
{
    const struct ll_item *text = NULL;

    for (size_t i = 0; i < r->n_items; i++) {
        const struct ll_item *it = &r->items[i];
        const char *check = it->element->check;
        if (it->role != LL_ROLE_SUBJECT && it->role != LL_ROLE_RELATED)
            continue;
        if (whose == LL_RURAL_HOUSEHOLD
                ? strcmp(it->element->name, "household_no") == 0
                : it->role == LL_ROLE_SUBJECT && check &&
                      (strcmp(check, "resident_id") == 0 || strcmp(check, "subject_id") == 0))
            return it;
        if (whose != LL_RURAL_HOUSEHOLD && it->role == LL_ROLE_SUBJECT && it->element->type == LL_TYPE_TEXT)
            text = it;
    }
    return text;
}

/* What the row names is looked up; what is not there leaves the source unconnected. */
static void connect(const struct reading *r, struct ll_rural_source *x, const struct ll_str *cells)
{
    const struct ll_resource *res = ll_catalog_resource(r->cat, cells[S_RESOURCE]);

    if (!res || !(x->from = ll_resource_item(res, cells[S_FROM])) || !(x->by = finder(res, x->whose)))
        return;
    x->date = cells[S_DATE].n ? ll_resource_item(res, cells[S_DATE]) : NULL;
    x->resource = res;
}

static int take_source(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    int mine = ours(r, pack, cells[S_LIST], err);
    const struct ll_rural_item *item = ll_rural_item(r->list, cells[S_CODE]);

    if (mine <= 0)
        return mine;
    if (!item || r->list->n_sources == LL_RURAL_SOURCES_MAX)
        return wrong(r, "rural_sources.csv", cells[S_CODE], "清单中没有这一项，或来源过多",
                     "the list has no such item, or there are too many sources", err);
    struct ll_rural_source *x = &r->list->sources[r->list->n_sources++];
    *x = (struct ll_rural_source){
        .item = (size_t)(item - r->list->items),
        .whose = (enum ll_rural_whose)word_of(cells[S_WHOSE], ll_rural_whose_words, 3),
        .combine = (enum ll_rural_combine)word_of(cells[S_COMBINE], ll_rural_combine_words, 10),
        .within = count_of(cells[S_WITHIN]),
        .precedence = count_of(cells[S_PRECEDENCE]),
        .fresh = count_of(cells[S_FRESH]),
        .resource_name = ll_arena_dup(r->arena, cells[S_RESOURCE]),
        .basis = ll_arena_dup(r->arena, cells[S_BASIS])};
    if (!x->resource_name || !x->basis)
        return ll_no_memory(err);
    connect(r, x, cells);
    if (!read_factor(cells[S_FACTOR], &x->times, &x->divided))
        return wrong(r, "rural_sources.csv", cells[S_CODE], "factor 应为 15 或 1/10000 这样的数",
                     "factor is a number such as 15 or 1/10000", err);
    return read_only(r, x, cells[S_ONLY])
               ? LL_OK
               : wrong(r, "rural_sources.csv", cells[S_CODE],
                       "only 应为 信息项=值 或 信息项>数，信息项属于同一数据资源",
                       "only is item=value or item>number, of the same resource", err);
}

static int by_item(const void *a, const void *b)
{
    const struct ll_rural_source *x = a, *y = b;

    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->precedence != y->precedence)
        return x->precedence < y->precedence ? -1 : 1;
    return strcmp(x->resource_name, y->resource_name);
}

/* Each item gets its run of the sources. */
static int hand_out(struct reading *r, struct ll_err *err)
{
    struct ll_rural_list *l = r->list;

    qsort(l->sources, l->n_sources, sizeof *l->sources, by_item);
    for (size_t i = 0; i < l->n_sources; i++) {
        struct ll_rural_item *x = &l->items[l->sources[i].item];
        if (!x->n_sources++)
            x->sources = &l->sources[i];
    }
    for (size_t i = 0; i < l->n; i++)
        if (!l->items[i].n_sources || l->items[i].n_sources > LL_RURAL_ITEM_SOURCES_MAX)
            return wrong(r, "rural_sources.csv", ll_str(l->items[i].code), "这一项没有来源，或来源多于 9 个",
                         "the item has no source, or more than 9", err);
    return LL_OK;
}

int ll_rural_list_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *name,
                       struct ll_arena *arena, const struct ll_rural_list **ret, struct ll_err *err)
{
    struct ll_rural_list *l = ll_arena_alloc(arena, sizeof *l);
    struct reading r = {.cat = cat, .arena = arena, .name = name, .list = l};
    int rc;

    if (!l || !(l->items = ll_arena_array(arena, LL_RURAL_ITEMS_MAX, sizeof *l->items)) ||
        !(l->sources = ll_arena_array(arena, LL_RURAL_SOURCES_MAX, sizeof *l->sources)))
        return ll_no_memory(err);
    if ((rc = ll_pack_use_each(tx, NULL, "rural_items.csv", item_columns, I_N, take_item, &r, err)) < 0)
        return rc;
    if (!l->n)
        return ll_fail(err, LL_NOTFOUND, "没有农户信息清单%s%s：先装载场景包 rural",
                       "there is no list of items%s%s: load pack rural", name ? " " : "", name ? name : "");
    l->name = r.name;
    if ((rc = ll_pack_use_each(tx, l->pack, "rural_sources.csv", source_columns, S_N, take_source, &r, err)) <
            0 ||
        (rc = hand_out(&r, err)) < 0)
        return rc;
    *ret = l;
    return LL_OK;
}

/* ---- what it reads ---- */

static void add_read(struct ll_service *s, const struct ll_resource *r, const struct ll_item *item)
{
    for (size_t i = 0; item && i < s->n_items; i++)
        if (strcmp(s->items[i].resource, r->name) == 0 && strcmp(s->items[i].item, item->name) == 0)
            return;
    if (item)
        s->items[s->n_items++] = (struct ll_service_item){
            .name = item->name, .use = LL_SERVICE_OUTPUT, .resource = r->name, .item = item->name};
}

const struct ll_item *ll_rural_owner(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (strcmp(r->items[i].element->name, LL_RURAL_OWNER) == 0)
            return &r->items[i];
    return NULL;
}

int ll_rural_reads_of(const struct ll_rural_list *l, ll_rural_wants_fn *wants, const void *ctx,
                      struct ll_arena *arena, struct ll_service *ret, struct ll_err *err)
{
    *ret = (struct ll_service){.name = l->name,
                               .items = ll_arena_array(arena, 2 * l->n_sources + 1, sizeof *ret->items)};
    if (!ret->items)
        return ll_no_memory(err);
    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        if (!s->resource || (wants && !wants(ctx, &l->items[s->item])))
            continue;
        add_read(ret, s->resource, s->from);
        add_read(ret, s->resource, ll_rural_owner(s->resource));
    }
    return ll_service_collect(ret, arena, err);
}

int ll_rural_reads(const struct ll_rural_list *l, struct ll_arena *arena, struct ll_service *ret,
                   struct ll_err *err)
{
    return ll_rural_reads_of(l, NULL, NULL, arena, ret, err);
}
