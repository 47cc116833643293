/* segform.h - whether what a resource shows is stored in the form that it has now (catalog/segschema.h). */
#ifndef LL_INTAKE_SEGFORM_H
#define LL_INTAKE_SEGFORM_H

#include "intake/data.h"

/* False when a listed segment holds an item, or the key, open that is sealed now, or the other way round: new segments cannot stand beside it,
 * and it is not to be merged.  Always true of a resource that never had sealed items. */
int ll_segform_is_current(struct ll_data *d, const struct ll_resource *r, bool *ret,
                          struct ll_err *err) LL_MUST;

#endif
