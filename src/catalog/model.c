/* model.c - see model.h. */
#include "catalog/model.h"

#include "standard/ident.h"

#include <stdio.h>

const struct ll_item *ll_resource_item(const struct ll_resource *r, struct ll_str name)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].name && ll_str_is(name, r->items[i].name))
            return &r->items[i];
    return NULL;
}

bool ll_item_is_person(const struct ll_item *item, struct ll_str value)
{
    enum ll_scheme scheme;
    enum ll_kind kind;

    if (!item->element->check || !ll_scheme_parse(ll_str(item->element->check), &scheme))
        return false;
    return scheme == LL_ID_RESIDENT_ID ||
           (scheme == LL_ID_SUBJECT_ID && ll_id_kind(scheme, value, &kind) && kind == LL_KIND_PERSON);
}

char *ll_element_type(const struct ll_element *e, char out[LL_TYPE_TEXT_MAX])
{
    if (e->type == LL_TYPE_DECIMAL)
        snprintf(out, LL_TYPE_TEXT_MAX, "decimal(%u,%u)", e->precision, e->scale);
    else
        snprintf(out, LL_TYPE_TEXT_MAX, "%s", ll_type_name(e->type));
    return out;
}
