/* info.h - a list of what is shared for finance (涉企信用信息共享清单), and how each item of it stands here.
 *
 * (1) The list is data: sharing_items.csv names its items, sharing_sources.csv the resources that provide each (docs/packs.md).
 * (2) How an item stands is worked out from the catalogue and from what was published whenever it is asked; nothing of it is stored.
 * (3) connected: a resource covers the whole item, has every item that it needs, and was published within its update cycle.
 *     partial: some resource of it is catalogued.  missing: none is. */
#ifndef LL_APPS_FINANCE_INFO_H
#define LL_APPS_FINANCE_INFO_H

#include "apps/finance/tbl/info_states.h"
#include "base/json.h"
#include "catalog/catalog.h"

enum { LL_INFO_ITEMS_MAX = 400, LL_INFO_SOURCES_MAX = 1200 };

enum ll_info_source_state {
#define X(id, word, zh, en) LL_INFO_SOURCE_##id,
    LL_INFO_SOURCE_STATES(X)
#undef X
};
enum ll_info_state {
#define X(id, word, zh, en) LL_INFO_##id,
    LL_INFO_STATES(X)
#undef X
};

struct ll_info_source {
    const char *resource_name, *needs, *basis;
    const struct ll_resource *resource; /* NULL: not in the catalogue */
    bool whole;
    size_t item;          /* position in the list */
    const char *lacks;    /* the first of what it needs and does not have; NULL: none */
    int64_t published_at; /* ms; 0: never */
    enum ll_info_source_state state;
};

struct ll_info_item {
    const char *category, *category_title[2], *code, *title[2], *basis, *source;
    const struct ll_info_source *sources;
    size_t n_sources;
    enum ll_info_state state;
};

struct ll_info_list {
    const char *name;
    struct ll_info_item *items;
    size_t n;
    struct ll_info_source *sources;
    size_t n_sources;
};

/* name NULL: the first list of the packs that are loaded.  In arena; needs the catalogue as long.  now_ms: what "within its cycle" is counted
 * from.  LL_NOTFOUND: no pack has one; LL_INVALID: a row is wrong. */
int ll_info_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *name, int64_t now_ms,
                 struct ll_arena *arena, const struct ll_info_list **ret, struct ll_err *err) LL_MUST;

/* The two rules alone. */
enum ll_info_source_state ll_info_source_of(bool catalogued, bool lacks, int64_t published_at,
                                            const char *update_cycle, int64_t now_ms);
enum ll_info_state ll_info_item_of(const struct ll_info_source *sources, size_t n);

const char *ll_info_state_word(enum ll_info_state s);

/* Members of an object that is open: list, counts by state, categories with their items and sources. */
void ll_info_put(struct ll_json *j, const struct ll_info_list *l);

#endif
