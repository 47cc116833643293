/* viewcheck.c - what the SQL of a view may say (viewsql.h).
 *
 * The engine parses the text and hands out its syntax tree; we walk the whole tree and refuse what is not known to be harmless: a table
 * that is none of the resources, a table function, a function outside the list, a parameter that is not declared.  Every refusal has the
 * place that the tree tells. */
#include "intake/viewsql.h"

#include "catalog/name.h"
#include "intake/tbl/view_functions.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_MAX = 64 << 20, DEPTH_MAX = 200 };

#define X(name) name,
static const char *const functions[] = {LL_VIEW_FUNCTIONS(X)};
#undef X

struct looking {
    struct ll_str sql;
    const char *const *tables;
    size_t n_tables;
    const struct ll_service *service;
    struct ll_view_fault *fault;
    struct ll_err *err;
    json_t *own; /* names that the view gives itself (WITH) */
};

/* --- places --------------------------------------------------------------------------------------------------------- */

static void place(struct ll_view_fault *f, struct ll_str sql, size_t offset)
{
    f->line = 1;
    f->column = 1;
    for (size_t i = 0; i < offset && i < sql.n; i++) {
        bool end = sql.p[i] == '\n';
        f->line += end;
        if (end)
            f->column = 1;
        else if (((unsigned char)sql.p[i] & 0xc0) != 0x80) /* characters, not bytes */
            f->column++;
    }
}

static void place_of(const struct looking *k, const json_t *node)
{
    double at = json_real_value(json_object_get(node, "query_location"));

    if (at >= 0 && at < (double)k->sql.n)
        place(k->fault, k->sql, (size_t)at);
}

static void place_of_text(const struct looking *k, const char *text)
{
    const char *at = strstr(k->sql.p, text);

    if (at)
        place(k->fault, k->sql, (size_t)(at - k->sql.p));
}

/* The line of a text, counted from 1. */
static struct ll_str line_of(struct ll_str text, uint64_t line)
{
    struct ll_str one = {NULL, 0};

    for (; line > 0; line--)
        ll_str_cut(text, '\n', &one, &text);
    return one;
}

void ll_view_locate(const char *words, uint64_t first, struct ll_str text, struct ll_view_fault *fault)
{
    const char *at = strstr(words, "\nLINE "), *shown, *caret;
    char *end;
    uint64_t line;

    if (!at || (line = strtoull(at + 6, &end, 10)) < first || end[0] != ':' || end[1] != ' ')
        return;
    fault->line = line - first + 1;
    shown = end + 2;
    if (!(caret = strchr(shown, '\n')))
        return;
    struct ll_str piece = {shown, (size_t)(caret - shown)};
    size_t under = strspn(caret + 1, " ") - (size_t)(shown - at - 1);
    struct ll_str whole = line_of(text, fault->line);
    size_t skipped = 0;
    if (ll_str_starts(piece, LL_STR("..."))) { /* the engine cuts long lines */
        piece = (struct ll_str){piece.p + 3, piece.n - 3};
        under -= 3;
        if (ll_str_ends(piece, LL_STR("...")))
            piece.n -= 3;
        while (whole.p && skipped + piece.n <= whole.n && memcmp(whole.p + skipped, piece.p, piece.n) != 0)
            skipped++;
        if (skipped + piece.n > whole.n)
            return;
    }
    struct ll_view_fault inner = {0};
    place(&inner, whole, skipped + under);
    fault->column = inner.column;
}

/* --- the tree ------------------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *node, const char *key)
{
    const char *z = json_string_value(json_object_get(node, key));

    return z ? z : "";
}

static int refuse(const struct looking *k, const json_t *node, const char *zh, const char *en,
                  const char *what)
{
    place_of(k, node);
    return ll_fail(k->err, LL_INVALID, "%s%s%.0s%.0s", "%.0s%.0s%s%s", zh, what, en, what);
}

static bool known_function(const char *name)
{
    if (!isalpha((unsigned char)name[0]))
        return true; /* an operator */
    for (size_t i = 0; i < LL_COUNT(functions); i++)
        if (strcmp(functions[i], name) == 0)
            return true;
    return false;
}

static int check_function(const struct looking *k, const json_t *node)
{
    const char *name = text_of(node, "function_name");
    const char *schema = text_of(node, "schema");

    if (known_function(name) && (!schema[0] || strcmp(schema, "main") == 0))
        return LL_OK;
    return refuse(k, node, "视图不能使用函数 ", "a view cannot use the function ", name);
}

static bool readable(const struct looking *k, const char *name)
{
    for (size_t i = 0; i < k->n_tables; i++)
        if (strcmp(k->tables[i], name) == 0)
            return true;
    return json_object_get(k->own, name) != NULL;
}

static int check_table(const struct looking *k, const json_t *node)
{
    const char *name = text_of(node, "table_name");
    struct ll_near near = ll_near_start(ll_str(name));

    if (text_of(node, "schema_name")[0] || text_of(node, "catalog_name")[0])
        return refuse(k, node, "视图只能写数据资源的名称，不能带模式名：",
                      "a view names resources only, without a schema: ", name);
    if (readable(k, name))
        return LL_OK;
    for (size_t i = 0; i < k->n_tables; i++)
        ll_near_try(&near, ll_str(k->tables[i]));
    place_of(k, node);
    return ll_fail(
        k->err, LL_INVALID, "视图不能读取“%s”%s%.*s；可读的是服务在 service_items.csv 中列出信息项的数据资源",
        "a view cannot read '%s'%s%.*s; it reads resources whose items the service lists in service_items.csv",
        name, near.best.n ? " -> " : "", LL_STR_ARG(near.best));
}

static int check_parameter(const struct looking *k, const json_t *node)
{
    const char *name = text_of(node, "identifier");
    char text[80];

    if (k->service && ll_service_item(k->service, LL_SERVICE_PARAMETER, ll_str(name)))
        return LL_OK;
    int n = snprintf(text, sizeof text, "$%s", name);
    if (n > 0 && (size_t)n < sizeof text)
        place_of_text(k, text);
    return ll_fail(k->err, LL_INVALID, "参数 $%s 没有在 service_items.csv 中声明（use 为 parameter）",
                   "parameter $%s is not declared in service_items.csv (use parameter)", name);
}

/* Kinds of node that read something else than a named table, or that PostgreSQL lacks. */
static const char *foreign(const char *type)
{
    static const char *const kinds[][2] = {{"TABLE_FUNCTION", "table function"},
                                           {"SHOW_REF", "SHOW, DESCRIBE"},
                                           {"PIVOT", "PIVOT"},
                                           {"COLUMN_DATA", "column data"},
                                           {"LAMBDA", "lambda"},
                                           {"RECURSIVE_CTE_NODE", "WITH RECURSIVE"},
                                           {"POSITIONAL_REFERENCE", "#1"}};

    for (size_t i = 0; i < LL_COUNT(kinds); i++)
        if (strcmp(kinds[i][0], type) == 0)
            return kinds[i][1];
    return NULL;
}

static int check_node(const struct looking *k, const json_t *node)
{
    const char *type = text_of(node, "type"), *class = text_of(node, "class"), *kind = foreign(type);

    if (strcmp(type, "TABLE_FUNCTION") == 0)
        return refuse(k, node, "视图不能从函数取行：", "a view cannot take rows from a function: ",
                      text_of(json_object_get(node, "function"), "function_name"));
    if (kind)
        return refuse(k, node, "视图中不能有：", "not in a view: ", kind);
    if (strcmp(type, "BASE_TABLE") == 0)
        return check_table(k, node);
    if (strcmp(class, "FUNCTION") == 0 || strcmp(class, "WINDOW") == 0)
        return check_function(k, node);
    return strcmp(class, "PARAMETER") == 0 ? check_parameter(k, node) : LL_OK;
}

/* Names of WITH, wherever they stand: each must be a plain name, so that none can stand for a file. */
static int learn_own(const struct looking *k, json_t *node)
{
    json_t *list = json_object_get(json_object_get(node, "cte_map"), "map"), *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *name = text_of(one, "key");
        if (ll_name_check(ll_str(name)) != LL_NAME_OK)
            return refuse(k, node, "WITH 的名称应为小写字母、数字和下划线：",
                          "a name of WITH has small letters, digits and underscores: ", name);
        if (json_object_set_new(k->own, name, json_true()) < 0)
            return ll_no_memory(k->err);
    }
    return LL_OK;
}

static int walk(const struct looking *k, json_t *node, int depth,
                int (*visit)(const struct looking *, json_t *))
{
    const char *key;
    json_t *child;
    size_t i;
    int rc = LL_OK;

    if (depth > DEPTH_MAX)
        return ll_fail(k->err, LL_INVALID, "视图嵌套过深", "the view is nested too deeply");
    if (json_is_object(node) && (rc = visit(k, node)) < 0)
        return rc;
    json_object_foreach(node, key, child)
    {
        if (rc == LL_OK)
            rc = walk(k, child, depth + 1, visit);
    }
    json_array_foreach(node, i, child)
    {
        if (rc == LL_OK)
            rc = walk(k, child, depth + 1, visit);
    }
    return rc;
}

static int visit_node(const struct looking *k, json_t *node)
{
    return check_node(k, node);
}

/* --- the engine's parser -------------------------------------------------------------------------------------------- */

static int keep_tree(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_buf *tree = ctx;

    if (n && row[0].kind == LL_LV_TEXT)
        ll_buf_str(tree, row[0].s);
    return tree->failed ? ll_no_memory(err) : LL_OK;
}

static int syntax_error(const struct looking *k, const json_t *root)
{
    int64_t at = 0;

    if (ll_str_i64(ll_str(text_of(root, "position")), 0, INT32_MAX, &at))
        place(k->fault, k->sql, (size_t)at);
    if (strcmp(text_of(root, "error_type"), "not implemented") == 0)
        return ll_fail(k->err, LL_INVALID, "视图只能是一条 SELECT", "a view is one SELECT");
    return ll_fail(k->err, LL_INVALID, "SQL 写法有误：%s", "the SQL is not well-formed: %s",
                   text_of(root, "error_message"));
}

static int look_at(struct looking *k, json_t *root)
{
    json_t *statements = json_object_get(root, "statements");
    int rc;

    if (json_is_true(json_object_get(root, "error")))
        return syntax_error(k, root);
    if (json_array_size(statements) != 1)
        return ll_fail(k->err, LL_INVALID, "视图只能是一条 SELECT", "a view is one SELECT");
    if (!(k->own = json_object()))
        return ll_no_memory(k->err);
    if ((rc = walk(k, statements, 0, learn_own)) == LL_OK)
        rc = walk(k, statements, 0, visit_node);
    json_decref(k->own);
    return rc;
}

int ll_view_inspect(struct ll_lake_conn *c, const char *sql, const char *const *tables, size_t n,
                    const struct ll_service *service, struct ll_view_fault *fault, struct ll_err *err)
{
    struct ll_lake_param text = {"sql", ll_str(sql)};
    struct ll_lake_query q = {.sql = "SELECT CAST(json_serialize_sql(CAST($sql AS VARCHAR)) AS VARCHAR)",
                              .params = &text,
                              .n_params = 1};
    struct looking k = {
        .sql = ll_str(sql), .tables = tables, .n_tables = n, .service = service, .fault = fault, .err = err};
    struct ll_buf tree = LL_BUF_INIT(TREE_MAX);
    int rc = ll_lake_query(c, &q, keep_tree, &tree, err);
    json_t *root = rc == LL_OK ? json_loadb(tree.p ? tree.p : "", tree.n, JSON_DECODE_INT_AS_REAL, NULL)
                               : NULL;

    if (rc == LL_OK)
        rc = root ? look_at(&k, root)
                  : ll_fail(err, LL_INTERNAL, "语法树无法读取", "the syntax tree cannot be read");
    json_decref(root);
    ll_buf_free(&tree);
    return rc;
}
