/* pass.c - see pass.h.  The source fills DuckDB's vectors in place; the raw cells of the chunk in flight are kept beside. */
#include "lake/pass.h"

#include "lake/internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PASS_MAGIC 0x1a4e0002u
enum { MAX_RULES = 256 };

/* The chunk in flight: for each of its rows the raw cells and faults, until ll_admit has seen it. */
struct stash {
    uint64_t first_slot;
    size_t rows, chunk; /* rows held; capacity in rows */
    struct ll_row *row; /* without their cells: see first */
    size_t *first;      /* where a row's cells begin in `cells`, which may move */
    bool *faulty, *deleted;
    uint32_t *faults; /* chunk x n_columns */
    struct ll_str *cells;
    size_t n_cells, cap_cells;
    char *bytes;
    size_t n_bytes, cap_bytes;
};

struct ll_pass {
    unsigned magic;
    int id;
    struct ll_lake *lake;
    struct ll_pass_spec spec;
    struct stash stash;
    struct ll_value *values;
    bool *rules;
    _Atomic uint64_t rows;
    struct ll_err err; /* rc < 0 once something failed here */
};

static int alloc_stash(struct ll_pass *p)
{
    struct stash *s = &p->stash;
    size_t n = p->spec.n_columns ? p->spec.n_columns : 1;

    s->chunk = duckdb_vector_size();
    s->row = calloc(s->chunk, sizeof *s->row);
    s->first = calloc(s->chunk, sizeof *s->first);
    s->faulty = calloc(s->chunk, sizeof *s->faulty);
    s->deleted = calloc(s->chunk, sizeof *s->deleted);
    s->faults = calloc(s->chunk * n, sizeof *s->faults);
    p->values = calloc(n, sizeof *p->values);
    p->rules = calloc(p->spec.n_rules + 1, sizeof *p->rules);
    return s->row && s->first && s->faulty && s->deleted && s->faults && p->values && p->rules ? LL_OK
                                                                                               : LL_NOMEM;
}

static int take_id(struct ll_pass *p)
{
    int id = -1;

    pthread_mutex_lock(&p->lake->lock);
    for (int i = 0; i < LL_LAKE_PASSES && id < 0; i++)
        if (!p->lake->passes[i])
            p->lake->passes[id = i] = p;
    pthread_mutex_unlock(&p->lake->lock);
    return id;
}

int ll_pass_open(struct ll_lake *lake, const struct ll_pass_spec *spec, struct ll_pass **ret,
                 struct ll_err *err)
{
    struct ll_pass *p = calloc(1, sizeof *p);

    LL_CHECK(lake, LL_LAKE_MAGIC);
    if (!p)
        return ll_no_memory(err);
    LL_ASSERT(spec->n_rules <= MAX_RULES);
    p->magic = PASS_MAGIC;
    p->lake = lake;
    p->spec = *spec;
    p->id = -1;
    if (alloc_stash(p) < 0) {
        ll_pass_close(p);
        return ll_no_memory(err);
    }
    if ((p->id = take_id(p)) < 0) {
        ll_pass_close(p);
        return ll_fail(err, LL_BUSY, "同时运行的接收任务过多", "too many intake jobs are running");
    }
    *ret = p;
    return LL_OK;
}

struct ll_pass *ll_pass_close(struct ll_pass *p)
{
    if (!p)
        return NULL;
    LL_CHECK(p, PASS_MAGIC);
    if (p->id >= 0) {
        pthread_mutex_lock(&p->lake->lock);
        p->lake->passes[p->id] = NULL;
        pthread_mutex_unlock(&p->lake->lock);
    }
    free(p->stash.row);
    free(p->stash.first);
    free(p->stash.faulty);
    free(p->stash.deleted);
    free(p->stash.faults);
    free(p->stash.cells);
    free(p->stash.bytes);
    free(p->values);
    free(p->rules);
    p->magic = 0;
    free(p);
    return NULL;
}

int ll_pass_id(const struct ll_pass *p)
{
    return p->id;
}

uint64_t ll_pass_rows(const struct ll_pass *p)
{
    return atomic_load_explicit(&p->rows, memory_order_relaxed);
}

int ll_pass_run(struct ll_pass *p, struct ll_lake_conn *c, const char *sql, struct ll_err *err)
{
    int rc = ll_lake_exec(c, sql, err);

    if (p->err.rc < 0 && err)
        *err = p->err;
    return p->err.rc < 0 ? (int)p->err.rc : rc;
}

/* ---- the stash ---- */

static void *grown(void *old, size_t *cap, size_t need, size_t size)
{
    size_t n = *cap ? *cap : 4096;

    if (need <= *cap)
        return old;
    while (n < need)
        n *= 2;
    void *p = realloc(old, n * size);
    if (p)
        *cap = n;
    return p;
}

static void rebase_bytes(struct stash *s, const char *old)
{
    for (size_t i = 0; i < s->n_cells; i++)
        if (s->cells[i].p)
            s->cells[i].p = s->bytes + (s->cells[i].p - old);
}

static bool make_room(struct stash *s, const struct ll_row *row)
{
    size_t bytes = 0;
    const char *old_bytes = s->bytes;

    for (size_t i = 0; i < row->n; i++)
        bytes += row->cells[i].n;
    void *cells = grown(s->cells, &s->cap_cells, s->n_cells + row->n + 1, sizeof *s->cells);
    if (!cells)
        return false;
    s->cells = cells;
    void *p = grown(s->bytes, &s->cap_bytes, s->n_bytes + bytes + 1, 1);
    if (!p)
        return false;
    s->bytes = p;
    if (old_bytes && old_bytes != s->bytes)
        rebase_bytes(s, old_bytes);
    return true;
}

/* Keeps a copy of the row at place `at`.  Cells are found again by their position, since the arrays may move. */
static bool keep(struct stash *s, size_t at, const struct ll_row *row)
{
    if (!make_room(s, row))
        return false;
    s->row[at] = *row;
    s->row[at].detail_zh = s->row[at].detail_en = NULL;
    s->row[at].cells = NULL;
    s->first[at] = s->n_cells;
    for (size_t i = 0; i < row->n; i++) {
        struct ll_str c = row->cells[i];
        if (c.n)
            memcpy(s->bytes + s->n_bytes, c.p, c.n);
        s->cells[s->n_cells++] = (struct ll_str){c.p ? s->bytes + s->n_bytes : NULL, c.n};
        s->n_bytes += c.n;
    }
    return true;
}

static struct ll_row kept(const struct stash *s, size_t at)
{
    struct ll_row row = s->row[at];

    row.cells = s->cells + s->first[at];
    return row;
}

/* ---- ll_pass(ID): the table ---- */

static struct ll_pass *pass_of(struct ll_lake *lake, int64_t id)
{
    struct ll_pass *p = NULL;

    if (id < 0 || id >= LL_LAKE_PASSES)
        return NULL;
    pthread_mutex_lock(&lake->lock);
    p = lake->passes[id];
    pthread_mutex_unlock(&lake->lock);
    return p;
}

static duckdb_logical_type logical(const struct ll_pass_column *c)
{
    switch (c->type) {
    case LL_TYPE_INTEGER:
        return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case LL_TYPE_DECIMAL:
        return duckdb_create_decimal_type((uint8_t)c->precision, (uint8_t)c->scale);
    case LL_TYPE_DATE:
        return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case LL_TYPE_DATETIME:
        return duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP);
    case LL_TYPE_BOOLEAN:
        return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    default:
        return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    }
}

static void add_column(duckdb_bind_info info, const char *name, duckdb_logical_type t)
{
    duckdb_bind_add_result_column(info, name, t);
    duckdb_destroy_logical_type(&t);
}

static void bind(duckdb_bind_info info)
{
    duckdb_value v = duckdb_bind_get_parameter(info, 0);
    struct ll_pass *p = pass_of(duckdb_bind_get_extra_info(info), duckdb_get_int64(v));

    duckdb_destroy_value(&v);
    if (!p) {
        duckdb_bind_set_error(info, "no such pass");
        return;
    }
    for (size_t i = 0; i < p->spec.n_columns; i++)
        add_column(info, p->spec.columns[i].name, logical(&p->spec.columns[i]));
    add_column(info, "ll_row", duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    add_column(info, "ll_deleted", duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    add_column(info, "ll_slot", duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    duckdb_bind_set_bind_data(info, p, NULL);
}

static void init(duckdb_init_info info)
{
    duckdb_init_set_max_threads(info, 1); /* promise (1) */
}

static void put_decimal(void *data, size_t at, unsigned precision, ll_i128 v)
{
    if (precision <= 4)
        ((int16_t *)data)[at] = (int16_t)v;
    else if (precision <= 9)
        ((int32_t *)data)[at] = (int32_t)v;
    else if (precision <= 18)
        ((int64_t *)data)[at] = (int64_t)v;
    else
        ((duckdb_hugeint *)data)[at] = (duckdb_hugeint){.lower = (uint64_t)v, .upper = (int64_t)(v >> 64)};
}

/* A column of the chunk being filled. */
struct out {
    duckdb_vector v;
    void *data;
    uint64_t *validity;
};

static void put(struct out *o, const struct ll_pass_column *c, size_t at, const struct ll_value *v)
{
    if (v->null) {
        if (!o->validity) {
            duckdb_vector_ensure_validity_writable(o->v);
            o->validity = duckdb_vector_get_validity(o->v);
        }
        o->validity[at / 64] &= ~((uint64_t)1 << (at % 64));
        return;
    }
    LL_ASSERT(o->data != NULL);
    switch (c->type) {
    case LL_TYPE_INTEGER:
    case LL_TYPE_DATETIME:
        ((int64_t *)o->data)[at] = v->i;
        break;
    case LL_TYPE_DATE:
        ((int32_t *)o->data)[at] = (int32_t)v->i;
        break;
    case LL_TYPE_BOOLEAN:
        ((bool *)o->data)[at] = v->i != 0;
        break;
    case LL_TYPE_DECIMAL:
        put_decimal(o->data, at, c->precision, v->d);
        break;
    default:
        /* the decoder has made sure that it is UTF-8 */
        duckdb_unsafe_vector_assign_string_element_len(o->v, at, v->text.p ? v->text.p : "", v->text.n);
    }
}

/* Reads rows until one can be decoded; converts it into place `at` of the stash.  1, 0 at the end, < 0. */
static int next_row(struct ll_pass *p, size_t at)
{
    struct stash *s = &p->stash;
    struct ll_converted c = {.values = p->values, .faults = s->faults + at * p->spec.n_columns};
    struct ll_row row;
    int rc;

    while ((rc = p->spec.rows->ops->next(p->spec.rows, &row, &p->err)) > 0) {
        atomic_fetch_add_explicit(&p->rows, 1, memory_order_relaxed);
        if (row.fault < 0)
            break;
        p->spec.ops->undecoded(p->spec.ctx, &row);
    }
    if (rc <= 0)
        return rc;
    memset(c.faults, 0, p->spec.n_columns * sizeof *c.faults);
    p->spec.ops->convert(p->spec.ctx, &row, &c);
    s->faulty[at] = c.faulty;
    s->deleted[at] = c.deleted;
    s->row[at].number = row.number;
    if ((c.faulty || p->spec.n_rules) && !keep(s, at, &row))
        return ll_no_memory(&p->err);
    return 1;
}

static size_t fill_chunk(struct ll_pass *p, struct out *outs, struct out *number, struct out *deleted,
                         struct out *slot)
{
    struct stash *s = &p->stash;
    size_t n = 0;

    LL_ASSERT(number->data != NULL && deleted->data != NULL && slot->data != NULL);
    for (; n < s->chunk; n++) {
        if (next_row(p, n) <= 0)
            break;
        for (size_t i = 0; i < p->spec.n_columns; i++)
            put(&outs[i], &p->spec.columns[i], n, &p->values[i]);
        ((int64_t *)number->data)[n] = (int64_t)s->row[n].number;
        ((bool *)deleted->data)[n] = s->deleted[n];
        ((int64_t *)slot->data)[n] = (int64_t)(s->first_slot + n);
    }
    return n;
}

static void next_chunk(duckdb_function_info info, duckdb_data_chunk chunk)
{
    struct ll_pass *p = duckdb_function_get_bind_data(info);
    struct stash *s = &p->stash;
    size_t n = p->spec.n_columns;
    struct out *outs = calloc(n + 3, sizeof *outs);

    LL_CHECK(p, PASS_MAGIC);
    s->first_slot += s->rows;
    s->rows = s->n_cells = s->n_bytes = 0;
    if (!outs) {
        duckdb_function_set_error(info, "out of memory");
        return;
    }
    for (size_t i = 0; i < n + 3; i++) {
        outs[i].v = duckdb_data_chunk_get_vector(chunk, i);
        outs[i].data = duckdb_vector_get_data(outs[i].v);
    }
    s->rows = fill_chunk(p, outs, &outs[n], &outs[n + 1], &outs[n + 2]);
    free(outs);
    if (p->err.rc == LL_OK && p->spec.ops->failed(p->spec.ctx, &p->err) < 0)
        LL_ASSERT(p->err.rc < 0);
    if (p->err.rc < 0)
        duckdb_function_set_error(info, p->err.en);
    else
        duckdb_data_chunk_set_size(chunk, s->rows);
}

/* ---- ll_admit(ID, slot, rules...) ---- */

struct rules {
    size_t n;
    const bool **holds;
    uint64_t **known;
};

static bool holds(const struct rules *r, size_t rule, size_t row)
{
    bool known = !r->known[rule] || (r->known[rule][row / 64] >> (row % 64) & 1);

    return !known || r->holds[rule][row];
}

static bool admit_row(struct ll_pass *p, const struct rules *r, size_t row, uint64_t slot)
{
    struct stash *s = &p->stash;
    size_t at = slot - s->first_slot;
    bool all = true;

    LL_ASSERT(slot >= s->first_slot && at < s->rows); /* the chunk in flight is the only one */
    for (size_t i = 0; i < r->n; i++)
        all &= p->rules[i] = holds(r, i, row);
    if (all && !s->faulty[at])
        return true;
    struct ll_row raw = kept(s, at);
    return p->spec.ops->admit(p->spec.ctx, &raw, s->faults + at * p->spec.n_columns, s->deleted[at],
                              p->rules);
}

static void admit(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    struct ll_lake *lake = duckdb_scalar_function_get_extra_info(info);
    size_t rows = duckdb_data_chunk_get_size(in), n = duckdb_data_chunk_get_column_count(in) - 2;
    const int64_t *ids = duckdb_vector_get_data(duckdb_data_chunk_get_vector(in, 0));
    const int64_t *slots = duckdb_vector_get_data(duckdb_data_chunk_get_vector(in, 1));
    bool *result = duckdb_vector_get_data(out);
    const bool *values[MAX_RULES];
    uint64_t *known[MAX_RULES];
    struct rules r = {n, values, known};
    struct ll_pass *p = rows ? pass_of(lake, ids[0]) : NULL;

    if (!rows)
        return;
    if (!p || n != p->spec.n_rules || n > MAX_RULES) {
        duckdb_scalar_function_set_error(info, "ll_admit: wrong pass");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(in, i + 2);
        values[i] = duckdb_vector_get_data(v);
        known[i] = duckdb_vector_get_validity(v);
    }
    for (size_t i = 0; i < rows; i++)
        result[i] = admit_row(p, &r, i, (uint64_t)slots[i]);
}

/* ---- registration ---- */

static int register_table(struct ll_lake *lake, duckdb_connection c)
{
    duckdb_table_function f = duckdb_create_table_function();
    duckdb_logical_type t = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);

    duckdb_table_function_set_name(f, "ll_pass");
    duckdb_table_function_add_parameter(f, t);
    duckdb_table_function_set_extra_info(f, lake, NULL);
    duckdb_table_function_set_bind(f, bind);
    duckdb_table_function_set_init(f, init);
    duckdb_table_function_set_function(f, next_chunk);
    int ok = duckdb_register_table_function(c, f) == DuckDBSuccess;
    duckdb_destroy_logical_type(&t);
    duckdb_destroy_table_function(&f);
    return ok ? LL_OK : LL_FAIL;
}

static int register_admit(struct ll_lake *lake, duckdb_connection c)
{
    duckdb_scalar_function f = duckdb_create_scalar_function();
    duckdb_logical_type i64 = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_logical_type boolean = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);

    duckdb_scalar_function_set_name(f, "ll_admit");
    duckdb_scalar_function_add_parameter(f, i64);
    duckdb_scalar_function_add_parameter(f, i64);
    duckdb_scalar_function_set_varargs(f, boolean);
    duckdb_scalar_function_set_return_type(f, boolean);
    duckdb_scalar_function_set_special_handling(f); /* a NULL rule must reach us */
    duckdb_scalar_function_set_volatile(f);
    duckdb_scalar_function_set_extra_info(f, lake, NULL);
    duckdb_scalar_function_set_function(f, admit);
    int ok = duckdb_register_scalar_function(c, f) == DuckDBSuccess;
    duckdb_destroy_logical_type(&i64);
    duckdb_destroy_logical_type(&boolean);
    duckdb_destroy_scalar_function(&f);
    return ok ? LL_OK : LL_FAIL;
}

int ll_pass_register(struct ll_lake *lake, duckdb_connection c, struct ll_err *err)
{
    if (register_table(lake, c) < 0 || register_admit(lake, c) < 0)
        return ll_fail(err, LL_INTERNAL, "无法向分析引擎登记函数",
                       "cannot register functions with the engine");
    return LL_OK;
}
