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

bool ll_item_sealed(const struct ll_item *item)
{
    return item->grade >= LL_GRADE_SEALED;
}

bool ll_item_blind(const struct ll_item *item)
{
    return ll_item_sealed(item) && (item->role != LL_ROLE_NONE || item->unique);
}

bool ll_key_sealed(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_key; i++)
        if (ll_item_sealed(r->key[i]))
            return true;
    return false;
}

bool ll_resource_sealed(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_item_sealed(&r->items[i]))
            return true;
    return false;
}

bool ll_item_is_person(const struct ll_item *item, struct ll_str value)
{
    enum ll_scheme scheme;
    enum ll_kind kind;

    if (!item->element
             ->check) /* a text that identifies somebody and may not be known, such as a passport's number */
        return item->grade >= LL_GRADE_SEALED &&
               (item->role == LL_ROLE_SUBJECT || item->role == LL_ROLE_RELATED);
    if (!ll_scheme_parse(ll_str(item->element->check), &scheme))
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

const struct ll_service_item *ll_service_item(const struct ll_service *s, enum ll_service_use use,
                                              struct ll_str name)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].use == use && ll_str_is(name, s->items[i].name))
            return &s->items[i];
    return NULL;
}
