/* recordname.h - the key of a record as a text, as tables about records keep it: of a resource whose key has sealed items it is sealed, too. */
#ifndef LL_SHARE_RECORDNAME_H
#define LL_SHARE_RECORDNAME_H

#include "base/arena.h"
#include "catalog/model.h"
#include "store/vault.h"

/* Appends what is to be stored; nothing of a NULL.  The resource must have records, or there is no key to seal it with (LL_INVALID). */
int ll_record_name_keep(struct ll_vault *v, const struct ll_resource *r, const char *record,
                        struct ll_buf *out, struct ll_err *err) LL_MUST;
/* The record as it was given; in arena or stored itself.  One that does not open is shown as it is kept: a list must not fail for one of its rows. */
const char *ll_record_name_open(struct ll_vault *v, const char *resource, const char *stored,
                                struct ll_arena *arena);

#endif
