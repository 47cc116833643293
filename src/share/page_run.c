/* page_run.c - the rows and sums of a page's block, and what is doubted of them; see pages.h. */
#include "share/pages_impl.h"

#include "base/clock.h"
#include "share/record.h"
#include "share/viewdoubt.h"

#include <string.h>

enum { SELECT_MAX = 1 << 16, DOUBT_ROWS_MAX = 200000 };

struct running {
    struct ll_page_block *b;
    const struct ll_page_sink *sink;
    struct ll_json *j; /* NULL: to the sink */
    struct ll_view_doubts *doubts;
    int64_t total;
    size_t rows;
};

static enum ll_view_sight sight(void *ctx, const struct ll_resource *r, const struct ll_item *item)
{
    (void)ctx;
    (void)r;
    return item->grade >= LL_GRADE_SEALED ? LL_SIGHT_MASKED : LL_SIGHT_STAFF;
}

static const struct ll_item *item_of(const struct ll_page_block *b, const struct ll_service_item *it)
{
    const struct ll_resource *r = it->resource ? ll_catalog_resource(b->cat, ll_str(it->resource)) : NULL;

    return r ? ll_resource_item(r, ll_str(it->item)) : NULL;
}

static bool hidden(const struct ll_page_block *b, const struct ll_service_item *it)
{
    const struct ll_item *item = item_of(b, it);
    const struct ll_element *e = ll_catalog_element(b->cat, ll_str(it->element));

    return item ? item->grade >= LL_GRADE_SEALED : !e || e->grade >= LL_GRADE_SEALED;
}

/* What is shown masked cannot name whom it is about; the rest is noted. */
static int note(struct running *k, const struct ll_service_item *it, const struct ll_lake_value *v,
                struct ll_err *err)
{
    const struct ll_item *item = item_of(k->b, it);

    if (!k->sink->subject || !item || item->role != LL_ROLE_SUBJECT || v->kind != LL_LV_TEXT ||
        hidden(k->b, it))
        return LL_OK;
    return k->sink->subject(k->sink->ctx, item->element->check ? item->element->check : item->element->name,
                            v->s, err);
}

static void put_json(struct running *k, size_t at, const struct ll_lake_value *v)
{
    const struct ll_service_item *it = k->b->columns[at];

    ll_json_key(k->j, it->name);
    ll_view_put_value(k->b->cat, it, v, hidden(k->b, it), ll_view_doubts_of(k->doubts, at), k->j);
}

/* What staff sees the ends of (LL_SIGHT_STAFF) names no record either. */
static bool hidden_column(void *ctx, const struct ll_service_item *it)
{
    const struct ll_item *item = item_of(ctx, it);

    return hidden(ctx, it) || (item && item->element->type == LL_TYPE_IDENTIFIER && item->element->check &&
                               strcmp(item->element->check, "uscc") != 0);
}

static int find_doubts(struct running *k, struct ll_err *err)
{
    struct ll_page_block *b = k->b;
    const struct ll_view_doubts_ask ask = {.marks = b->ask->marks,
                                           .cat = b->cat,
                                           .service = b->service,
                                           .columns = b->columns,
                                           .n = b->n_columns + (b->y != NULL),
                                           .hidden = hidden_column,
                                           .ctx = b};

    return b->ask->marks ? ll_view_doubts(&ask, b->arena, &k->doubts, err) : LL_OK;
}

/* "36: 江西省" for a code, otherwise the value's own text. */
static struct ll_str cell_text(const struct running *k, const struct ll_service_item *it,
                               const struct ll_lake_value *v)
{
    const struct ll_element *e = it ? ll_catalog_element(k->b->cat, ll_str(it->element)) : NULL;
    const struct ll_codeset *set = e && e->type == LL_TYPE_CODE
                                       ? ll_catalog_codeset(k->b->cat, ll_str(e->code_table))
                                       : NULL;
    const struct ll_code *code = set && v->kind == LL_LV_TEXT ? ll_codeset_by_code(set, v->s) : NULL;

    if (code)
        return ll_str(ll_arena_printf(k->b->arena, "%.*s %.*s", LL_STR_ARG(v->s), LL_STR_ARG(code->title)));
    if (v->kind == LL_LV_INT)
        return ll_str(ll_arena_printf(k->b->arena, "%lld", (long long)v->i));
    if (v->kind == LL_LV_NUM)
        return ll_str(ll_arena_printf(k->b->arena, "%.15g", v->num));
    return v->kind == LL_LV_TEXT ? v->s : (struct ll_str){NULL, 0};
}

/* The titles of what is doubted in the row, where a workbook or a CSV file says it. */
static struct ll_str doubted_text(const struct running *k)
{
    const struct ll_page_block *b = k->b;
    const char *text = "";

    for (size_t i = 0; i < b->n_columns + (b->y != NULL) && text; i++)
        if (ll_view_doubts_of(k->doubts, i))
            text = ll_arena_printf(b->arena, "%s%s%s", text, text[0] ? "、" : "", b->columns[i]->title);
    return ll_str(text);
}

static int to_sink(struct running *k, const struct ll_lake_value *row, struct ll_err *err)
{
    size_t n = ll_page_columns(k->b);
    struct ll_str *cells = ll_arena_array(k->b->arena, n + 1, sizeof *cells);

    if (!cells)
        return ll_no_memory(err);
    cells[n - 1] = doubted_text(k);
    for (size_t i = 0; i + 1 < n; i++)
        cells[i] = cell_text(k, i < k->b->n_columns ? k->b->columns[i] : NULL, &row[i]);
    return k->sink->row(k->sink->ctx, cells, n, err);
}

static int one_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct running *k = ctx;
    struct ll_page_block *b = k->b;
    int rc = LL_OK;

    if (n != b->n_columns + 1)
        return ll_fail(err, LL_INTERNAL, "视图的列数不对", "the view has another number of columns");
    k->rows++;
    if (!b->chart)
        k->total = row[n - 1].i;
    if ((rc = ll_view_doubts_row(k->doubts, row, n, err)) < 0)
        return rc;
    for (size_t i = 0; i < b->n_columns && rc == LL_OK; i++)
        rc = note(k, b->columns[i], &row[i], err);
    if (rc < 0 || !k->j)
        return rc < 0 ? rc : to_sink(k, row, err);
    ll_json_obj(k->j);
    for (size_t i = 0; i < b->n_columns; i++)
        put_json(k, i, &row[i]);
    if (b->chart && row[n - 1].kind == LL_LV_NUM)
        ll_json_kn(k->j, "y", row[n - 1].num);
    ll_json_end_obj(k->j);
    return LL_OK;
}

static int count_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct running *k = ctx;

    (void)err;
    if (n)
        k->total = row[n - 1].i;
    return LL_OK;
}

/* Behind the last page no row tells how many there are. */
static int count_all(struct running *k, struct ll_view_run run, struct ll_err *err)
{
    const char *cut = strstr(run.after, " ORDER BY ");
    char *after = cut ? ll_arena_dup(k->b->arena, (struct ll_str){run.after, (size_t)(cut - run.after)})
                      : NULL;

    if (!after)
        return ll_no_memory(err);
    run.before = "SELECT count(*) FROM (";
    run.after = after;
    return ll_view_run(&run, count_row, k, err);
}

/* --- what is doubted behind a chart ------------------------------------------------------------------------------------------ */

struct counting {
    struct ll_view_doubts *doubts;
    size_t n, told; /* columns of a row; the first of them that the chart shows */
    int64_t rows, doubted;
};

static int count_doubted(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct counting *c = ctx;
    bool any = false;
    int rc = ll_view_doubts_row(c->doubts, row, n, err);

    for (size_t i = 0; i < c->told; i++)
        any |= ll_view_doubts_of(c->doubts, i);
    c->rows++;
    c->doubted += any;
    return rc;
}

/* Every output: what the chart shows, and behind it what may name the record that a row is of. */
static const struct ll_service_item **all_outputs(const struct ll_page_block *b, size_t *n)
{
    const struct ll_service *s = b->service;
    const struct ll_service_item **list = ll_arena_array(b->arena, s->n_items + 3, sizeof *list);

    *n = 0;
    for (size_t i = 0; list && i < b->n_columns + (b->y != NULL); i++)
        list[(*n)++] = b->columns[i];
    for (size_t i = 0; list && i < s->n_items; i++)
        if (s->items[i].use == LL_SERVICE_OUTPUT)
            list[(*n)++] = &s->items[i];
    return list;
}

/* "doubted" of the "summed" rows whose values the chart adds up; where anything is doubted each row is asked, DOUBT_ROWS_MAX of them. */
static int put_doubted(struct running *k, struct ll_view_run run, struct ll_err *err)
{
    struct ll_page_block *b = k->b;
    struct counting c = {.told = b->n_columns + (b->y != NULL)};
    const struct ll_service_item **list = all_outputs(b, &c.n);
    const struct ll_view_doubts_ask ask = {b->ask->marks, b->cat, b->service, list, c.n, hidden_column, b};
    struct ll_buf before = LL_BUF_INIT(SELECT_MAX);
    int rc = list ? ll_view_doubts(&ask, b->arena, &c.doubts, err) : ll_no_memory(err);

    if (rc == LL_OK && c.doubts) {
        ll_buf_z(&before, "SELECT ");
        for (size_t i = 0; i < c.n; i++) {
            ll_buf_z(&before, i ? ", " : "");
            ll_buf_sql_name(&before, ll_str(list[i]->name));
        }
        ll_buf_z(&before, " FROM (");
        run.before = before.p;
        run.after = ll_arena_printf(b->arena, "%.*s LIMIT %d", (int)b->filters_end, b->after.p,
                                    DOUBT_ROWS_MAX);
        rc = before.failed || !run.after ? ll_no_memory(err) : ll_view_run(&run, count_doubted, &c, err);
    }
    ll_buf_free(&before);
    if (rc == LL_OK) {
        ll_json_ki(k->j, "doubted", c.doubted);
        ll_json_ki(k->j, "summed", c.rows);
    }
    return rc;
}

static void put_columns(const struct ll_page_block *b, struct ll_json *j)
{
    ll_json_key(j, "columns");
    ll_json_arr(j);
    for (size_t i = 0; i < b->n_columns; i++)
        ll_page_put_item(b->cat, b->columns[i], j);
    ll_json_end_arr(j);
}

int ll_page_run(struct ll_page_block *b, const struct ll_page_sink *sink, struct ll_json *j,
                struct ll_err *err)
{
    struct running k = {.b = b, .sink = sink, .j = j};
    const struct ll_view *view = NULL;
    int rc = ll_view_of(b->cat, b->service, &view, err);
    struct ll_view_run run = {.asked = {.service = b->service,
                                        .sql = view ? view->sql : "",
                                        .names = ll_view_names_of(b->cat),
                                        .sight = sight,
                                        .data = b->data},
                              .before = b->before.p,
                              .after = b->after.p,
                              .params = b->params,
                              .n_params = b->n_params,
                              .until_us = ll_mono_us() + b->service->time_ms * UINT64_C(1000)};

    if (rc < 0 || (rc = find_doubts(&k, err)) < 0)
        return rc;
    if (j) {
        put_columns(b, j);
        ll_json_key(j, "rows");
        ll_json_arr(j);
    }
    if ((rc = ll_view_run(&run, one_row, &k, err)) < 0)
        return rc;
    if (!b->chart && !k.rows && b->ask->offset)
        rc = count_all(&k, run, err);
    if (j) {
        ll_json_end_arr(j);
        ll_json_ki(j, "total", b->chart ? (int64_t)k.rows : k.total);
        ll_json_ki(j, "offset", (int64_t)b->ask->offset);
        ll_json_ki(j, "limit", (int64_t)b->ask->limit);
    }
    return rc == LL_OK && j && b->chart && k.doubts ? put_doubted(&k, run, err) : rc;
}
