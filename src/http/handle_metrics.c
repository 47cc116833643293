/* handle_metrics.c - the server's own counts, and what the control database tells of deliveries. */
#include "http/app.h"
#include "http/request.h"
#include "routes.gen.h"

#include <inttypes.h>

static const char *route_name(size_t at)
{
    return at < ll_route_count ? ll_routes[at].id : "none";
}

/* A metric that one query makes: its first column is the label's value, each other one a sample. */
struct metric {
    const char *name, *type, *help, *label, *sql;
    const char *kinds[4]; /* of the columns after the first: label `kind`; none when there is one column */
};

static const struct metric metrics[] = {
    {"luling_rows_total",
     "counter",
     "Rows of all deliveries, by what became of them.",
     "resource",
     "SELECT resource, sum(received), sum(published), sum(quarantined) FROM delivery GROUP BY resource",
     {"received", "published", "quarantined"}},
    {"luling_delivered_bytes_total",
     "counter",
     "Bytes of all deliveries.",
     "resource",
     "SELECT resource, sum(bytes) FROM delivery GROUP BY resource",
     {0}},
    {"luling_deliveries",
     "gauge",
     "Deliveries by the state they are in.",
     "state",
     "SELECT state, count(*) FROM delivery GROUP BY state",
     {0}},
    {"luling_segments",
     "gauge",
     "Segments that make up the service table of a resource.",
     "resource",
     "SELECT resource, count(*) FROM segment GROUP BY resource",
     {0}},
};

static int write_metric(const struct metric *m, struct ll_txn *tx, struct ll_buf *out, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, m->sql, &s, err);

    ll_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
    while (rc >= 0 && (rc = ll_step(s, err)) > 0)
        for (int at = 1; at == 1 || m->kinds[at - 1]; at++) {
            ll_buf_printf(out, "%s{", m->name);
            ll_metrics_label(out, m->label, ll_col_text(s, 0));
            if (m->kinds[0])
                ll_buf_printf(out, ",kind=\"%s\"", m->kinds[at - 1]);
            ll_buf_printf(out, "} %" PRId64 "\n", ll_col_int(s, at));
        }
    ll_stmt_done(s);
    return rc;
}

int ll_h_metrics(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    rq->type = "text/plain; version=0.0.4; charset=utf-8";
    ll_metrics_write(app->metrics, &rq->out, route_name);
    for (size_t i = 0; i < LL_COUNT(metrics) && rc >= 0; i++)
        rc = write_metric(&metrics[i], tx, &rq->out, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}
