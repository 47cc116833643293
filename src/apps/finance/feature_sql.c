/* feature_sql.c - the statements of the indicators: one of each resource, over the records that were known, and one that joins them.
 *
 * A row's value and condition are expressions of a pack.  Each must read as one whole expression (parentheses and quotes closed) and, as the engine's own
 * syntax tree has it, over nothing but its resource, calling nothing but what views may call (intake/viewsql.h). */
#include "apps/finance/feature_impl.h"

#include "intake/stored.h"
#include "intake/viewsql.h"
#include "share/shared_sql.h"

#include <stdio.h>
#include <string.h>

enum { WHERE_SHOWN = 128, EXPRESSION = 16384 };

/* ---- what an expression may be ---- */

/* Whether it cannot end what it is put into: quotes and parentheses are closed, there is no comment and no second statement. */
static bool stands_alone(const char *p)
{
    int depth = 0;

    for (; *p; p++) {
        if (*p == '\'' || *p == '"') {
            const char *end = strchr(p + 1, *p);
            if (!end)
                return false;
            p = end;
            continue;
        }
        depth += (*p == '(') - (*p == ')');
        if (depth < 0 || *p == ';' || *p == '$' || (p[0] == '-' && p[1] == '-') ||
            (p[0] == '/' && p[1] == '*') || (*p == ',' && depth == 0))
            return false;
    }
    return depth == 0;
}

static int in_row(const struct ll_feature *f, const char *column, struct ll_err *err)
{
    char where[WHERE_SHOWN];

    snprintf(where, sizeof where, "indicators.csv, %.64s, %s", f->name, column);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

static int inspect(struct ll_lake_conn *c, const char *expression, const char *table, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(EXPRESSION);
    struct ll_view_fault fault = {0};
    const char *tables[] = {table};
    int rc;

    ll_buf_printf(&sql, "SELECT (%s) FROM \"%s\"", expression, table);
    rc = sql.failed ? ll_no_memory(err) : ll_view_inspect(c, sql.p, tables, 1, NULL, &fault, err);
    ll_buf_free(&sql);
    return rc;
}

static int check_one(struct ll_feature_work *w, const struct ll_feature *f, const char *column,
                     const char *expression, struct ll_err *err)
{
    int rc;

    if (!expression[0])
        return LL_OK;
    if (!stands_alone(expression)) {
        ll_fail(err, LL_INVALID, "不是一个完整的表达式（括号、引号、逗号、注释）",
                "not one whole expression (parentheses, quotes, commas, comments)");
        return in_row(f, column, err);
    }
    rc = inspect(w->c, expression, f->resource ? f->resource->name : "indicators", err);
    return rc < 0 ? in_row(f, column, err) : LL_OK;
}

int ll_feature_check(struct ll_feature_work *w, struct ll_err *err)
{
    const struct ll_feature_set *set = w->asked->set;
    int rc = LL_OK;

    for (size_t i = 0; i < set->n && rc == LL_OK; i++) {
        const struct ll_feature *f = &set->features[i];
        if (!f->resource && f->combine != LL_COMBINE_OF)
            continue;
        if ((rc = check_one(w, f, "value", f->value, err)) == LL_OK)
            rc = check_one(w, f, "where", f->where, err);
    }
    return rc;
}

/* ---- the rows of a resource ---- */

static const struct ll_item *subject_of(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const char *check = r->items[i].element->check;
        if (r->items[i].role == LL_ROLE_SUBJECT && check &&
            (strcmp(check, "uscc") == 0 || strcmp(check, "subject_id") == 0))
            return &r->items[i];
    }
    return NULL;
}

/* (SELECT ...): what was known of the resource, without what is no longer shared. */
static int put_rows(struct ll_feature_work *w, const struct ll_resource *r,
                    const struct ll_feature_rows *known, struct ll_buf *sql, struct ll_err *err)
{
    struct ll_buf condition = LL_BUF_INIT(LL_FEATURE_SQL);
    int rc;

    ll_buf_z(sql, "(SELECT * FROM (");
    rc = ll_batch_current_sql(w->asked->data, r, known->batches, known->n, sql, err);
    ll_buf_c(sql, ')');
    if (rc == LL_OK && w->asked->marks)
        rc = ll_shared_rows_sql(w->asked->marks, r, w->arena, &condition, err);
    if (condition.n) {
        ll_buf_z(sql, " WHERE ");
        ll_buf_str(sql, ll_buf_view(&condition));
    }
    ll_buf_c(sql, ')');
    if (rc == LL_OK && condition.failed)
        rc = ll_no_memory(err);
    ll_buf_free(&condition);
    return rc;
}

/* Of the one firm that is asked for: found by the blind index where its identifier is sealed. */
static void put_firm(const struct ll_feature_work *w, const struct ll_resource *r, const struct ll_item *item,
                     struct ll_buf *sql)
{
    if (!w->asked->firm.n)
        return;
    ll_buf_z(sql, " WHERE ");
    ll_stored_same(sql, item);
    ll_buf_z(sql, " = ");
    if (ll_item_sealed(item)) {
        ll_buf_z(sql, "ll_blind(");
        ll_buf_sql(sql, ll_str(r->name));
        ll_buf_z(sql, ", ");
        ll_buf_sql(sql, ll_str(item->name));
        ll_buf_z(sql, ", ");
    }
    ll_buf_sql(sql, w->asked->firm);
    if (ll_item_sealed(item))
        ll_buf_c(sql, ')');
}

int ll_feature_firms_sql(struct ll_feature_work *w, struct ll_buf *sql, struct ll_err *err)
{
    const struct ll_feature_set *set = w->asked->set;
    size_t any = 0;
    int rc = LL_OK;

    for (size_t i = 0; i < set->n_bases && rc == LL_OK; i++) {
        const struct ll_resource *r = set->base_resources[i];
        struct ll_feature_rows known = {NULL, 0};
        struct ll_batch *batches = NULL;
        rc = ll_batch_live(w->asked->data, r->name, r->version, w->asked->as_of.ms, NULL, w->arena, &batches,
                           &known.n, err);
        known.batches = batches;
        if (rc < 0 || !known.n)
            continue;
        ll_buf_z(sql, any++ ? " UNION SELECT " : "CREATE TABLE firms AS SELECT DISTINCT f FROM (SELECT ");
        ll_buf_z(sql, "CAST(");
        ll_stored_value(sql, r, set->bases[i]);
        ll_buf_z(sql, " AS VARCHAR) AS f FROM ");
        rc = put_rows(w, r, &known, sql, err);
        put_firm(w, r, set->bases[i], sql);
    }
    if (any)
        ll_buf_z(sql, ") WHERE f IS NOT NULL");
    return rc;
}

/* ---- the indicators of a resource ---- */

/* Decimals are doubles here: wide ones cost the engine divisions of 128 bits at every turn, which took two thirds of the time; amounts to the fen
 * below ten million million are exact in both. */
static void put_item(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    bool decimal = item->element->type == LL_TYPE_DECIMAL;

    ll_buf_z(sql, decimal ? "CAST(" : "");
    if (decimal && ll_item_sealed(item))
        ll_stored_opened(sql, r, item);
    else
        ll_stored_value(sql, r, item);
    ll_buf_z(sql, decimal ? " AS DOUBLE) AS " : " AS ");
    ll_buf_sql_name(sql, ll_str(item->name));
}

/* Items that the group's indicators mention, and no others: sealed values are opened one by one. */
static void put_items(const struct ll_feature_work *w, size_t group, struct ll_buf *sql)
{
    const struct ll_feature_set *set = w->asked->set;
    const struct ll_resource *r = set->groups[group];

    for (size_t k = 0; k < r->n_items; k++) {
        const struct ll_item *item = &r->items[k];
        bool wanted = false;
        for (size_t i = 0; i < set->n && !wanted; i++) {
            const struct ll_feature *f = &set->features[i];
            wanted = f->group == group && (f->date == item || ll_feature_mentions(f, item->name));
        }
        if (!wanted)
            continue;
        ll_buf_z(sql, ", ");
        put_item(sql, r, item);
    }
}

/* The day of a record: a month or a year counts from its first day. */
static void put_day(struct ll_buf *sql, const struct ll_item *date)
{
    switch (date->element->type) {
    case LL_TYPE_DATE:
        ll_buf_sql_name(sql, ll_str(date->name));
        break;
    case LL_TYPE_INTEGER:
        ll_buf_z(sql, "TRY_CAST(CAST(");
        ll_buf_sql_name(sql, ll_str(date->name));
        ll_buf_z(sql, " AS VARCHAR) || '-01-01' AS DATE)");
        break;
    case LL_TYPE_TEXT:
        ll_buf_z(sql, "TRY_CAST(left(");
        ll_buf_sql_name(sql, ll_str(date->name));
        ll_buf_z(sql, ", 4) || '-' || substr(");
        ll_buf_sql_name(sql, ll_str(date->name));
        ll_buf_z(sql, ", 5, 2) || '-01' AS DATE)");
        break;
    default:
        ll_buf_z(sql, "CAST(");
        ll_buf_sql_name(sql, ll_str(date->name));
        ll_buf_z(sql, " AS DATE)");
    }
}

/* The value of a row, as what it is combined as: sums of decimals come out the same in whatever order. */
static void put_value(struct ll_buf *sql, const struct ll_feature *f)
{
    if (f->combine == LL_COMBINE_COUNT && !f->value[0])
        ll_buf_c(sql, '1');
    else if (f->code || f->combine == LL_COMBINE_COUNT || f->combine == LL_COMBINE_DISTINCT)
        ll_buf_printf(sql, "CAST((%s) AS VARCHAR)", f->value);
    else if (f->combine == LL_COMBINE_ANY)
        ll_buf_printf(sql, "CAST((%s) AS BOOLEAN)", f->value);
    else
        ll_buf_printf(sql, "TRY_CAST((%s) AS DECIMAL(18,6))", f->value);
}

static void put_filter(const struct ll_feature_work *w, struct ll_buf *sql, const struct ll_feature *f)
{
    ll_buf_z(sql, " FILTER (WHERE ");
    put_value(sql, f);
    ll_buf_z(sql, " IS NOT NULL");
    if (f->date) {
        ll_buf_z(sql, " AND ");
        put_day(sql, f->date);
        ll_buf_printf(sql, " <= DATE '%s'", w->asked->as_of.day);
    }
    if (f->date && f->months) {
        ll_buf_z(sql, " AND ");
        put_day(sql, f->date);
        ll_buf_printf(sql, " > DATE '%s' - to_months(%u)", w->asked->as_of.day, f->months);
    }
    if (f->where[0])
        ll_buf_printf(sql, " AND (%s)", f->where);
    ll_buf_c(sql, ')');
}

/* Later days first, of equal days the greater text: the same whatever order records come in. */
static void put_order(struct ll_buf *sql, const struct ll_feature *f)
{
    if (f->date) {
        ll_buf_z(sql, "CAST(");
        put_day(sql, f->date);
        ll_buf_z(sql, " AS VARCHAR) || chr(31) || ");
    }
    ll_buf_z(sql, "CAST(");
    put_value(sql, f);
    ll_buf_z(sql, " AS VARCHAR)");
}

static void put_call(const struct ll_feature_work *w, struct ll_buf *sql, const struct ll_feature *f,
                     const char *call, const char *tail)
{
    ll_buf_z(sql, call);
    put_value(sql, f);
    if (f->combine == LL_COMBINE_LATEST || f->combine == LL_COMBINE_PREVIOUS) {
        ll_buf_z(sql, ", ");
        put_order(sql, f);
    }
    ll_buf_z(sql, tail);
    put_filter(w, sql, f);
}

static void put_combined(const struct ll_feature_work *w, struct ll_buf *sql, const struct ll_feature *f)
{
    static const char *const calls[] = {[LL_COMBINE_COUNT] = "count(",
                                        [LL_COMBINE_DISTINCT] = "count(DISTINCT ",
                                        [LL_COMBINE_SUM] = "sum(",
                                        [LL_COMBINE_AVG] = "CAST(sum(",
                                        [LL_COMBINE_ANY] = "bool_or(",
                                        [LL_COMBINE_MIN] = "min(",
                                        [LL_COMBINE_MAX] = "max(",
                                        [LL_COMBINE_LATEST] = "arg_max(",
                                        [LL_COMBINE_PREVIOUS] = "list_extract(arg_max("};

    put_call(w, sql, f, calls[f->combine], f->combine == LL_COMBINE_PREVIOUS ? ", 2)" : ")");
    if (f->combine == LL_COMBINE_PREVIOUS)
        ll_buf_z(sql, ", 2)");
    if (f->combine != LL_COMBINE_AVG)
        return;
    ll_buf_z(sql, " AS DOUBLE) / nullif(count(");
    put_value(sql, f);
    ll_buf_c(sql, ')');
    put_filter(w, sql, f);
    ll_buf_z(sql, ", 0)");
}

int ll_feature_group_sql(struct ll_feature_work *w, size_t group, struct ll_buf *sql, struct ll_err *err)
{
    const struct ll_feature_set *set = w->asked->set;
    const struct ll_resource *r = set->groups[group];
    const struct ll_item *subject = subject_of(r);
    int rc;

    if (!subject)
        return ll_fail(err, LL_INVALID, "indicators.csv：数据资源 %s 没有企业标识",
                       "indicators.csv: resource %s does not name enterprises", r->name);
    ll_buf_printf(sql, "CREATE TABLE g%zu AS SELECT ll_f AS f", group);
    for (size_t i = 0; i < set->n; i++) {
        if (set->features[i].group != group)
            continue;
        ll_buf_z(sql, ", ");
        put_combined(w, sql, &set->features[i]);
        ll_buf_printf(sql, " AS v%zu", i);
    }
    ll_buf_z(sql, " FROM (SELECT CAST(");
    ll_stored_value(sql, r, subject);
    ll_buf_printf(sql, " AS VARCHAR) AS ll_f, DATE '%s' AS as_of", w->asked->as_of.day);
    put_items(w, group, sql);
    ll_buf_z(sql, " FROM ");
    rc = put_rows(w, r, &w->rows[group], sql, err);
    put_firm(w, r, subject, sql);
    ll_buf_z(sql, ") WHERE ll_f IS NOT NULL GROUP BY ll_f");
    return rc;
}

/* ---- all of them ---- */

/* An indicator over records: what its resource's table has, or what stands for a firm without records; nothing where nothing was published. */
static void put_column(const struct ll_feature_work *w, struct ll_buf *sql, size_t i)
{
    const struct ll_feature *f = &w->asked->set->features[i];
    const char *type = f->code ? "VARCHAR" : "DOUBLE";

    if (f->group == LL_FEATURE_GROUPS_MAX || !w->rows[f->group].n) {
        ll_buf_printf(sql, "CAST(NULL AS %s)", type);
    } else {
        ll_buf_printf(sql, f->missing[0] ? "coalesce(CAST(g%zu.v%zu AS %s), CAST(" : "CAST(g%zu.v%zu AS %s)",
                      f->group, i, type);
        if (f->missing[0]) {
            ll_buf_sql(sql, ll_str(f->missing));
            ll_buf_printf(sql, " AS %s))", type);
        }
    }
    ll_buf_z(sql, " AS ");
    ll_buf_sql_name(sql, ll_str(f->name));
}

void ll_feature_select_sql(const struct ll_feature_work *w, struct ll_buf *sql)
{
    const struct ll_feature_set *set = w->asked->set;

    ll_buf_z(sql, "SELECT ll_f");
    for (size_t i = 0; i < set->n; i++) {
        const struct ll_feature *f = &set->features[i];
        ll_buf_z(sql, ", ");
        if (f->combine == LL_COMBINE_OF)
            ll_buf_printf(sql, "TRY_CAST((%s) AS %s)", f->value, f->code ? "VARCHAR" : "DOUBLE");
        else
            ll_buf_sql_name(sql, ll_str(f->name));
    }
    ll_buf_printf(sql, " FROM (SELECT firms.f AS ll_f, DATE '%s' AS as_of", w->asked->as_of.day);
    for (size_t i = 0; i < set->n; i++)
        if (set->features[i].combine != LL_COMBINE_OF) {
            ll_buf_z(sql, ", ");
            put_column(w, sql, i);
        }
    ll_buf_z(sql, " FROM firms");
    for (size_t g = 0; g < set->n_groups; g++)
        if (w->rows[g].n)
            ll_buf_printf(sql, " LEFT JOIN g%zu ON g%zu.f = firms.f", g, g);
    ll_buf_z(sql, ") ORDER BY ll_f");
}
