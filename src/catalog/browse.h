/* browse.h - a snapshot laid out by columns, so that a page, its total and all its facets come out of a million entries in milliseconds.
 *
 * (1) Made once for a snapshot, by whoever asks first; it lives as long as the snapshot and never changes.
 * (2) A resource is its position in ll_catalog_resources.  Every facet has a dictionary of its values, and by position the numbers of
 *     those that a resource has.
 * (3) An order is made at the first need of it: positions sorted by a field, then by name. */
#ifndef LL_CATALOG_BROWSE_H
#define LL_CATALOG_BROWSE_H

#include "catalog/search.h"

struct ll_browse_facet {
    const struct ll_facet_value *values; /* counts: over the whole snapshot */
    size_t n_values;
    const uint32_t *start; /* n_resources + 1: where a resource's values begin in `ids` */
    const uint32_t *ids;
};

struct ll_browse;

/* What belongs to the snapshot; catalog_build.c makes and frees it. */
struct ll_browse *ll_browse_new(void); /* NULL: no memory */
struct ll_browse *ll_browse_free(struct ll_browse *b);

/* Makes the columns where they are missing.  Any thread. */
int ll_browse_ready(struct ll_browse *b, const struct ll_catalog *cat, struct ll_err *err) LL_MUST;
const struct ll_browse_facet *ll_browse_facet(const struct ll_browse *b, enum ll_facet f);
/* Positions in ascending order of the field. */
int ll_browse_order(struct ll_browse *b, const struct ll_catalog *cat, enum ll_search_sort by,
                    const uint32_t **ret, struct ll_err *err) LL_MUST;
/* Where a resource of the snapshot stands; false when it is none of it. */
bool ll_browse_position(const struct ll_catalog *cat, const struct ll_resource *r, uint32_t *ret);

#endif
