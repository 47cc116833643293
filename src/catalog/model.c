/* model.c - see model.h. */
#include "catalog/model.h"

#include <stdio.h>

const struct ll_item *ll_resource_item(const struct ll_resource *r, struct ll_str name)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].name && ll_str_is(name, r->items[i].name))
            return &r->items[i];
    return NULL;
}

char *ll_element_type(const struct ll_element *e, char out[LL_TYPE_TEXT_MAX])
{
    if (e->type == LL_TYPE_DECIMAL)
        snprintf(out, LL_TYPE_TEXT_MAX, "decimal(%u,%u)", e->precision, e->scale);
    else
        snprintf(out, LL_TYPE_TEXT_MAX, "%s", ll_type_name(e->type));
    return out;
}
