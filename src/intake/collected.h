/* collected.h - resources that people collect area by area where there is no system: the packs' table collection.csv.
 *
 * resource,area,codes,label,shows: `area` is the item whose code says where a record belongs (a village, a street office); `codes` the code
 * table of the areas, unless the item itself has one; `label` the items by
 * which a person knows a record again; `shows` those items of known records that whoever collects may see, divided by '|'. */
#ifndef LL_INTAKE_COLLECTED_H
#define LL_INTAKE_COLLECTED_H

#include "catalog/catalog.h"

enum { LL_COLLECTED_ITEMS = 64, LL_AREA_MAX = 20 };

struct ll_collected {
    const char *resource, *area, *codes; /* codes "": the item's own */
    const char *label[LL_COLLECTED_ITEMS], *shows[LL_COLLECTED_ITEMS];
    size_t n_label, n_shows;
};

/* LL_NOTFOUND when no pack says that the resource is collected by area. */
int ll_collected_get(struct ll_txn *tx, const char *resource, struct ll_arena *arena,
                     struct ll_collected *ret, struct ll_err *err) LL_MUST;
/* All of them, by resource; *ret in arena. */
int ll_collected_list(struct ll_txn *tx, struct ll_arena *arena, struct ll_collected **ret, size_t *ret_n,
                      struct ll_err *err) LL_MUST;
bool ll_collected_shows(const struct ll_collected *c, const char *item);

#endif
