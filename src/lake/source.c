/* source.c - see source.h.  SQL names a source by its place in struct ll_lake, as it does a pass (pass.c). */
#include "lake/source.h"

#include "lake/internal.h"

#include <stdlib.h>

struct ll_lake_source {
    struct ll_rows *rows;
    const struct ll_source_column *columns;
    size_t n;
    struct ll_err err; /* rc < 0: why the rows ended */
};

static struct ll_lake_source *source_of(struct ll_lake *lake, int64_t id)
{
    struct ll_lake_source *s = NULL;

    if (id < 0 || id >= LL_LAKE_SOURCES)
        return NULL;
    pthread_mutex_lock(&lake->lock);
    s = lake->sources[id];
    pthread_mutex_unlock(&lake->lock);
    return s;
}

static int place(struct ll_lake *lake, struct ll_lake_source *s, int64_t *ret, struct ll_err *err)
{
    int64_t at = 0;

    pthread_mutex_lock(&lake->lock);
    while (at < LL_LAKE_SOURCES && lake->sources[at])
        at++;
    if (at < LL_LAKE_SOURCES)
        lake->sources[at] = s;
    pthread_mutex_unlock(&lake->lock);
    *ret = at;
    return at < LL_LAKE_SOURCES
               ? LL_OK
               : ll_fail(err, LL_BUSY, "同时写出的文件过多", "too many files are written at once");
}

static void leave(struct ll_lake *lake, int64_t at)
{
    pthread_mutex_lock(&lake->lock);
    lake->sources[at] = NULL;
    pthread_mutex_unlock(&lake->lock);
}

static void bind(duckdb_bind_info info)
{
    duckdb_value v = duckdb_bind_get_parameter(info, 0);
    struct ll_lake_source *s = source_of(duckdb_bind_get_extra_info(info), duckdb_get_int64(v));
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);

    duckdb_destroy_value(&v);
    if (s) {
        for (size_t i = 0; i < s->n; i++)
            duckdb_bind_add_result_column(info, s->columns[i].name, text);
        duckdb_bind_set_bind_data(info, s, NULL);
    } else
        duckdb_bind_set_error(info, "no such source");
    duckdb_destroy_logical_type(&text);
}

static void init(duckdb_init_info info)
{
    duckdb_init_set_max_threads(info, 1);
}

static void put_row(duckdb_data_chunk chunk, size_t at, const struct ll_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(chunk, i);
        if (i < row->n && row->cells[i].p)
            duckdb_vector_assign_string_element_len(v, at, row->cells[i].p, row->cells[i].n);
        else {
            duckdb_vector_ensure_validity_writable(v);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(v), at);
        }
    }
}

static void next_chunk(duckdb_function_info info, duckdb_data_chunk chunk)
{
    struct ll_lake_source *s = duckdb_function_get_bind_data(info);
    size_t most = duckdb_vector_size(), n = 0;
    struct ll_row row;

    for (; n < most; n++) {
        if (s->rows->ops->next(s->rows, &row, &s->err) <= 0)
            break;
        put_row(chunk, n, &row, s->n);
    }
    if (s->err.rc < 0)
        duckdb_function_set_error(info, s->err.en);
    else
        duckdb_data_chunk_set_size(chunk, n);
}

int ll_source_register(struct ll_lake *lake, duckdb_connection c, struct ll_err *err)
{
    duckdb_table_function f = duckdb_create_table_function();
    duckdb_logical_type t = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);

    duckdb_table_function_set_name(f, "ll_rows");
    duckdb_table_function_add_parameter(f, t);
    duckdb_table_function_set_extra_info(f, lake, NULL);
    duckdb_table_function_set_bind(f, bind);
    duckdb_table_function_set_init(f, init);
    duckdb_table_function_set_function(f, next_chunk);
    bool ok = duckdb_register_table_function(c, f) == DuckDBSuccess;
    duckdb_destroy_logical_type(&t);
    duckdb_destroy_table_function(&f);
    return ok ? LL_OK
              : ll_fail(err, LL_INTERNAL, "无法向分析引擎登记函数",
                        "cannot register functions with the engine");
}

static int run(struct ll_lake_conn *c, const struct ll_lake_source *s, int64_t at, const char *path,
               struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(16 << 20);

    ll_buf_z(&sql, "COPY (SELECT ");
    for (size_t i = 0; i < s->n; i++) {
        struct ll_str name = ll_str(s->columns[i].name);
        ll_buf_z(&sql, i ? ", CAST(" : "CAST(");
        ll_buf_sql_name(&sql, name);
        ll_buf_printf(&sql, " AS %s) AS ", s->columns[i].type);
        ll_buf_sql_name(&sql, name);
    }
    ll_buf_printf(&sql, " FROM ll_rows(%lld)) TO ", (long long)at);
    ll_buf_sql(&sql, ll_str(path));
    ll_buf_z(&sql, " (FORMAT parquet, COMPRESSION zstd)");
    int rc = sql.failed ? ll_no_memory(err) : ll_lake_exec(c, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

int ll_lake_write_rows(struct ll_lake_conn *c, struct ll_rows *rows, const struct ll_source_column *columns,
                       size_t n, const char *path, struct ll_err *err)
{
    struct ll_lake_source s = {.rows = rows, .columns = columns, .n = n};
    int64_t at = 0;
    int rc = place(c->lake, &s, &at, err);

    if (rc < 0)
        return rc;
    rc = run(c, &s, at, path, err);
    leave(c->lake, at);
    if (s.err.rc < 0) { /* our own words, not the engine's */
        *err = s.err;
        rc = s.err.rc;
    }
    return rc;
}
