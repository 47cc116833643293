/* quarantine.c - see quarantine.h. */
#include "intake/quarantine.h"

#include "base/buf.h"
#include "catalog/segschema.h"
#include "intake/sift.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANIFEST_MAX = 64 << 20, PIECE = 1 << 18 };

/* ---- columns and counts ---- */

static int read_columns(const char *manifest, struct ll_arena *arena, struct ll_quarantine *ret,
                        struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT((size_t)MANIFEST_MAX + 131072);
    json_error_t why;
    json_t *m = NULL, *name;
    size_t i;
    int rc = ll_fs_read(manifest, MANIFEST_MAX, &b, err);

    if (rc < 0)
        goto done;
    m = json_loadb(b.p, b.n, 0, &why);
    json_t *names = json_object_get(json_object_get(m, "source"), "columns");
    ret->n_columns = json_array_size(names);
    ret->columns = ll_arena_array(arena, ret->n_columns + 1, sizeof *ret->columns);
    json_array_foreach(names, i, name)
    {
        if (ret->columns)
            ret->columns[i] = ll_str(ll_arena_dup(arena, ll_str(json_string_value(name))));
    }
    if (!ret->columns)
        rc = ll_no_memory(err);
done:
    json_decref(m);
    ll_buf_free(&b);
    return rc;
}

static int count_closed(struct ll_data *d, const char *batch, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT count(*) FROM quarantine_closed WHERE batch = $1", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, batch);
        if ((rc = ll_step(s, err)) > 0)
            *ret = ll_col_int(s, 0);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

int ll_quarantine_open(struct ll_data *d, const char *batch, struct ll_arena *arena,
                       struct ll_quarantine *ret, struct ll_err *err)
{
    struct ll_batch b;
    char path[LL_PATH];
    int64_t closed = 0;
    int rc;

    *ret = (struct ll_quarantine){0};
    if ((rc = ll_batch_get(d, batch, arena, &b, err)) < 0 ||
        (rc = ll_data_path(d, path, err, "lake/%s/%s/manifest.json", b.resource, b.id)) < 0 ||
        (rc = read_columns(path, arena, ret, err)) < 0 || (rc = count_closed(d, batch, &closed, err)) < 0)
        return rc;
    ret->total = b.quarantined;
    ret->open = b.quarantined - closed;
    return LL_OK;
}

/* ---- rows ---- */

struct closed_rows {
    int64_t *rows;
    size_t n, cap;
};

static int read_closed(struct ll_data *d, const char *batch, struct closed_rows *c, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT row FROM quarantine_closed WHERE batch = $1 ORDER BY row", &s,
                                    err)) == LL_OK) {
        ll_bind_z(s, 1, batch);
        while ((rc = ll_step(s, err)) > 0) {
            if (c->n == c->cap) {
                size_t cap = c->cap ? c->cap * 2 : 256;
                int64_t *p = realloc(c->rows, cap * sizeof *p);
                if (!p) {
                    rc = ll_no_memory(err);
                    break;
                }
                c->rows = p;
                c->cap = cap;
            }
            c->rows[c->n++] = ll_col_int(s, 0);
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

struct each {
    struct closed_rows closed;
    bool open_only;
    int64_t skip, left;
    struct ll_str *cells;
    size_t cap;
    ll_refused_fn *fn;
    void *ctx;
};

/* The cells come as a JSON array: one text column, whatever the source's columns were. */
static int spread_cells(struct each *e, json_t *list, struct ll_refused *r, struct ll_err *err)
{
    size_t n = json_array_size(list);

    if (n > e->cap) {
        struct ll_str *p = realloc(e->cells, n * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        e->cells = p;
        e->cap = n;
    }
    for (size_t i = 0; i < n; i++) {
        json_t *v = json_array_get(list, i);
        e->cells[i] = json_is_string(v) ? (struct ll_str){json_string_value(v), json_string_length(v)}
                                        : (struct ll_str){NULL, 0};
    }
    r->cells = e->cells;
    r->n = n;
    return LL_OK;
}

static int take_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct each *e = ctx;
    struct ll_refused r = {
        .row = row[0].i, .line = row[1].i, .codes = row[2].s, .zh = row[3].s, .en = row[4].s};
    json_t *cells;
    int rc;

    (void)n;
    if (row[6].kind == LL_LV_TEXT)
        r.each = row[6].s;
    r.closed = e->closed.n && bsearch(&r.row, e->closed.rows, e->closed.n, sizeof r.row, by_value);
    if ((e->open_only && r.closed) || e->skip-- > 0)
        return LL_OK;
    if (e->left == 0)
        return LL_OK;
    if (e->left > 0)
        e->left--;
    cells = json_loadb(row[5].s.p, row[5].s.n, JSON_ALLOW_NUL, NULL);
    if ((rc = spread_cells(e, cells, &r, err)) == LL_OK)
        rc = e->fn(e->ctx, &r, err);
    json_decref(cells);
    return rc;
}

#define SEALED_COLUMN LL_SEALED_PREFIX LL_QUARANTINE_ITEM

/* Opened once the rows are in order, so that the sort holds nothing plain. */
static void sealed_rows_sql(struct ll_buf *sql, const char *resource, const char *file)
{
    ll_buf_z(sql,
             "SELECT row, line, to_json(codes)::VARCHAR, told->>'zh', told->>'en', (told->'cells')::VARCHAR,"
             " (told->'each')::VARCHAR"
             " FROM (SELECT row, line, codes, ll_unseal(");
    ll_buf_sql(sql, ll_str(resource));
    ll_buf_printf(sql,
                  ", '" LL_QUARANTINE_ITEM "', " SEALED_COLUMN
                  ")::JSON AS told FROM (SELECT * FROM read_parquet(%s) ORDER BY row))",
                  file);
}

static int rows_sql(struct ll_lake_conn *c, const struct ll_batch *b, const char *path, struct ll_buf *sql,
                    struct ll_err *err)
{
    struct ll_buf file = LL_BUF_INIT(LL_PATH * 2);
    bool sealed = false, each = false;

    ll_buf_sql(&file, ll_str(path));
    int rc = ll_lake_has_column(c, file.p, SEALED_COLUMN, &sealed, err);
    if (rc == LL_OK && !sealed)
        rc = ll_lake_has_column(c, file.p, "each", &each, err);
    if (sealed)
        sealed_rows_sql(sql, b->resource, file.p);
    else
        ll_buf_printf(sql,
                      "SELECT row, line, to_json(codes)::VARCHAR, zh, en, to_json(cells)::VARCHAR, %s"
                      " FROM read_parquet(%s) ORDER BY row",
                      each ? "\"each\"::VARCHAR" : "NULL", file.p);
    ll_buf_free(&file);
    return rc < 0 ? rc : sql->failed ? ll_no_memory(err) : LL_OK;
}

int ll_quarantine_each(struct ll_data *d, const char *batch, bool open_only, int64_t offset, int64_t limit,
                       ll_refused_fn *fn, void *ctx, struct ll_err *err)
{
    struct each e = {.open_only = open_only, .skip = offset, .left = limit, .fn = fn, .ctx = ctx};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_buf sql = LL_BUF_INIT(8192);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    struct ll_batch b;
    char path[LL_PATH];
    int rc = arena ? LL_OK : ll_no_memory(err);

    if (rc < 0 || (rc = ll_batch_get(d, batch, arena, &b, err)) < 0 ||
        (rc = ll_data_path(d, path, err, "lake/%s/%s/quarantine.parquet", b.resource, b.id)) < 0 ||
        b.quarantined == 0 || (rc = read_closed(d, batch, &e.closed, err)) < 0 ||
        (rc = ll_data_lake(d, &lake, err)) < 0 || (rc = ll_lake_connect(lake, &c, err)) < 0)
        goto done;
    if ((rc = rows_sql(c, &b, path, &sql, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, take_row, &e, err);
done:
    ll_lake_disconnect(c);
    ll_arena_free(arena);
    ll_buf_free(&sql);
    free(e.closed.rows);
    free(e.cells);
    return rc;
}

/* ---- as a file ---- */

enum { MARKS = 4 }; /* columns of ours behind the source's: batch, row, line, reasons */

struct lines {
    struct ll_str *cells; /* columns + MARKS of them */
    size_t columns;
    const char *batch;
    enum ll_lang lang;
    struct ll_buf reasons;
    ll_quarantine_line *fn;
    void *ctx;
};

/* A quarantine file that was delivered again and refused again keeps its old marks under another name. */
static int header_cell(struct ll_arena *arena, struct ll_str column, struct ll_str *ret, struct ll_err *err)
{
    *ret = column;
    if (!ll_str_is(column, "_batch") && !ll_str_is(column, "_row"))
        return LL_OK;
    const char *renamed = ll_arena_printf(arena, "_" LL_STR_FMT, LL_STR_ARG(column));
    *ret = ll_str(renamed);
    return renamed ? LL_OK : ll_no_memory(err);
}

static int put_header(struct lines *l, const struct ll_quarantine *q, struct ll_arena *arena,
                      struct ll_err *err)
{
    static const char *const marks[][MARKS] = {
        [LL_ZH] = {"_batch", "_row", "_行号", "_原因"}, [LL_EN] = {"_batch", "_row", "_line", "_reasons"}};
    int rc = LL_OK;

    l->columns = q->n_columns;
    l->cells = ll_arena_array(arena, l->columns + MARKS, sizeof *l->cells);
    if (!l->cells)
        return ll_no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < l->columns; i++)
        rc = header_cell(arena, q->columns[i], &l->cells[i], err);
    for (size_t i = 0; i < MARKS; i++)
        l->cells[l->columns + i] = ll_str(marks[l->lang][i]);
    return rc < 0 ? rc : l->fn(l->ctx, l->cells, l->columns + MARKS, err);
}

/* Cells beyond the header's have no column; they are shown with the reasons so that nothing is lost. */
static struct ll_str reasons(struct lines *l, const struct ll_refused *r)
{
    ll_buf_clear(&l->reasons);
    ll_buf_str(&l->reasons, l->lang == LL_ZH ? r->zh : r->en);
    for (size_t i = l->columns; i < r->n; i++) {
        ll_buf_z(&l->reasons,
                 i == l->columns ? (l->lang == LL_ZH ? "；多出的单元格：" : "; surplus cells: ") : " | ");
        ll_buf_str(&l->reasons, r->cells[i]);
    }
    return ll_buf_view(&l->reasons);
}

static int put_row(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct lines *l = ctx;
    struct ll_str *marks = l->cells + l->columns;
    char row[24], line[24];

    for (size_t i = 0; i < l->columns; i++)
        l->cells[i] = i < r->n ? r->cells[i] : (struct ll_str){NULL, 0};
    snprintf(row, sizeof row, "%lld", (long long)r->row);
    snprintf(line, sizeof line, "%lld", (long long)r->line);
    marks[0] = ll_str(l->batch);
    marks[1] = ll_str(row);
    marks[2] = ll_str(line);
    marks[3] = reasons(l, r);
    return l->fn(l->ctx, l->cells, l->columns + MARKS, err);
}

int ll_quarantine_lines(struct ll_data *d, const char *batch, enum ll_lang lang, ll_quarantine_line *fn,
                        void *ctx, struct ll_err *err)
{
    struct lines l = {.batch = batch, .lang = lang, .reasons = LL_BUF_INIT(1 << 20), .fn = fn, .ctx = ctx};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_quarantine q;
    int rc = arena ? ll_quarantine_open(d, batch, arena, &q, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = put_header(&l, &q, arena, err)) == LL_OK)
        rc = ll_quarantine_each(d, batch, true, 0, -1, put_row, &l, err);
    ll_arena_free(arena);
    ll_buf_free(&l.reasons);
    return rc;
}

struct csv {
    struct ll_buf buf;
    ll_quarantine_write *write;
    void *ctx;
};

static int pour(struct csv *c, bool all, struct ll_err *err)
{
    if (c->buf.failed)
        return ll_no_memory(err);
    if (!all && c->buf.n < PIECE)
        return LL_OK;
    int rc = c->write(c->ctx, ll_buf_view(&c->buf), err);
    ll_buf_clear(&c->buf);
    return rc;
}

static int put_line(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct csv *c = ctx;

    for (size_t i = 0; i < n; i++) {
        if (i)
            ll_buf_c(&c->buf, ',');
        if (cells[i].p)
            ll_buf_csv(&c->buf, cells[i], true);
    }
    ll_buf_z(&c->buf, "\r\n");
    return pour(c, false, err);
}

int ll_quarantine_csv(struct ll_data *d, const char *batch, enum ll_lang lang, ll_quarantine_write *write,
                      void *ctx, struct ll_err *err)
{
    struct csv c = {.buf = LL_BUF_INIT((size_t)64 << 20), .write = write, .ctx = ctx};

    ll_buf_z(&c.buf, "\xef\xbb\xbf");
    int rc = ll_quarantine_lines(d, batch, lang, put_line, &c, err);
    if (rc == LL_OK)
        rc = pour(&c, true, err);
    ll_buf_free(&c.buf);
    return rc;
}
