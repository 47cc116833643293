/* functions_match.c - scalar functions of ours that compare records (docs/internals/linkage.md).  All count characters, where the engine's own
 * count bytes, of which a Chinese character has three.
 *
 *   ll_names_alike(a VARCHAR, b VARCHAR) -> DOUBLE      Jaro and Winkler, 0 to 1
 *   ll_edits(a VARCHAR, b VARCHAR) -> DOUBLE            insertions, deletions, substitutions, swaps of neighbours
 *   ll_tokens_alike(a VARCHAR, b VARCHAR) -> DOUBLE     Dice's coefficient of words, numbers and pairs of characters
 *   ll_steps(x DOUBLE, t DOUBLE, ...) -> BIGINT         how many of the thresholds x reaches: x is computed once for all of them
 *   ll_company_core(name VARCHAR) -> VARCHAR            the chosen part of a firm's name
 *   ll_id_key(scheme VARCHAR, value VARCHAR) -> VARCHAR the canonical identifier (15 digits become 18; a credit code gives the organisation
 *                                                       code inside it); NULL when a check fails */
#include "lake/internal.h"

#include "standard/ident.h"
#include "standard/similar.h"

#include <string.h>

enum { NAME_MAX_BYTES = 1 << 16 };

static double edits(struct ll_str a, struct ll_str b)
{
    return ll_similar_edits(a, b);
}

static void compare(duckdb_data_chunk in, duckdb_vector out, double (*measure)(struct ll_str, struct ll_str))
{
    duckdb_vector a = duckdb_data_chunk_get_vector(in, 0), b = duckdb_data_chunk_get_vector(in, 1);
    double *result = duckdb_vector_get_data(out);

    for (size_t i = 0, n = duckdb_data_chunk_get_size(in); i < n; i++)
        if (!ll_lake_null_row(in, out, i))
            result[i] = measure(ll_lake_text_at(a, i), ll_lake_text_at(b, i));
}

static void names_alike(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    (void)info;
    compare(in, out, ll_similar_names);
}

static void edits_of(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    (void)info;
    compare(in, out, edits);
}

static void tokens_alike(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    (void)info;
    compare(in, out, ll_similar_tokens);
}

static void steps(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    size_t columns = duckdb_data_chunk_get_column_count(in), n = duckdb_data_chunk_get_size(in);
    int64_t *result = duckdb_vector_get_data(out);

    (void)info;
    if (!columns)
        return;
    const double *x = duckdb_vector_get_data(duckdb_data_chunk_get_vector(in, 0));
    memset(result, 0, n * sizeof *result);
    for (size_t c = 1; c < columns; c++) {
        const double *t = duckdb_vector_get_data(duckdb_data_chunk_get_vector(in, c));
        for (size_t i = 0; i < n; i++)
            result[i] += x[i] >= t[i];
    }
    for (size_t i = 0; i < n; i++)
        ll_lake_null_row(in, out, i);
}

static void company_core(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    duckdb_vector names = duckdb_data_chunk_get_vector(in, 0);
    struct ll_buf core = LL_BUF_INIT(NAME_MAX_BYTES);

    (void)info;
    for (size_t i = 0, n = duckdb_data_chunk_get_size(in); i < n; i++) {
        if (ll_lake_null_row(in, out, i))
            continue;
        struct ll_str name = ll_lake_text_at(names, i);
        if (name.n < NAME_MAX_BYTES)
            ll_company_core(name, &core);
        if (name.n == 0 || name.n >= NAME_MAX_BYTES || core.failed)
            ll_lake_set_null(out, i);
        else
            duckdb_vector_assign_string_element_len(out, i, core.p, core.n);
    }
    ll_buf_free(&core);
}

static void id_key(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    duckdb_vector schemes = duckdb_data_chunk_get_vector(in, 0), values = duckdb_data_chunk_get_vector(in, 1);
    char canon[LL_ID_MAX], org[LL_ID_MAX];
    enum ll_scheme scheme;
    size_t n;

    for (size_t i = 0, rows = duckdb_data_chunk_get_size(in); i < rows; i++) {
        if (ll_lake_null_row(in, out, i))
            continue;
        if (!ll_scheme_parse(ll_lake_text_at(schemes, i), &scheme)) {
            duckdb_scalar_function_set_error(info, "ll_id_key: unknown scheme");
            return;
        }
        if (ll_id_check(scheme, ll_lake_text_at(values, i), canon, &n) != LL_IDF_OK)
            ll_lake_set_null(out, i);
        else if (scheme == LL_ID_USCC && ll_id_org_code_of((struct ll_str){canon, n}, org))
            duckdb_vector_assign_string_element(out, i, org);
        else
            duckdb_vector_assign_string_element_len(out, i, canon, n);
    }
}

static const struct function {
    const char *name;
    unsigned texts; /* parameters; 0: any number of DOUBLE */
    duckdb_type returns;
    duckdb_scalar_function_t call;
} functions[] = {
    {"ll_names_alike", 2, DUCKDB_TYPE_DOUBLE, names_alike},    {"ll_edits", 2, DUCKDB_TYPE_DOUBLE, edits_of},
    {"ll_tokens_alike", 2, DUCKDB_TYPE_DOUBLE, tokens_alike},  {"ll_steps", 0, DUCKDB_TYPE_BIGINT, steps},
    {"ll_company_core", 1, DUCKDB_TYPE_VARCHAR, company_core}, {"ll_id_key", 2, DUCKDB_TYPE_VARCHAR, id_key},
};

static bool register_one(duckdb_connection c, const struct function *f)
{
    duckdb_scalar_function s = duckdb_create_scalar_function();
    duckdb_logical_type takes = duckdb_create_logical_type(f->texts ? DUCKDB_TYPE_VARCHAR
                                                                    : DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type returns = duckdb_create_logical_type(f->returns);

    duckdb_scalar_function_set_name(s, f->name);
    for (unsigned i = 0; i < f->texts; i++)
        duckdb_scalar_function_add_parameter(s, takes);
    if (!f->texts)
        duckdb_scalar_function_set_varargs(s, takes);
    duckdb_scalar_function_set_return_type(s, returns);
    duckdb_scalar_function_set_function(s, f->call);
    bool ok = duckdb_register_scalar_function(c, s) == DuckDBSuccess;
    duckdb_destroy_logical_type(&takes);
    duckdb_destroy_logical_type(&returns);
    duckdb_destroy_scalar_function(&s);
    return ok;
}

int ll_match_functions_register(duckdb_connection c, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(functions); i++)
        if (!register_one(c, &functions[i]))
            return ll_fail(err, LL_INTERNAL, "无法登记函数 %s", "cannot register function %s",
                           functions[i].name);
    return LL_OK;
}
