/* search.h - finds resources by Chinese or English words, and by facets with counts. */
#ifndef LL_CATALOG_SEARCH_H
#define LL_CATALOG_SEARCH_H

#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/tbl/facets.h"

#define X(name, ...) LL_FACET_##name,
enum ll_facet { LL_FACETS(X) LL_FACET_COUNT };
#undef X

#define X(id, ...) LL_SORT_##id,
enum ll_search_sort { LL_SORT_BEST, LL_SORTS(X) LL_SORT_COUNT };
#undef X

enum { LL_SEARCH_TEXT_MAX = 400, LL_SEARCH_LIMIT_MAX = 500 };

struct ll_search {
    struct ll_str text; /* at most LL_SEARCH_TEXT_MAX bytes count; n = 0: everything, by title */
    struct ll_str only[LL_FACET_COUNT]; /* n = 0: any; region: that region and all below it */
    enum ll_search_sort sort;           /* LL_SORT_BEST: by relevance, and without a text by title */
    bool descending;                    /* not of LL_SORT_BEST */
    size_t offset, limit;               /* limit 0: 20, at most LL_SEARCH_LIMIT_MAX */
};

struct ll_search_hit {
    const struct ll_resource *resource;
    double score; /* higher is better; 0 without a text */
};

struct ll_facet_value {
    const char *value;
    const char *title[2]; /* by enum ll_lang */
    size_t count;         /* hits there would be, all other facets as they are */
};

struct ll_search_result {
    struct ll_search_hit *hits;
    size_t n_hits, total;
    bool relaxed; /* nothing had all of the text: these have some of it */
    struct {
        struct ll_facet_value *values; /* by count, then value */
        size_t n;
    } facets[LL_FACET_COUNT];
};

/* The result lives in arena and points into cat. */
int ll_catalog_search(struct ll_store *st, const struct ll_catalog *cat, const struct ll_search *q,
                      struct ll_arena *arena, struct ll_search_result *ret, struct ll_err *err) LL_MUST;

/* "title", "-published": an order and its direction. */
bool ll_search_sort_parse(struct ll_str s, enum ll_search_sort *ret, bool *descending);
bool ll_facet_parse(struct ll_str s, enum ll_facet *ret);
const char *ll_facet_name(enum ll_facet f);
const char *ll_facet_title(enum ll_facet f, enum ll_lang lang);

/* Makes the index anew for the current resources of cat.  Part of loading a pack. */
int ll_search_index(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_err *err) LL_MUST;

#endif
