/* form_impl.h - what reading a form and checking it share. */
#ifndef LL_APPS_FINANCE_FORM_IMPL_H
#define LL_APPS_FINANCE_FORM_IMPL_H

#include "apps/finance/form.h"

enum { LL_FORM_FIELD_TEXT = 32, LL_FORM_LINE_BYTES = 600 };

bool ll_form_is_list(enum ll_form_type t);
/* The cells that ll_rule_read takes. */
void ll_form_cells(const struct ll_form_rule *r, struct ll_str cells[LL_RULE_CELLS]);
/* "groups": groups of rules, each written by put. */
typedef int ll_form_put_rule_fn(struct ll_json *j, const struct ll_form_rule *r, void *ctx,
                                struct ll_err *err);
int ll_form_put_groups(struct ll_json *j, const struct ll_form *form, ll_form_put_rule_fn *put, void *ctx,
                       struct ll_err *err) LL_MUST;

#endif
