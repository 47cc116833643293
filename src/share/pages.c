/* pages.c - see pages.h. */
#include "share/pages_impl.h"

#include "intake/shape.h"

#include <stdio.h>
#include <string.h>

enum { SQL_MAX = 1 << 16, CELL_MAX = 4000, FILTERS_MAX = 32 };

/* --- who may see it ---------------------------------------------------------------------------------------------------- */

static unsigned duties_of(json_t *page)
{
    unsigned bits = 0, one;
    json_t *v;
    size_t i;

    json_array_foreach(json_object_get(page, "duties"), i, v)
    {
        if (ll_duties_parse(ll_str(json_string_value(v)), &one, NULL) == LL_OK)
            bits |= one;
    }
    return bits;
}

static int may_see_service(const struct ll_catalog *cat, const struct ll_service *s,
                           const struct ll_actor *actor, struct ll_err *err)
{
    const struct ll_permission *p = ll_permission_find("record.read");
    int rc = LL_OK;

    for (size_t i = 0; i < s->n_resources && rc == LL_OK; i++) {
        const struct ll_resource *r = ll_catalog_resource(cat, ll_str(s->resources[i]));
        rc = r ? ll_may_for(actor, p, r->provider, err)
               : ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", s->resources[i]);
    }
    return rc;
}

static const struct ll_service *service_of(const struct ll_catalog *cat, json_t *block)
{
    return ll_catalog_service(cat, ll_str(json_string_value(json_object_get(block, "service"))));
}

static int may_see(const struct ll_catalog *cat, json_t *page, const struct ll_actor *actor,
                   struct ll_err *err)
{
    json_t *block;
    size_t i;
    int rc = LL_OK;

    if (!(actor->roles & duties_of(page)))
        return ll_fail(err, LL_DENIED, "这一页不是给您的职责看的", "the page is not for your duties");
    json_array_foreach(json_object_get(page, "blocks"), i, block)
    {
        const struct ll_service *s = service_of(cat, block);
        if (rc == LL_OK)
            rc = s ? may_see_service(cat, s, actor, err)
                   : ll_fail(err, LL_NOTFOUND, "页面所用的服务已不存在", "the service of the page is gone");
    }
    return rc;
}

/* --- the list of pages ------------------------------------------------------------------------------------------------- */

static void put_titles(struct ll_json *j, json_t *o, const char *key, const char *zh, const char *en)
{
    json_t *t = json_object_get(o, key);

    ll_json_kz(j, zh, json_string_value(json_object_get(t, "zh")));
    ll_json_kz(j, en, json_string_value(json_object_get(t, "en")));
}

void ll_page_put_item(const struct ll_catalog *cat, const struct ll_service_item *it, struct ll_json *j)
{
    const struct ll_element *e = ll_catalog_element(cat, ll_str(it->element));

    ll_json_obj(j);
    ll_json_kz(j, "name", it->name);
    ll_json_kz(j, "title", it->title);
    ll_json_kz(j, "title_en", it->title_en);
    ll_json_kz(j, "type", e ? ll_type_name(e->type) : NULL);
    ll_json_kz(j, "code_table", e ? e->code_table : NULL);
    ll_json_kz(j, "unit", e ? e->unit : NULL);
    if (it->use == LL_SERVICE_PARAMETER) {
        ll_json_kb(j, "required", it->required);
        ll_json_kz(j, "default", it->fallback);
        ll_json_kz(j, "min", it->low);
        ll_json_kz(j, "max", it->high);
    }
    ll_json_end_obj(j);
}

static void put_items(const struct ll_catalog *cat, const struct ll_service *s, enum ll_service_use use,
                      const char *key, struct ll_json *j)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].use == use)
            ll_page_put_item(cat, &s->items[i], j);
    ll_json_end_arr(j);
}

static int put_block(const struct ll_catalog *cat, json_t *block, struct ll_json *j, struct ll_err *err)
{
    const struct ll_service *s = service_of(cat, block);
    char *definition = json_dumps(block, JSON_COMPACT);

    if (!definition)
        return ll_no_memory(err);
    ll_json_obj(j);
    ll_json_kz(j, "name", json_string_value(json_object_get(block, "name")));
    ll_json_kz(j, "kind", json_string_value(json_object_get(block, "kind")));
    put_titles(j, block, "title", "title", "title_en");
    ll_json_key(j, "definition");
    ll_json_raw(j, ll_str(definition));
    put_items(cat, s, LL_SERVICE_OUTPUT, "columns", j);
    put_items(cat, s, LL_SERVICE_PARAMETER, "parameters", j);
    ll_json_end_obj(j);
    free(definition);
    return LL_OK;
}

static int put_page(const struct ll_catalog *cat, const struct ll_page *p, json_t *page, struct ll_json *j,
                    struct ll_err *err)
{
    json_t *block;
    size_t i;
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_kz(j, "pack", p->pack);
    ll_json_kz(j, "name", p->name);
    put_titles(j, page, "title", "title", "title_en");
    put_titles(j, page, "description", "description", "description_en");
    ll_json_key(j, "blocks");
    ll_json_arr(j);
    json_array_foreach(json_object_get(page, "blocks"), i, block)
    {
        if (rc == LL_OK)
            rc = put_block(cat, block, j, err);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return rc;
}

int ll_pages_put(const struct ll_catalog *cat, const struct ll_actor *actor, struct ll_json *j,
                 struct ll_err *err)
{
    size_t n, shown = 0;
    const struct ll_page *const *list = ll_catalog_pages(cat, &n);
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        json_t *page = json_loads(list[i]->body, 0, NULL);
        if (page && may_see(cat, page, actor, NULL) == LL_OK) {
            rc = put_page(cat, list[i], page, j, err);
            shown++;
        }
        json_decref(page);
    }
    ll_json_end_arr(j);
    ll_json_ki(j, "total", (int64_t)shown);
    ll_json_end_obj(j);
    return rc;
}

/* --- opening a block --------------------------------------------------------------------------------------------------- */

static int find_block(struct ll_page_block *b, struct ll_err *err)
{
    const struct ll_page_ask *ask = b->ask;
    const char *key = ll_arena_printf(b->arena, "%.*s/%.*s", LL_STR_ARG(ask->pack), LL_STR_ARG(ask->page));
    const struct ll_page *p = key ? ll_catalog_page(b->cat, ll_str(key)) : NULL;
    json_t *one;
    size_t i;

    if (!p || !(b->page = json_loads(p->body, 0, NULL)))
        return ll_fail(err, LL_NOTFOUND, "没有这一页", "there is no such page");
    json_array_foreach(json_object_get(b->page, "blocks"), i, one)
    {
        if (!b->block &&
            (!ask->block.n ? i == 0 : ll_str_is(ask->block, json_string_value(json_object_get(one, "name")))))
            b->block = one;
    }
    if (!b->block)
        return ll_fail(err, LL_NOTFOUND, "这一页没有部分 %.*s", "the page has no block %.*s",
                       LL_STR_ARG(ask->block));
    return may_see(b->cat, b->page, ask->actor, err);
}

static const struct ll_service_item *output(const struct ll_page_block *b, struct ll_str name)
{
    return ll_service_item(b->service, LL_SERVICE_OUTPUT, name);
}

static const struct ll_service_item *output_of(const struct ll_page_block *b, json_t *o, const char *key)
{
    const char *name = json_string_value(json_object_get(o, key));

    return name ? output(b, ll_str(name)) : NULL;
}

/* The columns that are named or, without such a list, all outputs. */
static int choose_columns(struct ll_page_block *b, struct ll_err *err)
{
    json_t *list = json_object_get(b->block, "columns");
    const struct ll_service *s = b->service;

    if (!(b->columns = ll_arena_array(b->arena, s->n_items + 1, sizeof(*b->columns))))
        return ll_no_memory(err);
    if (b->chart) {
        const struct ll_service_item *x = output_of(b, b->block, "x"),
                                     *series = output_of(b, b->block, "series");
        if (x)
            b->columns[b->n_columns++] = x;
        if (series)
            b->columns[b->n_columns++] = series;
        b->y = output_of(b, json_object_get(b->block, "y"), "column");
        b->columns[b->n_columns] = b->y; /* there is room: one more than outputs */
        return LL_OK;
    }
    for (size_t i = 0; i < s->n_items; i++) {
        bool named = !list;
        json_t *v;
        size_t k;
        json_array_foreach(list, k, v)
            named |= s->items[i].name && strcmp(json_string_value(v), s->items[i].name) == 0;
        if (s->items[i].use == LL_SERVICE_OUTPUT && named)
            b->columns[b->n_columns++] = &s->items[i];
    }
    return LL_OK;
}

/* --- the statement around the view -------------------------------------------------------------------------------------- */

static void put_name(struct ll_buf *sql, const struct ll_service_item *it)
{
    ll_buf_sql_name(sql, ll_str(it->name));
}

/* One condition with its value bound: " AND "col" >= CAST($ll_f3 AS DATE)". */
static int put_condition(struct ll_page_block *b, const struct ll_service_item *it, const char *operator,
                         const json_t * v, struct ll_err *err)
{
    const struct ll_element *e = ll_catalog_element(b->cat, ll_str(it->element));
    bool text = json_is_string(v) && json_string_length(v) && json_string_length(v) <= 200;
    char *value = text ? ll_arena_dup(b->arena, (struct ll_str){json_string_value(v), json_string_length(v)})
                  : json_is_integer(v) ? ll_arena_printf(b->arena, "%lld", (long long)json_integer_value(v))
                  : json_is_boolean(v) ? ll_arena_dup(b->arena, ll_str(json_is_true(v) ? "true" : "false"))
                                       : NULL;
    char *name = ll_arena_printf(b->arena, "ll_f%zu", b->n_params);
    bool like = strcmp(operator, "LIKE") == 0;

    if (!value || !name || !e)
        return ll_fail(err, LL_USAGE, "筛选 %s 的值应为 1 到 200 字节的文本、整数或真假",
                       "a filter of %s takes a text of 1 to 200 bytes, a whole number or a boolean",
                       it->name);
    ll_buf_z(&b->after, like ? " AND strpos(CAST(" : " AND ");
    put_name(&b->after, it);
    if (like) {
        ll_buf_printf(&b->after, " AS VARCHAR), CAST($%s AS VARCHAR)) > 0", name);
    } else {
        ll_buf_printf(&b->after, " %s CAST($%s AS ", operator, name);
        ll_shape_type(&b->after, e);
        ll_buf_c(&b->after, ')');
    }
    b->params[b->n_params++] = (struct ll_lake_param){name, ll_str(value)};
    return LL_OK;
}

/* "col": value, or {"from", "to", "has"}. */
static int put_filter(struct ll_page_block *b, const char *name, const json_t *v, struct ll_err *err)
{
    static const char *const kinds[][2] = {{"from", ">="}, {"to", "<="}, {"has", "LIKE"}};
    const struct ll_service_item *it = output(b, ll_str(name));
    int rc = LL_OK;

    if (!it)
        return ll_fail(err, LL_USAGE, "没有可筛选的列 %.64s", "there is no column %.64s to filter by", name);
    if (!json_is_object(v))
        return put_condition(b, it, "=", v, err);
    for (size_t i = 0; i < LL_COUNT(kinds) && rc == LL_OK; i++)
        if (json_object_get(v, kinds[i][0]))
            rc = put_condition(b, it, kinds[i][1], json_object_get(v, kinds[i][0]), err);
    return rc;
}

static int put_filters(struct ll_page_block *b, struct ll_err *err)
{
    const char *name;
    json_t *v;
    int rc = LL_OK;

    if (json_object_size(b->ask->filters) > FILTERS_MAX / 3)
        return ll_fail(err, LL_USAGE, "筛选条件过多", "too many filters");
    ll_buf_z(&b->after, ") AS ll_v WHERE true");
    json_object_foreach((json_t *)b->ask->filters, name, v)
    {
        if (rc == LL_OK)
            rc = put_filter(b, name, v, err);
    }
    b->filters_end = b->after.n;
    return rc;
}

static int put_order(struct ll_page_block *b, struct ll_err *err)
{
    const char *own = json_string_value(json_object_get(b->block, "sort"));
    struct ll_str by = b->ask->sort.n ? b->ask->sort : ll_str(own);
    bool down = by.n && by.p[0] == '-';
    const struct ll_service_item *it = by.n ? output(b, (struct ll_str){by.p + down, by.n - down}) : NULL;

    if (by.n && !it)
        return ll_fail(err, LL_USAGE, "没有可排序的列 %.*s", "there is no column %.*s to sort by",
                       LL_STR_ARG(by));
    ll_buf_z(&b->after, " ORDER BY ");
    if (it) {
        put_name(&b->after, it);
        ll_buf_z(&b->after, down ? " DESC NULLS LAST, " : " NULLS LAST, ");
    }
    for (size_t i = 0; i < b->n_columns; i++) { /* so that pages do not overlap */
        ll_buf_z(&b->after, i ? ", " : "");
        put_name(&b->after, b->columns[i]);
    }
    ll_buf_printf(&b->after, " LIMIT %zu OFFSET %zu", b->ask->limit, b->ask->offset);
    return LL_OK;
}

/* SELECT x, series, function(y) ... GROUP BY x, series. */
static int put_chart(struct ll_page_block *b, struct ll_err *err)
{
    json_t *y = json_object_get(b->block, "y");
    const char *function = json_string_value(json_object_get(y, "function"));
    json_t *top = json_object_get(b->block, "top");
    bool line = strcmp(json_string_value(json_object_get(b->block, "chart")), "line") == 0;
    int rc;

    ll_buf_z(&b->before, "SELECT ");
    for (size_t i = 0; i < b->n_columns; i++) {
        put_name(&b->before, b->columns[i]);
        ll_buf_z(&b->before, ", ");
    }
    ll_buf_printf(&b->before, "CAST(%s(", function);
    if (b->y)
        put_name(&b->before, b->y);
    else
        ll_buf_c(&b->before, '*');
    ll_buf_z(&b->before, ") AS DOUBLE) AS ll_y FROM (");
    if ((rc = put_filters(b, err)) < 0)
        return rc;
    for (size_t i = 0; i < b->n_columns; i++) {
        ll_buf_z(&b->after, i ? ", " : " GROUP BY ");
        put_name(&b->after, b->columns[i]);
    }
    if (b->n_columns)
        ll_buf_z(&b->after, line ? " ORDER BY 1" : " ORDER BY ll_y DESC NULLS LAST, 1");
    ll_buf_printf(&b->after, " LIMIT %lld", top ? (long long)json_integer_value(top) : 100LL);
    return LL_OK;
}

static int put_list(struct ll_page_block *b, struct ll_err *err)
{
    int rc;

    ll_buf_z(&b->before, "SELECT ");
    for (size_t i = 0; i < b->n_columns; i++) {
        put_name(&b->before, b->columns[i]);
        ll_buf_z(&b->before, ", ");
    }
    ll_buf_z(&b->before, "count(*) OVER () AS ll_total FROM (");
    return (rc = put_filters(b, err)) < 0 ? rc : put_order(b, err);
}

int ll_page_open(struct ll_data *d, const struct ll_catalog *cat, const struct ll_page_ask *ask,
                 struct ll_arena *arena, struct ll_page_block **ret, struct ll_err *err)
{
    struct ll_page_block *b = ll_arena_alloc(arena, sizeof *b);
    struct ll_view_names names = ll_view_names_of(cat);
    int rc;

    *ret = b;
    if (!b)
        return ll_no_memory(err);
    *b = (struct ll_page_block){.data = d,
                                .cat = cat,
                                .ask = ask,
                                .arena = arena,
                                .after = LL_BUF_INIT(SQL_MAX),
                                .before = LL_BUF_INIT(SQL_MAX)};
    if ((rc = find_block(b, err)) < 0)
        return rc;
    b->service = service_of(cat, b->block);
    b->chart = json_object_get(b->block, "chart") != NULL;
    if ((rc = choose_columns(b, err)) < 0 ||
        (rc = ll_view_params(b->service, &names, ask->parameters, FILTERS_MAX, arena, &b->params,
                             &b->n_params, err)) < 0 ||
        (rc = b->chart ? put_chart(b, err) : put_list(b, err)) < 0)
        return rc;
    return b->after.failed || b->before.failed ? ll_no_memory(err) : LL_OK;
}

void ll_page_close(struct ll_page_block *b)
{
    if (!b)
        return;
    json_decref(b->page);
    ll_buf_free(&b->after);
    ll_buf_free(&b->before);
}

bool ll_page_is_chart(const struct ll_page_block *b)
{
    return b->chart;
}

size_t ll_page_columns(const struct ll_page_block *b)
{
    return b->n_columns + b->chart + 1;
}

const char *ll_page_column_title(const struct ll_page_block *b, size_t at, enum ll_lang lang)
{
    const struct ll_service_item *it = at < b->n_columns ? b->columns[at] : NULL;
    json_t *title = json_object_get(b->block, "title");

    if (at + 1 == ll_page_columns(b))
        return lang == LL_EN ? "disputed" : "存在异议";
    if (!it)
        return json_string_value(json_object_get(title, lang == LL_EN ? "en" : "zh"));
    return lang == LL_EN && it->title_en ? it->title_en : it->title;
}
