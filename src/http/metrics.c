/* metrics.c - see metrics.h. */
#include "http/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Every status that we answer with; any other counts as the last. */
static const unsigned statuses[] = {200, 202, 204, 304, 400, 403, 404, 405, 408, 409,
                                    411, 413, 414, 421, 422, 499, 500, 503, 0};
enum { STATUSES = LL_COUNT(statuses) };

/* Upper bounds in microseconds, as text in seconds. */
static const struct {
    uint64_t us;
    const char *le;
} bounds[] = {{250, "0.00025"}, {500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"},
              {5000, "0.005"},  {10000, "0.01"},  {25000, "0.025"}, {50000, "0.05"},
              {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"},  {1000000, "1"},
              {2500000, "2.5"}, {5000000, "5"},   {10000000, "10"}, {UINT64_MAX, "+Inf"}};
enum { BOUNDS = LL_COUNT(bounds) };

struct route_counts {
    atomic_uint_fast64_t by_status[STATUSES];
    atomic_uint_fast64_t by_bound[BOUNDS]; /* not cumulative; added up when written */
    atomic_uint_fast64_t us, bytes_in, bytes_out;
};

struct ll_metrics {
    atomic_int connections, streams;
    size_t n; /* routes, and one for none */
    struct route_counts routes[];
};

struct ll_metrics *ll_metrics_new(size_t n_routes)
{
    struct ll_metrics *m = calloc(1, sizeof(*m) + (n_routes + 1) * sizeof(m->routes[0]));

    if (m)
        m->n = n_routes + 1;
    return m;
}

struct ll_metrics *ll_metrics_free(struct ll_metrics *m)
{
    free(m);
    return NULL;
}

static void add(atomic_uint_fast64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void ll_metrics_request(struct ll_metrics *m, size_t route, unsigned status, uint64_t us, uint64_t bytes_in,
                        uint64_t bytes_out)
{
    struct route_counts *r = &m->routes[route < m->n ? route : m->n - 1];
    size_t s = 0, b = 0;

    while (s < STATUSES - 1 && statuses[s] != status)
        s++;
    while (us > bounds[b].us)
        b++;
    add(&r->by_status[s], 1);
    add(&r->by_bound[b], 1);
    add(&r->us, us);
    add(&r->bytes_in, bytes_in);
    add(&r->bytes_out, bytes_out);
}

void ll_metrics_connections(struct ll_metrics *m, int delta)
{
    atomic_fetch_add_explicit(&m->connections, delta, memory_order_relaxed);
}

void ll_metrics_streams(struct ll_metrics *m, int delta)
{
    atomic_fetch_add_explicit(&m->streams, delta, memory_order_relaxed);
}

void ll_metrics_label(struct ll_buf *out, const char *name, struct ll_str value)
{
    ll_buf_printf(out, "%s=\"", name);
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '\n')
            ll_buf_z(out, "\\n");
        else if (value.p[i] == '"' || value.p[i] == '\\')
            ll_buf_printf(out, "\\%c", value.p[i]);
        else
            ll_buf_c(out, value.p[i]);
    }
    ll_buf_c(out, '"');
}

static bool route_used(const struct route_counts *r)
{
    for (size_t b = 0; b < BOUNDS; b++)
        if (get(&r->by_bound[b]))
            return true;
    return false;
}

static void write_requests(const struct ll_metrics *m, struct ll_buf *out, const char *(*route_name)(size_t))
{
    ll_buf_z(out, "# HELP luling_http_requests_total Requests answered, by route and status.\n"
                  "# TYPE luling_http_requests_total counter\n");
    for (size_t i = 0; i < m->n; i++)
        for (size_t s = 0; s < STATUSES; s++)
            if (get(&m->routes[i].by_status[s]))
                ll_buf_printf(out, "luling_http_requests_total{route=\"%s\",status=\"%u\"} %" PRIu64 "\n",
                              route_name(i), statuses[s], get(&m->routes[i].by_status[s]));
}

static void write_latency(const struct ll_metrics *m, struct ll_buf *out, const char *(*route_name)(size_t))
{
    ll_buf_z(out, "# HELP luling_http_request_seconds Time from the request line to the end of the answer.\n"
                  "# TYPE luling_http_request_seconds histogram\n");
    for (size_t i = 0; i < m->n; i++) {
        const struct route_counts *r = &m->routes[i];
        const char *name = route_name(i);
        uint64_t sum = 0;
        if (!route_used(r))
            continue;
        for (size_t b = 0; b < BOUNDS; b++) {
            sum += get(&r->by_bound[b]);
            ll_buf_printf(out, "luling_http_request_seconds_bucket{route=\"%s\",le=\"%s\"} %" PRIu64 "\n",
                          name, bounds[b].le, sum);
        }
        ll_buf_printf(out, "luling_http_request_seconds_sum{route=\"%s\"} %.6f\n", name,
                      (double)get(&r->us) / 1e6);
        ll_buf_printf(out, "luling_http_request_seconds_count{route=\"%s\"} %" PRIu64 "\n", name, sum);
    }
}

static void write_bytes(const struct ll_metrics *m, struct ll_buf *out, const char *(*route_name)(size_t))
{
    ll_buf_z(out, "# HELP luling_http_bytes_total Bytes of bodies, by route and direction.\n"
                  "# TYPE luling_http_bytes_total counter\n");
    for (size_t i = 0; i < m->n; i++) {
        const struct route_counts *r = &m->routes[i];
        if (!route_used(r))
            continue;
        ll_buf_printf(out, "luling_http_bytes_total{route=\"%s\",direction=\"in\"} %" PRIu64 "\n",
                      route_name(i), get(&r->bytes_in));
        ll_buf_printf(out, "luling_http_bytes_total{route=\"%s\",direction=\"out\"} %" PRIu64 "\n",
                      route_name(i), get(&r->bytes_out));
    }
}

void ll_metrics_write(const struct ll_metrics *m, struct ll_buf *out, const char *(*route_name)(size_t at))
{
    write_requests(m, out, route_name);
    write_latency(m, out, route_name);
    write_bytes(m, out, route_name);
    ll_buf_printf(out,
                  "# HELP luling_http_connections Connections open now.\n"
                  "# TYPE luling_http_connections gauge\nluling_http_connections %d\n"
                  "# HELP luling_http_streams Answers that go on, such as progress of a delivery.\n"
                  "# TYPE luling_http_streams gauge\nluling_http_streams %d\n",
                  atomic_load(&m->connections), atomic_load(&m->streams));
}
