/* duty.h - who collects where: areas that a steward gives to accounts with the duty "collector".
 *
 * (1) A source steward gives areas of a resource that the own organisation provides, or that lie in the region of the own organisation, and to
 *     accounts of the own organisation only; the operator gives any.
 * (2) Giving and ending leave an entry in the journal.
 * (3) Nobody collects for an area that was not given. */
#ifndef LL_APPS_COLLECT_DUTY_H
#define LL_APPS_COLLECT_DUTY_H

#include "apps/collect/area.h"
#include "share/actor.h"

struct ll_collect_duty {
    const char *account, *name, *organisation, *resource, *area, *given_by;
    int64_t given_at;
};

/* LL_DENIED by (1); LL_INVALID: no such area, or the account has not the duty; LL_CONFLICT: it is given. */
int ll_collect_give(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const char *account, const char *resource, const char *area, struct ll_arena *arena,
                    struct ll_err *err) LL_MUST;
int ll_collect_end(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                   const char *account, const char *resource, const char *area, struct ll_arena *arena,
                   struct ll_err *err) LL_MUST;
struct ll_collect_duty_query {
    const char *account, *organisation; /* NULL: any */
    const char *sort;                   /* NULL: by resource and area */
    size_t limit, offset;
};
int ll_collect_duties(struct ll_txn *tx, const struct ll_collect_duty_query *q, struct ll_arena *arena,
                      struct ll_collect_duty **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;
/* LL_DENIED when the area is not the actor's. */
int ll_collect_may(struct ll_txn *tx, const struct ll_actor *a, const char *resource, const char *area,
                   struct ll_err *err) LL_MUST;
/* Whether the actor may lead the collection of the resource in that place: promise (1). */
int ll_collect_leads(const struct ll_catalog *cat, const struct ll_actor *a, const struct ll_resource *r,
                     struct ll_str place, struct ll_err *err) LL_MUST;

#endif
