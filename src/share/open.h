/* open.h - open data: what anybody may have of a resource without asking.
 *
 * (1) A resource is open when its catalogue entry says so without conditions (code table OPEN_ATTR, 1); every other one has no open data.
 * (2) Of an open resource the items of grade 1 are given and no others; what identifies a natural person is masked even there.
 * (3) Records about a natural person are left out: a name alone may be of grade 1, a person's record is never open.
 * (4) Nobody is named in the answer and nobody's grant is used, so that the journal has no entry of it; the server's metrics count it. */
#ifndef LL_SHARE_OPEN_H
#define LL_SHARE_OPEN_H

#include "base/json.h"
#include "catalog/model.h"
#include "share/table.h"

enum ll_open_format { LL_OPEN_CSV, LL_OPEN_JSONL };

bool ll_open_is(const struct ll_resource *r);
bool ll_open_item(const struct ll_item *item);
size_t ll_open_items(const struct ll_resource *r); /* how many are given */

/* (3) of the record that t stands on. */
bool ll_open_gives(const struct ll_resource *r, struct ll_table *t);
/* The first line of a CSV: names of the items; a coded item has a second column NAME_title. */
void ll_open_head(const struct ll_resource *r, struct ll_buf *out);
/* The record that t stands on, as a line of that format. */
void ll_open_line(const struct ll_resource *r, struct ll_table *t, enum ll_open_format f, struct ll_buf *out);
/* The same as an object (record.h), into a value of j. */
void ll_open_record(const struct ll_resource *r, struct ll_table *t, struct ll_json *j);

#endif
