/* write.h - catalogue objects as the API shows them (schemas ResourceCard, Resource, Item, CodeRef ...). */
#ifndef LL_HTTP_WRITE_H
#define LL_HTTP_WRITE_H

#include "base/json.h"
#include "catalog/catalog.h"
#include "http/figures.h"

/* key: {"code","title","title_en"}, or null when code is NULL or empty.  An unknown code is its own title. */
void ll_write_code(struct ll_json *j, const char *key, const struct ll_catalog *cat, const char *table,
                   const char *code);
/* The fields of a ResourceCard into an object that is open. */
void ll_write_card(struct ll_json *j, const struct ll_catalog *cat, const struct ll_resource *r,
                   const struct ll_figure *newest);
/* A whole Resource object. */
void ll_write_resource(struct ll_json *j, const struct ll_catalog *cat, const struct ll_resource *r,
                       const struct ll_figure *newest);
void ll_write_items(struct ll_json *j, const struct ll_resource *r); /* an array of Item */
/* key: an ISO instant, or null for ms <= 0. */
void ll_write_time(struct ll_json *j, const char *key, int64_t ms);

#endif
