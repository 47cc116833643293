/* form.h - a resource as a form to be filled in: one field for each column that its default mapping reads by name.  Workbook templates and the
 * phone's form are made of it, so that both ask the same and know the same rules. */
#ifndef LL_INTAKE_FORM_H
#define LL_INTAKE_FORM_H

#include "catalog/model.h"
#include "catalog/transform.h"
#include "standard/ident.h"

struct ll_field {
    const char *title;          /* the header: the first of the mapping's names */
    const struct ll_item *item; /* the first that the column fills */
    const char *unit;           /* what a number is in; NULL */
    bool required, key;
    bool
        plain; /* the value itself, which the mapping does not make another of: the element's rules hold for what is typed in */
    const struct ll_codeset *codes; /* of a plain field; NULL */
    bool identifier;                /* of that scheme */
    enum ll_scheme scheme;
};

struct ll_form {
    const struct ll_resource *resource;
    struct ll_field *fields;
    size_t n;
};

/* LL_INVALID when the mapping reads columns by position only. */
int ll_form_make(struct ll_arena *arena, const struct ll_resource *r, struct ll_form *ret,
                 struct ll_err *err) LL_MUST;
/* NULL: no column fills it. */
const struct ll_field *ll_form_field(const struct ll_form *f, const char *item);

/* What belongs in a field: a date, at most 20 characters, in 万元 ... */
void ll_field_note(struct ll_buf *out, const struct ll_field *f, enum ll_lang lang);
/* A code as it is offered: its title, or "code title" where several codes share the title. */
void ll_field_choice(struct ll_buf *out, const struct ll_field *f, const struct ll_code *code);

#endif
