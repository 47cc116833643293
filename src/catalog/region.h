/* region.h - where a region lies: table REGION is a tree of province, city, county and town (GB/T 2260 and the statistical codes of
 * towns); a historical code that is not in the table is still placed by its digits. */
#ifndef LL_CATALOG_REGION_H
#define LL_CATALOG_REGION_H

#include "catalog/catalog.h"

#define LL_REGION_LEVELS(X)                                                                                  \
    X(PROVINCE, "province", "省级", "province")                                                              \
    X(CITY, "city", "市级", "city")                                                                          \
    X(COUNTY, "county", "县级", "county")                                                                    \
    X(TOWN, "town", "乡级", "town")
#define X(name, ...) LL_REGION_##name,
enum ll_region_level { LL_REGION_LEVELS(X) LL_REGION_LEVEL_COUNT };
#undef X

/* The regions from the province down to `code` itself, by level; NULL for a level that there is none of or that is not known
 * (a county directly under a province has no city).  false when nothing of it is known. */
struct ll_region_path {
    const struct ll_code *at[LL_REGION_LEVEL_COUNT];
};
bool ll_region_path(const struct ll_codeset *regions, struct ll_str code, struct ll_region_path *ret);
/* By the digits alone: 360000, 360800, 360802, 360802001. */
enum ll_region_level ll_region_level(struct ll_str code);
/* Whether `code` is `above` or lies in it. */
bool ll_region_within(struct ll_str code, struct ll_str above);

/* Where an organisation is: its own region, or that of the nearest organisation above it that has one; NULL when none has. */
const char *ll_organisation_region(const struct ll_catalog *cat, const struct ll_organisation *o);
/* That region's path; false when it is not known. */
bool ll_organisation_path(const struct ll_catalog *cat, const struct ll_organisation *o,
                          struct ll_region_path *ret);

const char *ll_region_level_name(enum ll_region_level l);
const char *ll_region_level_title(enum ll_region_level l, enum ll_lang lang);

#endif
