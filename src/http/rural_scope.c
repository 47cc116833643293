/* rural_scope.c - see rural_scope.h. */
#include "http/rural_scope.h"

#include "apps/collect/duty.h"
#include "catalog/region.h"

int ll_rural_reach(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_request *rq,
                   struct ll_rural_reach *ret, struct ll_err *err)
{
    const struct ll_organisation *own = rq->actor.organisation
                                            ? ll_catalog_organisation(cat, ll_str(rq->actor.organisation))
                                            : NULL;
    const char *region = own ? ll_organisation_region(cat, own) : NULL;
    struct ll_collect_duty *list = NULL;
    int64_t total = 0;
    size_t n = 0;
    int rc;

    *ret = (struct ll_rural_reach){.all = (rq->actor.roles & LL_DUTY_OPERATOR) != 0};
    if (region && (rq->actor.roles & LL_DUTY_RURAL_OFFICER))
        ret->regions[ret->n++] = region;
    if (!(rq->actor.roles & LL_DUTY_COLLECTOR))
        return LL_OK;
    const struct ll_collect_duty_query q = {.account = rq->actor.account, .limit = LL_REACH_MAX - 1};
    rc = ll_collect_duties(tx, &q, rq->arena, &list, &n, &total, err);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        ret->regions[ret->n++] = list[i].area;
    return rc;
}

bool ll_rural_reaches(const struct ll_rural_reach *r, struct ll_str village)
{
    bool any = r->all;

    for (size_t i = 0; i < r->n && !any; i++)
        any = ll_region_within(village, ll_str(r->regions[i]));
    return any;
}

int ll_rural_must_reach(const struct ll_rural_reach *r, struct ll_str village, struct ll_err *err)
{
    return ll_rural_reaches(r, village) ? LL_OK
                                        : ll_fail(err, LL_DENIED, "%.*s 不在您可查看的区域内",
                                                  "%.*s is outside what you may see", LL_STR_ARG(village));
}
