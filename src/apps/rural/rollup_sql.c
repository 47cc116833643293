/* rollup_sql.c - the statements of the roll-up: of each resource the records of every household, combined as combine.c combines them. */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/combine.h"
#include "apps/rural/register.h"
#include "base/clock.h"
#include "intake/batch.h"
#include "intake/stored.h"
#include "share/shared_sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EXPRESSION = 4096 };

int ll_rollup_exec(struct ll_rollup_work *w, struct ll_buf *sql, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_exec(w->c, sql->p, err);

    ll_buf_clear(sql);
    return rc;
}

int ll_rollup_rows_sql(struct ll_rollup_work *w, const struct ll_resource *r, struct ll_buf *sql,
                       int64_t *newest, struct ll_err *err)
{
    struct ll_buf condition = LL_BUF_INIT(LL_ROLLUP_SQL);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = ll_batch_live(w->data, r->name, r->version, -1, NULL, w->arena, &live, &n, err);

    *newest = 0;
    for (size_t i = 0; i < n; i++)
        if (live[i].published_at > *newest)
            *newest = live[i].published_at;
    if (rc < 0 || !n)
        return rc;
    ll_buf_z(sql, "(SELECT * FROM (");
    rc = ll_batch_current_sql(w->data, r, live, n, sql, err);
    ll_buf_c(sql, ')');
    if (rc == LL_OK && w->marks)
        rc = ll_shared_rows_sql(w->marks, r, w->arena, &condition, err);
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

void ll_rollup_text(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    struct ll_buf value = LL_BUF_INIT(EXPRESSION);

    ll_stored_value(&value, r, item);
    sql->failed |= value.failed;
    if (item->element->type == LL_TYPE_BOOLEAN) {
        ll_buf_printf(sql, "CAST(%s AS VARCHAR)", value.p ? value.p : "NULL");
    } else {
        ll_buf_z(sql, "nullif(");
        ll_stored_text(sql, item->element, value.p ? value.p : "NULL");
        ll_buf_z(sql, ", '')");
    }
    ll_buf_free(&value);
}

/* ---- one source ---- */

/* Columns of the rows: c<position of the item in the resource>. */
static void column(struct ll_buf *sql, const struct ll_rural_source *s, const struct ll_item *item)
{
    if (item)
        ll_buf_printf(sql, "c%zu", (size_t)(item - s->resource->items));
    else
        ll_buf_z(sql, "''");
}

static void date_column(struct ll_buf *sql, const struct ll_rural_source *s)
{
    ll_buf_z(sql, "coalesce(");
    column(sql, s, s->date);
    ll_buf_z(sql, ", '')");
}

/* As counts() of household.c, and that the value is there. */
static void condition(struct ll_buf *sql, const struct ll_rollup_work *w, const struct ll_rural_source *s)
{
    char from[16];
    int y;
    unsigned m, d;
    bool sums = s->combine == LL_RURAL_SUM || s->combine == LL_RURAL_LATEST_SUM;

    ll_buf_z(sql, sums ? "TRY_CAST(" : "");
    column(sql, s, s->from);
    ll_buf_z(sql, sums ? " AS DECIMAL(30,6)) IS NOT NULL AND left(" : " IS NOT NULL AND left(");
    date_column(sql, s);
    ll_buf_printf(sql, ", 10) <= '%s'", w->day);
    if (s->whose == LL_RURAL_HEAD)
        ll_buf_z(sql, " AND head");
    if (s->whose == LL_RURAL_MEMBER)
        ll_buf_z(sql, " AND person");
    if (s->within) {
        ll_civil_from_days(w->today - (int32_t)s->within, &y, &m, &d);
        snprintf(from, sizeof from, "%04d-%02u-%02u", y, m, d);
        ll_buf_z(sql, " AND ");
        date_column(sql, s);
        ll_buf_printf(sql, " >= '%s'", from);
    }
    if (!s->only)
        return;
    ll_buf_z(sql, s->only_above ? " AND TRY_CAST(" : " AND coalesce(");
    column(sql, s, s->only);
    ll_buf_z(sql, s->only_above ? " AS DECIMAL(30,6)) > TRY_CAST(" : " = ");
    ll_buf_sql(sql, ll_str(s->only_value));
    ll_buf_z(sql, s->only_above ? " AS DECIMAL(30,6))" : ", false)");
}

/* What the source makes of the values. */
static void combined(struct ll_buf *sql, const struct ll_rural_source *s)
{
    enum ll_type t = s->from->element->type;
    bool number = t == LL_TYPE_INTEGER || t == LL_TYPE_DECIMAL;
    char v[32];

    snprintf(v, sizeof v, "c%zu", (size_t)(s->from - s->resource->items));
    switch (s->combine) {
    case LL_RURAL_LATEST:
        ll_buf_printf(sql, "arg_max(%s, ", v);
        date_column(sql, s);
        ll_buf_printf(sql, " || chr(31) || %s)", v);
        break;
    case LL_RURAL_SUM:
    case LL_RURAL_LATEST_SUM:
        ll_buf_printf(sql, "sum(TRY_CAST(%s AS DECIMAL(30,6)))", v);
        break;
    case LL_RURAL_MAX:
    case LL_RURAL_MIN:
        ll_buf_printf(sql, number ? "%s(TRY_CAST(%s AS DECIMAL(30,6)))" : "%s(%s)",
                      s->combine == LL_RURAL_MAX ? "max" : "min", v);
        break;
    case LL_RURAL_ANY:
    case LL_RURAL_LATEST_ANY:
        ll_buf_printf(sql, "bool_or(%s = 'true')", v);
        break;
    case LL_RURAL_LIST:
    case LL_RURAL_LATEST_LIST:
        ll_buf_printf(sql, "list(DISTINCT o || chr(31) || %s)", v);
        break;
    case LL_RURAL_COUNT:
        ll_buf_z(sql, "count(*)");
        break;
    }
}

static bool makes_list(const struct ll_rural_source *s)
{
    return s->combine == LL_RURAL_LIST || s->combine == LL_RURAL_LATEST_LIST;
}

/* v<i>, d<i>, n<i> over the rows of a household. */
static void aggregates(struct ll_buf *sql, const struct ll_rollup_work *w, size_t i)
{
    const struct ll_rural_source *s = &w->list->sources[i];
    struct ll_buf filter = LL_BUF_INIT(EXPRESSION);

    ll_buf_z(&filter, " FILTER (WHERE ");
    if (ll_rural_combines_latest(s->combine)) {
        ll_buf_printf(&filter, "x%zu IS NOT NULL AND ", i);
        date_column(&filter, s);
        ll_buf_printf(&filter, " = x%zu AND ", i);
    }
    condition(&filter, w, s);
    ll_buf_c(&filter, ')');
    sql->failed |= filter.failed;
    ll_buf_z(sql, makes_list(s) ? ", array_to_string(list_transform(list_sort(" : ", CAST(");
    combined(sql, s);
    ll_buf_str(sql, ll_buf_view(&filter));
    ll_buf_z(sql, makes_list(s) ? "), lambda x: substr(x, instr(x, chr(31)) + 1)), '" LL_RURAL_BETWEEN "')"
                                : " AS VARCHAR)");
    ll_buf_printf(sql, " AS v%zu, max(", i);
    date_column(sql, s);
    ll_buf_printf(sql, ")%s AS d%zu, count(*)%s AS n%zu", filter.p ? filter.p : "", i,
                  filter.p ? filter.p : "", i);
    ll_buf_free(&filter);
}

/* ---- one resource ---- */

static bool in_group(const struct ll_rollup_work *w, size_t source, size_t group)
{
    return w->group_of[source] == group;
}

/* The items that the sources of the group read, as text. */
static void columns(struct ll_buf *sql, const struct ll_rollup_work *w, size_t group)
{
    const struct ll_resource *r = w->groups[group].first->resource;

    for (size_t k = 0; k < r->n_items; k++) {
        const struct ll_item *item = &r->items[k];
        bool wanted = false;
        for (size_t i = 0; i < w->list->n_sources; i++) {
            const struct ll_rural_source *s = &w->list->sources[i];
            wanted = wanted ||
                     (in_group(w, i, group) && (s->from == item || s->date == item || s->only == item));
        }
        if (!wanted)
            continue;
        ll_buf_z(sql, ", ");
        ll_rollup_text(sql, r, item);
        ll_buf_printf(sql, " AS c%zu", k);
    }
}

/* The latest day of the records that count, where only those of that day do. */
static void latest_days(struct ll_buf *sql, const struct ll_rollup_work *w, size_t group)
{
    for (size_t i = 0; i < w->list->n_sources; i++) {
        const struct ll_rural_source *s = &w->list->sources[i];
        if (!in_group(w, i, group) || !ll_rural_combines_latest(s->combine))
            continue;
        ll_buf_z(sql, ", max(CASE WHEN ");
        condition(sql, w, s);
        ll_buf_z(sql, " THEN ");
        date_column(sql, s);
        ll_buf_printf(sql, " END) OVER (PARTITION BY h) AS x%zu", i);
    }
}

/* Of the register of members only the row that describes the person is his. */
static void only_describing(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, ", hash(");
    ll_rollup_text(sql, r, ll_resource_item(r, LL_STR("household_no")));
    ll_buf_z(sql, ") AS rh, ");
    ll_rollup_text(sql, r, ll_resource_item(r, LL_STR("member_since")));
    ll_buf_z(sql, " AS rs");
}

int ll_rollup_gather(struct ll_rollup_work *w, size_t group, struct ll_err *err)
{
    struct ll_rollup_group *g = &w->groups[group];
    const struct ll_resource *r = g->first->resource;
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL), rows = LL_BUF_INIT(LL_ROLLUP_SQL);
    bool describes = strcmp(r->name, LL_RURAL_MEMBERS) == 0 && !g->household;
    int rc = ll_rollup_rows_sql(w, r, &rows, &g->newest, err);

    if (rc == LL_OK && g->newest) {
        ll_buf_printf(&sql, "CREATE TABLE g%zu AS SELECT h", group);
        for (size_t i = 0; i < w->list->n_sources; i++)
            if (in_group(w, i, group))
                aggregates(&sql, w, i);
        ll_buf_z(&sql, " FROM (SELECT *");
        latest_days(&sql, w, group);
        ll_buf_z(&sql,
                 g->household
                     ? " FROM (SELECT hh.h, '' AS o, false AS head, false AS person, c.* FROM (SELECT hash("
                     : " FROM (SELECT m.h, m.o, m.head, true AS person, c.* FROM (SELECT hash(");
        ll_rollup_text(&sql, r, g->first->by);
        ll_buf_z(&sql, ") AS who");
        columns(&sql, w, group);
        if (describes)
            only_describing(&sql, r);
        ll_buf_z(&sql, " FROM ");
        ll_buf_str(&sql, ll_buf_view(&rows));
        ll_buf_z(&sql, g->household ? ") c JOIN hh ON hh.hn = c.who" : ") c JOIN m ON m.p = c.who");
        ll_buf_z(&sql, describes ? " AND m.rh = c.rh AND m.rs = c.rs" : "");
        ll_buf_z(&sql, ")) GROUP BY h");
        sql.failed |= rows.failed;
        rc = ll_rollup_exec(w, &sql, err);
    }
    ll_buf_free(&rows);
    ll_buf_free(&sql);
    return rc;
}
