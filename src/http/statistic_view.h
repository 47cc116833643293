/* statistic_view.h - figures of the finance platform as the handlers read them: with the names of what they are by, and the counties of the city. */
#ifndef LL_HTTP_STATISTIC_VIEW_H
#define LL_HTTP_STATISTIC_VIEW_H

#include "apps/finance/product_live.h"
#include "apps/finance/statistic.h"
#include "catalog/county.h"
#include "http/app.h"

struct ll_stat_view {
    struct ll_catalog *cat;
    const struct ll_products_held *held; /* NULL: products go by their code */
    struct ll_county *counties;
    size_t n_counties;
    struct ll_stat_names names;
};
/* stats[i] by by[i], as a asks; its data and catalogue are filled in.  As many at once as views may run, since the engine takes its thread for long. */
int ll_stat_view_read(struct ll_app *app, struct ll_request *rq, struct ll_stat_ask *a,
                      const enum ll_stat_by *by, size_t n, struct ll_stat_view *ret, struct ll_stat *stats,
                      struct ll_err *err) LL_MUST;
void ll_stat_view_close(struct ll_stat_view *v);
/* Member "counties": the places of the map, in its order. */
void ll_stat_view_put_counties(const struct ll_stat_view *v, struct ll_json *j);

#endif
