/* grant_impl.h - rows of access_grant, for the files that read them. */
#ifndef LL_SHARE_GRANT_IMPL_H
#define LL_SHARE_GRANT_IMPL_H

#include "share/grant.h"

#define LL_GRANT_COLUMNS                                                                                               \
    "id, organisation, resource, provider, application, purpose, scenario, legal_basis, version, state, modes, items," \
    " per_second, per_day, total, from_at, until_at, networks, consent, created_at, changed_at, revision, signed"

/* The grant of a row with these columns, everything in arena. */
int ll_grant_read(struct ll_stmt *s, struct ll_arena *arena, struct ll_grant *ret,
                  struct ll_err *err) LL_MUST;

#endif
