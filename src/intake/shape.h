/* shape.h - a resource's items as the engine's SQL spells them. */
#ifndef LL_INTAKE_SHAPE_H
#define LL_INTAKE_SHAPE_H

#include "base/buf.h"
#include "catalog/model.h"

/* VARCHAR, DECIMAL(18,2) ... */
void ll_shape_type(struct ll_buf *sql, const struct ll_element *e);
/* "uscc", "name" ...: every item. */
void ll_shape_names(struct ll_buf *sql, const struct ll_resource *r);
/* NULL::VARCHAR AS "uscc", ...: a row of nothing that has the items' types. */
void ll_shape_nulls(struct ll_buf *sql, const struct ll_resource *r);

#endif
