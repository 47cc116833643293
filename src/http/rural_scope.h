/* rural_scope.h - which households somebody may see: the operator all, a rural credit officer those in the region of the own organisation, a collector
 * those of the villages that were given to collect in.  Nobody else sees one, and who sees one is in the journal. */
#ifndef LL_HTTP_RURAL_SCOPE_H
#define LL_HTTP_RURAL_SCOPE_H

#include "http/app.h"
#include "http/request.h"

enum { LL_REACH_MAX = 200 };

struct ll_rural_reach {
    bool all;
    const char *regions[LL_REACH_MAX];
    size_t n;
};
int ll_rural_reach(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_request *rq,
                   struct ll_rural_reach *ret, struct ll_err *err) LL_MUST;
bool ll_rural_reaches(const struct ll_rural_reach *r, struct ll_str village);
/* LL_DENIED names the village. */
int ll_rural_must_reach(const struct ll_rural_reach *r, struct ll_str village, struct ll_err *err) LL_MUST;

#endif
