/* list.h - what is told of a rural household, and where it comes from: the tables rural_items.csv and rural_sources.csv of a pack.
 *
 * (1) Nothing of a list is known here: items, categories, sources and precedence are rows.  Another county's list is another pair of tables.
 * (2) An item has one or more sources.  A source reads one item of one resource: of the head, of each member, or of the household, and says how
 *     several values become one.
 * (3) A resource that is not catalogued, or has no such item, leaves its source without `resource`: it is not connected. */
#ifndef LL_APPS_RURAL_LIST_H
#define LL_APPS_RURAL_LIST_H

#include "base/arena.h"
#include "catalog/catalog.h"

enum { LL_RURAL_ITEMS_MAX = 400, LL_RURAL_SOURCES_MAX = 1600, LL_RURAL_ITEM_SOURCES_MAX = 9 };

enum ll_rural_whose { LL_RURAL_HEAD, LL_RURAL_MEMBER, LL_RURAL_HOUSEHOLD };
enum ll_rural_combine {
    LL_RURAL_LATEST,
    LL_RURAL_SUM,
    LL_RURAL_MAX,
    LL_RURAL_MIN,
    LL_RURAL_ANY,
    LL_RURAL_LIST,
    LL_RURAL_COUNT,
    LL_RURAL_LATEST_SUM, /* of those with the latest date only */
    LL_RURAL_LATEST_ANY,
    LL_RURAL_LATEST_LIST
};

struct ll_rural_source {
    size_t item;               /* whose it is, among the list's items */
    const char *resource_name; /* as the table names it */
    const struct ll_resource *resource;
    const struct ll_item *from, *date; /* date NULL: the day of publication */
    const struct ll_item *by; /* what finds the records: an identifier of a person, or of the household */
    const struct ll_item
        *only; /* NULL: every record counts; otherwise those whose `only` is, or is above, only_value */
    bool only_above;
    const char *only_value;
    enum ll_rural_whose whose;
    enum ll_rural_combine combine;
    unsigned within, precedence, fresh; /* days; 0: whatever its age */
    int64_t times, divided;             /* factor of numbers */
    const char *basis;
};

struct ll_rural_item {
    const char *code, *name, *category, *category_title[2], *subcategory, *subcategory_title[2], *title[2],
        *unit;
    const struct ll_element *element;
    const struct ll_codeset *codes; /* of the element; NULL: it has none */
    bool number;
    int decimals; /* -1: as they come */
    unsigned tolerance, grade;
    const char *basis, *source;
    struct ll_rural_source *sources; /* by rising precedence */
    size_t n_sources;
};

struct ll_rural_list {
    const char *name, *pack;
    struct ll_rural_item *items;
    size_t n;
    struct ll_rural_source *sources; /* of all items, in their order */
    size_t n_sources;
};

/* By name, NULL: the first that a loaded pack has.  In arena; points into cat.  LL_NOTFOUND: no such list; LL_INVALID: what is wrong where. */
int ll_rural_list_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *name,
                       struct ll_arena *arena, const struct ll_rural_list **ret, struct ll_err *err) LL_MUST;
/* By code or by name; NULL: none. */
const struct ll_rural_item *ll_rural_item(const struct ll_rural_list *l, struct ll_str code);
/* An item of this element says who delivered a record (household.h). */
#define LL_RURAL_OWNER "credit_code_lender"
const struct ll_item *ll_rural_owner(const struct ll_resource *r); /* NULL: nobody is named */
/* What is read to make the items that are wanted, as a service over their resources (share/serving.h): what grants must cover; in arena. */
typedef bool ll_rural_wants_fn(const void *ctx, const struct ll_rural_item *x);
int ll_rural_reads_of(const struct ll_rural_list *l, ll_rural_wants_fn *wants, const void *ctx,
                      struct ll_arena *arena, struct ll_service *ret, struct ll_err *err) LL_MUST;
/* Of all of them. */
int ll_rural_reads(const struct ll_rural_list *l, struct ll_arena *arena, struct ll_service *ret,
                   struct ll_err *err) LL_MUST;

extern const char *const ll_rural_whose_words[3], *const ll_rural_combine_words[10]; /* as packs write them */
bool ll_rural_combines_latest(enum ll_rural_combine c); /* of the latest date only */

#endif
