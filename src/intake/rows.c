/* rows.c - see rows.h. */
#include "intake/rows.h"

#include "intake/stored.h"

#include <inttypes.h>

enum { SQL_MAX = 16 << 20 };

struct page {
    ll_row_fn *fn;
    void *ctx;
};

/* The items, then ll_row and ll_deleted. */
static int one_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    const struct page *p = ctx;

    return p->fn(p->ctx, row, row[n - 2].i, row[n - 1].kind == LL_LV_INT && row[n - 1].i != 0, err);
}

int ll_batch_rows(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b, int64_t after,
                  size_t limit, ll_row_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    struct page page = {fn, ctx};
    int rc;

    ll_buf_z(&sql, "SELECT ");
    ll_stored_items(&sql, r);
    ll_buf_z(&sql, ", ll_row, ll_deleted FROM (");
    rc = ll_batch_versions_sql(d, r, b, &sql, err);
    ll_buf_printf(&sql, ") WHERE ll_row > %" PRId64 " ORDER BY ll_row LIMIT %zu", after, limit);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_data_lake(d, &lake, err);
    if (rc == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, one_row, &page, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}
