/* packhooks.c - see packhooks.h.  Everything is tried on empty tables of the right shape: nothing runs over data. */
#include "intake/packhooks.h"

#include "base/buf.h"
#include "intake/shape.h"
#include "intake/viewsql.h"

#include <string.h>

static int connect(struct ll_data *d, struct ll_lake_conn **c, struct ll_err *err)
{
    struct ll_lake *lake = NULL;
    int rc = ll_data_lake(d, &lake, err);

    return rc < 0 ? rc : ll_lake_connect(lake, c, err);
}

static int predicate(void *ctx, const struct ll_resource *r, const char *sql, struct ll_err *err)
{
    struct ll_buf shape = LL_BUF_INIT(1 << 20);
    struct ll_lake_conn *c = NULL;
    int rc = connect(ctx, &c, err);

    ll_shape_nulls(&shape, r);
    if (rc == LL_OK && (rc = ll_lake_check_predicate(c, shape.p, sql, err)) == LL_FAIL)
        rc = LL_INVALID;
    ll_lake_disconnect(c);
    ll_buf_free(&shape);
    return rc;
}

static int format(void *ctx, const char *regex, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 16);
    struct ll_lake_conn *c = NULL;
    int64_t ignored;
    int rc = connect(ctx, &c, err);

    ll_buf_z(&sql, "SELECT regexp_full_match('', ");
    ll_buf_sql(&sql, ll_str(regex));
    ll_buf_z(&sql, ")::BIGINT");
    if (rc == LL_OK && (rc = ll_lake_int(c, sql.p, &ignored, err)) == LL_FAIL)
        rc = LL_INVALID;
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

static void put_table(struct ll_buf *sql, const struct ll_resource *r, bool *any)
{
    ll_buf_z(sql, *any ? ", " : "WITH ");
    ll_buf_sql_name(sql, ll_str(r->name));
    ll_buf_z(sql, " AS (SELECT ");
    ll_shape_nulls(sql, r);
    ll_buf_z(sql, " LIMIT 0)");
    *any = true;
}

static bool own(const struct ll_pack *pack, const struct ll_resource *r)
{
    for (size_t i = 0; i < pack->n_resources; i++)
        if (strcmp(pack->resources[i].name, r->name) == 0)
            return true;
    return false;
}

/* Every resource that the pack may know of. */
static const char **table_names(const struct ll_pack *pack, size_t *ret_n)
{
    size_t n = 0, have = 0;
    const struct ll_resource *const *others = pack->known ? ll_catalog_resources(pack->known, &n) : NULL;
    const char **names = ll_arena_array(pack->arena, pack->n_resources + n + 1, sizeof *names);

    for (size_t i = 0; names && i < pack->n_resources; i++)
        names[have++] = pack->resources[i].name;
    for (size_t i = 0; names && i < n; i++)
        if (!own(pack, others[i]))
            names[have++] = others[i]->name;
    *ret_n = have;
    return names;
}

/* A view that no service has yet: it may read all items there are, and takes no parameters. */
static int view(void *ctx, const struct ll_pack *pack, const struct ll_view *v, struct ll_view_fault *fault,
                struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(64 << 20);
    struct ll_lake_conn *c = NULL;
    bool any = false;
    size_t n = 0, n_tables;
    const char **tables = table_names(pack, &n_tables);
    int rc = tables ? connect(ctx, &c, err) : ll_no_memory(err);

    for (size_t i = 0; i < pack->n_resources; i++)
        put_table(&sql, &pack->resources[i], &any);
    const struct ll_resource *const *others = pack->known ? ll_catalog_resources(pack->known, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!own(pack, others[i]))
            put_table(&sql, others[i], &any);
    ll_buf_printf(&sql, " SELECT * FROM (\n%s\n)", v->sql);
    if (rc == LL_OK && (rc = ll_view_inspect(c, v->sql, tables, n_tables, NULL, fault, err)) == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_lake_check_select(c, sql.p, err);
    if (rc == LL_FAIL)
        ll_view_locate(err->en, 2, ll_str(v->sql), fault);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc == LL_FAIL ? LL_INVALID : rc;
}

/* --- services ------------------------------------------------------------------------------------------------------- */

static const struct ll_resource *resource_named(const void *ctx, struct ll_str name)
{
    const struct ll_pack *pack = ctx;

    for (size_t i = 0; i < pack->n_resources; i++)
        if (ll_str_is(name, pack->resources[i].name))
            return &pack->resources[i];
    return pack->known ? ll_catalog_resource(pack->known, name) : NULL;
}

static const struct ll_element *element_named(const void *ctx, struct ll_str name)
{
    const struct ll_pack *pack = ctx;

    for (size_t i = 0; i < pack->n_elements; i++)
        if (ll_str_is(name, pack->elements[i].name))
            return &pack->elements[i];
    return pack->known ? ll_catalog_element(pack->known, name) : NULL;
}

static int try_statement(struct ll_lake_conn *c, const struct ll_buf *sources, const char *head,
                         const char *middle, const struct ll_buf *text, const char *tail, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(8 << 20);

    ll_buf_printf(&sql, "%s %s%s%s", sources->p, head, middle, "");
    if (text)
        ll_buf_printf(&sql, "\n%s\n", text->p);
    ll_buf_z(&sql, tail);
    int rc = sql.failed ? ll_no_memory(err) : ll_lake_check_select(c, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

/* An output that the view lacks, or that is not of the element's type. */
static int try_output(struct ll_lake_conn *c, const struct ll_view_asked *v, const struct ll_buf *sources,
                      const struct ll_buf *text, const struct ll_service_item *it,
                      struct ll_view_fault *fault, struct ll_err *err)
{
    struct ll_buf head = LL_BUF_INIT(4096);
    const struct ll_element *e = element_named(v->names.ctx, ll_str(it->element));
    struct ll_err why;
    int rc = LL_OK;

    ll_buf_z(&head, "SELECT CAST(");
    ll_buf_sql_name(&head, ll_str(it->name));
    ll_buf_z(&head, " AS ");
    if (e)
        ll_shape_type(&head, e);
    ll_buf_z(&head, ") FROM (");
    if (e)
        rc = try_statement(c, sources, head.p, "", text, ")", &why);
    if (rc == LL_FAIL) {
        fault->item = it->name;
        rc = ll_fail(err, LL_INVALID, "视图 %s 没有给出列 %s，或其类型不能成为 %s：%s",
                     "view %s gives no column %s, or none that can become %s: %s", v->service->view, it->name,
                     ll_type_name(e->type), why.en);
    } else if (rc < 0) {
        *err = why;
    }
    ll_buf_free(&head);
    return rc;
}

static int try_service(struct ll_lake_conn *c, const struct ll_view_asked *v, struct ll_view_fault *fault,
                       struct ll_err *err)
{
    struct ll_buf sources = LL_BUF_INIT(4 << 20), text = LL_BUF_INIT(4 << 20);
    int rc = ll_view_put_sources(v, &sources, err);

    ll_view_put_text(v, &text);
    if (rc == LL_OK && text.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = try_statement(c, &sources, "SELECT * FROM (", "", &text, ")", err)) == LL_FAIL) {
        ll_view_locate(err->en, 2, ll_str(v->sql), fault);
        rc = LL_INVALID;
    }
    for (size_t i = 0; rc == LL_OK && i < v->service->n_items; i++)
        if (v->service->items[i].use == LL_SERVICE_OUTPUT)
            rc = try_output(c, v, &sources, &text, &v->service->items[i], fault, err);
    ll_buf_free(&sources);
    ll_buf_free(&text);
    return rc;
}

static int service(void *ctx, const struct ll_pack *pack, const struct ll_service *s,
                   const struct ll_view *view, struct ll_view_fault *fault, struct ll_err *err)
{
    struct ll_view_asked v = {.service = s, .sql = view->sql, .names = {resource_named, element_named, pack}};
    struct ll_lake_conn *c = NULL;
    int rc = connect(ctx, &c, err);

    if (rc == LL_OK &&
        (rc = ll_view_inspect(c, view->sql, s->resources, s->n_resources, s, fault, err)) == LL_OK)
        rc = try_service(c, &v, fault, err);
    ll_lake_disconnect(c);
    return rc;
}

struct ll_pack_hooks ll_pack_hooks_of(struct ll_data *d)
{
    return (struct ll_pack_hooks){d, predicate, format, view, service};
}
