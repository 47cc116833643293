/* segmerge.c - see segmerge.h.  A heap of cursors, one a segment, ordered by key and then by age, the newest first: the top is the
 * newest row of the lowest key, and the cursors that follow with the same key hold what it hides. */
#include "store/segmerge.h"

#include "store/segfile.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_KEY = 32 };

struct cursor {
    const struct ll_seg_run *run;
    size_t part; /* being read */
    bool deleted;
    struct ll_seg_value key[MAX_KEY];
};

struct ll_seg_merge {
    struct cursor *cursors; /* by run */
    size_t *heap, n_heap;   /* indexes of cursors that stand on a row */
    size_t n_runs, n_key;
    const struct ll_str *after;
    struct ll_seg_value upto[MAX_KEY];
    bool bounded, started;
};

static struct ll_seg *reader(const struct cursor *c)
{
    return c->run->parts[c->part];
}

static int compare_keys(const struct ll_seg_merge *m, const struct ll_seg_value *a,
                        const struct ll_seg_value *b)
{
    int order = 0;

    for (size_t i = 0; i < m->n_key && order == 0; i++)
        order = ll_seg_value_cmp(&a[i], &b[i]);
    return order;
}

/* --- cursors ------------------------------------------------------------------------------------------------------- */

/* Moves to the next row of the run, over the ends of parts; 0: none within the bound. */
static int advance(struct ll_seg_merge *m, struct cursor *c, struct ll_err *err)
{
    int rc;

    while ((rc = ll_seg_next(reader(c), &c->deleted, err)) == 0) {
        if (c->part + 1 >= c->run->n)
            return 0;
        c->part++;
        if ((rc = ll_seg_scan(reader(c), NULL, (struct ll_str){0}, m->after, err)) < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < m->n_key; i++)
        c->key[i] = ll_seg_get(reader(c), ll_seg_key_at(reader(c), i));
    return m->bounded && compare_keys(m, c->key, m->upto) > 0 ? 0 : 1;
}

static int start(struct ll_seg_merge *m, struct cursor *c, struct ll_err *err)
{
    if (c->run->n == 0)
        return 0;
    int rc = ll_seg_scan(reader(c), NULL, (struct ll_str){0}, m->after, err);
    return rc < 0 ? rc : advance(m, c, err);
}

/* --- the heap ------------------------------------------------------------------------------------------------------ */

static bool before(const struct ll_seg_merge *m, size_t a, size_t b)
{
    int order = compare_keys(m, m->cursors[a].key, m->cursors[b].key);

    return order < 0 || (order == 0 && a < b);
}

static void sift_down(struct ll_seg_merge *m, size_t at)
{
    for (;;) {
        size_t least = at, child = 2 * at + 1;
        for (size_t i = child; i < child + 2 && i < m->n_heap; i++)
            if (before(m, m->heap[i], m->heap[least]))
                least = i;
        if (least == at)
            return;
        size_t t = m->heap[at];
        m->heap[at] = m->heap[least];
        m->heap[least] = t;
        at = least;
    }
}

/* Moves the top cursor on and puts it where it then belongs. */
static int replace_top(struct ll_seg_merge *m, struct ll_err *err)
{
    int rc = advance(m, &m->cursors[m->heap[0]], err);

    if (rc < 0)
        return rc;
    if (rc == 0)
        m->heap[0] = m->heap[--m->n_heap];
    sift_down(m, 0);
    return LL_OK;
}

/* --- the merge ----------------------------------------------------------------------------------------------------- */

static int check_keys(const struct ll_seg_run *runs, size_t n, size_t *ret_n_key, struct ll_err *err)
{
    const struct ll_seg *first = NULL;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < runs[i].n; j++) {
            const struct ll_seg *s = runs[i].parts[j];
            first = first ? first : s;
            bool same = ll_seg_key_columns(s) == ll_seg_key_columns(first) &&
                        ll_seg_key_columns(s) <= MAX_KEY;
            for (size_t k = 0; same && k < ll_seg_key_columns(s); k++)
                same = strcmp(ll_seg_column_name(s, ll_seg_key_at(s, k)),
                              ll_seg_column_name(first, ll_seg_key_at(first, k))) == 0;
            if (!same)
                return ll_fail(err, LL_INVALID, "%s 与 %s 的主键不同", "%s and %s have different keys",
                               ll_seg_path(s), ll_seg_path(first));
        }
    *ret_n_key = first ? ll_seg_key_columns(first) : 0;
    return LL_OK;
}

static void set_bounds(struct ll_seg_merge *m, const struct ll_seg_run *runs, size_t n,
                       const struct ll_str *after, const struct ll_str *upto)
{
    const struct ll_seg *s = NULL;

    for (size_t i = 0; i < n && !s; i++)
        s = runs[i].n ? runs[i].parts[0] : NULL;
    m->after = after;
    m->bounded = s && upto;
    for (size_t i = 0; m->bounded && i < m->n_key; i++)
        m->upto[i] = ll_seg_value_of(upto[i], ll_seg_column_kind(s, ll_seg_key_at(s, i)));
}

int ll_seg_merge_open(const struct ll_seg_run *runs, size_t n, const struct ll_str *after,
                      const struct ll_str *upto, struct ll_seg_merge **ret, struct ll_err *err)
{
    struct ll_seg_merge *m;
    size_t n_key = 0;
    int rc = check_keys(runs, n, &n_key, err);

    if (rc < 0)
        return rc;
    m = calloc(1, sizeof *m);
    if (!m || !(m->cursors = calloc(n + 1, sizeof *m->cursors)) ||
        !(m->heap = calloc(n + 1, sizeof *m->heap))) {
        ll_seg_merge_close(m);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    m->n_runs = n;
    m->n_key = n_key;
    set_bounds(m, runs, n, after, upto);
    for (size_t i = 0; i < n; i++) {
        m->cursors[i].run = &runs[i];
        if ((rc = start(m, &m->cursors[i], err)) < 0) {
            ll_seg_merge_close(m);
            return rc;
        }
        if (rc > 0)
            m->heap[m->n_heap++] = i;
    }
    for (size_t i = m->n_heap; i-- > 0;)
        sift_down(m, i);
    *ret = m;
    return LL_OK;
}

struct ll_seg_merge *ll_seg_merge_close(struct ll_seg_merge *m)
{
    if (m) {
        free(m->cursors);
        free(m->heap);
        free(m);
    }
    return NULL;
}

static bool same_key_as_top(const struct ll_seg_merge *m, size_t at)
{
    return at < m->n_heap && compare_keys(m, m->cursors[m->heap[at]].key, m->cursors[m->heap[0]].key) == 0;
}

/* The top's row was given; it and what it hides are moved on.  Hidden rows are below the top, so they come up one by one. */
static int pass_top(struct ll_seg_merge *m, struct ll_err *err)
{
    int rc;

    while (same_key_as_top(m, 1) || same_key_as_top(m, 2)) {
        size_t at = same_key_as_top(m, 1) ? 1 : 2;
        if ((rc = advance(m, &m->cursors[m->heap[at]], err)) < 0)
            return rc;
        if (rc == 0)
            m->heap[at] = m->heap[--m->n_heap];
        sift_down(m, at);
    }
    return replace_top(m, err);
}

int ll_seg_merge_next(struct ll_seg_merge *m, struct ll_seg **seg, size_t *run, bool *deleted,
                      struct ll_err *err)
{
    if (m->started && m->n_heap > 0) {
        int rc = pass_top(m, err);
        if (rc < 0)
            return rc;
    }
    m->started = true;
    if (m->n_heap == 0)
        return 0;
    struct cursor *c = &m->cursors[m->heap[0]];
    *seg = reader(c);
    *run = m->heap[0];
    *deleted = c->deleted;
    return 1;
}

/* --- into a new segment -------------------------------------------------------------------------------------------- */

/* For each column of the schema its place in a reader's rows, +1; 0 where the reader lacks it. */
static void map_columns(const struct ll_seg_schema *schema, const struct ll_seg *s, size_t *map)
{
    for (size_t i = 0; i < schema->n; i++) {
        map[i] = 0;
        for (size_t j = 0; j < ll_seg_columns(s) && !map[i]; j++)
            if (strcmp(schema->columns[i].name, ll_seg_column_name(s, j)) == 0 &&
                ll_seg_column_kind(s, j) == ll_segfile_kind(schema->columns[i].sql_type))
                map[i] = j + 1;
    }
}

static int copy_row(const struct ll_seg_schema *schema, struct ll_seg *s, const size_t *map,
                    struct ll_seg_build *b, bool deleted, struct ll_err *err)
{
    for (size_t i = 0; i < schema->n; i++) {
        if (!map[i])
            continue;
        struct ll_seg_value v = ll_seg_get(s, map[i] - 1);
        if (v.kind == LL_SV_TEXT)
            ll_seg_text(b, i, v.s.p, v.s.n);
        else if (v.kind == LL_SV_BLOB)
            ll_seg_blob(b, i, v.s.p, v.s.n);
        else if (v.kind == LL_SV_INT)
            ll_seg_int(b, i, v.i);
    }
    return ll_seg_build_row(b, deleted, err);
}

/* Where the maps of a run's parts begin: maps are made once a reader, in the order of runs and parts. */
static size_t map_index(const struct ll_seg_merge *m, size_t run)
{
    size_t at = 0;

    for (size_t i = 0; i < run; i++)
        at += m->cursors[i].run->n;
    return at;
}

static size_t *make_maps(const struct ll_seg_merge *m, const struct ll_seg_schema *schema)
{
    size_t n = m->n_runs ? map_index(m, m->n_runs - 1) + m->cursors[m->n_runs - 1].run->n : 0, at = 0;
    size_t *maps = calloc(n * schema->n + 1, sizeof *maps);

    for (size_t i = 0; maps && i < m->n_runs; i++)
        for (size_t j = 0; j < m->cursors[i].run->n; j++)
            map_columns(schema, m->cursors[i].run->parts[j], &maps[at++ * schema->n]);
    return maps;
}

int ll_seg_merge_into(struct ll_seg_merge *m, struct ll_seg_build *b, const struct ll_seg_schema *schema,
                      bool drop_deleted, struct ll_seg_merge_counts *ret, struct ll_err *err)
{
    struct ll_seg_merge_counts counts = {0};
    size_t *maps = make_maps(m, schema);
    struct ll_seg *s;
    bool deleted;
    size_t run;
    int rc;

    if (!maps)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    while ((rc = ll_seg_merge_next(m, &s, &run, &deleted, err)) > 0) {
        if (deleted && drop_deleted)
            continue;
        if ((rc = copy_row(schema, s, &maps[(map_index(m, run) + m->cursors[run].part) * schema->n], b,
                           deleted, err)) < 0)
            break;
        counts.rows++;
        counts.deletes += deleted;
    }
    free(maps);
    if (rc == LL_OK)
        *ret = counts;
    return rc;
}
