/* grants.h - every grant, in memory: an immutable snapshot that any number of threads may read.
 *
 * (1) A snapshot never changes; whoever holds a reference may use everything it points to.
 * (2) ll_grants_current gives one that holds every change committed before the call, by whichever process: a grant revoked is
 *     seen revoked by the next call.  As long as nothing was committed it costs a comparison of 96 bytes in memory.
 * (3) Grants are found by id, and by organisation and resource, in constant time however many there are.
 * (4) After a change only the grants that changed are read. */
#ifndef LL_SHARE_GRANTS_H
#define LL_SHARE_GRANTS_H

#include "share/grant.h"

struct ll_grants;
struct ll_grants_live;

/* st must outlive it. */
int ll_grants_open(struct ll_store *st, struct ll_grants_live **ret, struct ll_err *err) LL_MUST;
struct ll_grants_live *ll_grants_close(struct ll_grants_live *live); /* NULL is fine; returns NULL */
/* *ret holds one reference, to be given back with ll_grants_unref. */
int ll_grants_current(struct ll_grants_live *live, struct ll_grants **ret, struct ll_err *err) LL_MUST;
struct ll_grants *ll_grants_unref(struct ll_grants *grants); /* NULL is fine; returns NULL */

uint64_t ll_grants_generation(const struct ll_grants *grants);
size_t ll_grants_count(const struct ll_grants *grants);
const struct ll_grant *ll_grants_by_id(const struct ll_grants *grants, struct ll_str id); /* NULL: none */
/* Every one, in no order worth relying on. */
const struct ll_grant *ll_grants_at(const struct ll_grants *grants, size_t i);
/* All grants of the organisation for the resource, whatever their state, newest first; NULL and *n = 0: none. */
const struct ll_grant *const *ll_grants_of(const struct ll_grants *grants, struct ll_str organisation,
                                           struct ll_str resource, size_t *n);

#endif
