/* recheck.c - see recheck.h.  The engine finds the row numbers; the raw cells come from the source once more, in one pass. */
#include "intake/recheck.h"

#include "base/fs.h"
#include "base/log.h"
#include "intake/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A row that fails: which check (an index into `kinds` below), and the row it collides with. */
struct reject {
    int64_t row, other;
    enum ll_fault fault;
    const struct ll_item *item; /* NULL: the key */
};

struct recheck {
    const struct ll_seal_job *job;
    const struct ll_resource *r;
    struct ll_arena *arena;
    struct ll_lake_conn *c;
    struct ll_sink *late;
    struct ll_sealed *out;
    struct ll_err *err;
    char sorted[LL_PATH];
    struct reject *rejects; /* sorted by row; a row may have several */
    size_t n, cap;
    enum ll_fault fault; /* of the query being read */
    const struct ll_item *item;
};

bool ll_recheck_wanted(const struct ll_seal_job *job)
{
    const struct ll_resource *r = job->plan->resource;

    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].unique || r->items[i].ref_resource)
            return true;
    return false;
}

static int exec(struct recheck *k, struct ll_buf *sql)
{
    int rc = sql->failed ? ll_no_memory(k->err) : ll_lake_exec(k->c, sql->p, k->err);

    ll_buf_free(sql);
    return rc;
}

static int sort_stages(struct recheck *k, const char *const *stages, unsigned n)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);

    ll_buf_z(&sql, "COPY (SELECT * FROM read_parquet([");
    for (unsigned i = 0; i < n; i++) {
        if (i)
            ll_buf_c(&sql, ',');
        ll_buf_sql(&sql, ll_str(stages[i]));
    }
    ll_buf_z(&sql, "])");
    if (k->out->sorted) {
        ll_buf_z(&sql, " ORDER BY ");
        ll_stored_key(&sql, k->r);
        ll_buf_z(&sql, ", ll_row");
    }
    ll_buf_z(&sql, ") TO ");
    ll_buf_sql(&sql, ll_str(k->sorted));
    ll_stored_format(&sql, k->r);
    return exec(k, &sql);
}

/* ---- finding ---- */

static int take_reject(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct recheck *k = ctx;

    (void)n;
    if (k->n == k->cap) {
        size_t cap = k->cap ? k->cap * 2 : 256;
        struct reject *p = realloc(k->rejects, cap * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        k->rejects = p;
        k->cap = cap;
    }
    k->rejects[k->n++] = (struct reject){row[0].i, row[1].kind == LL_LV_INT ? row[1].i : 0, k->fault,
                                         k->item};
    return LL_OK;
}

static int collect(struct recheck *k, struct ll_buf *sql, enum ll_fault fault, const struct ll_item *item)
{
    k->fault = fault;
    k->item = item;
    int rc = sql->failed ? ll_no_memory(k->err) : ll_lake_each(k->c, sql->p, take_reject, k, k->err);
    ll_buf_free(sql);
    return rc;
}

/* In a sorted file equal keys are neighbours, so one streaming look back finds them without a hash table of all keys. */
static int find_duplicates(struct recheck *k)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);

    ll_buf_z(&sql, "SELECT ll_row, before FROM (SELECT ll_row, lag(ll_row) OVER () AS before, row(");
    ll_stored_key(&sql, k->r);
    ll_buf_z(&sql, ") = lag(row(");
    ll_stored_key(&sql, k->r);
    ll_buf_z(&sql, ")) OVER () AS same FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(k->sorted));
    ll_buf_z(&sql, ")) WHERE same");
    return collect(k, &sql, LL_FAULT_DUPLICATE, NULL);
}

static int find_repeated(struct recheck *k, const struct ll_item *item)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);
    const char *source = k->sorted;

    ll_buf_z(&sql, "SELECT ll_row, first FROM (SELECT ll_row, min(ll_row) OVER (PARTITION BY ");
    ll_stored_same(&sql, item);
    ll_buf_z(&sql, ") AS first FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(source));
    ll_buf_z(&sql, ") WHERE NOT ll_deleted AND ");
    ll_stored_same(&sql, item);
    ll_buf_z(&sql, " IS NOT NULL) WHERE ll_row <> first");
    return collect(k, &sql, LL_FAULT_UNIQUE, item);
}

/* Where either of two items is sealed they are compared by a blind index over both: the engine then keeps no opened value. */
static void put_comparable(struct ll_buf *sql, const struct ll_item *item, bool blind,
                           const struct ll_buf *value)
{
    if (!blind) {
        ll_buf_str(sql, ll_buf_view(value));
        return;
    }
    ll_buf_z(sql, "ll_blind(");
    ll_buf_sql(sql, ll_str(item->ref_resource));
    ll_buf_z(sql, ", ");
    ll_buf_sql(sql, ll_str(item->ref_item));
    ll_buf_z(sql, ", ");
    ll_stored_text(sql, item->element, value->failed ? "NULL" : value->p);
    ll_buf_c(sql, ')');
}

static void dangling_sql(struct recheck *k, const struct ll_item *item, bool blind,
                         const struct ll_buf *current, struct ll_buf *sql)
{
    struct ll_buf own = LL_BUF_INIT(4096), other = LL_BUF_INIT(1024);

    ll_stored_value(&own, k->r, item);
    ll_buf_sql_name(&other, ll_str(item->ref_item));
    ll_buf_z(sql, "SELECT ll_row, NULL FROM read_parquet(");
    ll_buf_sql(sql, ll_str(k->sorted));
    ll_buf_z(sql, ") WHERE NOT ll_deleted AND ");
    ll_stored_name(sql, item);
    ll_buf_z(sql, " IS NOT NULL AND ");
    put_comparable(sql, item, blind, &own);
    ll_buf_z(sql, " NOT IN (SELECT ");
    put_comparable(sql, item, blind, &other);
    ll_buf_printf(sql, " FROM (%s) AS other WHERE %s IS NOT NULL)", current->p, other.p);
    ll_buf_free(&own);
    ll_buf_free(&other);
}

static int find_dangling(struct recheck *k, const struct ll_item *item)
{
    struct ll_buf sql = LL_BUF_INIT(4 << 20), current = LL_BUF_INIT(4 << 20);
    bool sealed = false;
    int rc = k->job->current(k->job->ctx, item, &sealed, &current, k->err);

    if (rc > 0)
        dangling_sql(k, item, sealed || ll_item_sealed(item), &current, &sql);
    ll_buf_free(&current);
    if (rc <= 0)
        return rc; /* 0: nothing is published there, and there is nothing to judge by */
    return collect(k, &sql, LL_FAULT_REFERENCE, item);
}

static int by_row(const void *a, const void *b)
{
    const struct reject *x = a, *y = b;

    return (x->row > y->row) - (x->row < y->row);
}

static int find_all(struct recheck *k)
{
    int rc = k->out->sorted ? find_duplicates(k) : LL_OK;

    for (size_t i = 0; i < k->r->n_items && rc == LL_OK; i++) {
        const struct ll_item *item = &k->r->items[i];
        if (item->unique)
            rc = find_repeated(k, item);
        if (rc == LL_OK && item->ref_resource)
            rc = find_dangling(k, item);
    }
    if (rc == LL_OK && k->n)
        qsort(k->rejects, k->n, sizeof *k->rejects, by_row);
    return rc;
}

/* ---- moving them to the quarantine ---- */

static struct ll_str raw_of(const struct recheck *k, const struct ll_row *row, const struct ll_item *item)
{
    int column = item ? k->job->plan->cells[item - k->r->items].column : -1;

    return column >= 0 && (size_t)column < row->n ? row->cells[column] : (struct ll_str){"", 0};
}

static void explain(struct recheck *k, const struct ll_row *row, const struct reject *j, struct ll_reason *r)
{
    const struct ll_item *item = j->item;
    struct ll_str value = raw_of(k, row, item);
    struct ll_tally *t = item ? &k->out->stats.items[item - k->r->items].fault[j->fault]
                              : &k->out->stats.rows[j->fault];

    *r = (struct ll_reason){.fault = j->fault, .value = value, .detail_zh = {"", 0}, .detail_en = {"", 0}};
    if (item) {
        r->item = item->name;
        r->title_zh = item->title ? item->title : item->name;
        r->title_en = item->title_en ? item->title_en : item->name;
    }
    if (j->fault == LL_FAULT_DUPLICATE) {
        r->detail_zh = ll_str(ll_arena_printf(k->arena, "与第 %lld 行相同", (long long)j->other));
        r->detail_en = ll_str(ll_arena_printf(k->arena, "same as row %lld", (long long)j->other));
    } else if (j->fault == LL_FAULT_REFERENCE && item) {
        r->detail_zh = r->detail_en = ll_str(
            ll_arena_printf(k->arena, "%s.%s", item->ref_resource, item->ref_item));
    }
    ll_tally_add(t, item && ll_item_sealed(item) ? LL_STR("") : value, row->number);
}

/* Writes the row at *at and moves past its reasons. */
static int divert(struct recheck *k, const struct ll_row *row, size_t *at)
{
    struct ll_reason reasons[16];
    size_t n = 0;

    for (; *at < k->n && (uint64_t)k->rejects[*at].row == row->number; ++*at)
        if (n < LL_COUNT(reasons))
            explain(k, row, &k->rejects[*at], &reasons[n++]);
    k->out->stats.published--;
    k->out->stats.quarantined++;
    return ll_sink_row(k->late, row, NULL, reasons, n, k->err);
}

static int reread_range(struct recheck *k, const struct ll_range *range, size_t *at)
{
    struct ll_rows *rows = NULL;
    struct ll_row row;
    int rc = ll_source_rows(k->job->source, range, &rows, k->err);

    if (rc < 0)
        return rc;
    while (*at < k->n && (rc = rows->ops->next(rows, &row, k->err)) > 0) {
        if (row.number != (uint64_t)k->rejects[*at].row)
            continue;
        if ((rc = divert(k, &row, at)) < 0)
            break;
    }
    rows->ops->close(rows);
    return rc < 0 ? rc : LL_OK;
}

static int reread(struct recheck *k, const struct ll_range *ranges, unsigned n)
{
    size_t at = 0;
    int rc = LL_OK;

    for (unsigned i = 0; i < n && rc == LL_OK && at < k->n; i++)
        if ((uint64_t)k->rejects[at].row < ranges[i].first_row + ranges[i].rows)
            rc = reread_range(k, &ranges[i], &at);
    if (rc == LL_OK && at < k->n)
        return ll_fail(k->err, LL_INTERNAL, "第 %lld 行未能重新读出", "row %lld could not be read again",
                       (long long)k->rejects[at].row);
    return rc;
}

/* The rejected row numbers become a table, a few thousand a statement. */
static int load_rejects(struct recheck *k)
{
    enum { A_TIME = 5000 };
    int rc = ll_lake_exec(k->c, "CREATE TEMP TABLE ll_rejects (n BIGINT)", k->err);

    for (size_t i = 0; i < k->n && rc == LL_OK; i += A_TIME) {
        struct ll_buf sql = LL_BUF_INIT(1 << 20);
        ll_buf_z(&sql, "INSERT INTO ll_rejects VALUES ");
        for (size_t m = i; m < k->n && m < i + A_TIME; m++)
            ll_buf_printf(&sql, "%s(%lld)", m > i ? "," : "", (long long)k->rejects[m].row);
        rc = exec(k, &sql);
    }
    return rc;
}

/* In the order of keys again, by name: workers that leave rows out side by side do not keep the order of what they read, and segments are built
 * from a file that is sorted. */
static int write_rest(struct recheck *k, const char *to)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 16);
    int rc = load_rejects(k);

    if (rc < 0)
        return rc;
    ll_buf_z(&sql, "COPY (SELECT * FROM read_parquet(");
    ll_buf_sql(&sql, ll_str(k->sorted));
    ll_buf_z(&sql, ") WHERE ll_row NOT IN (SELECT n FROM ll_rejects) ORDER BY ");
    ll_stored_key(&sql, k->r);
    ll_buf_z(&sql, ", ll_row) TO ");
    ll_buf_sql(&sql, ll_str(to));
    ll_stored_format(&sql, k->r);
    rc = exec(k, &sql);
    if (rc == LL_OK)
        rc = ll_lake_exec(k->c, "DROP TABLE ll_rejects", k->err);
    return rc;
}

static int place(struct recheck *k)
{
    char to[LL_PATH];
    int rc = ll_path(to, k->err, "%s/data-0.parquet", k->job->out_dir);

    if (rc < 0)
        return rc;
    if (k->n)
        rc = write_rest(k, to);
    else if (rename(k->sorted, to) < 0)
        rc = ll_fail_errno(k->err, LL_IO, "无法移动 %s", "cannot move %s", k->sorted);
    k->out->files = 1;
    k->out->file_rows[0] = k->out->stats.published;
    return rc;
}

int ll_recheck(const struct ll_seal_job *job, struct ll_arena *arena, const char *const *stages,
               unsigned n_stages, const struct ll_range *ranges, unsigned n_ranges, struct ll_sink *late,
               struct ll_sealed *out, struct ll_err *err)
{
    struct recheck k = {
        .job = job, .r = job->plan->resource, .arena = arena, .late = late, .out = out, .err = err};
    int rc;

    if (job->progress)
        job->progress(job->ctx, "sort", 0, 0);
    if ((rc = ll_path(k.sorted, err, "%s/sorted.parquet", job->work_dir)) < 0 ||
        (rc = ll_lake_connect(job->lake, &k.c, err)) < 0)
        return rc;
    if ((rc = sort_stages(&k, stages, n_stages)) == LL_OK && (rc = find_all(&k)) == LL_OK)
        rc = reread(&k, ranges, n_ranges);
    if (rc == LL_OK)
        rc = place(&k);
    ll_lake_disconnect(k.c);
    free(k.rejects);
    return rc;
}
