/* pack.h - a pack in memory: reading it from a folder, loading it into the store, telling what changed.
 *
 * (1) Reading collects every problem; it never stops at the first.
 * (2) A pack that has an error is not returned; nothing of it can be applied.
 * (3) Loading is one transaction: all of the pack or nothing.
 * (4) A change that would break those who use what is there is refused with all that it breaks (docs/packs.md, "Loading"). */
#ifndef LL_CATALOG_PACK_H
#define LL_CATALOG_PACK_H

#include "catalog/catalog.h"
#include "catalog/problem.h"

/* One file of a pack in memory. */
struct ll_pack_file {
    const char *path; /* inside the pack, '/' between folders */
    struct ll_str text;
};

struct ll_pack {
    struct ll_arena *arena; /* everything below lives here */
    struct ll_pack_info info;
    struct ll_element *elements;
    size_t n_elements;
    struct ll_code_table *tables;
    size_t n_tables;
    struct ll_organisation *organisations;
    size_t n_organisations;
    struct ll_resource
        *resources; /* items point to elements of this pack or of the catalogue it was read against */
    size_t n_resources;
    struct ll_view *views;
    size_t n_views;
    struct ll_pack_file *uses; /* tables that a use reads itself (pack_use.c) */
    size_t n_uses;
    struct ll_service *services;
    size_t n_services;
    struct ll_page *pages;
    size_t n_pages;
    struct ll_catalog *known; /* what it was read against; a reference; NULL: nothing */
};

/* Where in a view the engine found a fault. */
struct ll_view_fault {
    uint64_t line; /* 0: not known */
    unsigned column;
    const char *item; /* of the service, when the fault is what it expects of the view; NULL */
};

/* Checks that need an engine.  Each returns LL_OK, LL_INVALID with a text that says what is wrong, or another error, which stops the
 * reading.  NULL: not checked. */
struct ll_pack_hooks {
    void *ctx;
    int (*predicate)(void *ctx, const struct ll_resource *r, const char *sql, struct ll_err *err);
    int (*format)(void *ctx, const char *regex, struct ll_err *err);
    int (*view)(void *ctx, const struct ll_pack *pack, const struct ll_view *view,
                struct ll_view_fault *fault, struct ll_err *err);
    /* of a service with a view: that it reads no more than the service declares, and gives what it declares */
    int (*service)(void *ctx, const struct ll_pack *pack, const struct ll_service *service,
                   const struct ll_view *view, struct ll_view_fault *fault, struct ll_err *err);
};

/* known: the packs that are loaded already (NULL: none); what it holds of this very pack is left out of account.  hooks may be
 * NULL.  LL_INVALID when ps has errors; *ret is set on LL_OK only. */
int ll_pack_read(const char *dir, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                 struct ll_problems *ps, struct ll_pack **ret, struct ll_err *err) LL_MUST;
/* The same from memory; files sorted by path. */
int ll_pack_parse(const struct ll_pack_file *files, size_t n, struct ll_catalog *known,
                  const struct ll_pack_hooks *hooks, struct ll_problems *ps, struct ll_pack **ret,
                  struct ll_err *err) LL_MUST;
/* The same, and packs it needs that `known` lacks are looked for beside it (DIR/../NAME).  An error in one of those is
 * reported as one problem of this pack.  *ret_known (a reference, on LL_OK only) is what the pack was read against. */
int ll_pack_read_beside(const char *dir, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                        struct ll_problems *ps, struct ll_pack **ret, struct ll_catalog **ret_known,
                        struct ll_err *err) LL_MUST;
struct ll_pack *ll_pack_free(struct ll_pack *p); /* NULL is fine; returns NULL */

enum ll_load_outcome { LL_LOAD_UNCHANGED, LL_LOAD_NEW, LL_LOAD_UPDATED };
struct ll_load_result {
    enum ll_load_outcome outcome;
    char old_version[32]; /* LL_LOAD_UPDATED */
    size_t elements, code_tables, codes, organisations, resources, new_versions, views, services, pages;
};

/* breaks (may be NULL) gets what the change would break; then LL_CONFLICT is returned.  LL_BUSY when the catalogue changed since the
 * pack was read: read it again. */
int ll_pack_load(struct ll_store *st, const struct ll_pack *pack, struct ll_problems *breaks,
                 struct ll_load_result *ret, struct ll_err *err) LL_MUST;

/* Rows of a table that a use reads itself, of one pack (LL_NOTFOUND names the pack to load) or, pack NULL, of every pack that has it.  cells[i]
 * is what stands under columns[i], trimmed, "" where the file has no such column; borrowed during the call.  At most 32 columns. */
typedef int ll_pack_use_fn(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err);
int ll_pack_use_each(struct ll_txn *tx, const char *pack, const char *name, const char *const *columns,
                     size_t n, ll_pack_use_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

#endif
