/* catalog.h - everything that is catalogued, in memory: an immutable snapshot that any number of threads may read.
 *
 * (1) A snapshot never changes; whoever holds a reference may use everything it points to.
 * (2) It knows the generation of the store it was made from: same generation, same content.
 * (3) Elements, code tables, organisations, resources and views are found by name in constant time. */
#ifndef LL_CATALOG_CATALOG_H
#define LL_CATALOG_CATALOG_H

#include "catalog/model.h"
#include "store/store.h"

struct ll_catalog;
struct ll_pack;

/* Reads the whole catalogue in one transaction.  *ret holds one reference. */
int ll_catalog_load(struct ll_store *st, struct ll_catalog **ret, struct ll_err *err) LL_MUST;
/* The same as seen by an open transaction. */
int ll_catalog_load_in(struct ll_txn *tx, struct ll_catalog **ret, struct ll_err *err) LL_MUST;
/* The catalogue that would be there if `packs` (in an order in which each comes after those it needs) were loaded over `base`
 * (NULL: nothing).  Without a store: for checking and for tests. */
int ll_catalog_of_packs(struct ll_catalog *base, const struct ll_pack *const *packs, size_t n,
                        struct ll_catalog **ret, struct ll_err *err) LL_MUST;
struct ll_catalog *ll_catalog_ref(struct ll_catalog *cat);
struct ll_catalog *ll_catalog_unref(struct ll_catalog *cat); /* NULL is fine; returns NULL */

uint64_t ll_catalog_generation(const struct ll_catalog *cat);
/* The generation that the store has now; one small query. */
int ll_catalog_store_generation(struct ll_txn *tx, uint64_t *ret, struct ll_err *err) LL_MUST;

/* Look-ups give NULL when there is nothing of that name; lists are sorted by name or code and live as long as the snapshot. */
const struct ll_resource *ll_catalog_resource(const struct ll_catalog *cat, struct ll_str name); /* current */
const struct ll_resource *ll_catalog_resource_version(const struct ll_catalog *cat, struct ll_str name,
                                                      unsigned version);
const struct ll_resource *const *ll_catalog_resources(const struct ll_catalog *cat, size_t *n); /* current */
const struct ll_resource *const *ll_catalog_old_resources(const struct ll_catalog *cat, size_t *n);
const struct ll_organisation *ll_catalog_organisation(const struct ll_catalog *cat, struct ll_str code);
const struct ll_organisation *const *ll_catalog_organisations(const struct ll_catalog *cat, size_t *n);
const struct ll_element *ll_catalog_element(const struct ll_catalog *cat, struct ll_str name);
const struct ll_element *ll_catalog_element_code(const struct ll_catalog *cat, struct ll_str code);
const struct ll_element *const *ll_catalog_elements(const struct ll_catalog *cat, size_t *n);
const struct ll_view *ll_catalog_view(const struct ll_catalog *cat, struct ll_str name);
const struct ll_view *const *ll_catalog_views(const struct ll_catalog *cat, size_t *n);
const struct ll_service *ll_catalog_service(const struct ll_catalog *cat, struct ll_str name);
const struct ll_service *const *ll_catalog_services(const struct ll_catalog *cat, size_t *n);
const struct ll_page *ll_catalog_page(const struct ll_catalog *cat, struct ll_str key); /* pack/name */
const struct ll_page *const *ll_catalog_pages(const struct ll_catalog *cat, size_t *n);
const struct ll_pack_info *ll_catalog_pack(const struct ll_catalog *cat, struct ll_str name);
const struct ll_pack_info *const *ll_catalog_packs(const struct ll_catalog *cat, size_t *n);

/* A code table may be made of parts from several packs (docs/packs.md): each part is a run of its codes. */
struct ll_codes_part {
    const char *pack;
    size_t first, n;
};
struct ll_codes {
    const char *name;
    const struct ll_codeset *set;
    const struct ll_codes_part *parts;
    size_t n_parts;
    const char *const *synonyms; /* as packs write them, by position in the set; NULL where there are none */
};
const struct ll_codeset *ll_catalog_codeset(const struct ll_catalog *cat, struct ll_str name);
const struct ll_codes *ll_catalog_codes(const struct ll_catalog *cat, struct ll_str name);
const struct ll_codes *const *ll_catalog_code_tables(const struct ll_catalog *cat, size_t *n);

/* One snapshot that a long-running process shares and keeps fresh. */
struct ll_catalog_live;
int ll_catalog_live_open(struct ll_store *st, struct ll_catalog_live **ret, struct ll_err *err) LL_MUST;
struct ll_catalog_live *ll_catalog_live_close(struct ll_catalog_live *live); /* NULL is fine; returns NULL */
/* A reference to the newest snapshot.  Asks the store at most once a second whether it has changed (always when `sure`). */
int ll_catalog_live_get(struct ll_catalog_live *live, bool sure, struct ll_catalog **ret,
                        struct ll_err *err) LL_MUST;

#endif
