/* record.h - one record as JSON, as the catalogue describes it: item names, typed values.
 *
 *   integer, decimal   a number, digit for digit as it was delivered (a decimal keeps its scale)
 *   boolean            true or false
 *   code               {"code": "1", "title": "男", "title_en": "male"}; titles null where the code table does not know it
 *   anything else      text; dates 2023-05-01
 *
 * With `mask`, identifiers of natural persons show only their ends. */
#ifndef LL_SHARE_RECORD_H
#define LL_SHARE_RECORD_H

#include "catalog/model.h"
#include "share/tables.h"

/* The record that t stands on, as an object of the resource's items. */
void ll_record_put(const struct ll_resource *r, struct ll_table *t, bool mask, struct ll_json *j);
/* The same of some of its items, by their places. */
void ll_record_put_items(const struct ll_resource *r, const size_t *at, size_t n, struct ll_table *t,
                         bool mask, struct ll_json *j);
/* Its key, as an array of texts. */
void ll_record_put_key(const struct ll_resource *r, struct ll_table *t, bool mask, struct ll_json *j);
/* 1: {"resource", "key", "batch", "published_at", "record"} is appended to out; 0: there is no such record. */
int ll_record_json(struct ll_tables *ts, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                   bool mask, struct ll_buf *out, struct ll_err *err) LL_MUST;

/* The value of the resource's item `at` in the record that t stands on; NULL when the segments lack it. */
struct ll_seg_value ll_record_value(const struct ll_resource *r, size_t at, struct ll_table *t);
/* A value as the form above has it; without masking. */
void ll_record_put_value(const struct ll_item *item, struct ll_seg_value v, struct ll_json *j);
/* Text of value, masked when it identifies a natural person and mask is set. */
void ll_record_put_text(const struct ll_item *item, struct ll_str value, bool mask, struct ll_json *j);

#endif
