/* segbuild.c - writes one part of a segment (segment.h).
 *
 * (1) SQLite makes the empty file with its schema; the rows, which come in key order, then go straight into b-tree pages that are
 *     filled to the brim and written once, in order (bulktree.h).  That is several times as fast as SQL INSERT, and the pages are
 *     fuller.  SQLite writes meta at the end, over the finished file.
 * (2) The records of each index are sorted aside (sorter.h) and become a b-tree in the same way.
 * (3) Nobody reads the file before it is listed, so nothing is journalled and all is synced once. */
#include "store/segment.h"

#include "base/arena.h"
#include "base/buf.h"
#include "store/bulktree.h"
#include "store/segfile.h"
#include "store/sorter.h"
#include "store/sqrecord.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0x4c4c5342u
enum {
    MAX_SCHEMA = 16 << 20,
    MAX_KEY = 1 << 20,
    MAX_RECORD = 256 << 20,
    MAX_META = 64,
    SORT_MEMORY = 48 << 20, /* shared by the indexes */
};

struct index {
    uint32_t root;
    unsigned *order; /* columns of its records */
    size_t n;
    struct ll_sorter *sorter;
};

struct ll_seg_build {
    unsigned magic;
    char *path;
    struct ll_arena *mem; /* the schema, row, last, order, indexes and meta are in it */
    struct ll_seg_schema schema;
    struct ll_seg_value *row;  /* being built; the last one is ll_deleted */
    struct ll_seg_value *last; /* key of the row before, its texts in last_text */
    struct ll_buf last_text, record;
    unsigned *order; /* columns of a row's record: the key, then the others */
    struct index *indexes;
    struct ll_pagefile file;
    struct ll_bulktree table;
    struct ll_segfile_meta meta[MAX_META];
    size_t n_meta;
    const char *mistyped; /* column that was given a value of another type */
    uint64_t rows, deletes;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static void build_free(struct ll_seg_build *b)
{
    ll_bulktree_free(&b->table);
    ll_pagefile_close(&b->file);
    for (size_t i = 0; b->indexes && i < b->schema.n_indexed; i++)
        ll_sorter_free(b->indexes[i].sorter);
    ll_buf_free(&b->last_text);
    ll_buf_free(&b->record);
    ll_arena_free(b->mem);
    free(b->path);
    free(b);
}

/* --- the schema ---------------------------------------------------------------------------------------------------- */

static int check_schema(const struct ll_seg_schema *s, struct ll_err *err)
{
    if (s->n == 0 || s->n_key == 0)
        return ll_fail(err, LL_INVALID, "服务表没有列或没有主键", "a service table needs columns and a key");
    for (size_t i = 0; i < s->n_key; i++)
        LL_ASSERT(s->key[i] < s->n);
    for (size_t i = 0; i < s->n_indexed; i++)
        LL_ASSERT(s->indexed[i] < s->n);
    return LL_OK;
}

static int copy_schema(struct ll_seg_build *b, const struct ll_seg_schema *s, struct ll_err *err)
{
    struct ll_seg_column *columns = ll_arena_array(b->mem, s->n, sizeof *columns);
    unsigned *key = ll_arena_array(b->mem, s->n_key, sizeof *key);
    unsigned *indexed = ll_arena_array(b->mem, s->n_indexed + 1, sizeof *indexed);

    b->row = ll_arena_array(b->mem, s->n + 1, sizeof *b->row);
    b->last = ll_arena_array(b->mem, s->n_key, sizeof *b->last);
    b->order = ll_arena_array(b->mem, s->n + 1, sizeof *b->order);
    b->indexes = ll_arena_array(b->mem, s->n_indexed + 1, sizeof *b->indexes);
    if (!columns || !key || !indexed || !b->row || !b->last || !b->order || !b->indexes)
        return no_memory(err);
    for (size_t i = 0; i < s->n; i++) {
        columns[i].name = ll_arena_dup(b->mem, ll_str(s->columns[i].name));
        columns[i].sql_type = ll_arena_dup(b->mem, ll_str(s->columns[i].sql_type));
        if (!columns[i].name || !columns[i].sql_type)
            return no_memory(err);
    }
    memcpy(key, s->key, s->n_key * sizeof *key);
    if (s->n_indexed)
        memcpy(indexed, s->indexed, s->n_indexed * sizeof *indexed);
    b->schema = (struct ll_seg_schema){columns, s->n, key, s->n_key, indexed, s->n_indexed};
    return LL_OK;
}

/* In a table WITHOUT ROWID a record begins with the key; the other columns follow as declared, ll_deleted last. */
static void order_columns(struct ll_seg_build *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->schema.n_key; i++)
        b->order[n++] = b->schema.key[i];
    for (unsigned i = 0; i <= b->schema.n; i++)
        if (!ll_segfile_in_key(&b->schema, i))
            b->order[n++] = i;
}

/* An index's record is its column, then the columns of the key that it does not have yet. */
static int prepare_index(struct ll_seg_build *b, size_t at, const char *dir, struct ll_err *err)
{
    struct index *x = &b->indexes[at];

    if (!(x->order = ll_arena_array(b->mem, b->schema.n_key + 1, sizeof *x->order)))
        return no_memory(err);
    x->order[x->n++] = b->schema.indexed[at];
    for (size_t i = 0; i < b->schema.n_key; i++)
        if (b->schema.key[i] != b->schema.indexed[at])
            x->order[x->n++] = b->schema.key[i];
    return ll_sorter_new(dir, SORT_MEMORY / b->schema.n_indexed, &x->sorter, err);
}

static int prepare(struct ll_seg_build *b, const uint32_t *roots, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_segfile_folder(b->path, dir, err);

    order_columns(b);
    for (size_t i = 0; rc == LL_OK && i < b->schema.n_indexed; i++) {
        b->indexes[i].root = roots[i];
        rc = prepare_index(b, i, dir, err);
    }
    return rc < 0 ? rc : ll_pagefile_open(&b->file, b->path, err);
}

static int build_new(const char *path, const struct ll_seg_schema *schema, struct ll_seg_build **ret,
                     struct ll_err *err)
{
    struct ll_seg_build *b = calloc(1, sizeof *b);
    int rc;

    if (!b)
        return no_memory(err);
    b->magic = MAGIC;
    b->last_text = LL_BUF_INIT(MAX_KEY);
    b->record = LL_BUF_INIT(MAX_RECORD);
    b->path = strdup(path);
    b->mem = ll_arena_new(MAX_SCHEMA);
    rc = b->path && b->mem ? copy_schema(b, schema, err) : no_memory(err);
    if (rc < 0) {
        build_free(b);
        return rc;
    }
    *ret = b;
    return LL_OK;
}

int ll_seg_build_open(const char *path, const struct ll_seg_schema *schema, struct ll_seg_build **ret,
                      struct ll_err *err)
{
    struct ll_seg_build *b = NULL;
    uint32_t *roots, table = 0;
    int rc;

    if ((rc = check_schema(schema, err)) < 0 || (rc = build_new(path, schema, &b, err)) < 0)
        return rc;
    roots = ll_arena_array(b->mem, schema->n_indexed + 1, sizeof *roots);
    rc = roots ? ll_segfile_create(path, schema, &table, roots, err) : no_memory(err);
    if (rc < 0) {
        build_free(b); /* the file, if there is one, is another's */
        return rc;
    }
    if ((rc = prepare(b, roots, err)) < 0) {
        ll_seg_build_abort(b);
        return rc;
    }
    ll_bulktree_init(&b->table, &b->file, table);
    *ret = b;
    return LL_OK;
}

/* --- values -------------------------------------------------------------------------------------------------------- */

static void set(struct ll_seg_build *b, size_t at, struct ll_seg_value v)
{
    LL_ASSERT(at < b->schema.n);
    if (ll_segfile_kind(b->schema.columns[at].sql_type) != v.kind)
        b->mistyped = b->schema.columns[at].name;
    b->row[at] = v;
}

void ll_seg_text(struct ll_seg_build *b, size_t at, const char *p, size_t n)
{
    if (p)
        set(b, at, (struct ll_seg_value){.kind = LL_SV_TEXT, .s = {p, n}});
    else
        ll_seg_null(b, at);
}

void ll_seg_int(struct ll_seg_build *b, size_t at, int64_t v)
{
    set(b, at, (struct ll_seg_value){.kind = LL_SV_INT, .i = v});
}

void ll_seg_blob(struct ll_seg_build *b, size_t at, const char *p, size_t n)
{
    if (p)
        set(b, at, (struct ll_seg_value){.kind = LL_SV_BLOB, .s = {p, n}});
    else
        ll_seg_null(b, at);
}

void ll_seg_null(struct ll_seg_build *b, size_t at)
{
    LL_ASSERT(at < b->schema.n);
    b->row[at].kind = LL_SV_NULL;
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

static int check_order(struct ll_seg_build *b, struct ll_err *err)
{
    unsigned long long row = b->rows + 1;
    int order = b->rows ? 0 : 1;

    for (size_t i = 0; i < b->schema.n_key; i++) {
        const struct ll_seg_value *v = &b->row[b->schema.key[i]];
        if (v->kind == LL_SV_NULL)
            return ll_fail(err, LL_INVALID, "第 %llu 行的主键列 %s 为空", "row %llu: key column %s is empty",
                           row, b->schema.columns[b->schema.key[i]].name);
        if (order == 0)
            order = ll_seg_value_cmp(v, &b->last[i]);
    }
    if (order > 0)
        return LL_OK;
    if (order == 0)
        return ll_fail(err, LL_CONFLICT, "第 %llu 行的主键与上一行相同",
                       "row %llu has the same key as the row before", row);
    return ll_fail(err, LL_CONFLICT, "第 %llu 行的主键小于上一行",
                   "row %llu has a lower key than the row before", row);
}

static int keep_key(struct ll_seg_build *b, struct ll_err *err)
{
    size_t at = 0;

    ll_buf_clear(&b->last_text);
    for (size_t i = 0; i < b->schema.n_key; i++)
        if (b->row[b->schema.key[i]].kind != LL_SV_INT)
            ll_buf_str(&b->last_text, b->row[b->schema.key[i]].s);
    if (b->last_text.failed)
        return ll_fail(err, LL_TOOBIG, "主键超过 %d 字节", "a key is longer than %d bytes", MAX_KEY);
    for (size_t i = 0; i < b->schema.n_key; i++) {
        b->last[i] = b->row[b->schema.key[i]];
        if (b->last[i].kind == LL_SV_INT)
            continue;
        b->last[i].s.p = b->last_text.p + at;
        at += b->last[i].s.n;
    }
    return LL_OK;
}

static int encode(struct ll_seg_build *b, const unsigned *order, size_t n, struct ll_err *err)
{
    ll_sqrec_encode(b->row, order, n, &b->record);
    return b->record.failed
               ? ll_fail(err, LL_TOOBIG, "第 %llu 行超过 %d 字节", "row %llu is longer than %d bytes",
                         (unsigned long long)b->rows + 1, MAX_RECORD)
               : LL_OK;
}

static int add_to_index(struct ll_seg_build *b, size_t at, struct ll_err *err)
{
    const struct index *x = &b->indexes[at];
    const struct ll_seg_value *v = &b->row[x->order[0]];
    int rc;

    if (v->kind == LL_SV_NULL)
        return LL_OK;
    rc = encode(b, x->order, x->n, err);
    return rc < 0 ? rc : ll_sorter_add(x->sorter, v, ll_buf_view(&b->record), err);
}

static int check_types(struct ll_seg_build *b, struct ll_err *err)
{
    const char *column = b->mistyped;

    b->mistyped = NULL;
    return column ? ll_fail(err, LL_INTERNAL, "列 %s 的值类型不符",
                            "column %s was given a value of another type", column)
                  : LL_OK;
}

static int add_row(struct ll_seg_build *b, struct ll_err *err)
{
    int rc;

    if ((rc = check_types(b, err)) < 0 || (rc = check_order(b, err)) < 0 || (rc = keep_key(b, err)) < 0 ||
        (rc = encode(b, b->order, b->schema.n + 1, err)) < 0 ||
        (rc = ll_bulktree_add(&b->table, ll_buf_view(&b->record), err)) < 0)
        return rc;
    for (size_t i = 0; rc == LL_OK && i < b->schema.n_indexed; i++)
        rc = add_to_index(b, i, err);
    return rc;
}

int ll_seg_build_row(struct ll_seg_build *b, bool deleted, struct ll_err *err)
{
    LL_CHECK(b, MAGIC);
    b->row[b->schema.n] = (struct ll_seg_value){.kind = LL_SV_INT, .i = deleted};
    int rc = add_row(b, err);
    memset(b->row, 0, b->schema.n * sizeof *b->row);
    b->rows += rc == LL_OK;
    b->deletes += rc == LL_OK && deleted;
    return rc;
}

int ll_seg_build_meta(struct ll_seg_build *b, const char *name, const char *value, struct ll_err *err)
{
    struct ll_segfile_meta m;

    LL_CHECK(b, MAGIC);
    if (b->n_meta == MAX_META)
        return ll_fail(err, LL_TOOBIG, "元信息超过 %d 项", "more than %d values of meta", MAX_META);
    m.name = ll_arena_dup(b->mem, ll_str(name));
    m.value = ll_arena_dup(b->mem, ll_str(value));
    if (!m.name || !m.value)
        return no_memory(err);
    b->meta[b->n_meta++] = m;
    return LL_OK;
}

/* --- the end ------------------------------------------------------------------------------------------------------- */

static int add_to_tree(void *tree, struct ll_str record, struct ll_err *err)
{
    return ll_bulktree_add(tree, record, err);
}

static int finish_index(struct ll_seg_build *b, struct index *x, struct ll_err *err)
{
    struct ll_bulktree tree;
    int rc;

    ll_bulktree_init(&tree, &b->file, x->root);
    if ((rc = ll_sorter_each(x->sorter, add_to_tree, &tree, err)) == LL_OK)
        rc = ll_bulktree_finish(&tree, err);
    ll_bulktree_free(&tree);
    ll_sorter_free(x->sorter);
    x->sorter = NULL;
    return rc;
}

static int put_count(struct ll_seg_build *b, const char *name, uint64_t n, struct ll_err *err)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    return ll_seg_build_meta(b, name, digits, err);
}

static int finish(struct ll_seg_build *b, struct ll_err *err)
{
    int rc = ll_bulktree_finish(&b->table, err);

    for (size_t i = 0; rc == LL_OK && i < b->schema.n_indexed; i++)
        rc = finish_index(b, &b->indexes[i], err);
    if (rc < 0 || (rc = ll_pagefile_finish(&b->file, err)) < 0)
        return rc;
    ll_pagefile_close(&b->file);
    if ((rc = put_count(b, "rows", b->rows, err)) < 0 ||
        (rc = put_count(b, "deletes", b->deletes, err)) < 0 ||
        (rc = ll_segfile_put_meta(b->path, b->meta, b->n_meta, err)) < 0)
        return rc;
    return ll_segfile_sync(b->path, err);
}

int ll_seg_build_seal(struct ll_seg_build *b, uint64_t *ret_rows, struct ll_err *err)
{
    LL_CHECK(b, MAGIC);
    int rc = finish(b, err);
    if (rc < 0) {
        ll_seg_build_abort(b);
        return rc;
    }
    *ret_rows = b->rows;
    build_free(b);
    return LL_OK;
}

void ll_seg_build_abort(struct ll_seg_build *b)
{
    if (!b)
        return;
    LL_CHECK(b, MAGIC);
    unlink(b->path);
    build_free(b);
}
