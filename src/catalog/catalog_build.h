/* catalog_build.h - makes a snapshot, from the store or from packs.  Add packs first, then elements and codes, organisations,
 * resources, views; then finish.  What is added is copied. */
#ifndef LL_CATALOG_CATALOG_BUILD_H
#define LL_CATALOG_CATALOG_BUILD_H

#include "catalog/catalog.h"
#include "catalog/index.h"

#include <stdatomic.h>

/* Objects of one kind: in order, and by key. */
struct ll_cat_list {
    const void **p;
    size_t n, cap;
    struct ll_index by_key;
};

struct ll_catalog {
    unsigned magic;
    atomic_uint refs;
    uint64_t generation;
    struct ll_arena *arena;
    struct ll_catalog *base; /* a reference: objects of it are shared; NULL: none */
    struct ll_cat_list packs, elements, codes, organisations, resources, old, views, services, pages;
    struct ll_index element_codes;
    struct ll_browse *browse; /* browse.h */
};

int ll_cat_new(struct ll_catalog *base, struct ll_catalog **ret, struct ll_err *err) LL_MUST;
int ll_cat_pack(struct ll_catalog *c, const struct ll_pack_info *p, struct ll_err *err) LL_MUST;
int ll_cat_element(struct ll_catalog *c, const struct ll_element *e, struct ll_err *err) LL_MUST;
int ll_cat_organisation(struct ll_catalog *c, const struct ll_organisation *o, struct ll_err *err) LL_MUST;
int ll_cat_view(struct ll_catalog *c, const struct ll_view *v, struct ll_err *err) LL_MUST;
/* body: service.h. */
int ll_cat_service(struct ll_catalog *c, struct ll_str body, const char *pack, struct ll_err *err) LL_MUST;
int ll_cat_page(struct ll_catalog *c, const struct ll_page *p, struct ll_err *err) LL_MUST;
/* body: body.h. */
int ll_cat_resource(struct ll_catalog *c, struct ll_str body, const char *pack, bool current,
                    struct ll_err *err) LL_MUST;

/* One code table, all its parts; a part is the codes between two calls with different packs. */
struct ll_cat_codes;
int ll_cat_codes_begin(struct ll_catalog *c, const char *table, size_t hint, struct ll_cat_codes **ret,
                       struct ll_err *err) LL_MUST;
int ll_cat_code(struct ll_cat_codes *t, const char *pack, const struct ll_code *code, struct ll_str synonyms,
                struct ll_err *err) LL_MUST;
int ll_cat_codes_end(struct ll_cat_codes *t, struct ll_err *err) LL_MUST;

void ll_cat_finish(struct ll_catalog *c, uint64_t generation);

#endif
