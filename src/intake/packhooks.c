/* packhooks.c - see packhooks.h.  Everything is tried on empty tables of the right shape: nothing runs over data. */
#include "intake/packhooks.h"

#include "base/buf.h"
#include "intake/shape.h"

#include <string.h>

static int connect(struct ll_data *d, struct ll_lake_conn **c, struct ll_err *err)
{
    struct ll_lake *lake = NULL;
    int rc = ll_data_lake(d, &lake, err);

    return rc < 0 ? rc : ll_lake_connect(lake, c, err);
}

static int predicate(void *ctx, const struct ll_resource *r, const char *sql, struct ll_err *err)
{
    struct ll_buf shape = LL_BUF_INIT(1 << 20);
    struct ll_lake_conn *c = NULL;
    int rc = connect(ctx, &c, err);

    ll_shape_nulls(&shape, r);
    if (rc == LL_OK && (rc = ll_lake_check_predicate(c, shape.p, sql, err)) == LL_FAIL)
        rc = LL_INVALID;
    ll_lake_disconnect(c);
    ll_buf_free(&shape);
    return rc;
}

static int format(void *ctx, const char *regex, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 16);
    struct ll_lake_conn *c = NULL;
    int64_t ignored;
    int rc = connect(ctx, &c, err);

    ll_buf_z(&sql, "SELECT regexp_full_match('', ");
    ll_buf_sql(&sql, ll_str(regex));
    ll_buf_z(&sql, ")::BIGINT");
    if (rc == LL_OK && (rc = ll_lake_int(c, sql.p, &ignored, err)) == LL_FAIL)
        rc = LL_INVALID;
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

static void put_table(struct ll_buf *sql, const struct ll_resource *r, bool *any)
{
    ll_buf_z(sql, *any ? ", " : "WITH ");
    ll_buf_sql_name(sql, ll_str(r->name));
    ll_buf_z(sql, " AS (SELECT ");
    ll_shape_nulls(sql, r);
    ll_buf_z(sql, " LIMIT 0)");
    *any = true;
}

static bool own(const struct ll_pack *pack, const struct ll_resource *r)
{
    for (size_t i = 0; i < pack->n_resources; i++)
        if (strcmp(pack->resources[i].name, r->name) == 0)
            return true;
    return false;
}

static int view(void *ctx, const struct ll_pack *pack, const struct ll_view *v, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(64 << 20);
    struct ll_lake_conn *c = NULL;
    bool any = false;
    size_t n = 0;
    int rc = connect(ctx, &c, err);

    ll_buf_z(&sql, "EXPLAIN ");
    for (size_t i = 0; i < pack->n_resources; i++)
        put_table(&sql, &pack->resources[i], &any);
    const struct ll_resource *const *others = pack->known ? ll_catalog_resources(pack->known, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!own(pack, others[i]))
            put_table(&sql, others[i], &any);
    ll_buf_printf(&sql, " SELECT * FROM (%s\n)", v->sql);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_lake_exec(c, sql.p, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc == LL_FAIL ? LL_INVALID : rc;
}

struct ll_pack_hooks ll_pack_hooks_of(struct ll_data *d)
{
    return (struct ll_pack_hooks){d, predicate, format, view};
}
