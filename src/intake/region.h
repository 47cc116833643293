/* region.h - finds the region that an address names: 江西省吉安市永丰县恩江东路2号 is 360825. */
#ifndef LL_INTAKE_REGION_H
#define LL_INTAKE_REGION_H

#include "base/arena.h"
#include "standard/codes.h"

struct ll_regions;

/* Indexes provinces, cities and counties of the table REGION by parent and title; lives in arena. */
struct ll_regions *ll_regions_new(struct ll_arena *arena, const struct ll_codeset *codes);
/* The most exact region (at most county level) that the address begins with; levels may be left out (吉安市…, 永丰县…) as long as
 * the name that stands there is unique.  p NULL when none is found. */
struct ll_str ll_regions_of_address(const struct ll_regions *r, struct ll_str address);

#endif
