/* product_form.c - see product_form.h. */
#include "apps/finance/product_impl.h"
#include "apps/finance/tbl/product_fields.h"

#include <string.h>

#define WORD_OF(id, word, zh, en) word "|"
#define LL_PRODUCT_KIND_WORDS LL_PRODUCT_KINDS(WORD_OF)

static const struct ll_form_field fields[] = {
#define X(name, type, must, most, words) {name, LL_FORM_##type, must, most, words},
    LL_PRODUCT_FIELDS(X)
#undef X
};
_Static_assert(LL_COUNT(fields) <= LL_FORM_FIELDS_MAX, "a form of a product has too many fields");
const struct ll_form_kind ll_product_form = {fields, LL_COUNT(fields)};

struct owned {
    const struct ll_form *form;
    const struct ll_form_owner *owner;
};

static struct ll_str cell_of(void *ctx, const char *column)
{
    const struct owned *o = ctx;
    const struct {
        const char *column, *text;
    } given[] = {{"product", o->owner->code},
                 {"institution", o->owner->title[LL_ZH]},
                 {"institution_en", o->owner->title[LL_EN] ? o->owner->title[LL_EN] : o->owner->title[LL_ZH]},
                 {"organisation", o->owner->organisation},
                 {"sample", "N"},
                 {"basis", "own"},
                 {"source", o->owner->title[LL_ZH]}};

    for (size_t i = 0; i < LL_COUNT(given); i++)
        if (strcmp(column, given[i].column) == 0)
            return ll_str(given[i].text);
    return ll_form_text(o->form, column);
}

int ll_product_form_add(const struct ll_form *form, const struct ll_form_owner *owner,
                        struct ll_products *all, size_t *n_rules, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_target_rule_cells *rules;
    struct owned o = {.form = form, .owner = owner};
    int rc = ll_form_rule_cells(form, arena, &rules, err);

    return rc < 0 ? rc : ll_product_add(all, n_rules, arena, cell_of, &o, rules, form->n_rules, err);
}
