/* villages.h - counts by village, made while all households go by: a roll-up's (rollup_file.c) and a rating's (rating_file.c). */
#ifndef LL_APPS_RURAL_VILLAGES_H
#define LL_APPS_RURAL_VILLAGES_H

#include "apps/rural/household.h"
#include "base/json.h"

/* What is counted of each village, in this order: numbers, or lists of them. */
struct ll_village_part {
    size_t n;
    bool list;
};
enum { LL_VILLAGE_PARTS_MAX = 4, LL_VILLAGES_MAX = 20000 };

struct ll_villages;

/* Lives in the arena. */
int ll_villages_new(const struct ll_village_part *parts, size_t n, struct ll_arena *arena,
                    struct ll_villages **ret, struct ll_err *err) LL_MUST;
/* The counts of the household's village, all parts one after the other; 0 at first.  LL_TOOBIG: more than LL_VILLAGES_MAX. */
int ll_villages_of(struct ll_villages *v, const struct ll_household *h, uint64_t **ret,
                   struct ll_err *err) LL_MUST;
/* [[code, name, part, ...], ...], by code. */
void ll_villages_put(const struct ll_villages *v, struct ll_json *j);

#endif
