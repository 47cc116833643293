/* stored.h - the stored form of a resource's rows (catalog/segschema.h) in the engine's SQL, and the way there and back.
 *
 * Of a resource without sealed items the stored form is the items themselves, and every text below is the plain list of their names. */
#ifndef LL_INTAKE_STORED_H
#define LL_INTAKE_STORED_H

#include "base/buf.h"
#include "intake/data.h"

enum ll_stored_from {
    LL_FROM_ITEMS, /* rows that have the items under their names */
    LL_FROM_ANY    /* the same or the stored form, row by row: columns of ll_stored_nulls */
};

/* Whether files of the resource may hold sealed values, now or from a time when an item had another grade. */
int ll_stored_wanted(struct ll_data *d, const struct ll_resource *r, bool *ret, struct ll_err *err) LL_MUST;
/* "uscc", ll_seal('firm', 'phone', "phone") AS "ll_sealed_phone", ... */
void ll_stored_columns(struct ll_buf *sql, const struct ll_resource *r, enum ll_stored_from from);
/* The column that holds the item. */
void ll_stored_name(struct ll_buf *sql, const struct ll_item *item);
/* "uscc", "ll_sealed_phone", ...: all names. */
void ll_stored_names(struct ll_buf *sql, const struct ll_resource *r);
/* "uscc", CAST(ll_unseal(...) AS DATE) AS "birth_date", ...: from the stored form to the items. */
void ll_stored_items(struct ll_buf *sql, const struct ll_resource *r);
/* The item's value in the stored form, without a name. */
void ll_stored_value(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item);
/* The same as a result gives it: of a sealed item the text that was sealed, in the segments' form. */
void ll_stored_opened(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item);
/* A row of nothing that has the items and whatever a file of the resource may have in their place. */
void ll_stored_nulls(struct ll_buf *sql, const struct ll_resource *r, bool wanted);
/* What tells equal values apart from others: the blind index of a sealed item, otherwise the item.  The item must have one. */
void ll_stored_same(struct ll_buf *sql, const struct ll_item *item);
/* "ll_key", or the key's items as a list: what tells records apart, and the order of files. */
void ll_stored_key(struct ll_buf *sql, const struct ll_resource *r);
/* ll_blind('firm', '', <part>, ...) over what `part` writes for each item of the key: as text, in the segments' form. */
void ll_stored_key_of(struct ll_buf *sql, const struct ll_resource *r,
                      void (*part)(struct ll_buf *sql, const struct ll_resource *r, size_t i,
                                   const void *ctx),
                      const void *ctx);
/* (FORMAT parquet, ...): how the rows are written. */
void ll_stored_format(struct ll_buf *sql, const struct ll_resource *r);
/* An expression of the element's type as text, in the segments' form. */
void ll_stored_text(struct ll_buf *sql, const struct ll_element *e, const char *expression);

#endif
