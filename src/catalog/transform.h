/* transform.h - the transforms of tbl/transforms.h: names, what each serves, and the reading of their arguments. */
#ifndef LL_CATALOG_TRANSFORM_H
#define LL_CATALOG_TRANSFORM_H

#include "base/arena.h"
#include "catalog/tbl/transforms.h"
#include "standard/element.h"

#define X(name, ...) LL_ARG_##name,
enum ll_argument { LL_ARGUMENTS(X) LL_ARG_COUNT };
#undef X
#define X(name, ...) LL_TR_##name,
enum ll_transform { LL_TRANSFORMS(X) LL_TR_COUNT };
#undef X

/* Values by enum ll_argument; NULL where none is given. */
struct ll_args {
    const char *value[LL_ARG_COUNT];
};

bool ll_transform_parse(struct ll_str name, enum ll_transform *ret);
const char *ll_transform_name(enum ll_transform t);
const char *ll_transform_title(enum ll_transform t, enum ll_lang lang);
/* The transform that an empty cell stands for. */
enum ll_transform ll_transform_default(const struct ll_element *e);
/* LL_INVALID when t cannot fill such an element; the text says what would. */
int ll_transform_fits(enum ll_transform t, const struct ll_element *e, struct ll_err *err) LL_MUST;
/* "name=value;name=value" (NULL: none) as t takes them; values are copied into arena.  LL_INVALID names the argument. */
int ll_args_parse(const char *text, enum ll_transform t, struct ll_arena *arena, struct ll_args *ret,
                  struct ll_err *err) LL_MUST;
/* The power of ten of a unit against yuan ("万元": 4); false when it is no unit of LL_UNITS. */
bool ll_unit_parse(struct ll_str s, unsigned *ret_power);

/* An element's range "min..max".  A side that is open has n = 0; "today" stays as it is.  false when there is no "..". */
bool ll_range_split(const char *check, struct ll_str *min, struct ll_str *max);

#endif
