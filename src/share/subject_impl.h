/* subject_impl.h - what the parts of subject.h share. */
#ifndef LL_SHARE_SUBJECT_IMPL_H
#define LL_SHARE_SUBJECT_IMPL_H

#include "share/subject.h"

/* The kind of identifier that a value of the item is: the name of its scheme, or of its element. */
const char *ll_subject_id_type(const struct ll_item *item, struct ll_str value);
/* Whether the item may hold identifiers of that type. */
bool ll_subject_item_holds(const struct ll_item *item, const char *type);
/* The first item of role subject that is not empty in the record that t stands on; false when all are. */
bool ll_subject_own_id(const struct ll_resource *r, struct ll_table *t, struct ll_subject_id *ret);

enum ll_subject_match { LL_NAME_IS, LL_NAME_STARTS };
/* Subjects by name, each once, in the order found. */
int ll_subject_by_name(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                       struct ll_str name, enum ll_subject_match match, size_t limit, struct ll_arena *arena,
                       struct ll_subject_hit **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

#endif
