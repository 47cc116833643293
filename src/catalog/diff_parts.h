/* diff_parts.h - shared by the files that compare two states of a pack. */
#ifndef LL_CATALOG_DIFF_PARTS_H
#define LL_CATALOG_DIFF_PARTS_H

#include "catalog/fields.h"
#include "catalog/index.h"
#include "catalog/pack_diff.h"

struct ll_comparison {
    struct ll_diff *diff;
    const struct ll_pack *from, *to;      /* from may be an empty pack */
    const struct ll_catalog *cat;         /* NULL: nobody else */
    struct ll_index from_index, to_index; /* of the kind that is being compared */
};

/* Formats take the same arguments in the same order ("%.0s" skips one). */
void ll_change_add(struct ll_comparison *c, enum ll_change_what what, enum ll_change_kind kind, bool breaks,
                   const char *name, const char *zh, const char *en, ...)
    __attribute__((format(printf, 6, 8), format(printf, 7, 8)));
/* Every text field that differs. */
void ll_change_texts(struct ll_comparison *c, enum ll_change_kind kind, const char *name, const void *from,
                     const void *to, const struct ll_fields *fields);
bool ll_same_text(const char *a, const char *b); /* NULL equals NULL only */

/* What changes the meaning of values: each is reported under `name` as a change of `kind`. */
void ll_change_meaning(struct ll_comparison *c, enum ll_change_kind kind, bool breaks, const char *name,
                       const struct ll_element *from, const struct ll_element *to);
void ll_compare_resources(struct ll_comparison *c);

#endif
