/* county.h - the counties of a city in the order and, where a pack says where each stands (region_tiles.csv), the places of a schematic map: who is next to whom,
 * no boundary and no area.  Their names are those of code table REGION. */
#ifndef LL_CATALOG_COUNTY_H
#define LL_CATALOG_COUNTY_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "store/store.h"

enum { LL_COUNTIES_MAX = 100 };

struct ll_county {
    const struct ll_code *code; /* of the catalogue's */
    int row, place;             /* row from the north, place in it from the west; -1: no pack says where */
};

/* In arena: those at county level below the city in which the organisation is, in the order of the map, without one of their codes. */
int ll_counties_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *organisation,
                     struct ll_arena *arena, struct ll_county **ret, size_t *ret_n,
                     struct ll_err *err) LL_MUST;

#endif
