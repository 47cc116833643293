/* body.h - a resource as one JSON text: what the store keeps of it.
 *
 * The text is self-contained: it holds the elements of its items as they were, so that an old version of a resource can be read
 * after the standard has moved on. */
#ifndef LL_CATALOG_BODY_H
#define LL_CATALOG_BODY_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/model.h"

void ll_body_write(const struct ll_resource *r, struct ll_buf *out);

/* What the names in a body refer to.  element may return NULL: then the body's own copy is taken. */
struct ll_body_names {
    void *ctx;
    const struct ll_element *(*element)(void *ctx, struct ll_str name);
    const struct ll_codeset *(*codes)(void *ctx, struct ll_str table);
};
/* Reads a body into arena.  provider_name and pack are left to the caller. */
int ll_body_read(struct ll_str text, const struct ll_body_names *names, struct ll_arena *arena,
                 struct ll_resource **ret, struct ll_err *err) LL_MUST;

#endif
