/* differ.c - see differ.h.  Keys are joined and contents compared by their hash, as in limit.c. */
#include "intake/differ.h"

#include "intake/stored.h"

#include <string.h>

enum { SQL_MAX = 64 << 20 };

struct each {
    ll_row_fn *fn;
    void *ctx;
};

static int one_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    const struct each *e = ctx;

    return e->fn(e->ctx, row, 0, row[n - 1].kind == LL_LV_INT && row[n - 1].i != 0, err);
}

static void content_hash(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, "hash(");
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_stored_value(sql, r, &r->items[i]); /* a sealed value is never the same twice */
    }
    ll_buf_z(sql, ") AS ll_h");
}

static int put_sql(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                   const struct ll_batch *live, size_t n, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    ll_buf_z(sql, "SELECT ");
    ll_stored_items(sql, r);
    ll_buf_z(sql, ", ll_gone FROM (SELECT a.*, (b.ll_gone IS NULL OR b.ll_gone) AS ll_gone FROM (SELECT *, ");
    content_hash(sql, r);
    ll_buf_z(sql, " FROM (");
    if ((rc = ll_batch_current_sql(d, r, live, n, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, strcmp(b->mode, "snapshot") == 0 ? ")) a LEFT JOIN (SELECT " : ")) a JOIN (SELECT ");
    ll_stored_key(sql, r);
    ll_buf_z(sql, ", ");
    content_hash(sql, r);
    ll_buf_z(sql, ", ll_deleted AS ll_gone FROM (");
    if ((rc = ll_batch_versions_sql(d, r, b, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, ")) b USING (");
    ll_stored_key(sql, r);
    ll_buf_z(sql, ") WHERE b.ll_gone IS NULL OR b.ll_gone OR a.ll_h <> b.ll_h)");
    return sql->failed ? ll_no_memory(err) : LL_OK;
}

int ll_batch_differs(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                     const struct ll_batch *live, size_t n, ll_row_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    struct each each = {fn, ctx};
    int rc;

    if (!n)
        return LL_OK;
    if ((rc = put_sql(d, r, b, live, n, &sql, err)) == LL_OK && (rc = ll_data_lake(d, &lake, err)) == LL_OK &&
        (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, one_row, &each, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}
