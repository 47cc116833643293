/* name.h - what may be a name, and which known name a mistyped one was meant to be. */
#ifndef LL_CATALOG_NAME_H
#define LL_CATALOG_NAME_H

#include "base/str.h"

enum ll_name_fault { LL_NAME_OK, LL_NAME_FORM, LL_NAME_KEYWORD, LL_NAME_RESERVED };

/* [a-z][a-z0-9_]{0,47}, not an SQL keyword (tbl/sql_keywords.h), not starting with ll_. */
enum ll_name_fault ll_name_check(struct ll_str s);
bool ll_table_name_ok(struct ll_str s);   /* code tables: [A-Z][A-Z0-9_]{0,47} */
bool ll_variant_name_ok(struct ll_str s); /* mappings: [a-z0-9_]{1,32} */
bool ll_token_ok(struct ll_str s); /* codes of elements and organisations: letters, digits . - _, 1 to 64 */
bool ll_sql_keyword(struct ll_str s);

/* The nearest of several candidates. */
struct ll_near {
    struct ll_str wanted, best;
    size_t distance, limit;
};

struct ll_near ll_near_start(struct ll_str wanted);
void ll_near_try(struct ll_near *n, struct ll_str candidate);
/* Edits (insert, delete, replace, swap of neighbours) of code points from a to b; limit + 1 when it is more than limit. */
size_t ll_edit_distance(struct ll_str a, struct ll_str b, size_t limit);

#endif
