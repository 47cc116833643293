/* metrics.h - what the server counts about itself, in the Prometheus text format.  Counting takes no lock. */
#ifndef LL_HTTP_METRICS_H
#define LL_HTTP_METRICS_H

#include "base/buf.h"

struct ll_metrics;

/* n_routes: one more is kept for requests that met no route. */
struct ll_metrics *ll_metrics_new(size_t n_routes);
struct ll_metrics *ll_metrics_free(struct ll_metrics *m);
void ll_metrics_request(struct ll_metrics *m, size_t route, unsigned status, uint64_t us, uint64_t bytes_in,
                        uint64_t bytes_out);
void ll_metrics_connections(struct ll_metrics *m, int delta);
void ll_metrics_streams(struct ll_metrics *m, int delta);
/* route_name: the label of each route. */
void ll_metrics_write(const struct ll_metrics *m, struct ll_buf *out, const char *(*route_name)(size_t at));
/* A label's value, quoted and escaped as the format demands. */
void ll_metrics_label(struct ll_buf *out, const char *name, struct ll_str value);

#endif
