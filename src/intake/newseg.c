/* newseg.c - see newseg.h. */
#include "intake/newseg.h"

#include "base/json.h"
#include "catalog/segschema.h"
#include "crypto/base64.h"
#include "intake/shape.h"
#include "intake/stored.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTS = 64, ROWS_WORTH_A_THREAD = 200000 };

/* One part: a query in key order and the file it fills. */
struct part {
    struct ll_newseg *seg;
    char file[128], path[LL_PATH], *sql;
    struct ll_seg_build *build;
    struct ll_buf min; /* JSON array of the first key */
    uint64_t rows;
    _Atomic uint64_t at;
    pthread_t thread;
    bool started, any;
    _Atomic bool done;
    int rc;
    struct ll_err err;
};

struct ll_newseg {
    struct ll_data *d;
    struct ll_lake *lake, *lanes; /* lanes: one part a thread */
    const struct ll_resource *r;
    struct ll_arena *arena;
    struct ll_seg_schema schema;
    const char *id;
    bool wanted; /* files may hold sealed values: ll_stored_wanted */
    struct part parts[PARTS];
    unsigned n;
    uint64_t rows;
    struct ll_err *err;
};

/* ---- building one part ---- */

static int remember_first(struct part *p, const struct ll_lake_value *row)
{
    const struct ll_seg_schema *s = &p->seg->schema;
    struct ll_buf hex = LL_BUF_INIT(256);
    char number[24];

    p->any = true;
    ll_buf_c(&p->min, '[');
    for (size_t i = 0; i < s->n_key; i++) {
        const struct ll_lake_value *v = &row[s->key[i]];
        if (i)
            ll_buf_c(&p->min, ',');
        snprintf(number, sizeof number, "%lld", (long long)v->i);
        ll_buf_clear(&hex);
        if (v->kind == LL_LV_BLOB)
            ll_hex_put(&hex, v->s.p, v->s.n);
        ll_buf_json(&p->min, v->kind == LL_LV_TEXT ? v->s : hex.n ? ll_buf_view(&hex) : ll_str(number));
    }
    ll_buf_c(&p->min, ']');
    ll_buf_free(&hex);
    return p->min.failed ? ll_no_memory(&p->err) : LL_OK;
}

/* One row of the query: the schema's columns, then ll_deleted. */
static int take_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct part *p = ctx;

    if (!p->any && remember_first(p, row) < 0)
        return LL_NOMEM;
    for (size_t i = 0; i + 1 < n; i++) {
        if (row[i].kind == LL_LV_TEXT)
            ll_seg_text(p->build, i, row[i].s.p, row[i].s.n);
        else if (row[i].kind == LL_LV_BLOB)
            ll_seg_blob(p->build, i, row[i].s.p, row[i].s.n);
        else if (row[i].kind == LL_LV_INT)
            ll_seg_int(p->build, i, row[i].i);
        else
            ll_seg_null(p->build, i);
    }
    p->at++;
    return ll_seg_build_row(p->build, row[n - 1].kind == LL_LV_INT && row[n - 1].i != 0, err);
}

static int put_meta(struct part *p)
{
    int rc = ll_table_meta(p->seg->r, p->build, &p->err);

    return rc < 0 ? rc : ll_seg_build_meta(p->build, "segment", p->seg->id, &p->err);
}

static int build_part(struct part *p)
{
    struct ll_lake_conn *c = NULL;
    int rc = ll_lake_connect(p->seg->n > 1 ? p->seg->lanes : p->seg->lake, &c, &p->err);

    if (rc == LL_OK && (rc = ll_seg_build_open(p->path, &p->seg->schema, &p->build, &p->err)) == LL_OK) {
        if ((rc = ll_lake_each(c, p->sql, take_row, p, &p->err)) == LL_OK)
            rc = put_meta(p);
        if (rc == LL_OK)
            rc = ll_seg_build_seal(p->build, &p->rows, &p->err);
        else
            ll_seg_build_abort(p->build);
    }
    ll_lake_disconnect(c);
    return rc;
}

static void *part_main(void *arg)
{
    struct part *p = arg;

    p->rc = build_part(p);
    p->done = true;
    return NULL;
}

/* ---- a segment ---- */

static int add_part(struct ll_newseg *s, struct ll_buf *sql)
{
    LL_ASSERT(s->n < PARTS); /* share_of() sees to it */
    struct part *p = &s->parts[s->n];
    *p = (struct part){.seg = s, .min = LL_BUF_INIT(65536)};
    snprintf(p->file, sizeof p->file, "%s-%u.db", s->id, s->n);
    p->sql = sql->failed ? NULL : ll_arena_dup(s->arena, ll_buf_view(sql));
    ll_buf_free(sql);
    if (!p->sql)
        return ll_no_memory(s->err);
    int rc = ll_data_path(s->d, p->path, s->err, "service/%s/%s", s->r->name, p->file);
    if (rc == LL_OK && (rc = ll_fs_remove_tree(p->path, s->err)) == LL_OK)
        s->n++;
    return rc;
}

static void select_columns(struct ll_newseg *s, struct ll_buf *sql, const char *deleted)
{
    ll_buf_z(sql, "SELECT ");
    for (size_t i = 0; i < s->schema.n; i++) {
        ll_buf_sql_name(sql, ll_str(s->schema.columns[i].name));
        ll_buf_z(sql, ", ");
    }
    ll_buf_printf(sql, "%s", deleted);
}

static uint64_t rows_so_far(const struct ll_newseg *s)
{
    uint64_t at = 0;

    for (unsigned i = 0; i < s->n; i++)
        at += s->parts[i].at;
    return at;
}

static bool all_done(const struct ll_newseg *s)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->parts[i].started && !s->parts[i].done)
            return false;
    return true;
}

static int join_parts(struct ll_newseg *s, int rc)
{
    s->rows = 0;
    for (unsigned i = 0; i < s->n; i++) {
        struct part *p = &s->parts[i];
        if (!p->started)
            continue;
        pthread_join(p->thread, NULL);
        s->rows += p->rows;
        if (rc == LL_OK && p->rc < 0) {
            rc = p->rc;
            *s->err = p->err;
        }
    }
    return rc;
}

int ll_newseg_build(struct ll_newseg *s, ll_seal_progress *progress, void *ctx, uint64_t total)
{
    useconds_t pause = 1000;
    int rc = LL_OK;

    for (unsigned i = 0; i < s->n; i++) {
        s->parts[i].started = pthread_create(&s->parts[i].thread, NULL, part_main, &s->parts[i]) == 0;
        if (!s->parts[i].started)
            rc = ll_fail(s->err, LL_FAIL, "无法创建线程", "cannot start a thread");
    }
    while (!all_done(s)) {
        usleep(pause);
        if (pause < 100000)
            pause *= 2;
        if (progress)
            progress(ctx, "publish", rows_so_far(s), total);
    }
    return join_parts(s, rc);
}

static int open_folder(struct ll_newseg *s)
{
    char dir[LL_PATH];
    int rc;

    if ((rc = ll_data_lake(s->d, &s->lake, s->err)) < 0 ||
        (rc = ll_data_lanes(s->d, &s->lanes, s->err)) < 0 ||
        (rc = ll_data_path(s->d, dir, s->err, "service/%s", s->r->name)) < 0 ||
        (rc = ll_fs_mkdirs(dir, s->err)) < 0 || (rc = ll_stored_wanted(s->d, s->r, &s->wanted, s->err)) < 0)
        return rc;
    return ll_table_schema(s->r, &s->schema, s->arena, s->err);
}

void ll_newseg_parts(const struct ll_newseg *s, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_arr(&j);
    for (unsigned i = 0; i < s->n; i++) {
        if (!s->parts[i].any)
            continue;
        ll_json_obj(&j);
        ll_json_kz(&j, "file", s->parts[i].file);
        ll_json_ki(&j, "rows", (int64_t)s->parts[i].rows);
        ll_json_key(&j, "min");
        ll_json_raw(&j, ll_buf_view(&s->parts[i].min));
        ll_json_end_obj(&j);
    }
    ll_json_end_arr(&j);
}

/* ---- the parts of a batch ---- */

struct cut {
    struct ll_buf text;
    bool found;
};

static int take_cut(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct cut *c = ctx;

    (void)n;
    c->found = true;
    if (row[0].kind == LL_LV_TEXT) {
        ll_buf_sql(&c->text, row[0].s);
    } else if (row[0].kind == LL_LV_BLOB) {
        ll_buf_z(&c->text, "from_hex('");
        ll_hex_put(&c->text, row[0].s.p, row[0].s.n);
        ll_buf_z(&c->text, "')");
    } else
        ll_buf_printf(&c->text, "%lld", (long long)row[0].i);
    return c->text.failed ? ll_no_memory(err) : LL_OK;
}

static const char *first_key(const struct ll_newseg *s)
{
    return s->schema.columns[s->schema.key[0]].name;
}

/* The first key's value at a given row of a file, as an SQL literal. */
static int find_cut(struct ll_newseg *s, const char *file, uint64_t row, struct cut *ret)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 16);
    struct ll_lake_conn *c = NULL;
    int rc = ll_lake_connect(s->lake, &c, s->err);

    ll_buf_z(&sql, "SELECT ");
    ll_buf_sql_name(&sql, ll_str(first_key(s)));
    ll_buf_z(&sql, " FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(file));
    ll_buf_printf(&sql, ") LIMIT 1 OFFSET %llu", (unsigned long long)row);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(s->err) : ll_lake_each(c, sql.p, take_cut, ret, s->err);
    if (rc == LL_OK && !ret->found) /* without it two parts would hold the same rows */
        rc = ll_fail(s->err, LL_INTERNAL, "文件 %s 没有第 %llu 行", "file %s has no row %llu", file,
                     (unsigned long long)row);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

static void put_bound(struct ll_newseg *s, struct ll_buf *sql, const char *op, const struct cut *at)
{
    ll_buf_z(sql, " AND ");
    ll_buf_sql_name(sql, ll_str(first_key(s)));
    ll_buf_printf(sql, " %s %s::", op, at->text.p);
    if (ll_key_sealed(s->r))
        ll_buf_z(sql, "BLOB");
    else
        ll_shape_type(sql, s->r->key[0]->element);
}

/* Whether a file has the stored form as it is now, or what it was before an item got its grade. */
static int is_stored(struct ll_newseg *s, const char *file, bool *ret)
{
    struct ll_buf sql = LL_BUF_INIT(4 << 20);
    struct ll_lake_conn *c = NULL;
    int64_t n = 0;
    int rc = ll_lake_connect(s->lake, &c, s->err);

    ll_buf_z(&sql, "SELECT count(*) FROM parquet_schema(");
    ll_buf_sql(&sql, ll_str(file));
    ll_buf_z(&sql, ") WHERE name IN (");
    for (size_t i = 0; i < s->schema.n; i++) {
        ll_buf_z(&sql, i ? ", " : "");
        ll_buf_sql(&sql, ll_str(s->schema.columns[i].name));
    }
    ll_buf_c(&sql, ')');
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(s->err) : ll_lake_int(c, sql.p, &n, s->err);
    *ret = (size_t)n == s->schema.n;
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

/* Such a file is brought into the stored form on the way, in the order that this has. */
static int add_converted(struct ll_newseg *s, const struct ll_batch *b)
{
    struct ll_buf sql = LL_BUF_INIT(4 << 20);
    int rc;

    select_columns(s, &sql, "ll_deleted FROM (");
    if ((rc = ll_batch_versions_sql(s->d, s->r, b, &sql, s->err)) < 0) {
        ll_buf_free(&sql);
        return rc;
    }
    ll_buf_z(&sql, ") ORDER BY ");
    ll_stored_key(&sql, s->r);
    return add_part(s, &sql);
}

static int add_range(struct ll_newseg *s, const char *file, const struct cut *from, const struct cut *to)
{
    struct ll_buf sql = LL_BUF_INIT(4 << 20);

    select_columns(s, &sql, "ll_deleted FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(file));
    ll_buf_z(&sql, ") WHERE true");
    if (from)
        put_bound(s, &sql, ">=", from);
    if (to)
        put_bound(s, &sql, "<", to);
    return add_part(s, &sql);
}

/* Cuts a file into as many key ranges as there are threads for it. */
static int add_file(struct ll_newseg *s, const char *file, uint64_t rows, unsigned share)
{
    struct cut cuts[PARTS] = {0};
    unsigned n = share;
    int rc = LL_OK;

    if (n > rows / ROWS_WORTH_A_THREAD)
        n = (unsigned)(rows / ROWS_WORTH_A_THREAD);
    if (n < 1)
        n = 1;
    for (unsigned i = 1; i < n && rc == LL_OK; i++) {
        cuts[i].text = LL_BUF_INIT(1 << 20);
        rc = find_cut(s, file, rows * i / n, &cuts[i]);
    }
    for (unsigned i = 0; i < n && rc == LL_OK; i++)
        rc = add_range(s, file, i ? &cuts[i] : NULL, i + 1 < n ? &cuts[i + 1] : NULL);
    for (unsigned i = 1; i < n; i++)
        ll_buf_free(&cuts[i].text);
    return rc;
}

/* How many parts one file may become: every file needs one, and all together no more than PARTS. */
static unsigned share_of(const struct ll_newseg *s, unsigned files)
{
    unsigned threads = ll_data_threads(s->d), most = PARTS / files, fair = (threads + files - 1) / files;

    return fair < most ? fair : most;
}

static int split_file(struct ll_newseg *s, const char *path, unsigned share)
{
    struct ll_buf sql = LL_BUF_INIT(8192);
    struct ll_lake_conn *c = NULL;
    int64_t rows = 0;
    int rc = ll_lake_connect(s->lake, &c, s->err);

    ll_buf_z(&sql, "SELECT count(*) FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(path));
    ll_buf_c(&sql, ')');
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(s->err) : ll_lake_int(c, sql.p, &rows, s->err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc < 0 ? rc : add_file(s, path, (uint64_t)rows, share);
}

static int data_path(const struct ll_newseg *s, const struct ll_batch *b, unsigned n, char out[LL_PATH])
{
    return ll_data_path(s->d, out, s->err, "lake/%s/%s/data-%u.parquet", b->resource, b->id, n);
}

/* By number, not by name: readers find a part by bisection, so 2 must come before 10. */
int ll_newseg_add_batch(struct ll_newseg *s, const struct ll_batch *b)
{
    char path[LL_PATH];
    unsigned files = 0;
    bool stored = true;
    int rc;

    if ((rc = data_path(s, b, 0, path)) < 0 || (s->wanted && (rc = is_stored(s, path, &stored)) < 0))
        return rc;
    if (!stored)
        return add_converted(s, b);
    while ((rc = data_path(s, b, files, path)) == LL_OK && files < LL_SEAL_FILES && ll_fs_exists(path))
        files++;
    for (unsigned i = 0; i < files && rc == LL_OK; i++)
        if ((rc = data_path(s, b, i, path)) == LL_OK)
            rc = split_file(s, path, share_of(s, files));
    return rc;
}

/* ---- anew ---- */

int ll_newseg_add_current(struct ll_newseg *s, const struct ll_batch *live, size_t n)
{
    struct ll_buf sql = LL_BUF_INIT(64 << 20);
    int rc;

    select_columns(s, &sql, "false FROM (");
    if ((rc = ll_batch_current_sql(s->d, s->r, live, n, &sql, s->err)) < 0) {
        ll_buf_free(&sql);
        return rc;
    }
    ll_buf_z(&sql, ") ORDER BY ");
    ll_stored_key(&sql, s->r);
    return add_part(s, &sql);
}

int ll_newseg_open(struct ll_data *d, const struct ll_resource *r, const char *id, struct ll_newseg **ret,
                   struct ll_err *err)
{
    struct ll_newseg *s = calloc(1, sizeof *s);
    struct ll_arena *arena = ll_arena_new(0);
    int rc;

    if (!s || !arena) {
        ll_arena_free(arena);
        free(s);
        return ll_no_memory(err);
    }
    *s = (struct ll_newseg){.d = d, .r = r, .arena = arena, .id = id, .err = err};
    if ((rc = open_folder(s)) < 0)
        ll_newseg_close(s);
    else
        *ret = s;
    return rc;
}

void ll_newseg_close(struct ll_newseg *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < s->n; i++)
        ll_buf_free(&s->parts[i].min);
    ll_arena_free(s->arena);
    free(s);
}

uint64_t ll_newseg_rows(const struct ll_newseg *s)
{
    return s->rows;
}
