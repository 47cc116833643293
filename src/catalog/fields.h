/* fields.h - text fields of a struct as data: where each lies and what it is called (tbl/resource_fields.h). */
#ifndef LL_CATALOG_FIELDS_H
#define LL_CATALOG_FIELDS_H

#include "catalog/model.h"

struct ll_field {
    const char *name;
    size_t offset; /* of a const char * */
    const char *title[2];
};

struct ll_fields {
    const struct ll_field *list;
    size_t n;
};

extern const struct ll_fields ll_resource_fields, ll_element_fields, ll_item_fields, ll_check_fields,
    ll_organisation_fields;

const char *ll_field_get(const void *object, const struct ll_field *f);
void ll_field_set(void *object, const struct ll_field *f, const char *value);

#endif
