/* batch.c - see batch.h. */
#include "intake/batch.h"

#include "base/clock.h"
#include "base/json.h"
#include "catalog/segschema.h"
#include "intake/quality.h"
#include "intake/stored.h"
#include "store/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                                               \
    "id, resource, mode, state, manifest_sha256, quality, seq, version, rows, deletes, quarantined, sealed_at, published_at," \
    " (SELECT count(*) FROM quarantine_closed q WHERE q.batch = batch.id)"

static int read_row(struct ll_stmt *s, struct ll_arena *a, struct ll_batch *b, struct ll_err *err)
{
    bool nomem = false;

    *b = (struct ll_batch){
        .id = ll_col_dup(s, 0, a, &nomem),
        .resource = ll_col_dup(s, 1, a, &nomem),
        .mode = ll_col_dup(s, 2, a, &nomem),
        .state = ll_col_dup(s, 3, a, &nomem),
        .manifest_sha256 = ll_col_dup(s, 4, a, &nomem),
        .quality = ll_col_dup(s, 5, a, &nomem),
        .seq = ll_col_int(s, 6),
        .version = ll_col_int(s, 7),
        .rows = ll_col_int(s, 8),
        .deletes = ll_col_int(s, 9),
        .quarantined = ll_col_int(s, 10),
        .sealed_at = ll_col_int(s, 11),
        .published_at = ll_col_null(s, 12) ? -1 : ll_col_int(s, 12),
        .closed = ll_col_int(s, 13),
    };
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_batch_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_batch *ret,
                 struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT " COLUMNS " FROM batch WHERE id = $1", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, id);
        rc = ll_step(s, err);
        if (rc > 0)
            rc = read_row(s, arena, ret, err);
        else if (rc == 0)
            rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的批次", "there is no batch %s", id);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* Runs a prepared list query to its end, growing *ret in the arena. */
static int read_all(struct ll_stmt *s, struct ll_arena *arena, struct ll_batch **ret, size_t *ret_n,
                    struct ll_err *err)
{
    size_t cap = 0;
    int rc;

    while ((rc = ll_step(s, err)) > 0) {
        if (*ret_n == cap) {
            size_t bigger = cap ? cap * 2 : 16;
            struct ll_batch *grown = ll_arena_array(arena, bigger, sizeof *grown);
            if (!grown)
                return ll_no_memory(err);
            if (cap)
                memcpy(grown, *ret, cap * sizeof *grown);
            *ret = grown;
            cap = bigger;
        }
        if ((rc = read_row(s, arena, &(*ret)[(*ret_n)++], err)) < 0)
            break;
    }
    return rc;
}

static int count_rows(struct ll_txn *tx, const char *resource, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT count(*) FROM batch WHERE $1 IS NULL OR resource = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, resource);
    rc = ll_step(s, err);
    *ret = rc > 0 ? ll_col_int(s, 0) : 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_batch_list(struct ll_data *d, const char *resource, int64_t offset, int64_t limit,
                  struct ll_arena *arena, struct ll_batch **ret, size_t *ret_n, int64_t *ret_total,
                  struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc;

    *ret = NULL;
    *ret_n = 0;
    if ((rc = ll_txn_begin(ll_data_store(d), false, &tx, err)) == LL_OK &&
        (rc = count_rows(tx, resource, ret_total, err)) == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT " COLUMNS
                     " FROM batch WHERE $1 IS NULL OR resource = $1 ORDER BY seq DESC LIMIT $2 OFFSET $3",
                     &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        ll_bind_int(s, 2, limit);
        ll_bind_int(s, 3, offset);
        rc = read_all(s, arena, ret, ret_n, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int read_any(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_row(s, arena, row, err);
}

#define FITS " FROM batch WHERE resource = $1 AND ($2 IS NULL OR state = $2)"

int ll_batch_page(struct ll_data *d, const struct ll_batch_query *q, struct ll_arena *arena,
                  struct ll_batch **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_batch), read_any};
    static const struct ll_row_order list[] = {{"id", "seq"},
                                               {"state", "state"},
                                               {"rows", "rows"},
                                               {"deletes", "deletes"},
                                               {"quarantined", "quarantined"},
                                               {"published", "coalesce(published_at, 0)"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "seq DESC", "seq DESC"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->resource), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list_of(ll_data_store(d), &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

/* What the quality report scores: shares from 0 to 1; null for what nothing was checked of, or without a report. */
static void put_dimensions(struct ll_json *j, const char *quality)
{
    double share[LL_DIM_COUNT];
    struct ll_err err;
    bool known = quality && ll_quality_dimensions(ll_str(quality), share, &err) >= 0;

    ll_json_key(j, "dimensions");
    if (!known) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    for (unsigned d = 0; d < LL_DIM_COUNT; d++)
        ll_json_kn(j, ll_dimension_name((enum ll_dimension)d), share[d] >= 0 ? share[d] : NAN);
    ll_json_end_obj(j);
}

void ll_batch_json(struct ll_json *j, const struct ll_batch *b)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", b->id);
    ll_json_ki(j, "seq", b->seq);
    ll_json_kz(j, "resource", b->resource);
    ll_json_ki(j, "version", b->version);
    ll_json_kz(j, "mode", b->mode);
    ll_json_kz(j, "state", b->state);
    ll_json_ki(j, "rows", b->rows);
    ll_json_ki(j, "deletes", b->deletes);
    ll_json_ki(j, "quarantined", b->quarantined);
    ll_json_ki(j, "open", b->quarantined - b->closed);
    put_dimensions(j, b->quality);
    ll_json_kz(j, "sealed_at", ll_time_text(b->sealed_at, when));
    ll_json_kz(j, "published_at", b->published_at >= 0 ? ll_time_text(b->published_at, when) : NULL);
    ll_json_kz(j, "manifest_sha256", b->manifest_sha256);
    ll_json_end_obj(j);
}

/* A batch counts at an instant when it was published before it and not withdrawn by then; the instant "now" is the far future. */
#define COUNTS                                                                                               \
    "resource = $1 AND version = $2 AND (published_at <= $3 AND (withdrawn_at IS NULL OR withdrawn_at > $3) OR id = $4)"
static const char live_sql[] =
    "SELECT " COLUMNS " FROM batch WHERE " COUNTS
    " AND seq >= COALESCE((SELECT max(seq) FROM batch WHERE mode = 'snapshot' AND " COUNTS
    "), 0) ORDER BY seq";

int ll_batch_live(struct ll_data *d, const char *resource, int64_t version, int64_t as_of_ms,
                  const char *also, struct ll_arena *arena, struct ll_batch **ret, size_t *ret_n,
                  struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc;

    *ret = NULL;
    *ret_n = 0;
    if ((rc = ll_txn_begin(ll_data_store(d), false, &tx, err)) == LL_OK &&
        (rc = ll_sql(tx, live_sql, &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        ll_bind_int(s, 2, version);
        ll_bind_int(s, 3, as_of_ms >= 0 ? as_of_ms : INT64_MAX);
        ll_bind_z(s, 4, also);
        rc = read_all(s, arena, ret, ret_n, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

int ll_batch_shown_version(struct ll_data *d, const char *resource, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc;

    *ret = 0;
    if ((rc = ll_txn_begin(ll_data_store(d), false, &tx, err)) == LL_OK &&
        (rc = ll_sql(
             tx, "SELECT COALESCE(max(version), 0) FROM batch WHERE resource = $1 AND state = 'published'",
             &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        if ((rc = ll_step(s, err)) > 0)
            *ret = ll_col_int(s, 0);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* ---- SQL over the lake ---- */

struct file_list {
    struct ll_buf *sql;
    const char *dir;
    size_t n;
};

static int add_file(void *ctx, const char *name, struct ll_err *err)
{
    struct file_list *l = ctx;
    char path[LL_PATH];
    int rc;

    if (!ll_str_starts(ll_str(name), LL_STR("data-")) || !ll_str_ends(ll_str(name), LL_STR(".parquet")))
        return LL_OK;
    if ((rc = ll_path(path, err, "%s/%s", l->dir, name)) < 0)
        return rc;
    if (l->n++)
        ll_buf_z(l->sql, ", ");
    ll_buf_sql(l->sql, ll_str(path));
    return LL_OK;
}

int ll_batch_files(struct ll_data *d, const struct ll_batch *b, struct ll_buf *sql, struct ll_err *err)
{
    char dir[LL_PATH];
    struct file_list l = {sql, dir, 0};
    int rc;

    if ((rc = ll_data_path(d, dir, err, "lake/%s/%s", b->resource, b->id)) < 0)
        return rc;
    ll_buf_c(sql, '[');
    if ((rc = ll_fs_each(dir, add_file, &l, err)) < 0)
        return rc;
    ll_buf_c(sql, ']');
    if (l.n == 0)
        return ll_fail(err, LL_IO, "批次 %s 的数据文件不见了", "the data files of batch %s are missing",
                       b->id);
    return LL_OK;
}

/* The rows of these batches in the stored form, with ll_row, ll_deleted, ll_seq.  They begin as an empty table of the resource's present
 * columns: a batch sealed before an item was added then shows it as empty. */
static int put_rows(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *batches, size_t n,
                    struct ll_buf *sql, struct ll_err *err)
{
    bool wanted;
    int rc = ll_stored_wanted(d, r, &wanted, err);

    if (rc < 0)
        return rc;
    if (wanted) {
        ll_buf_z(sql, "SELECT ");
        ll_stored_columns(sql, r, LL_FROM_ANY);
        ll_buf_z(sql, ", ll_row, ll_deleted, ll_seq FROM (");
    }
    ll_buf_z(sql, "SELECT ");
    ll_stored_nulls(sql, r, wanted);
    ll_buf_z(sql,
             ", NULL::BIGINT AS ll_row, NULL::BOOLEAN AS ll_deleted, NULL::BIGINT AS ll_seq WHERE false");
    for (size_t i = 0; i < n; i++) {
        ll_buf_printf(sql, " UNION ALL BY NAME SELECT *, %lld AS ll_seq FROM read_parquet(",
                      (long long)batches[i].seq);
        if ((rc = ll_batch_files(d, &batches[i], sql, err)) < 0)
            return rc;
        ll_buf_c(sql, ')');
    }
    if (wanted)
        ll_buf_c(sql, ')');
    return sql->failed ? ll_no_memory(err) : LL_OK;
}

/* later."a" = newest."a" AND ... */
static void put_same_key(struct ll_buf *sql, const struct ll_resource *r)
{
    bool sealed = ll_key_sealed(r);

    for (size_t i = 0; i < (sealed ? 1 : r->n_key); i++) {
        struct ll_str name = ll_str(sealed ? LL_KEY_COLUMN : r->key[i]->name);
        ll_buf_z(sql, "later.");
        ll_buf_sql_name(sql, name);
        ll_buf_z(sql, " = newest.");
        ll_buf_sql_name(sql, name);
        ll_buf_z(sql, " AND ");
    }
}

/* The newest row of each key is the one that has no later one: for that only keys are held in memory, not rows. */
int ll_batch_current_sql(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *batches,
                         size_t n, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    ll_buf_z(sql, "SELECT ");
    ll_stored_names(sql, r);
    ll_buf_z(sql, ", ll_row, ll_seq FROM (");
    if ((rc = put_rows(d, r, batches, n, sql, err)) < 0)
        return rc;
    ll_buf_z(sql, ") newest");
    if (n > 1) {
        ll_buf_z(sql, " ANTI JOIN (SELECT ");
        ll_stored_key(sql, r);
        ll_buf_z(sql, ", ll_seq FROM (");
        if ((rc = put_rows(d, r, batches + 1, n - 1, sql, err)) < 0)
            return rc;
        ll_buf_z(sql, ")) later ON ");
        put_same_key(sql, r);
        ll_buf_z(sql, "later.ll_seq > newest.ll_seq");
    }
    ll_buf_z(sql, " WHERE NOT ll_deleted");
    return sql->failed ? ll_no_memory(err) : LL_OK;
}

int ll_batch_versions_sql(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                          struct ll_buf *sql, struct ll_err *err)
{
    return put_rows(d, r, b, 1, sql, err);
}
