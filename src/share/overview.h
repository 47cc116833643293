/* overview.h - the platform in figures: what is connected, what is there, what is called, how good it is, what happened last.
 *
 * (1) Each figure is counted from the tables at the instant of the question; none is stored, none is made up.
 * (2) Nothing of it is about a subject: organisations, resources and numbers only. */
#ifndef LL_SHARE_OVERVIEW_H
#define LL_SHARE_OVERVIEW_H

#include "base/json.h"
#include "catalog/catalog.h"
#include "store/store.h"

enum { LL_OVERVIEW_DAYS = 30, LL_OVERVIEW_TOP = 8, LL_OVERVIEW_FEED = 20 };

/* What a resource's service table holds now, as whoever counts tables knows it. */
struct ll_overview_resource {
    const char *resource;
    int64_t records;      /* -1: not counted yet */
    int64_t published_at; /* of the newest batch; 0: nothing is published */
    double quality;       /* of the newest batch, from 0 to 1; < 0: not known */
};

/* A whole Overview object. */
int ll_overview_put(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_overview_resource *list,
                    size_t n, struct ll_arena *arena, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
