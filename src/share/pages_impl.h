/* pages_impl.h - what the parts of pages.h share: a block that was opened (pages.c), and its run (page_run.c). */
#ifndef LL_SHARE_PAGES_IMPL_H
#define LL_SHARE_PAGES_IMPL_H

#include "base/buf.h"
#include "share/pages.h"
#include "share/viewing.h"

struct ll_page_block {
    struct ll_data *data;
    const struct ll_catalog *cat;
    const struct ll_page_ask *ask;
    struct ll_arena *arena;
    json_t *page, *block; /* block is borrowed from page */
    const struct ll_service *service;
    /* Of a list or detail: what it shows; of a chart: x and series, and behind them y where that is a column's. */
    const struct ll_service_item **columns;
    size_t n_columns; /* without y */
    const struct ll_service_item *y;
    bool chart;
    struct ll_lake_param *params;
    size_t n_params;
    struct ll_buf after, before;
    size_t filters_end; /* of after: the view's end and the filters */
};

/* What an output or a parameter is, as an object. */
void ll_page_put_item(const struct ll_catalog *cat, const struct ll_service_item *it, struct ll_json *j);

#endif
