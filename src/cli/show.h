/* show.h - records for people: JSON as share and intake make it, turned into titled lines. */
#ifndef LL_CLI_SHOW_H
#define LL_CLI_SHOW_H

#include "catalog/model.h"
#include "cli/out.h"

#include <jansson.h>

/* A value as text: a code as "男 (1)", null as nothing. */
void ll_show_value(const struct ll_cli *c, const struct ll_item *item, json_t *value, struct ll_buf *out);
/* One "title  value" line an item that has a value. */
int ll_show_record(struct ll_cli *c, const struct ll_resource *r, json_t *record, struct ll_err *err) LL_MUST;
/* The same in a few wrapped lines: "- title value; title value". */
void ll_show_compact(struct ll_cli *c, const struct ll_resource *r, json_t *record);

/* Parses what another layer wrote, with numbers as texts, so that they keep their digits.  The caller owns *ret. */
int ll_show_parse(struct ll_str text, json_t **ret, struct ll_err *err) LL_MUST;
const char *ll_show_text(json_t *object, const char *key); /* NULL when it is not there or no text */
/* An instant of an object as local time; "-" when it is not there. */
const char *ll_show_time(json_t *object, const char *key, char out[LL_LOCAL_TEXT]);

#endif
