/* viewdoubt.h - which values of a view's rows are doubted (share/objection.h), so that a row says it as a record does.
 *
 * (1) An output rests on the item that it comes from (`from`) and on those that its pack declares (`rests_on`); one that says neither rests on
 *     whatever the service reads.
 * (2) A row whose outputs come from every part of a resource's key, plainly, names its record: of that resource only doubts about this record
 *     count.
 * (3) Otherwise - a sum, or rows without the key - a doubt about any record counts: it may be one of those behind the value.  What is doubted
 *     is never missing for it; a value may be called doubted that would have come out the same.
 *
 * That a record is in the rows at all, or is not, is no value and is not told. */
#ifndef LL_SHARE_VIEWDOUBT_H
#define LL_SHARE_VIEWDOUBT_H

#include "catalog/catalog.h"
#include "lake/lake.h"
#include "share/marks.h"

struct ll_view_doubts;
struct ll_view_doubts_ask {
    struct ll_marks *marks;
    const struct ll_catalog *cat;
    const struct ll_service *service;
    const struct ll_service_item *const *columns; /* of a row, in their order */
    size_t n;
    bool (*hidden)(void *ctx,
                   const struct ll_service_item *it); /* the row shows it masked: it names nothing */
    void *ctx;
};

/* *ret is NULL where nothing is doubted, as usual.  Lives in arena. */
int ll_view_doubts(const struct ll_view_doubts_ask *ask, struct ll_arena *arena, struct ll_view_doubts **ret,
                   struct ll_err *err) LL_MUST;
/* A row has come: its n first values are those of the columns. */
int ll_view_doubts_row(struct ll_view_doubts *d, const struct ll_lake_value *row, size_t n,
                       struct ll_err *err) LL_MUST;                    /* NULL is fine */
bool ll_view_doubts_of(const struct ll_view_doubts *d, size_t column); /* of that row; NULL: no */

#endif
