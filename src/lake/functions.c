/* functions.c - scalar functions of ours that packs may use in predicates and views (docs/packs.md, "Functions"):
 *
 *   ll_id_ok(scheme VARCHAR, value VARCHAR) -> BOOLEAN    the identifier passes every check of its scheme
 *   ll_id_kind(value VARCHAR) -> VARCHAR                  the kind of subject that a uscc or resident_id tells
 *   ll_mask(value VARCHAR) -> VARCHAR                     the middle of the value replaced by asterisks */
#include "lake/internal.h"

#include "base/log.h"
#include "standard/ident.h"

#include <string.h>

struct ll_str ll_lake_text_at(duckdb_vector v, size_t row)
{
    duckdb_string_t *s = (duckdb_string_t *)duckdb_vector_get_data(v) + row;

    return (struct ll_str){duckdb_string_t_data(s), duckdb_string_t_length(*s)};
}

bool ll_lake_null_row(duckdb_data_chunk in, duckdb_vector out, size_t row)
{
    for (size_t c = 0, n = duckdb_data_chunk_get_column_count(in); c < n; c++) {
        uint64_t *valid = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(in, c));
        if (valid && !duckdb_validity_row_is_valid(valid, row)) {
            ll_lake_set_null(out, row);
            return true;
        }
    }
    return false;
}

void ll_lake_set_null(duckdb_vector out, size_t row)
{
    duckdb_vector_ensure_validity_writable(out);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(out), row);
}

static void id_ok(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    duckdb_vector schemes = duckdb_data_chunk_get_vector(in, 0), values = duckdb_data_chunk_get_vector(in, 1);
    bool *result = duckdb_vector_get_data(out);
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    size_t n;

    for (size_t i = 0; i < duckdb_data_chunk_get_size(in); i++) {
        if (ll_lake_null_row(in, out, i))
            continue;
        if (!ll_scheme_parse(ll_lake_text_at(schemes, i), &scheme)) {
            duckdb_scalar_function_set_error(info, "ll_id_ok: unknown scheme");
            return;
        }
        result[i] = ll_id_check(scheme, ll_lake_text_at(values, i), canon, &n) == LL_IDF_OK;
    }
}

static void id_kind(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    duckdb_vector values = duckdb_data_chunk_get_vector(in, 0);
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    enum ll_kind kind;
    size_t n;

    (void)info;
    for (size_t i = 0; i < duckdb_data_chunk_get_size(in); i++) {
        if (ll_lake_null_row(in, out, i))
            continue;
        if (ll_id_detect(ll_lake_text_at(values, i), &scheme, canon, &n) &&
            ll_id_kind(scheme, (struct ll_str){canon, n}, &kind))
            duckdb_vector_assign_string_element(out, i, ll_kind_name(kind));
        else
            ll_lake_set_null(out, i);
    }
}

static void mask(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    duckdb_vector values = duckdb_data_chunk_get_vector(in, 0);
    char masked[512];

    (void)info;
    for (size_t i = 0; i < duckdb_data_chunk_get_size(in); i++)
        if (!ll_lake_null_row(in, out, i))
            duckdb_vector_assign_string_element(out, i,
                                                ll_mask(ll_lake_text_at(values, i), masked, sizeof masked));
}

static const struct function {
    const char *name;
    unsigned params;
    duckdb_type returns;
    duckdb_scalar_function_t call;
} functions[] = {
    {"ll_id_ok", 2, DUCKDB_TYPE_BOOLEAN, id_ok},
    {"ll_id_kind", 1, DUCKDB_TYPE_VARCHAR, id_kind},
    {"ll_mask", 1, DUCKDB_TYPE_VARCHAR, mask},
};

static bool register_one(duckdb_connection c, const struct function *f)
{
    duckdb_scalar_function s = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type returns = duckdb_create_logical_type(f->returns);

    duckdb_scalar_function_set_name(s, f->name);
    for (unsigned i = 0; i < f->params; i++)
        duckdb_scalar_function_add_parameter(s, text);
    duckdb_scalar_function_set_return_type(s, returns);
    duckdb_scalar_function_set_function(s, f->call);
    bool ok = duckdb_register_scalar_function(c, s) == DuckDBSuccess;
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&returns);
    duckdb_destroy_scalar_function(&s);
    return ok;
}

int ll_functions_register(duckdb_connection c, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(functions); i++)
        if (!register_one(c, &functions[i]))
            return ll_fail(err, LL_INTERNAL, "无法登记函数 %s", "cannot register function %s",
                           functions[i].name);
    return LL_OK;
}
