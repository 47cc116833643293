/* upward_layout.h - what is reported to an upper platform and in which form, as packs say it: upward.csv, upward_items.csv, upward_codes.csv.
 *
 * (1) Nothing of a layout stands in code: which resource goes up as which, an item of the upper layout a row, what our codes are called above.
 * (2) A record has the same hash on both sides (ll_upward_hash): over the names and values of the upper layout, in the order of the names, empty
 *     ones left out, keyed by a salt that only the two platforms know. */
#ifndef LL_SHARE_UPWARD_LAYOUT_H
#define LL_SHARE_UPWARD_LAYOUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/model.h"
#include "store/store.h"

struct ll_upward_layout {
    const char *stream, *resource, *upper, *title, *title_en;
    const char
        *department_item; /* whose department is told when a record comes back; "": the resource's provider */
    int32_t since;        /* batches published on this day (in China) or later go up; INT32_MIN: all */
    const char *basis, *source;
};
struct ll_upward_item {
    const char *stream, *column, *item, *value, *codes; /* item or value; codes: a map */
    bool key;
};
struct ll_upward_code {
    const char *codes, *from, *to;
};
struct ll_upward_layouts {
    struct ll_upward_layout *layouts;
    struct ll_upward_item *items;
    struct ll_upward_code *codes; /* sorted by map and code */
    size_t n_layouts, n_items, n_codes;
};
enum {
    LL_UPWARD_LAYOUTS_MAX = 100,
    LL_UPWARD_ITEMS_MAX = 5000,
    LL_UPWARD_CODES_MAX = 20000,
    LL_UPWARD_COLUMNS_MAX = 200
};

/* Of every pack that has some; in arena. */
int ll_upward_layouts_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_upward_layouts *ret,
                           struct ll_err *err) LL_MUST;
const struct ll_upward_layout *ll_upward_layout_find(const struct ll_upward_layouts *l, struct ll_str stream);

/* A layout bound to its resource: columns sorted by name. */
struct ll_upward_column {
    const struct ll_upward_item *from;
    size_t at; /* of the resource's items; SIZE_MAX: a constant */
    const struct ll_upward_code *codes;
    size_t n_codes;
};
struct ll_upward_plan {
    const struct ll_upward_layout *layout;
    const struct ll_resource *resource;
    struct ll_upward_column *columns;
    size_t n;
    size_t department; /* item; SIZE_MAX: none */
};
/* LL_INVALID says what in the pack does not fit the resource: an unknown item, no key, a key that a deletion could not name. */
int ll_upward_bind(const struct ll_upward_layouts *l, const struct ll_upward_layout *layout,
                   const struct ll_resource *r, struct ll_arena *arena, struct ll_upward_plan *ret,
                   struct ll_err *err) LL_MUST;
/* The value of a column out of a record's values (p NULL: empty); in the record, in the layout, or in scratch, which grows. */
struct ll_str ll_upward_value(const struct ll_upward_column *c, const struct ll_str *values,
                              struct ll_arena *scratch);

enum { LL_UPWARD_SALT = 32, LL_UPWARD_SALT_TEXT = 64, LL_UPWARD_HASH_TEXT = 33 };
struct ll_upward_hash {
    uint64_t a, b;
};
struct ll_upward_pair {
    const char *name;
    struct ll_str value; /* p NULL: empty, left out */
};
/* pairs: sorted by name. */
struct ll_upward_hash ll_upward_hash(const unsigned char salt[LL_UPWARD_SALT], const char *of,
                                     const struct ll_upward_pair *pairs, size_t n, struct ll_buf *scratch);
/* Sum of hashes of many records, modulo 2^128: the same in any order. */
void ll_upward_add(struct ll_upward_hash *sum, struct ll_upward_hash one);
char *ll_upward_hash_text(struct ll_upward_hash h, char out[LL_UPWARD_HASH_TEXT]);
bool ll_upward_hash_read(struct ll_str text, struct ll_upward_hash *ret);

enum { LL_UPWARD_DAY_TEXT = 12 };
char *ll_upward_day_text(int64_t day, char out[LL_UPWARD_DAY_TEXT]); /* 2026-11-30 */

#endif
