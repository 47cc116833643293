/* fields.c - see fields.h. */
#include "catalog/fields.h"

#include "catalog/tbl/resource_fields.h"

#include <string.h>

#define X(field, zh, en) {#field, offsetof(struct ll_resource, field), {zh, en}},
static const struct ll_field of_resource[] = {LL_RESOURCE_TEXTS(X)};
#undef X
#define X(field, zh, en) {#field, offsetof(struct ll_element, field), {zh, en}},
static const struct ll_field of_element[] = {LL_ELEMENT_TEXTS(X)};
#undef X
#define X(field, zh, en) {#field, offsetof(struct ll_item, field), {zh, en}},
static const struct ll_field of_item[] = {LL_ITEM_TEXTS(X)};
#undef X
#define X(field, zh, en) {#field, offsetof(struct ll_check, field), {zh, en}},
static const struct ll_field of_check[] = {LL_CHECK_TEXTS(X)};
#undef X
#define X(field, zh, en) {#field, offsetof(struct ll_organisation, field), {zh, en}},
static const struct ll_field of_organisation[] = {LL_ORGANISATION_TEXTS(X)};
#undef X

const struct ll_fields ll_resource_fields = {of_resource, LL_COUNT(of_resource)};
const struct ll_fields ll_element_fields = {of_element, LL_COUNT(of_element)};
const struct ll_fields ll_item_fields = {of_item, LL_COUNT(of_item)};
const struct ll_fields ll_check_fields = {of_check, LL_COUNT(of_check)};
const struct ll_fields ll_organisation_fields = {of_organisation, LL_COUNT(of_organisation)};

const char *ll_field_get(const void *object, const struct ll_field *f)
{
    const char *value;

    memcpy(&value, (const char *)object + f->offset, sizeof value);
    return value;
}

void ll_field_set(void *object, const struct ll_field *f, const char *value)
{
    memcpy((char *)object + f->offset, &value, sizeof value);
}
