/* fixes.c - see fixes.h. */
#include "intake/fixes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fix {
    char batch[LL_ID_TEXT];
    int64_t row;
};

struct ll_fixes {
    struct fix *list;
    size_t n, cap;
    const char *batch; /* of the query being read, when it gives rows only */
};

static int add(struct ll_fixes *f, struct ll_str batch, int64_t row, struct ll_err *err)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 64;
        struct fix *p = realloc(f->list, cap * sizeof *p);
        if (!p)
            return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
        f->list = p;
        f->cap = cap;
    }
    if (batch.n >= LL_ID_TEXT)
        return LL_OK; /* no batch of ours */
    memcpy(f->list[f->n].batch, batch.p, batch.n);
    f->list[f->n].batch[batch.n] = 0;
    f->list[f->n++].row = row;
    return LL_OK;
}

static int take_named(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    (void)n;
    return row[0].kind == LL_LV_TEXT && row[1].kind == LL_LV_INT ? add(ctx, row[0].s, row[1].i, err) : LL_OK;
}

static int take_keyed(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_fixes *f = ctx;

    (void)n;
    return row[0].kind == LL_LV_INT ? add(f, ll_str(f->batch), row[0].i, err) : LL_OK;
}

static bool names_fixes(struct ll_lake_conn *c, const char *files)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);
    int64_t n = 0;

    ll_buf_printf(&sql, "SELECT count(*) FROM parquet_schema(%s) WHERE name = 'll_fix_row'", files);
    bool ok = !sql.failed && ll_lake_int(c, sql.p, &n, NULL) == LL_OK && n > 0;
    ll_buf_free(&sql);
    return ok;
}

static int find_named(struct ll_lake_conn *c, const char *files, struct ll_fixes *f, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);

    ll_buf_printf(
        &sql, "SELECT DISTINCT ll_fix_batch, ll_fix_row FROM read_parquet(%s) WHERE ll_fix_row IS NOT NULL",
        files);
    int rc = sql.failed ? LL_NOMEM : ll_lake_each(c, sql.p, take_named, f, err);
    ll_buf_free(&sql);
    return rc;
}

/* The key as the quarantine writes it (sift.c, clean_key): parts as text, joined by '|'. */
static void key_expression(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, "concat_ws('|'");
    for (size_t i = 0; i < r->n_key; i++) {
        ll_buf_z(sql, ", CAST(");
        ll_buf_sql_name(sql, ll_str(r->key[i]->name));
        ll_buf_z(sql, " AS VARCHAR)");
    }
    ll_buf_z(sql, ")");
}

static int find_keyed(struct ll_lake_conn *c, const char *files, const struct ll_resource *r,
                      const char *quarantine, struct ll_fixes *f, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);

    ll_buf_z(&sql, "SELECT row FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(quarantine));
    ll_buf_z(&sql, ") WHERE \"key\" IS NOT NULL AND \"key\" IN (SELECT ");
    key_expression(&sql, r);
    ll_buf_printf(&sql, " FROM read_parquet(%s))", files);
    int rc = sql.failed ? LL_NOMEM : ll_lake_each(c, sql.p, take_keyed, f, err);
    ll_buf_free(&sql);
    return rc;
}

/* Earlier batches of the resource that still have open rows. */
static int open_batches(struct ll_data *d, const struct ll_batch *b, struct ll_arena *arena,
                        struct ll_batch **ret, size_t *n, struct ll_err *err)
{
    int64_t total;
    int rc = ll_batch_list(d, b->resource, 0, 200, arena, ret, n, &total, err);
    size_t kept = 0;

    for (size_t i = 0; i < *n && rc == LL_OK; i++)
        if ((*ret)[i].quarantined > 0 && (*ret)[i].seq < b->seq)
            (*ret)[kept++] = (*ret)[i];
    *n = kept;
    return rc;
}

static int find_all(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                    struct ll_lake_conn *c, struct ll_arena *arena, struct ll_fixes *f, struct ll_err *err)
{
    struct ll_buf files = LL_BUF_INIT(1 << 20);
    struct ll_batch *open = NULL;
    char path[LL_PATH];
    size_t n = 0;
    int rc = ll_batch_files(d, b, &files, err);

    if (rc == LL_OK && names_fixes(c, files.p))
        rc = find_named(c, files.p, f, err);
    if (rc == LL_OK)
        rc = open_batches(d, b, arena, &open, &n, err);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        f->batch = open[i].id;
        if ((rc = ll_data_path(d, path, err, "lake/%s/%s/quarantine.parquet", b->resource, open[i].id)) ==
                LL_OK &&
            ll_fs_exists(path))
            rc = find_keyed(c, files.p, r, path, f, err);
    }
    ll_buf_free(&files);
    return rc;
}

int ll_fixes_find(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                  struct ll_fixes **ret, struct ll_err *err)
{
    struct ll_fixes *f = calloc(1, sizeof *f);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc;

    if (!f || !arena)
        rc = ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    else if ((rc = ll_data_lake(d, &lake, err)) == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = find_all(d, r, b, c, arena, f, err);
    ll_lake_disconnect(c);
    ll_arena_free(arena);
    if (rc < 0)
        ll_fixes_free(f);
    else
        *ret = f;
    return rc;
}

int ll_fixes_apply(const struct ll_fixes *f, struct ll_txn *tx, const char *by_batch, struct ll_err *err)
{
    int rc = LL_OK;

    /* Only rows of batches that exist: a file may name anything. */
    for (size_t i = 0; i < f->n && rc == LL_OK; i++)
        rc = ll_exec(
            tx, err,
            "INSERT INTO quarantine_closed (batch, row, by_batch) SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM batch WHERE id = $1 "
            "AND quarantined > 0) AND NOT EXISTS (SELECT 1 FROM quarantine_closed WHERE batch = $1 AND row = $2)",
            "ziz", f->list[i].batch, f->list[i].row, by_batch);
    return rc;
}

void ll_fixes_free(struct ll_fixes *f)
{
    if (f)
        free(f->list);
    free(f);
}
