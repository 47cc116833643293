/* table.c - opens the segments of a resource (table.h); table_columns.c tells what they hold, table_read.c reads them. */
#include "share/table_impl.h"

#include "base/fs.h"
#include "crypto/base64.h"
#include "crypto/random.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MEMORY = 64 << 20, MAX_OPENED = 256 << 20 };

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

/* A blob stands there in hex. */
static int type_min(const struct ll_table *t, struct ll_seg_value *v, enum ll_seg_kind kind,
                    struct ll_err *err)
{
    struct ll_str text = v->s;

    if (kind == LL_SV_BLOB) {
        char *bytes = ll_arena_alloc(t->mem, text.n / 2 + 1);
        if (!bytes)
            return no_memory(err);
        if (text.n % 2 || !ll_hex_exact(text, (unsigned char *)bytes, text.n / 2))
            return LL_IO;
        text = (struct ll_str){bytes, text.n / 2};
    }
    *v = ll_seg_value_of(text, kind);
    return LL_OK;
}

static int type_mins(const struct segment *g, const struct ll_table *t, struct ll_err *err)
{
    for (size_t i = 0; i < g->n; i++) {
        struct part *p = &g->parts[i];
        const struct ll_seg *s = g->readers[i];
        if (p->n_min != ll_seg_key_columns(s) && (i > 0 || p->n_min > 0))
            return bad_parts(t, g->id, err);
        for (size_t k = 0; k < p->n_min; k++)
            if (type_min(t, &p->min[k], ll_seg_column_kind(s, ll_seg_key_at(s, k)), err) < 0)
                return bad_parts(t, g->id, err);
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
    t->opened = LL_BUF_INIT(MAX_OPENED);
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
        (rc = ll_table_describe(t, err)) < 0) {
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
    for (size_t i = 0; i < t->n_columns; i++)
        ll_cell_close(t->columns[i].cell);
    ll_cell_close(t->key_cell);
    ll_buf_wipe(&t->opened);
    ll_buf_free(&t->value);
    ll_arena_free(t->mem);
    free(t);
    return NULL;
}

void ll_table_use(struct ll_table *t, struct ll_vault *v)
{
    t->vault = v;
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
    return t->n_columns;
}

const char *ll_table_column_name(const struct ll_table *t, size_t at)
{
    LL_ASSERT(at < t->n_columns);
    return t->columns[at].name;
}

int ll_table_column(const struct ll_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

size_t ll_table_key_columns(const struct ll_table *t)
{
    return t->n_key;
}

size_t ll_table_key_at(const struct ll_table *t, size_t i)
{
    LL_ASSERT(i < t->n_key);
    return t->key[i];
}
