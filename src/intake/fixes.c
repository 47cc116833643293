/* fixes.c - see fixes.h. */
#include "intake/fixes.h"

#include "catalog/segschema.h"
#include "intake/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fix {
    const char *batch; /* in arena */
    int64_t row;
};

enum { CHAIN = 100 }; /* times that a row may come back refused */

struct ll_fixes {
    struct ll_arena *arena;
    struct fix *list;
    size_t n, cap;
    const char *batch; /* whose rows are being read */
};

/* The places where the rows of one publication are looked for. */
struct search {
    struct ll_data *d;
    const struct ll_resource *r;
    const struct ll_batch *b;
    struct ll_lake_conn *c;
    struct ll_buf files; /* of the batch, as an SQL list */
    struct ll_fixes *f;
    bool named;       /* the batch's rows may name what they mend */
    const char *keys; /* the expression of a row's key in the batch, and the column of it in the quarantine */
    const char *key_column;
    struct ll_err *err;
};

static int take_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_fixes *f = ctx;

    (void)n;
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 64;
        struct fix *p = realloc(f->list, cap * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        f->list = p;
        f->cap = cap;
    }
    f->list[f->n++] = (struct fix){f->batch, row[0].i};
    return LL_OK;
}

/* Rows refused before the key was sealed have no blind index of it. */
static int has_key(struct search *s, const char *path, bool *ret)
{
    struct ll_buf file = LL_BUF_INIT(LL_PATH * 2);
    int rc = LL_OK;

    *ret = true;
    ll_buf_sql(&file, ll_str(path));
    if (ll_key_sealed(s->r))
        rc = ll_lake_has_column(s->c, file.p, LL_KEY_COLUMN, ret, s->err);
    ll_buf_free(&file);
    return rc;
}

/* Runs "SELECT row FROM <quarantine of batch> <where>" and keeps the rows: only rows that were refused can be mended. */
static int find_rows(struct search *s, const char *batch, const struct ll_buf *where)
{
    struct ll_buf sql = LL_BUF_INIT(4 << 20);
    char path[LL_PATH];
    bool has = false;
    int rc = ll_data_path(s->d, path, s->err, "lake/%s/%s/quarantine.parquet", s->r->name, batch);

    if (rc < 0 || !ll_fs_exists(path) || (rc = has_key(s, path, &has)) < 0 || !has)
        return rc;
    s->f->batch = ll_arena_dup(s->f->arena, ll_str(batch));
    ll_buf_z(&sql, "SELECT row FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(path));
    ll_buf_z(&sql, ") ");
    ll_buf_str(&sql, ll_buf_view(where));
    rc = sql.failed || where->failed || !s->f->batch ? ll_no_memory(s->err)
                                                     : ll_lake_each(s->c, sql.p, take_row, s->f, s->err);
    ll_buf_free(&sql);
    return rc;
}

/* ---- rows that the delivery names ---- */

enum { MOST_NAMED = 1000 }; /* batches that one file may name */

struct named {
    struct ll_arena *arena;
    const char *ids[MOST_NAMED];
    size_t n;
};

static int take_batch(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct named *k = ctx;

    (void)n;
    if (row[0].kind != LL_LV_TEXT || k->n == MOST_NAMED)
        return LL_OK;
    const char *id = ll_arena_dup(k->arena, row[0].s);
    if (!id)
        return ll_no_memory(err);
    k->ids[k->n++] = id;
    return LL_OK;
}

/* A file may name anything: the batch must be one of this resource. */
static bool is_ours(struct search *s, struct ll_arena *arena, const char *id)
{
    struct ll_batch b;

    return ll_batch_get(s->d, id, arena, &b, NULL) == LL_OK && strcmp(b.resource, s->r->name) == 0;
}

static int find_named_in(struct search *s, const char *id)
{
    struct ll_buf where = LL_BUF_INIT(2 << 20);

    ll_buf_printf(&where,
                  "WHERE row IN (SELECT ll_fix_row FROM read_parquet(%s) WHERE ll_fix_batch = ", s->files.p);
    ll_buf_sql(&where, ll_str(id));
    ll_buf_c(&where, ')');
    int rc = find_rows(s, id, &where);
    ll_buf_free(&where);
    return rc;
}

static int find_named(struct search *s, struct ll_arena *arena)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);
    struct named *k = ll_arena_alloc(arena, sizeof *k);

    if (!k)
        return ll_no_memory(s->err);
    k->arena = arena;
    ll_buf_printf(&sql, "SELECT DISTINCT ll_fix_batch FROM read_parquet(%s) WHERE ll_fix_row IS NOT NULL",
                  s->files.p);
    int rc = sql.failed ? ll_no_memory(s->err) : ll_lake_each(s->c, sql.p, take_batch, k, s->err);
    for (size_t i = 0; i < k->n && rc == LL_OK; i++)
        if (is_ours(s, arena, k->ids[i]))
            rc = find_named_in(s, k->ids[i]);
    ll_buf_free(&sql);
    return rc;
}

/* ---- rows whose key came again ---- */

/* The key as the quarantine writes it (sink.c): parts as text, joined by '|'; or its blind index. */
static void key_expression(struct ll_buf *sql, const struct ll_resource *r)
{
    struct ll_buf name = LL_BUF_INIT(4096);

    if (ll_key_sealed(r)) {
        ll_buf_z(sql, LL_KEY_COLUMN);
        return;
    }
    ll_buf_z(sql, "concat_ws('|'");
    for (size_t i = 0; i < r->n_key; i++) {
        ll_buf_clear(&name);
        ll_buf_sql_name(&name, ll_str(r->key[i]->name));
        ll_buf_z(sql, ", ");
        ll_stored_text(sql, r->key[i]->element, name.p);
    }
    ll_buf_z(sql, ")");
    ll_buf_free(&name);
}

static int find_keyed(struct search *s, const char *id)
{
    struct ll_buf where = LL_BUF_INIT(2 << 20);

    ll_buf_printf(&where, "WHERE %s IN (SELECT %s FROM read_parquet(%s))", s->key_column, s->keys,
                  s->files.p);
    int rc = find_rows(s, id, &where);
    ll_buf_free(&where);
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

static int find_by_key(struct search *s, struct ll_arena *arena)
{
    struct ll_buf keys = LL_BUF_INIT(1 << 20);
    struct ll_batch *open = NULL;
    bool has = true;
    size_t n = 0;
    int rc = ll_key_sealed(s->r) ? ll_lake_has_column(s->c, s->files.p, LL_KEY_COLUMN, &has, s->err) : LL_OK;

    if (rc < 0 || !has) /* a batch from before the key was sealed */
        return rc;
    key_expression(&keys, s->r);
    s->keys = keys.p;
    s->key_column = ll_key_sealed(s->r) ? LL_KEY_COLUMN : "\"key\"";
    rc = keys.failed ? ll_no_memory(s->err) : open_batches(s->d, s->b, arena, &open, &n, s->err);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = find_keyed(s, open[i].id);
    ll_buf_free(&keys);
    return rc;
}

/* ---- rows that came back more than once ---- */

/* A row that was refused, delivered again and refused again is one row with two places in quarantines: the later place says which the earlier is,
 * and mending it mends both. */
struct marks {
    struct ll_arena *arena;
    struct fix *list;
    size_t n, cap;
};

static int take_mark(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct marks *m = ctx;

    (void)n;
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        struct fix *p = realloc(m->list, cap * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        m->list = p;
        m->cap = cap;
    }
    const char *batch = ll_arena_dup(m->arena, row[0].s);
    if (!batch)
        return ll_no_memory(err);
    m->list[m->n++] = (struct fix){batch, row[1].i};
    return LL_OK;
}

static void put_rows(struct ll_buf *sql, const struct fix *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ll_buf_printf(sql, "%s%lld", i ? "," : "row IN (", (long long)list[i].row);
    ll_buf_c(sql, ')');
}

static size_t run_of(const struct fix *list, size_t n)
{
    size_t end = 1;

    while (end < n && strcmp(list[end].batch, list[0].batch) == 0)
        end++;
    return end;
}

static int read_marks(struct search *s, const struct fix *list, size_t n, struct marks *m)
{
    struct ll_buf sql = LL_BUF_INIT(8 << 20), file = LL_BUF_INIT(LL_PATH * 2);
    char path[LL_PATH];
    bool has = false;
    int rc = ll_data_path(s->d, path, s->err, "lake/%s/%s/quarantine.parquet", s->r->name, list[0].batch);

    ll_buf_sql(&file, ll_str(path));
    if (rc == LL_OK)
        rc = ll_lake_has_column(s->c, file.p, "fix_row", &has, s->err);
    if (rc == LL_OK && has) {
        ll_buf_printf(&sql, "SELECT fix_batch, fix_row FROM read_parquet(%s) WHERE fix_row IS NOT NULL AND ",
                      file.p);
        put_rows(&sql, list, n);
        ll_buf_z(&sql, " ORDER BY ALL");
        rc = sql.failed ? ll_no_memory(s->err) : ll_lake_each(s->c, sql.p, take_mark, m, s->err);
    }
    ll_buf_free(&sql);
    ll_buf_free(&file);
    return rc;
}

/* The rows that those from `from` up to `to` stood for. */
static int find_earlier(struct search *s, struct ll_arena *arena, size_t from, size_t to)
{
    struct marks m = {.arena = arena};
    int rc = LL_OK;

    for (size_t i = from, n; rc == LL_OK && i < to; i += n) {
        n = run_of(s->f->list + i, to - i);
        rc = read_marks(s, s->f->list + i, n, &m);
    }
    for (size_t i = 0, n; rc == LL_OK && i < m.n; i += n) {
        struct ll_buf where = LL_BUF_INIT(8 << 20);
        n = run_of(m.list + i, m.n - i);
        ll_buf_z(&where, "WHERE ");
        put_rows(&where, m.list + i, n);
        if (is_ours(s, arena, m.list[i].batch))
            rc = find_rows(s, m.list[i].batch, &where);
        ll_buf_free(&where);
    }
    free(m.list);
    return rc;
}

static int follow_chains(struct search *s, struct ll_arena *arena)
{
    int rc = LL_OK;

    for (size_t from = 0, times = 0; rc == LL_OK && from < s->f->n && times < CHAIN; times++) {
        size_t to = s->f->n;
        rc = find_earlier(s, arena, from, to);
        from = to;
    }
    return rc;
}

static int find_all(struct search *s, struct ll_arena *arena)
{
    int rc = ll_batch_files(s->d, s->b, &s->files, s->err);

    if (rc == LL_OK && s->files.failed)
        rc = ll_no_memory(s->err);
    if (rc == LL_OK &&
        (rc = ll_lake_has_column(s->c, s->files.p, "ll_fix_row", &s->named, s->err)) == LL_OK && s->named)
        rc = find_named(s, arena);
    if (rc == LL_OK)
        rc = find_by_key(s, arena);
    return rc < 0 ? rc : follow_chains(s, arena);
}

int ll_fixes_find(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                  struct ll_fixes **ret, struct ll_err *err)
{
    struct ll_fixes *f = calloc(1, sizeof *f);
    struct search s = {.d = d, .r = r, .b = b, .files = LL_BUF_INIT(1 << 20), .f = f, .err = err};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_lake *lake = NULL;
    int rc;

    if (!f || !arena || !(f->arena = ll_arena_new(0)))
        rc = ll_no_memory(err);
    else if ((rc = ll_data_lake(d, &lake, err)) == LL_OK && (rc = ll_lake_connect(lake, &s.c, err)) == LL_OK)
        rc = find_all(&s, arena);
    ll_lake_disconnect(s.c);
    ll_buf_free(&s.files);
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

    for (size_t i = 0; i < f->n && rc == LL_OK; i++)
        rc = ll_exec(
            tx, err,
            "INSERT INTO quarantine_closed (batch, row, by_batch) SELECT $1, $2, $3 WHERE NOT EXISTS "
            "(SELECT 1 FROM quarantine_closed WHERE batch = $1 AND row = $2)",
            "ziz", f->list[i].batch, f->list[i].row, by_batch);
    return rc;
}

void ll_fixes_free(struct ll_fixes *f)
{
    if (!f)
        return;
    ll_arena_free(f->arena);
    free(f->list);
    free(f);
}
