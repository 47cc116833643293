/* pack_diff.h - what is different between two states of a pack, and which of it would break those who use the first. */
#ifndef LL_CATALOG_PACK_DIFF_H
#define LL_CATALOG_PACK_DIFF_H

#include "catalog/pack.h"

enum ll_change_what { LL_CHANGE_ADDED, LL_CHANGE_REMOVED, LL_CHANGE_CHANGED };
enum ll_change_kind {
    LL_CHANGE_PACK,
    LL_CHANGE_ELEMENT,
    LL_CHANGE_CODE,
    LL_CHANGE_ORGANISATION,
    LL_CHANGE_RESOURCE,
    LL_CHANGE_ITEM,
    LL_CHANGE_MAPPING,
    LL_CHANGE_CHECK,
    LL_CHANGE_VIEW,
    LL_CHANGE_SERVICE,
    LL_CHANGE_PAGE,
    LL_CHANGE_KINDS
};

struct ll_change {
    enum ll_change_what what;
    enum ll_change_kind kind;
    const char *name; /* "permit" or, within a resource, "permit.holder" */
    bool breaks;      /* refused when loaded over the first state */
    const char *zh, *en;
};

struct ll_diff {
    struct ll_arena *arena;
    struct ll_change *list;
    size_t n, cap, breaks;
    bool failed; /* memory ran out: the list is not whole */
};

/* from: NULL means nothing (everything is added).  cat: the catalogue whose other packs may depend on `from`; NULL: none.
 * *ret is the caller's. */
int ll_pack_diff(const struct ll_pack *from, const struct ll_pack *to, const struct ll_catalog *cat,
                 struct ll_diff **ret, struct ll_err *err) LL_MUST;
struct ll_diff *ll_diff_free(struct ll_diff *d); /* NULL is fine; returns NULL */
void ll_diff_text(const struct ll_diff *d, enum ll_lang lang, struct ll_buf *out);
void ll_diff_json(const struct ll_diff *d, struct ll_json *j); /* an array of objects */

const char *ll_change_kind_name(enum ll_change_kind k);
const char *ll_change_kind_title(enum ll_change_kind k, enum ll_lang lang);

/* The pack as it is loaded now, as a struct ll_pack (codes without basis and source, which the catalogue does not keep in
 * memory).  LL_NOTFOUND when it is not loaded. */
int ll_pack_loaded(struct ll_catalog *cat, struct ll_str name, struct ll_pack **ret,
                   struct ll_err *err) LL_MUST;

#endif
