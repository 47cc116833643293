/* functions_seal.c - sealed values in SQL (store/vault.h); the statements are ours, packs have no use for them:
 *
 *   ll_seal(resource VARCHAR, item VARCHAR, value VARCHAR) -> BLOB
 *   ll_unseal(resource VARCHAR, item VARCHAR, sealed BLOB) -> VARCHAR
 *   ll_blind(resource VARCHAR, item VARCHAR, part VARCHAR, ...) -> BLOB     item '': the parts of a key
 *
 * NULL gives NULL.  Opened values are meant to leave a statement or to go straight into another of these functions: an operator that
 * keeps rows (a sort, a join) may write them to the folder where the engine spills. */
#include "lake/internal.h"

#include "crypto/random.h"

#include <string.h>

enum { VALUE_MAX = 256 << 20, ERROR_MAX = 2 * LL_ERR_TEXT + 64, MAX_PARTS = 32 };

/* A call over one chunk. */
struct call {
    duckdb_vector in[2 + MAX_PARTS], out;
    size_t n, rows;
    struct ll_cell *cell;
    struct ll_buf value;
};

static struct ll_str bytes_at(duckdb_vector v, size_t row)
{
    duckdb_string_t *s = (duckdb_string_t *)duckdb_vector_get_data(v) + row;

    return (struct ll_str){duckdb_string_t_data(s), duckdb_string_t_length(*s)};
}

static bool is_null(const struct call *k, size_t row)
{
    for (size_t i = 2; i < k->n; i++) {
        uint64_t *valid = duckdb_vector_get_validity(k->in[i]);
        if (valid && !duckdb_validity_row_is_valid(valid, row))
            return true;
    }
    return false;
}

static void put(struct call *k, size_t row, const void *p, size_t n)
{
    duckdb_vector_assign_string_element_len(k->out, row, n ? p : "", n);
}

static int seal_one(struct call *k, size_t row, struct ll_err *err)
{
    int rc = ll_cell_seal(k->cell, bytes_at(k->in[2], row), &k->value, err);

    if (rc == LL_OK)
        put(k, row, k->value.p, k->value.n);
    return rc;
}

static int unseal_one(struct call *k, size_t row, struct ll_err *err)
{
    int rc = ll_cell_unseal(k->cell, bytes_at(k->in[2], row), &k->value, err);

    if (rc == LL_OK)
        put(k, row, k->value.p, k->value.n);
    return rc;
}

static int blind_one(struct call *k, size_t row, struct ll_err *err)
{
    struct ll_str parts[MAX_PARTS];
    unsigned char index[LL_BLIND];

    for (size_t i = 2; i < k->n; i++)
        parts[i - 2] = bytes_at(k->in[i], row);
    int rc = ll_cell_blind(k->cell, parts, k->n - 2, index, err);
    if (rc == LL_OK)
        put(k, row, index, sizeof index);
    return rc;
}

typedef int one_fn(struct call *k, size_t row, struct ll_err *err);

static int each_row(struct call *k, one_fn *one, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t row = 0; row < k->rows && rc == LL_OK; row++) {
        ll_buf_clear(&k->value);
        if (!is_null(k, row)) {
            rc = one(k, row, err);
            continue;
        }
        duckdb_vector_ensure_validity_writable(k->out);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(k->out), row);
    }
    return rc;
}

static void fail(duckdb_function_info info, const struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(ERROR_MAX);

    ll_lake_put_error(&text, err);
    duckdb_scalar_function_set_error(info, text.p ? text.p : "out of memory");
    ll_buf_free(&text);
}

/* Resource and item are the same for every row: statements name them as literals. */
static void run(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out, one_fn *one)
{
    struct ll_vault *vault = duckdb_scalar_function_get_extra_info(info);
    struct call k = {
        .out = out, .n = duckdb_data_chunk_get_column_count(in), .value = LL_BUF_INIT(VALUE_MAX)};
    struct ll_err err = {0};

    k.rows = duckdb_data_chunk_get_size(in);
    if (!k.rows)
        return;
    if (k.n > LL_COUNT(k.in)) {
        duckdb_scalar_function_set_error(info, "ll_blind: too many parts");
        return;
    }
    for (size_t i = 0; i < k.n; i++)
        k.in[i] = duckdb_data_chunk_get_vector(in, i);
    int rc = ll_cell_open(vault, bytes_at(k.in[0], 0), bytes_at(k.in[1], 0), &k.cell, &err);
    if (rc == LL_OK)
        rc = each_row(&k, one, &err);
    if (rc < 0)
        fail(info, &err);
    ll_cell_close(k.cell);
    ll_buf_wipe(&k.value);
}

static void seal(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    run(info, in, out, seal_one);
}

static void unseal(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    run(info, in, out, unseal_one);
}

static void blind(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    run(info, in, out, blind_one);
}

static const struct function {
    const char *name;
    duckdb_type takes, returns;
    bool varargs,
        random; /* random: never the same twice, so that the engine may not compute it once for all rows */
    duckdb_scalar_function_t call;
} functions[] = {
    {"ll_seal", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BLOB, false, true, seal},
    {"ll_unseal", DUCKDB_TYPE_BLOB, DUCKDB_TYPE_VARCHAR, false, false, unseal},
    {"ll_blind", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BLOB, true, false, blind},
};

static bool register_one(duckdb_connection c, const struct function *f, struct ll_vault *vault)
{
    duckdb_scalar_function s = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type takes = duckdb_create_logical_type(f->takes);
    duckdb_logical_type returns = duckdb_create_logical_type(f->returns);

    duckdb_scalar_function_set_name(s, f->name);
    duckdb_scalar_function_add_parameter(s, text);
    duckdb_scalar_function_add_parameter(s, text);
    if (f->varargs)
        duckdb_scalar_function_set_varargs(s, takes);
    else
        duckdb_scalar_function_add_parameter(s, takes);
    duckdb_scalar_function_set_return_type(s, returns);
    duckdb_scalar_function_set_special_handling(s); /* we see the NULLs */
    if (f->random)
        duckdb_scalar_function_set_volatile(s);
    duckdb_scalar_function_set_extra_info(s, vault, NULL);
    duckdb_scalar_function_set_function(s, f->call);
    bool ok = duckdb_register_scalar_function(c, s) == DuckDBSuccess;
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&takes);
    duckdb_destroy_logical_type(&returns);
    duckdb_destroy_scalar_function(&s);
    return ok;
}

int ll_seal_functions_register(struct ll_vault *vault, duckdb_connection c, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(functions); i++)
        if (!register_one(c, &functions[i], vault))
            return ll_fail(err, LL_INTERNAL, "无法登记函数 %s", "cannot register function %s",
                           functions[i].name);
    return LL_OK;
}
