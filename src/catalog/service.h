/* service.h - a service as the catalogue keeps it: one JSON text, written when its pack is loaded and read back into a snapshot. */
#ifndef LL_CATALOG_SERVICE_H
#define LL_CATALOG_SERVICE_H

#include "base/buf.h"
#include "catalog/model.h"

void ll_service_write(const struct ll_service *s, struct ll_buf *out);
/* Everything of *ret but `pack` is filled from arena; LL_INTERNAL when the text is none of ours. */
int ll_service_read(struct ll_str body, struct ll_arena *arena, struct ll_service *ret,
                    struct ll_err *err) LL_MUST;
/* Fills `resources` from the items. */
int ll_service_collect(struct ll_service *s, struct ll_arena *arena, struct ll_err *err) LL_MUST;
const char *ll_service_use_word(enum ll_service_use use);
bool ll_service_use_parse(struct ll_str s, enum ll_service_use *ret);

#endif
