/* table.c - opens the segments of a resource and tells what they are (table.h); table_read.c reads them. */
#include "share/table_impl.h"

#include "base/fs.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MEMORY = 64 << 20 };

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

/* --- the list ------------------------------------------------------------------------------------------------------ */

static int bad_parts(const struct ll_table *t, const char *id, struct ll_err *err)
{
    return ll_fail(err, LL_IO, "数据资源 %s 的服务段 %s 的文件清单损坏",
                   "resource %s: the list of files of its segment %s is damaged", t->resource, id);
}

static int read_part(struct ll_table *t, struct segment *g, struct part *p, json_t *entry, struct ll_err *err)
{
    const char *file = json_string_value(json_object_get(entry, "file"));
    json_t *min = json_object_get(entry, "min");
    char path[LL_PATH];

    if (!file || strchr(file, '/') || (min && !json_is_array(min)))
        return bad_parts(t, g->id, err);
    int rc = ll_path(path, err, "%s/service/%s/%s", t->data_dir, t->resource, file);
    if (rc < 0)
        return rc;
    p->path = ll_arena_dup(t->mem, ll_str(path));
    p->n_min = json_array_size(min);
    p->min = ll_arena_array(t->mem, p->n_min, sizeof *p->min);
    if (!p->path || (p->n_min && !p->min))
        return no_memory(err);
    for (size_t i = 0; i < p->n_min; i++) {
        json_t *v = json_array_get(min, i);
        if (!json_is_string(v))
            return bad_parts(t, g->id, err);
        struct ll_str text = {json_string_value(v), json_string_length(v)};
        text.p = ll_arena_dup(t->mem, text);
        if (!text.p)
            return no_memory(err);
        p->min[i] = (struct ll_seg_value){.kind = LL_SV_TEXT, .s = text};
    }
    return LL_OK;
}

static int read_parts(struct ll_table *t, struct segment *g, struct ll_str text, struct ll_err *err)
{
    json_t *list = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
    int rc = LL_OK;

    if (!json_is_array(list)) {
        json_decref(list);
        return bad_parts(t, g->id, err);
    }
    g->n = json_array_size(list);
    g->parts = ll_arena_array(t->mem, g->n, sizeof *g->parts);
    g->readers = ll_arena_array(t->mem, g->n, sizeof *g->readers);
    if (g->n && (!g->parts || !g->readers))
        rc = no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < g->n; i++)
        rc = read_part(t, g, &g->parts[i], json_array_get(list, i), err);
    json_decref(list);
    return rc;
}

static int read_segment(struct ll_table *t, struct ll_stmt *s, struct ll_err *err)
{
    if (!t->segments)
        t->segments = ll_arena_array(t->mem, (size_t)ll_col_int(s, 4), sizeof *t->segments);
    if (!t->segments)
        return no_memory(err);
    struct segment *g = &t->segments[t->n++];
    g->id = ll_arena_dup(t->mem, ll_col_text(s, 0));
    g->batch = ll_col_int(s, 2);
    g->published_at = ll_col_int(s, 3);
    return g->id ? read_parts(t, g, ll_col_text(s, 1), err) : no_memory(err);
}

static int read_list(struct ll_table *t, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx,
                    "SELECT g.id, g.parts, g.last_batch, b.published_at, count(*) OVER () FROM segment g"
                    " LEFT JOIN batch b ON b.seq = g.last_batch WHERE g.resource = $1 ORDER BY g.seq DESC",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->resource);
    while ((rc = ll_step(s, err)) > 0)
        if ((rc = read_segment(t, s, err)) < 0)
            break;
    ll_stmt_done(s);
    return rc < 0 ? rc : ll_table_list_generation(tx, t->resource, &t->generation, err);
}

int ll_table_list_generation(struct ll_txn *tx, const char *resource, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT n FROM segment_generation WHERE resource = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, resource);
    rc = ll_step(s, err);
    *ret = rc > 0 ? ll_col_int(s, 0) : 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- the files ----------------------------------------------------------------------------------------------------- */

static int type_mins(const struct segment *g, const struct ll_table *t, struct ll_err *err)
{
    for (size_t i = 0; i < g->n; i++) {
        struct part *p = &g->parts[i];
        const struct ll_seg *s = g->readers[i];
        if (p->n_min != ll_seg_key_columns(s) && (i > 0 || p->n_min > 0))
            return bad_parts(t, g->id, err);
        for (size_t k = 0; k < p->n_min; k++)
            p->min[k] = ll_seg_value_of(p->min[k].s, ll_seg_column_kind(s, ll_seg_key_at(s, k)));
    }
    return LL_OK;
}

static int open_readers(struct ll_table *t, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < t->n; i++) {
        struct segment *g = &t->segments[i];
        for (size_t j = 0; rc == LL_OK && j < g->n; j++)
            rc = ll_segcache_take(t->cache, g->parts[j].path, &g->readers[j], err);
        if (rc < 0 || (rc = type_mins(g, t, err)) < 0)
            return rc;
        t->files += g->n;
    }
    return LL_OK;
}

/* The newest reader says what columns the table has. */
static const struct ll_seg *model_of(const struct ll_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->segments[i].n)
            return t->segments[i].readers[0];
    return NULL;
}

static bool same_column(const struct ll_seg *a, size_t i, const struct ll_seg *b, size_t j)
{
    return strcmp(ll_seg_column_name(a, i), ll_seg_column_name(b, j)) == 0;
}

static int check_key(const struct ll_table *t, const struct ll_seg *s, struct ll_err *err)
{
    bool same = ll_seg_key_columns(s) == ll_seg_key_columns(t->model);

    for (size_t i = 0; same && i < ll_seg_key_columns(s); i++)
        same = same_column(s, ll_seg_key_at(s, i), t->model, ll_seg_key_at(t->model, i));
    return same ? LL_OK
                : ll_fail(err, LL_INVALID, "数据资源 %s 的服务段主键不一致，请重建（luling rebuild）",
                          "the segments of resource %s have different keys: rebuild it (luling rebuild)",
                          t->resource);
}

/* map[at]: the column of the segment that holds the table's column at, +1; all parts of a segment are alike. */
static int map_segment(struct ll_table *t, struct segment *g, struct ll_err *err)
{
    size_t n = ll_seg_columns(t->model);
    int rc;

    if (g->n == 0)
        return LL_OK;
    if ((rc = check_key(t, g->readers[0], err)) < 0)
        return rc;
    if (!(g->map = ll_arena_array(t->mem, n, sizeof *g->map)))
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < ll_seg_columns(g->readers[0]) && !g->map[i]; j++)
            if (same_column(t->model, i, g->readers[0], j))
                g->map[i] = j + 1;
    return LL_OK;
}

static int map_segments(struct ll_table *t, struct ll_err *err)
{
    int rc = LL_OK;

    t->model = model_of(t);
    for (size_t i = 0; t->model && rc == LL_OK && i < t->n; i++)
        rc = map_segment(t, &t->segments[i], err);
    t->runs = ll_arena_array(t->mem, t->n + 1, sizeof *t->runs);
    if (rc == LL_OK && !t->runs)
        return no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < t->n; i++)
        t->runs[i] = (struct ll_seg_run){t->segments[i].readers, t->segments[i].n};
    return rc;
}

/* --- the handle ---------------------------------------------------------------------------------------------------- */

static int table_new(struct ll_segcache *cache, const char *data_dir, const char *resource,
                     struct ll_table **ret, struct ll_err *err)
{
    struct ll_table *t = calloc(1, sizeof *t);

    if (!t)
        return no_memory(err);
    t->magic = TABLE_MAGIC;
    t->cache = cache;
    t->value = LL_BUF_INIT(1 << 20);
    if (!(t->mem = ll_arena_new(MAX_MEMORY)) || !(t->data_dir = ll_arena_dup(t->mem, ll_str(data_dir))) ||
        !(t->resource = ll_arena_dup(t->mem, ll_str(resource)))) {
        ll_table_close(t);
        return no_memory(err);
    }
    *ret = t;
    return LL_OK;
}

int ll_table_open_in(struct ll_txn *tx, struct ll_segcache *cache, const char *data_dir, const char *resource,
                     struct ll_table **ret, struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc = table_new(cache, data_dir, resource, &t, err);

    if (rc < 0)
        return rc;
    if ((rc = read_list(t, tx, err)) < 0 || (rc = open_readers(t, err)) < 0 ||
        (rc = map_segments(t, err)) < 0) {
        ll_table_close(t);
        return rc;
    }
    *ret = t;
    return LL_OK;
}

/* A merge may remove a file between the reading of the list and the opening; then the list has changed, too. */
int ll_table_open(struct ll_store *st, struct ll_segcache *cache, const char *data_dir, const char *resource,
                  struct ll_table **ret, struct ll_err *err)
{
    enum { TRIES = 5 };
    int rc = LL_NOTFOUND;

    for (int i = 0; i < TRIES && rc == LL_NOTFOUND; i++) {
        struct ll_txn *tx = NULL;
        if ((rc = ll_txn_begin(st, false, &tx, err)) == LL_OK)
            rc = ll_table_open_in(tx, cache, data_dir, resource, ret, err);
        ll_txn_end(tx);
    }
    return rc;
}

struct ll_table *ll_table_close(struct ll_table *t)
{
    if (!t)
        return NULL;
    LL_CHECK(t, TABLE_MAGIC);
    ll_seg_merge_close(t->merge);
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < t->segments[i].n && t->segments[i].readers; j++)
            ll_segcache_give(t->cache, t->segments[i].readers[j]);
    ll_buf_free(&t->value);
    ll_arena_free(t->mem);
    free(t);
    return NULL;
}

const char *ll_table_resource(const struct ll_table *t)
{
    return t->resource;
}

int64_t ll_table_generation(const struct ll_table *t)
{
    return t->generation;
}

size_t ll_table_segments(const struct ll_table *t)
{
    return t->n;
}

size_t ll_table_files(const struct ll_table *t)
{
    return t->files;
}

size_t ll_table_columns(const struct ll_table *t)
{
    return t->model ? ll_seg_columns(t->model) : 0;
}

const char *ll_table_column_name(const struct ll_table *t, size_t at)
{
    LL_ASSERT(t->model);
    return ll_seg_column_name(t->model, at);
}

int ll_table_column(const struct ll_table *t, const char *name)
{
    for (size_t i = 0; i < ll_table_columns(t); i++)
        if (strcmp(ll_seg_column_name(t->model, i), name) == 0)
            return (int)i;
    return -1;
}

size_t ll_table_key_columns(const struct ll_table *t)
{
    return t->model ? ll_seg_key_columns(t->model) : 0;
}

size_t ll_table_key_at(const struct ll_table *t, size_t i)
{
    LL_ASSERT(t->model);
    return ll_seg_key_at(t->model, i);
}
