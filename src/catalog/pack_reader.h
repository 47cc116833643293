/* pack_reader.h - shared by the pack_*.c files that read one table each: what is read so far, and what may be referred to. */
#ifndef LL_CATALOG_PACK_READER_H
#define LL_CATALOG_PACK_READER_H

#include "catalog/index.h"
#include "catalog/pack.h"
#include "catalog/pack_table.h"

enum { LL_PACK_ITEMS_MAX = 500, LL_PACK_PREDICATE_MAX = 2000 };

/* A code table as this pack sees it: its own rows, and the codes that other packs put into a table of the same name. */
struct ll_pr_codes {
    struct ll_code_table *table; /* NULL: no rows of its own */
    struct ll_index own;         /* code -> struct ll_code_row */
    struct ll_index others; /* code -> struct ll_code; made when this pack has a part in the known table */
};

struct ll_pr {
    struct ll_pack *pack;
    struct ll_arena *arena;
    struct ll_catalog *known; /* NULL: nothing */
    const struct ll_pack_hooks *hooks;
    struct ll_problems *ps;
    const struct ll_pack_file *files;
    size_t n_files;
    bool incomplete;          /* a needed pack is not there: unknown references are not reported one by one */
    struct ll_index needed;   /* pack name -> struct ll_pack_info, with what those need */
    struct ll_index tables;   /* code table name -> struct ll_pr_codes */
    struct ll_index elements; /* name -> struct ll_element */
    struct ll_index element_codes; /* code -> struct ll_element */
    struct ll_index organisations; /* code -> struct ll_organisation */
    struct ll_index resources;     /* name -> struct ll_resource */
    struct ll_pack_table resource_table, item_table;
    struct ll_err *err;
};

/* One step each; LL_OK whatever they find wrong with the pack, < 0 only for want of memory or when a hook fails. */
int ll_pr_about(struct ll_pr *pr);
int ll_pr_code_tables(struct ll_pr *pr);
int ll_pr_elements(struct ll_pr *pr);
int ll_pr_organisations(struct ll_pr *pr);
int ll_pr_resources(struct ll_pr *pr);
int ll_pr_items(struct ll_pr *pr);
int ll_pr_resources_whole(struct ll_pr *pr); /* what can be told of a resource once its items are read */
int ll_pr_mappings(struct ll_pr *pr);
int ll_pr_checks(struct ll_pr *pr);
int ll_pr_views(struct ll_pr *pr);
int ll_pr_uses(struct ll_pr *pr);
/* What rows of timeline.csv and relations.csv name: the resource, its items, and that these can say it (pack_profile.c). */
void ll_pr_check_timeline(struct ll_pr *pr, const struct ll_pack_table *t);
void ll_pr_check_relations(struct ll_pr *pr, const struct ll_pack_table *t);
void ll_pr_check_warnings(struct ll_pr *pr, const struct ll_pack_table *t);
int ll_pr_services(struct ll_pr *pr);
int ll_pr_lone_views(struct ll_pr *pr);
int ll_pr_pages(struct ll_pr *pr);

const struct ll_pack_file *ll_pr_file(const struct ll_pr *pr,
                                      const char *path); /* NULL when it is not there */
int ll_pr_nomem(struct ll_pr *pr);
/* Reads `file` when it is there; otherwise *t is empty. */
int ll_pr_table(struct ll_pr *pr, const char *file, const struct ll_pack_column *columns, size_t n_columns,
                struct ll_pack_table *t);
/* Whole number of a cell that was checked already. */
unsigned ll_pr_count(const char *cell, unsigned otherwise);
bool ll_pr_yes(const char *cell);

/* What a name refers to: an object of this pack, or of a needed one.  Otherwise NULL, and the reason is reported at `at`. */
const struct ll_element *ll_pr_element(struct ll_pr *pr, const char *name, struct ll_place at);
const struct ll_organisation *ll_pr_organisation(struct ll_pr *pr, const char *code, struct ll_place at);
const struct ll_resource *ll_pr_resource(struct ll_pr *pr, const char *name, struct ll_place at);
/* The same where it need not be there: a rule may be about what another pack provides.  NULL: it is not, and nothing is said. */
const struct ll_resource *ll_pr_resource_there(struct ll_pr *pr, const char *name);
bool ll_pr_code_table(struct ll_pr *pr, const char *table, struct ll_place at);
bool ll_pr_code(struct ll_pr *pr, const char *table, const char *code, struct ll_place at);
/* A resource of this pack, to be written to; NULL, and nothing is reported, when there is none. */
struct ll_resource *ll_pr_own_resource(const struct ll_pr *pr, struct ll_str name);
/* The other pack that has an object already (then the name is taken); NULL when it is free. */
const char *ll_pr_taken(const struct ll_pr *pr, const char *pack_of_known);
/* Whether the code is in the part of `table` that other packs provide. */
bool ll_pr_code_elsewhere(struct ll_pr *pr, const char *table, struct ll_str code);
struct ll_pr_codes *ll_pr_codes(struct ll_pr *pr,
                                const char *table); /* made when it is not there; NULL: no memory */

#endif
