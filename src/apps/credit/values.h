/* values.h - a record's values as a report shows them: titles of codes, yes and no, units, and "—" where the source left it empty. */
#ifndef LL_APPS_CREDIT_VALUES_H
#define LL_APPS_CREDIT_VALUES_H

#include "base/arena.h"
#include "catalog/model.h"

#include <jansson.h>

/* A record as share/record.h writes it, with its numbers as texts.  The caller owns *ret. */
int ll_credit_parse(struct ll_str body, json_t **ret, struct ll_err *err) LL_MUST;
/* In arena; "—" when there is none. */
struct ll_str ll_credit_value(const json_t *record, const struct ll_item *item, enum ll_lang lang,
                              struct ll_arena *arena);
const char *ll_credit_title(const struct ll_item *item, enum ll_lang lang, struct ll_arena *arena);

#endif
