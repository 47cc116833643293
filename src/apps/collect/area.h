/* area.h - the areas by which a resource is collected: the codes of its item `area` (intake/collected.h), and where each lies.
 *
 * Codes of areas go on from those of towns (GB/T 2260, 统计用区划代码): 360802 a county, 360802101 a town, 360802101201 a village.  An area is
 * a code of the longest kind that the table has. */
#ifndef LL_APPS_COLLECT_AREA_H
#define LL_APPS_COLLECT_AREA_H

#include "catalog/catalog.h"
#include "intake/collected.h"

enum { LL_AREAS_MAX = 20000 };

struct ll_areas {
    struct ll_collected how;
    const struct ll_resource *resource;
    const struct ll_item *item;
    const struct ll_codeset *codes, *regions;
    size_t longest; /* bytes of an area's code */
};

/* LL_NOTFOUND: no such resource, or it is not collected by area.  Lives in arena and borrows from cat. */
int ll_areas_of(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_str resource,
                struct ll_arena *arena, struct ll_areas *ret, struct ll_err *err) LL_MUST;
/* The areas that are `within` or lie in it (a prefix by region.h), ascending by code; *ret in arena.  LL_TOOBIG over LL_AREAS_MAX. */
int ll_areas_in(const struct ll_areas *a, struct ll_str within, struct ll_arena *arena,
                const struct ll_code ***ret, size_t *ret_n, struct ll_err *err) LL_MUST;
bool ll_area_is(const struct ll_areas *a, struct ll_str code); /* an area, not what areas lie in */
/* "吉州区 兴桥镇 某某村"; levels that are not known are left out. */
const char *ll_area_title(const struct ll_areas *a, struct ll_str code, struct ll_arena *arena);
/* The title of a place of any level by its own name; NULL: not known. */
const char *ll_area_name(const struct ll_areas *a, struct ll_str code, struct ll_arena *arena);

#endif
