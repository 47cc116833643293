/* upward_back.c - what came back as a file: the records as their department has them now, with the reason, to be corrected and delivered again. */
#include "share/upward.h"

#include "share/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MARKS = 2, DIGITS = 24, LIMIT = 100000, SCRATCH = 16 << 20 };

struct lines {
    struct ll_table *table;
    const struct ll_resource *r;
    struct ll_arena *arena;
    struct ll_str *cells; /* an item each, then number and reason */
    char (*digits)[DIGITS];
    enum ll_lang lang;
    ll_upward_line_fn *fn;
    void *ctx;
};

static int put_header(struct lines *l, struct ll_err *err)
{
    static const char *const marks[][MARKS] = {
        [LL_ZH] = {"_上报序号", "_原因"}, [LL_EN] = {"_sequence", "_reasons"}};

    for (size_t i = 0; i < l->r->n_items; i++)
        l->cells[i] = ll_str(l->r->items[i].title ? l->r->items[i].title : l->r->items[i].name);
    for (size_t i = 0; i < MARKS; i++)
        l->cells[l->r->n_items + i] = ll_str(marks[l->lang][i]);
    return l->fn(l->ctx, l->cells, l->r->n_items + MARKS, err);
}

static struct ll_str cell_of(struct lines *l, size_t i)
{
    struct ll_seg_value v = ll_record_value(l->r, i, l->table);

    if (v.kind == LL_SV_INT)
        return (struct ll_str){l->digits[i], (size_t)snprintf(l->digits[i], DIGITS, "%" PRId64, v.i)};
    return v.kind == LL_SV_TEXT ? v.s : (struct ll_str){NULL, 0};
}

/* One that is gone meanwhile has its key. */
static int put_line(void *ctx, const struct ll_upward_returned *r, struct ll_err *err)
{
    struct lines *l = ctx;
    struct ll_str *key = NULL;
    char sequence[DIGITS];
    size_t n = 0;
    int rc = LL_OK;

    ll_arena_reset(l->arena);
    memset(l->cells, 0, (l->r->n_items + MARKS) * sizeof *l->cells);
    if (ll_key_parse(ll_str(r->record), l->arena, &key, &n, err) == LL_OK && n == l->r->n_key) {
        for (size_t i = 0; i < n; i++)
            l->cells[l->r->key[i] - l->r->items] = key[i];
        if ((rc = ll_table_find(l->table, key, n, err)) > 0)
            for (size_t i = 0; i < l->r->n_items; i++)
                l->cells[i] = cell_of(l, i);
    }
    if (rc < 0)
        return rc;
    snprintf(sequence, sizeof sequence, "%" PRId64, r->sequence);
    l->cells[l->r->n_items] = ll_str(sequence);
    l->cells[l->r->n_items + 1] = ll_str(l->lang == LL_ZH ? r->zh : r->en);
    return l->fn(l->ctx, l->cells, l->r->n_items + MARKS, err);
}

int ll_upward_returned_lines(struct ll_data *d, struct ll_tables *tables, const struct ll_resource *r,
                             const char *stream, const char *only, enum ll_lang lang, ll_upward_line_fn *fn,
                             void *ctx, struct ll_err *err)
{
    const struct ll_upward_page all = {stream, 0, LIMIT};
    struct ll_arena *own = ll_arena_new(0);
    struct lines l = {.r = r, .arena = ll_arena_new(SCRATCH), .lang = lang, .fn = fn, .ctx = ctx};
    int64_t total = 0;
    int rc = LL_OK;

    if (!own || !l.arena || !(l.cells = ll_arena_array(own, r->n_items + MARKS, sizeof *l.cells)) ||
        !(l.digits = ll_arena_array(own, r->n_items, sizeof *l.digits)))
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_tables_take(tables, r->name, &l.table, err)) == LL_OK &&
        (rc = put_header(&l, err)) == LL_OK)
        rc = ll_upward_returned_each(ll_data_store(d), ll_data_vault(d), &all, true, only, put_line, &l,
                                     &total, err);
    ll_tables_give(tables, l.table);
    ll_arena_free(l.arena);
    ll_arena_free(own);
    return rc;
}

/* --- streams --------------------------------------------------------------------------------------------------------------- */

static int read_layouts(struct ll_store *st, struct ll_arena *arena, struct ll_upward_layouts *ret,
                        struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_upward_layouts_read(tx, arena, ret, err);
    ll_txn_end(tx);
    return rc;
}

int ll_upward_stream_resource(struct ll_store *st, const char *stream, struct ll_arena *arena,
                              const char **ret, struct ll_err *err)
{
    const struct ll_upward_layout *layout;
    struct ll_upward_layouts l = {0};
    int rc = read_layouts(st, arena, &l, err);

    if (rc < 0)
        return rc;
    if (!(layout = ll_upward_layout_find(&l, ll_str(stream))))
        return ll_fail(err, LL_NOTFOUND, "没有名为 %.64s 的上报（场景包的 upward.csv）",
                       "nothing named %.64s is reported upward (upward.csv of a pack)", stream);
    *ret = layout->resource;
    return LL_OK;
}

int ll_upward_stream_names(struct ll_store *st, struct ll_arena *arena, const char *const **ret,
                           size_t *ret_n, struct ll_err *err)
{
    struct ll_upward_layouts l = {0};
    const char **names;
    int rc = read_layouts(st, arena, &l, err);

    if (rc < 0)
        return rc;
    if (!(names = ll_arena_array(arena, l.n_layouts + 1, sizeof *names)))
        return ll_no_memory(err);
    for (size_t i = 0; i < l.n_layouts; i++)
        names[i] = l.layouts[i].stream;
    *ret = names;
    *ret_n = l.n_layouts;
    return LL_OK;
}
