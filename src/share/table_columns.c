/* table_columns.c - a service table's columns and key, as the newest segment's files have them, and where other segments have the same
 * (table.h).  The stored form is that of catalog/segschema.h: here its columns become items again. */
#include "share/table_impl.h"

#include "catalog/segschema.h"

#include <string.h>

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

/* The newest reader says what columns the table has. */
static struct ll_seg *model_of(const struct ll_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->segments[i].n)
            return t->segments[i].readers[0];
    return NULL;
}

static bool is_prefixed(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* The item that a column of a file holds; NULL when it is there for finding only. */
static const char *item_of(const struct ll_seg *s, size_t at, bool *sealed)
{
    const char *name = ll_seg_column_name(s, at);

    *sealed = is_prefixed(name, LL_SEALED_PREFIX);
    if (*sealed)
        return name + strlen(LL_SEALED_PREFIX);
    return is_prefixed(name, LL_BLIND_PREFIX) || strcmp(name, LL_KEY_COLUMN) == 0 ? NULL : name;
}

enum ll_seg_kind ll_table_kind(const struct ll_seg *s, size_t at)
{
    bool sealed;

    (void)item_of(s, at, &sealed);
    if (!sealed)
        return ll_seg_column_kind(s, at);
    return strcmp(ll_seg_column_type(s, at), LL_SEALED_INTEGER) == 0 ? LL_SV_INT : LL_SV_TEXT;
}

static int list_columns(struct ll_table *t, struct ll_err *err)
{
    size_t n = ll_seg_columns(t->model);
    bool sealed;

    if (!(t->columns = ll_arena_array(t->mem, n, sizeof *t->columns)))
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *item = item_of(t->model, i, &sealed);
        if (item)
            t->columns[t->n_columns++] = (struct table_column){.name = item,
                                                               .kind = ll_table_kind(t->model, i)};
    }
    return LL_OK;
}

/* --- the key ------------------------------------------------------------------------------------------------------- */

static bool has_sealed_key(const struct ll_seg *s)
{
    return ll_seg_key_columns(s) == 1 &&
           strcmp(ll_seg_column_name(s, ll_seg_key_at(s, 0)), LL_KEY_COLUMN) == 0;
}

static bool add_key_item(struct ll_table *t, struct ll_str name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->n_key < t->n_columns && ll_str_is(name, t->columns[i].name)) {
            t->key[t->n_key++] = i;
            return true;
        }
    return false;
}

/* Of a sealed key the file says in meta what its items are. */
static bool read_key(struct ll_table *t)
{
    struct ll_str name, rest;
    bool more = true, good = true;

    t->key_sealed = has_sealed_key(t->model);
    if (!t->key_sealed) {
        for (size_t i = 0; good && i < ll_seg_key_columns(t->model); i++)
            good = add_key_item(t, ll_str(ll_seg_column_name(t->model, ll_seg_key_at(t->model, i))));
        return good;
    }
    rest = ll_str(ll_seg_meta(t->model, "key"));
    while (good && more) {
        more = ll_str_cut(rest, ' ', &name, &rest);
        good = add_key_item(t, name);
    }
    return good;
}

static int list_key(struct ll_table *t, struct ll_err *err)
{
    if (!(t->key = ll_arena_array(t->mem, t->n_columns + 1, sizeof *t->key)))
        return no_memory(err);
    return read_key(t) && t->n_key <= LL_TABLE_KEY
               ? LL_OK
               : ll_fail(err, LL_IO, "数据资源 %s 的服务段没有说明主键",
                         "resource %s: a segment does not tell its key", t->resource);
}

static bool same_key(struct ll_seg *a, struct ll_seg *b)
{
    char items[4096];
    bool same = ll_seg_key_columns(a) == ll_seg_key_columns(b);

    for (size_t i = 0; same && i < ll_seg_key_columns(a); i++)
        same = strcmp(ll_seg_column_name(a, ll_seg_key_at(a, i)),
                      ll_seg_column_name(b, ll_seg_key_at(b, i))) == 0;
    if (!same || !has_sealed_key(a))
        return same;
    strncpy(items, ll_seg_meta(a, "key"), sizeof items - 1);
    items[sizeof items - 1] = 0;
    return strncmp(items, ll_seg_meta(b, "key"), sizeof items - 1) == 0;
}

/* --- segments ------------------------------------------------------------------------------------------------------ */

/* map[at]: the column of the segment that holds the table's column at, +1; all parts of a segment are alike. */
static int map_segment(struct ll_table *t, struct segment *g, struct ll_err *err)
{
    bool sealed;

    if (g->n == 0)
        return LL_OK;
    if (!same_key(t->model, g->readers[0]))
        return ll_fail(err, LL_INVALID, "数据资源 %s 的服务段主键不一致，请重建（luling rebuild）",
                       "the segments of resource %s have different keys: rebuild it (luling rebuild)",
                       t->resource);
    g->map = ll_arena_array(t->mem, t->n_columns + 1, sizeof *g->map);
    g->sealed = ll_arena_array(t->mem, t->n_columns + 1, sizeof *g->sealed);
    if (!g->map || !g->sealed)
        return no_memory(err);
    for (size_t j = 0; j < ll_seg_columns(g->readers[0]); j++) {
        const char *item = item_of(g->readers[0], j, &sealed);
        int at = item ? ll_table_column(t, item) : -1;
        if (at >= 0) {
            g->map[at] = j + 1;
            g->sealed[at] = sealed;
            g->any_sealed |= sealed;
        }
    }
    return LL_OK;
}

int ll_table_describe(struct ll_table *t, struct ll_err *err)
{
    int rc = LL_OK;

    t->model = model_of(t);
    if (t->model && ((rc = list_columns(t, err)) < 0 || (rc = list_key(t, err)) < 0))
        return rc;
    for (size_t i = 0; t->model && rc == LL_OK && i < t->n; i++)
        rc = map_segment(t, &t->segments[i], err);
    t->runs = ll_arena_array(t->mem, t->n + 1, sizeof *t->runs);
    if (rc == LL_OK && !t->runs)
        return no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < t->n; i++)
        t->runs[i] = (struct ll_seg_run){t->segments[i].readers, t->segments[i].n};
    return rc;
}
