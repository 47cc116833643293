/* exporter.h - carries exports out behind the server (share/export.h): two at once, of different organisations where it can be; removes
 * files that have expired. */
#ifndef LL_HTTP_EXPORTER_H
#define LL_HTTP_EXPORTER_H

#include "base/err.h"

struct ll_gateway;
struct ll_data;
struct ll_exporter;

/* What an earlier process left half done begins anew.  Both must outlive it. */
int ll_exporter_open(struct ll_gateway *g, struct ll_data *d, struct ll_exporter **ret,
                     struct ll_err *err) LL_MUST;
/* Jobs under way leave off at their next thousand records and wait for the next start.  NULL is fine; returns NULL. */
struct ll_exporter *ll_exporter_close(struct ll_exporter *x);
void ll_exporter_wake(struct ll_exporter *x); /* there is something to do */

#endif
