/* result.c - streams a result, chunk by chunk, as rows of plain values.
 *
 * Publishing reads every sealed row through here, so each column's reader is chosen once a chunk and formats in place. */
#include "lake/internal.h"

#include "standard/convert.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 48 };

struct column {
    duckdb_type type, physical; /* physical: of a decimal */
    uint8_t scale;
    const void *data;
    const uint64_t *validity;
    char text[TEXT_MAX]; /* where a date or decimal is written */
};

struct reader {
    duckdb_result result;
    struct column *columns;
    struct ll_lake_value *row;
    size_t n;
};

static ll_i128 hugeint(duckdb_hugeint h)
{
    return (ll_i128)h.upper * ((ll_i128)1 << 64) + h.lower; /* a negative value may not be shifted */
}

static struct ll_lake_value of_int(int64_t v)
{
    return (struct ll_lake_value){.kind = LL_LV_INT, .i = v};
}

static struct ll_lake_value of_text(const char *p, size_t n)
{
    return (struct ll_lake_value){.kind = LL_LV_TEXT, .s = {p, n}};
}

static struct ll_lake_value decimal(struct column *c, size_t i)
{
    ll_i128 v;

    switch (c->physical) {
    case DUCKDB_TYPE_SMALLINT:
        v = ((const int16_t *)c->data)[i];
        break;
    case DUCKDB_TYPE_INTEGER:
        v = ((const int32_t *)c->data)[i];
        break;
    case DUCKDB_TYPE_BIGINT:
        v = ((const int64_t *)c->data)[i];
        break;
    default:
        v = hugeint(((const duckdb_hugeint *)c->data)[i]);
    }
    return of_text(c->text, ll_decimal_text(v, c->scale, c->text));
}

static struct ll_lake_value value_at(struct column *c, size_t i)
{
    if (c->validity && !(c->validity[i / 64] >> (i % 64) & 1))
        return (struct ll_lake_value){.kind = LL_LV_NULL};
    switch (c->type) {
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: {
        duckdb_string_t *s = (duckdb_string_t *)c->data + i;
        struct ll_lake_value v = of_text(duckdb_string_t_data(s), duckdb_string_t_length(*s));
        v.kind = c->type == DUCKDB_TYPE_BLOB ? LL_LV_BLOB : LL_LV_TEXT;
        return v;
    }
    case DUCKDB_TYPE_BOOLEAN:
        return of_int(((const bool *)c->data)[i]);
    case DUCKDB_TYPE_TINYINT:
        return of_int(((const int8_t *)c->data)[i]);
    case DUCKDB_TYPE_UTINYINT:
        return of_int(((const uint8_t *)c->data)[i]);
    case DUCKDB_TYPE_INTEGER:
        return of_int(((const int32_t *)c->data)[i]);
    case DUCKDB_TYPE_UINTEGER:
        return of_int(((const uint32_t *)c->data)[i]);
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
        return of_int(((const int64_t *)c->data)[i]);
    case DUCKDB_TYPE_HUGEINT:
        return of_int((int64_t)hugeint(((const duckdb_hugeint *)c->data)[i]));
    case DUCKDB_TYPE_DOUBLE:
        return (struct ll_lake_value){.kind = LL_LV_NUM, .num = ((const double *)c->data)[i]};
    case DUCKDB_TYPE_DATE:
        return of_text(c->text, ll_date_text(((const int32_t *)c->data)[i], c->text));
    case DUCKDB_TYPE_TIMESTAMP:
        return of_text(c->text, ll_datetime_text(((const int64_t *)c->data)[i], c->text));
    case DUCKDB_TYPE_DECIMAL:
        return decimal(c, i);
    default:
        return (struct ll_lake_value){.kind = LL_LV_NULL};
    }
}

static bool readable(duckdb_type t)
{
    static const duckdb_type known[] = {DUCKDB_TYPE_VARCHAR,   DUCKDB_TYPE_BLOB,     DUCKDB_TYPE_BOOLEAN,
                                        DUCKDB_TYPE_TINYINT,   DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_INTEGER,
                                        DUCKDB_TYPE_UINTEGER,  DUCKDB_TYPE_BIGINT,   DUCKDB_TYPE_UBIGINT,
                                        DUCKDB_TYPE_HUGEINT,   DUCKDB_TYPE_DOUBLE,   DUCKDB_TYPE_DATE,
                                        DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_DECIMAL,  DUCKDB_TYPE_SQLNULL};

    for (size_t i = 0; i < LL_COUNT(known); i++)
        if (known[i] == t)
            return true;
    return false;
}

static int describe(struct reader *r, struct ll_err *err)
{
    r->n = duckdb_column_count(&r->result);
    r->columns = calloc(r->n ? r->n : 1, sizeof *r->columns);
    r->row = calloc(r->n ? r->n : 1, sizeof *r->row);
    if (!r->columns || !r->row)
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n; i++) {
        struct column *c = &r->columns[i];
        c->type = duckdb_column_type(&r->result, i);
        if (!readable(c->type))
            return ll_fail(err, LL_INTERNAL, "查询结果第 %zu 列的类型无法读取",
                           "column %zu of a query has a type we do not read", i + 1);
        if (c->type == DUCKDB_TYPE_DECIMAL) {
            duckdb_logical_type t = duckdb_column_logical_type(&r->result, i);
            c->scale = duckdb_decimal_scale(t);
            c->physical = duckdb_decimal_internal_type(t);
            duckdb_destroy_logical_type(&t);
        }
    }
    return LL_OK;
}

static int each_of_chunk(struct reader *r, duckdb_data_chunk chunk, ll_lake_fn *fn, void *ctx,
                         struct ll_err *err)
{
    size_t rows = duckdb_data_chunk_get_size(chunk);
    int rc = LL_OK;

    for (size_t i = 0; i < r->n; i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(chunk, i);
        r->columns[i].data = duckdb_vector_get_data(v);
        r->columns[i].validity = duckdb_vector_get_validity(v);
    }
    for (size_t at = 0; at < rows && rc >= 0; at++) {
        for (size_t i = 0; i < r->n; i++)
            r->row[i] = value_at(&r->columns[i], at);
        rc = fn(ctx, r->row, r->n, err);
    }
    return rc;
}

static int stream(struct reader *r, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    int rc = describe(r, err);

    while (rc >= 0) {
        duckdb_data_chunk chunk = duckdb_fetch_chunk(r->result);
        if (!chunk)
            break;
        rc = each_of_chunk(r, chunk, fn, ctx, err);
        duckdb_destroy_data_chunk(&chunk);
    }
    const char *text = duckdb_result_error(&r->result);
    if (rc >= 0 && text && text[0])
        rc = ll_lake_fail(err, text);
    free(r->columns);
    free(r->row);
    return rc;
}

int ll_lake_result_rows(duckdb_result *result, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    struct reader r = {.result = *result};

    return stream(&r, fn, ctx, err);
}

int ll_lake_each(struct ll_lake_conn *c, const char *sql, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    struct reader r = {0};
    duckdb_prepared_statement s = NULL;
    int rc = LL_OK;

    if (duckdb_prepare(c->c, sql, &s) != DuckDBSuccess)
        rc = ll_lake_fail(err, duckdb_prepare_error(s));
    else if (duckdb_execute_prepared_streaming(s, &r.result) != DuckDBSuccess)
        rc = ll_lake_fail(err, duckdb_result_error(&r.result));
    else
        rc = stream(&r, fn, ctx, err);
    duckdb_destroy_result(&r.result);
    duckdb_destroy_prepare(&s);
    return rc < 0 ? rc : LL_OK;
}
