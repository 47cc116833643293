/* sections.h - what a public credit report shows: the rows of report_sections.csv in pack `credit`. */
#ifndef LL_APPS_CREDIT_SECTIONS_H
#define LL_APPS_CREDIT_SECTIONS_H

#include "catalog/catalog.h"
#include "report/doc.h"

#define LL_CREDIT_PACK "credit"

struct ll_credit_section {
    const char *section, *title, *title_en, *what, *what_en, *basis, *source;
    const char *resource_name;
    const struct ll_resource *resource; /* NULL: the catalogue has none of that name, it is not connected */
    const struct ll_item **items;       /* shown */
    size_t n_items;
    bool pairs; /* label and value instead of a table */
    enum ll_tone tone;
};

enum { LL_CREDIT_SECTIONS_MAX = 200 };

/* Of a kind of report, in the order of the file; in arena.  LL_NOTFOUND: the pack is not loaded. */
int ll_credit_sections(struct ll_txn *tx, const struct ll_catalog *cat, const char *kind,
                       struct ll_arena *arena, struct ll_credit_section **ret, size_t *ret_n,
                       struct ll_err *err) LL_MUST;

#endif
