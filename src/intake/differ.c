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

static int run(struct ll_data *d, const struct ll_buf *sql, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc;

    if ((rc = ll_data_lake(d, &lake, err)) == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql->p, fn, ctx, err);
    ll_lake_disconnect(c);
    return rc;
}

int ll_batch_differs(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                     const struct ll_batch *live, size_t n, ll_row_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct each each = {fn, ctx};
    int rc;

    if (!n)
        return LL_OK;
    if ((rc = put_sql(d, r, b, live, n, &sql, err)) == LL_OK)
        rc = run(d, &sql, one_row, &each, err);
    ll_buf_free(&sql);
    return rc;
}

/* --- everything that a batch did ------------------------------------------------------------------------------------------ */

struct effects {
    ll_effect_fn *fn;
    void *ctx;
};

static int one_effect(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    const struct effects *e = ctx;
    const struct ll_lake_value *what = &row[n - 2], *differs = &row[n - 1];

    return e->fn(e->ctx, row, what->kind == LL_LV_INT ? (enum ll_effect)what->i : LL_EFFECT_GONE,
                 differs->kind == LL_LV_TEXT ? differs->s : LL_STR(""), err);
}

/* Rows of a statement with the hash of what they say, and the plain values of what lies sealed under names of ours. */
static void open_hashed(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, "(SELECT *, ");
    content_hash(sql, r);
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_item_sealed(&r->items[i])) {
            ll_buf_z(sql, ", ");
            ll_stored_value(sql, r, &r->items[i]);
            ll_buf_printf(sql, " AS ll_v%zu", i);
        }
    ll_buf_z(sql, " FROM (");
}

static void put_differs(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, "CASE WHEN a.ll_h IS NULL THEN '' ELSE concat(''");
    for (size_t i = 0; i < r->n_items; i++) {
        struct ll_buf name = LL_BUF_INIT(512);
        if (ll_item_sealed(&r->items[i]))
            ll_buf_printf(&name, "ll_v%zu", i);
        else
            ll_buf_sql_name(&name, ll_str(r->items[i].name));
        ll_buf_printf(sql, ", CASE WHEN a.%s IS DISTINCT FROM b.%s THEN '1' ELSE '0' END", name.p, name.p);
        sql->failed = sql->failed || name.failed;
        ll_buf_free(&name);
    }
    ll_buf_z(sql, ") END");
}

/* Of what it brought: what is new or says something else than before. */
static int put_brought(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                       const struct ll_batch *live, size_t n, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    ll_buf_z(sql, "SELECT ");
    ll_stored_items(sql, r);
    ll_buf_z(sql, ", ll_what, ll_differs FROM (SELECT b.*, ");
    ll_buf_z(sql, n ? "CASE WHEN a.ll_h IS NULL THEN 0 ELSE 1 END" : "0");
    ll_buf_z(sql, " AS ll_what, ");
    if (n)
        put_differs(sql, r);
    else
        ll_buf_z(sql, "''");
    ll_buf_z(sql, " AS ll_differs FROM ");
    open_hashed(sql, r);
    if ((rc = ll_batch_versions_sql(d, r, b, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, ") WHERE NOT ll_deleted) b");
    if (!n) {
        ll_buf_c(sql, ')');
        return LL_OK;
    }
    ll_buf_z(sql, " LEFT JOIN ");
    open_hashed(sql, r);
    if ((rc = ll_batch_current_sql(d, r, live, n, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, ")) a USING (");
    ll_stored_key(sql, r);
    ll_buf_z(sql, ") WHERE a.ll_h IS NULL OR a.ll_h <> b.ll_h)");
    return LL_OK;
}

/* Of what was there: what a delete marker took away, or what a snapshot has no more. */
static int put_gone(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                    const struct ll_batch *live, size_t n, struct ll_buf *sql, struct ll_err *err)
{
    bool snapshot = strcmp(b->mode, "snapshot") == 0;
    int rc;

    ll_buf_z(sql, " UNION ALL SELECT ");
    ll_stored_items(sql, r);
    ll_buf_z(sql, ", 2, '' FROM (SELECT a.* FROM (");
    if ((rc = ll_batch_current_sql(d, r, live, n, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, snapshot ? ") a ANTI JOIN (SELECT " : ") a SEMI JOIN (SELECT ");
    ll_stored_key(sql, r);
    ll_buf_z(sql, " FROM (");
    if ((rc = ll_batch_versions_sql(d, r, b, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, snapshot ? ") WHERE NOT ll_deleted) b USING (" : ") WHERE ll_deleted) b USING (");
    ll_stored_key(sql, r);
    ll_buf_z(sql, "))");
    return LL_OK;
}

int ll_batch_effects(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                     const struct ll_batch *live, size_t n, ll_effect_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct effects each = {fn, ctx};
    int rc;

    if ((rc = put_brought(d, r, b, live, n, &sql, err)) == LL_OK && n)
        rc = put_gone(d, r, b, live, n, &sql, err);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : run(d, &sql, one_effect, &each, err);
    ll_buf_free(&sql);
    return rc;
}
