/* fill.h - workbooks to be filled in: one for an area, or a ZIP file of one for each area of a town or county. */
#ifndef LL_APPS_COLLECT_FILL_H
#define LL_APPS_COLLECT_FILL_H

#include "apps/collect/known.h"

enum { LL_FILL_FILES = 1000 };

struct ll_fill {
    struct ll_str resource;
    const char *area; /* of any level; NULL: a workbook for no area */
    enum ll_lang lang;
    size_t rows; /* empty rows that are prepared for an area */
    bool known;  /* with the records that are there (known.h) */
};
struct ll_filled {
    bool zip;
    const char *name; /* what to call the file, in arena */
    size_t files, records;
};
/* path must not be there.  LL_NOTFOUND: no such area; LL_TOOBIG: more than LL_FILL_FILES. */
int ll_fill_write(struct ll_data *d, const struct ll_fill *f, const char *path, struct ll_arena *arena,
                  struct ll_filled *ret, struct ll_err *err) LL_MUST;

#endif
