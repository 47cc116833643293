/* dcat.h - the open data of the catalogue as DCAT-AP 3 in JSON-LD: what harvesters of other portals read.
 *
 * One document without a remote context: catalogue, datasets, their distributions and publishers as one graph whose names are
 * addresses of this platform. */
#ifndef LL_HTTP_DCAT_H
#define LL_HTTP_DCAT_H

#include "http/write.h"

struct ll_dcat {
    const struct ll_catalog *catalog;
    struct ll_figures *figures;
    const char *origin;  /* of the platform: https://hub.example.gov.cn */
    const char *licence; /* address of the licence of all open data */
};

void ll_dcat_write(const struct ll_dcat *d, struct ll_json *j);

#endif
