/* packhooks.h - the checks of a pack that need the engine: does a predicate parse and bind, is a format a regular expression, does a
 * view run over the pack's own resources. */
#ifndef LL_INTAKE_PACKHOOKS_H
#define LL_INTAKE_PACKHOOKS_H

#include "catalog/pack.h"
#include "intake/data.h"

/* ctx of the hooks is d, which must outlive them. */
struct ll_pack_hooks ll_pack_hooks_of(struct ll_data *d);

#endif
