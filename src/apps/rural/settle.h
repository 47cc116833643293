/* settle.h - what an item of a household comes to, from what each of its sources gave: the one rule for one household and for all of them.
 *
 * Values come in as texts, combined already as the source says (sum, latest, ...); numbers are brought to the item's unit here, so that both ways of
 * reading round alike. */
#ifndef LL_APPS_RURAL_SETTLE_H
#define LL_APPS_RURAL_SETTLE_H

#include "apps/rural/household.h"
#include "standard/convert.h"

/* What a source gave. */
struct ll_rural_given {
    bool shown; /* the caller may see it */
    bool any;   /* there was a value */
    struct ll_str value, day;
    int64_t published_at, batch; /* of what it was made of, the newest */
    int64_t newest;              /* of the resource; 0: it has never delivered */
    size_t records;
    bool disputed;
};

/* given: one a source of the item.  Texts of *ret are those of given, or in arena. */
int ll_rural_settle(const struct ll_rural_item *item, const struct ll_rural_given *given, int32_t today,
                    struct ll_arena *arena, struct ll_household_item *ret, struct ll_err *err) LL_MUST;

/* "12.5"; false when it is none, or has more than 24 digits before the point. */
bool ll_micro_of(struct ll_str text, ll_i128 *ret);
/* The day that a date, a month (202605), or a year (its last day) says; false: none. */
bool ll_rural_day(struct ll_str text, int32_t *ret);
/* The value in the item's unit, as text in arena; NULL: memory is out. */
const char *ll_rural_number(const struct ll_rural_item *item, const struct ll_rural_source *source, ll_i128 v,
                            struct ll_arena *arena);
/* The same of a value as a source gives it; what is no number stays as it is.  p NULL: memory is out. */
struct ll_str ll_rural_shown(const struct ll_rural_item *item, const struct ll_rural_source *source,
                             struct ll_str value, struct ll_arena *arena);

#endif
