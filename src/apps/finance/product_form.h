/* product_form.h - a product as an institution writes it: members named as columns of products.csv, and what it asks of a firm; checked field by field.
 *
 * (1) A form that is well-formed (the right members, none too long) can be kept as a draft; what it says is checked apart, and every fault is told with the field it is in.
 * (2) A form without faults makes a product by the code that reads those of packs (product_impl.h): there is no second idea of a product. */
#ifndef LL_APPS_FINANCE_PRODUCT_FORM_H
#define LL_APPS_FINANCE_PRODUCT_FORM_H

#include "apps/finance/product.h"
#include "apps/finance/tbl/product_fields.h"

#include <jansson.h>

enum { LL_FORM_GROUPS = 20, LL_FORM_ALTERNATIVES = 8, LL_FORM_FAULTS = 64, LL_FORM_BYTES = 48 << 10 };

enum ll_product_field {
#define X(id, ...) LL_PF_##id,
    LL_PRODUCT_FIELDS(X)
#undef X
        LL_PF_COUNT
};

struct ll_form_rule {
    size_t group;
    struct ll_str indicator, op, value;
};
struct ll_product_form {
    struct ll_str text[LL_PF_COUNT]; /* as the column has it: lists divided by |, flags Y or N */
    struct ll_form_rule *rules;      /* group by group */
    size_t n_rules;
};
struct ll_form_fault {
    const char *field, *text[2]; /* "amount_min"; of a rule "groups.0.1" */
};

const char *ll_product_field_name(enum ll_product_field f);
/* A member that is not a form's, or of another shape: LL_USAGE.  The texts are copied into the arena. */
int ll_product_form_read(const json_t *json, struct ll_arena *arena, struct ll_product_form *ret,
                         struct ll_err *err) LL_MUST;
int ll_product_form_parse(struct ll_str json, struct ll_arena *arena, struct ll_product_form *ret,
                          struct ll_err *err) LL_MUST;
/* The object that ll_product_form_read reads. */
void ll_product_form_put(struct ll_json *j, const struct ll_product_form *form);
/* At most LL_FORM_FAULTS of them, in arena; none: *ret_n is 0. */
int ll_product_form_check(const struct ll_product_form *form, const struct ll_feature_set *set,
                          const struct ll_catalog *cat, struct ll_arena *arena, struct ll_form_fault **ret,
                          size_t *ret_n, struct ll_err *err) LL_MUST;
/* What each rule says in plain words, as an array of groups of rules; null where it says nothing yet. */
int ll_product_form_put_rules(struct ll_json *j, const struct ll_product_form *form,
                              const struct ll_feature_set *set, struct ll_arena *arena,
                              struct ll_err *err) LL_MUST;

/* Whose product it is. */
struct ll_product_owner {
    const char *code, *organisation, *title[2];
};
/* Appends the product; LL_INVALID: the form has faults, and nothing was appended. */
int ll_product_form_add(const struct ll_product_form *form, const struct ll_product_owner *owner,
                        struct ll_products *all, size_t *n_rules, struct ll_arena *arena,
                        struct ll_err *err) LL_MUST;

#endif
