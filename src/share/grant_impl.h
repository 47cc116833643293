/* grant_impl.h - rows of access_grant, for the files that read them. */
#ifndef LL_SHARE_GRANT_IMPL_H
#define LL_SHARE_GRANT_IMPL_H

#include "share/grant.h"

/* What the terms say that hold for the resource (licence.h); NULL: it was not bought. */
#define LL_GRANT_LICENCE(column)                                                                             \
    " (SELECT l." column                                                                                     \
    " FROM licence l WHERE l.resource = access_grant.resource ORDER BY l.seq DESC LIMIT 1)"
#define LL_GRANT_COLUMNS                                                                                                             \
    "id, organisation, resource, provider, application, purpose, scenario, legal_basis, version, state, modes, items,"               \
    " per_second, per_day, total, from_at, until_at, networks, consent, created_at, changed_at, revision, signed," LL_GRANT_LICENCE( \
        "modes") "," LL_GRANT_LICENCE("scenarios") "," LL_GRANT_LICENCE("from_at") "," LL_GRANT_LICENCE("until_at")

/* The grant of a row with these columns, everything in arena. */
int ll_grant_read(struct ll_stmt *s, struct ll_arena *arena, struct ll_grant *ret,
                  struct ll_err *err) LL_MUST;

#endif
