/* info.c - see info.h.  The form of both tables was checked when the pack was loaded. */
#include "apps/finance/info.h"

#include "base/clock.h"
#include "catalog/pack.h"
#include "intake/quality.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000, NAME_MAX_ = 64 };

struct word {
    const char *word, *title[2];
};
static const struct word source_states[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_INFO_SOURCE_STATES(X)
#undef X
};
static const struct word states[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_INFO_STATES(X)
#undef X
};

enum item_column {
    I_LIST,
    I_CATEGORY,
    I_CATEGORY_TITLE,
    I_CATEGORY_TITLE_EN,
    I_ITEM,
    I_TITLE,
    I_TITLE_EN,
    I_BASIS,
    I_SOURCE,
    I_N
};
static const char *const item_columns[I_N] = {"list",  "category", "category_title", "category_title_en",
                                              "item",  "title",    "title_en",       "basis",
                                              "source"};
enum source_column { S_LIST, S_ITEM, S_RESOURCE, S_NEEDS, S_COVERS, S_BASIS, S_N };
static const char *const source_columns[S_N] = {"list", "item", "resource", "needs", "covers", "basis"};

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    const char *name; /* NULL until the first row names it */
    struct ll_info_list *list;
};

/* ---- the rules ---- */

enum ll_info_source_state ll_info_source_of(bool catalogued, bool lacks, int64_t published_at,
                                            const char *update_cycle, int64_t now_ms)
{
    int64_t days = ll_cycle_days(update_cycle);

    if (!catalogued)
        return LL_INFO_SOURCE_NOT_CATALOGUED;
    if (lacks)
        return LL_INFO_SOURCE_LACKS;
    if (!published_at)
        return LL_INFO_SOURCE_NEVER;
    return days && now_ms - published_at > days * DAY_MS ? LL_INFO_SOURCE_LATE : LL_INFO_SOURCE_CURRENT;
}

enum ll_info_state ll_info_item_of(const struct ll_info_source *sources, size_t n)
{
    enum ll_info_state best = LL_INFO_MISSING;

    for (size_t i = 0; i < n; i++) {
        if (sources[i].state == LL_INFO_SOURCE_CURRENT && sources[i].whole)
            return LL_INFO_CONNECTED;
        if (sources[i].state != LL_INFO_SOURCE_NOT_CATALOGUED)
            best = LL_INFO_PARTIAL;
    }
    return best;
}

const char *ll_info_state_word(enum ll_info_state s)
{
    return states[s].word;
}

/* ---- reading ---- */

static int wrong(const struct reading *r, const char *file, struct ll_str code, const char *zh,
                 const char *en, struct ll_err *err)
{
    char where[2 * NAME_MAX_];

    ll_fail_texts(err, LL_INVALID, zh, en);
    snprintf(where, sizeof where, "%s, %s %.*s", file, r->name,
             (int)(code.n < NAME_MAX_ ? code.n : NAME_MAX_), code.p);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

/* Rows of other lists are passed over; without a name the first row chooses. */
static int ours(struct reading *r, struct ll_str list, struct ll_err *err)
{
    if (!r->name && !(r->name = ll_arena_dup(r->arena, list)))
        return ll_no_memory(err);
    return ll_str_is(list, r->name);
}

static struct ll_info_item *item_of(const struct ll_info_list *l, struct ll_str code)
{
    for (size_t i = 0; i < l->n; i++)
        if (ll_str_is(code, l->items[i].code))
            return &l->items[i];
    return NULL;
}

static int take_item(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    int mine = ours(r, cells[I_LIST], err);
    struct ll_info_item *x = &r->list->items[r->list->n];
    const char **to[] = {&x->category,
                         &x->category_title[LL_ZH],
                         &x->category_title[LL_EN],
                         &x->code,
                         &x->title[LL_ZH],
                         &x->title[LL_EN],
                         &x->basis,
                         &x->source};

    (void)pack;
    if (mine <= 0)
        return mine;
    if (r->list->n == LL_INFO_ITEMS_MAX || item_of(r->list, cells[I_ITEM]))
        return wrong(r, "sharing_items.csv", cells[I_ITEM], "编号重复，或清单过长",
                     "its code stands twice, or the list is too long", err);
    for (size_t i = 0; i < LL_COUNT(to); i++)
        if (!(*to[i] = ll_arena_dup(r->arena, cells[I_CATEGORY + i])))
            return ll_no_memory(err);
    r->list->n++;
    return LL_OK;
}

/* The first name of the list that the resource has no item of. */
static int find_lack(struct reading *r, struct ll_info_source *x, struct ll_err *err)
{
    struct ll_str rest = ll_str(x->needs), one;

    while (x->resource && rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_resource_item(x->resource, ll_str_trim(one)))
            continue;
        if (!(x->lacks = ll_arena_dup(r->arena, ll_str_trim(one))))
            return ll_no_memory(err);
        break;
    }
    return LL_OK;
}

static int take_source(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    int mine = ours(r, cells[S_LIST], err);
    const struct ll_info_item *item = item_of(r->list, cells[S_ITEM]);

    (void)pack;
    if (mine <= 0)
        return mine;
    if (!item || r->list->n_sources == LL_INFO_SOURCES_MAX)
        return wrong(r, "sharing_sources.csv", cells[S_ITEM], "清单中没有这一项，或来源过多",
                     "the list has no such item, or there are too many sources", err);
    struct ll_info_source *x = &r->list->sources[r->list->n_sources++];
    *x = (struct ll_info_source){.resource_name = ll_arena_dup(r->arena, cells[S_RESOURCE]),
                                 .needs = ll_arena_dup(r->arena, cells[S_NEEDS]),
                                 .basis = ll_arena_dup(r->arena, cells[S_BASIS]),
                                 .resource = ll_catalog_resource(r->cat, cells[S_RESOURCE]),
                                 .whole = ll_str_is(cells[S_COVERS], "whole"),
                                 .item = (size_t)(item - r->list->items)};
    return x->resource_name && x->needs && x->basis ? find_lack(r, x, err) : ll_no_memory(err);
}

static int by_item(const void *a, const void *b)
{
    const struct ll_info_source *x = a, *y = b;

    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return strcmp(x->resource_name, y->resource_name);
}

/* ---- what was published ---- */

static int learn_published(struct ll_txn *tx, struct ll_info_source *x, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT max(published_at) FROM batch WHERE resource = $1 AND version = $2 AND state = 'published'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, x->resource->name);
    ll_bind_int(s, 2, x->resource->version);
    if ((rc = ll_step(s, err)) > 0 && !ll_col_null(s, 0))
        x->published_at = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Each source its state, each item its run of the sources and what that comes to. */
static int settle(struct ll_txn *tx, struct ll_info_list *l, int64_t now_ms, struct ll_err *err)
{
    int rc = LL_OK;

    qsort(l->sources, l->n_sources, sizeof *l->sources, by_item);
    for (size_t i = 0; i < l->n_sources && rc == LL_OK; i++) {
        struct ll_info_source *x = &l->sources[i];
        struct ll_info_item *item = &l->items[x->item];
        if (x->resource)
            rc = learn_published(tx, x, err);
        x->state = ll_info_source_of(x->resource, x->lacks, x->published_at,
                                     x->resource ? x->resource->update_cycle : NULL, now_ms);
        if (!item->n_sources++)
            item->sources = x;
    }
    for (size_t i = 0; i < l->n; i++)
        l->items[i].state = ll_info_item_of(l->items[i].sources, l->items[i].n_sources);
    return rc;
}

int ll_info_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *name, int64_t now_ms,
                 struct ll_arena *arena, const struct ll_info_list **ret, struct ll_err *err)
{
    struct ll_info_list *l = ll_arena_alloc(arena, sizeof *l);
    struct reading r = {.cat = cat, .arena = arena, .name = name, .list = l};
    int rc;

    if (!l || !(l->items = ll_arena_array(arena, LL_INFO_ITEMS_MAX + 1, sizeof *l->items)) ||
        !(l->sources = ll_arena_array(arena, LL_INFO_SOURCES_MAX, sizeof *l->sources)))
        return ll_no_memory(err);
    if ((rc = ll_pack_use_each(tx, NULL, "sharing_items.csv", item_columns, I_N, take_item, &r, err)) < 0)
        return rc;
    if (!l->n)
        return ll_fail(err, LL_NOTFOUND, "没有信息共享清单：先装载场景包 finance",
                       "there is no list of shared information: load pack finance");
    l->name = r.name;
    if ((rc = ll_pack_use_each(tx, NULL, "sharing_sources.csv", source_columns, S_N, take_source, &r, err)) <
            0 ||
        (rc = settle(tx, l, now_ms, err)) < 0)
        return rc;
    *ret = l;
    return LL_OK;
}

/* ---- writing ---- */

static void put_source(struct ll_json *j, const struct ll_info_source *x)
{
    const struct ll_resource *r = x->resource;
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "resource", x->resource_name);
    ll_json_kz(j, "title", r ? r->title : NULL);
    ll_json_kz(j, "title_en", r ? r->title_en : NULL);
    ll_json_kz(j, "provider_name", r ? r->provider_name : NULL);
    ll_json_kz(j, "covers", x->whole ? "whole" : "part");
    ll_json_kz(j, "lacks", x->lacks);
    ll_json_kz(j, "published_at", x->published_at ? ll_time_text(x->published_at, at) : NULL);
    ll_json_kz(j, "state", source_states[x->state].word);
    ll_json_kz(j, "state_title", source_states[x->state].title[LL_ZH]);
    ll_json_kz(j, "state_title_en", source_states[x->state].title[LL_EN]);
    ll_json_end_obj(j);
}

static void put_item(struct ll_json *j, const struct ll_info_item *x)
{
    ll_json_obj(j);
    ll_json_kz(j, "code", x->code);
    ll_json_kz(j, "title", x->title[LL_ZH]);
    ll_json_kz(j, "title_en", x->title[LL_EN]);
    ll_json_kz(j, "basis", x->basis);
    ll_json_kz(j, "state", states[x->state].word);
    ll_json_kz(j, "state_title", states[x->state].title[LL_ZH]);
    ll_json_kz(j, "state_title_en", states[x->state].title[LL_EN]);
    ll_json_key(j, "sources");
    ll_json_arr(j);
    for (size_t i = 0; i < x->n_sources; i++)
        put_source(j, &x->sources[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

/* Items of a category stand together. */
static size_t put_category(struct ll_json *j, const struct ll_info_list *l, size_t from)
{
    const struct ll_info_item *first = &l->items[from];
    size_t i = from;

    ll_json_obj(j);
    ll_json_kz(j, "code", first->category);
    ll_json_kz(j, "title", first->category_title[LL_ZH]);
    ll_json_kz(j, "title_en", first->category_title[LL_EN]);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (; i < l->n && strcmp(l->items[i].category, first->category) == 0; i++)
        put_item(j, &l->items[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return i;
}

void ll_info_put(struct ll_json *j, const struct ll_info_list *l)
{
    int64_t counts[LL_COUNT(states)] = {0};

    for (size_t i = 0; i < l->n; i++)
        counts[l->items[i].state]++;
    ll_json_kz(j, "list", l->name);
    ll_json_kz(j, "basis", l->items[0].basis);
    ll_json_kz(j, "source", l->items[0].source);
    ll_json_key(j, "counts");
    ll_json_obj(j);
    for (size_t i = 0; i < LL_COUNT(states); i++)
        ll_json_ki(j, states[i].word, counts[i]);
    ll_json_end_obj(j);
    ll_json_key(j, "categories");
    ll_json_arr(j);
    for (size_t i = 0; i < l->n;)
        i = put_category(j, l, i);
    ll_json_end_arr(j);
}
