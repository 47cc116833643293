/* viewsql.c - see viewsql.h: the statement that a view becomes.  What a view may say is in viewcheck.c. */
#include "intake/viewsql.h"

#include "intake/batch.h"
#include "intake/shape.h"
#include "intake/stored.h"

#include <string.h>

enum { CONDITION_MAX = 8 << 20 };

static const struct ll_resource *resource_of_catalog(const void *ctx, struct ll_str name)
{
    return ll_catalog_resource(ctx, name);
}

static const struct ll_element *element_of_catalog(const void *ctx, struct ll_str name)
{
    return ll_catalog_element(ctx, name);
}

struct ll_view_names ll_view_names_of(const struct ll_catalog *cat)
{
    return (struct ll_view_names){resource_of_catalog, element_of_catalog, cat};
}

/* --- the tables ----------------------------------------------------------------------------------------------------- */

static bool is_text(const struct ll_element *e)
{
    return e->type == LL_TYPE_TEXT || e->type == LL_TYPE_IDENTIFIER;
}

/* Whether values of the item may identify a natural person; those that may or may not are told apart row by row. */
static bool may_be_person(const struct ll_item *item)
{
    const char *check = item->element->check;

    return item->element->type == LL_TYPE_IDENTIFIER && check &&
           (strcmp(check, "resident_id") == 0 || strcmp(check, "subject_id") == 0);
}

static void put_masked(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    if (is_text(item->element)) {
        ll_buf_z(sql, "ll_mask(");
        ll_stored_value(sql, r, item);
        ll_buf_c(sql, ')');
        return;
    }
    ll_buf_z(sql, "CAST(NULL AS ");
    ll_shape_type(sql, item->element);
    ll_buf_c(sql, ')');
}

/* A resident's number, or a subject's identifier where it is one. */
static void put_staff(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    bool always = strcmp(item->element->check, "resident_id") == 0;

    if (always) {
        put_masked(sql, r, item);
        return;
    }
    ll_buf_z(sql, "CASE WHEN ll_id_kind(");
    ll_stored_value(sql, r, item);
    ll_buf_z(sql, ") = 'person' THEN ");
    put_masked(sql, r, item);
    ll_buf_z(sql, " ELSE ");
    ll_stored_value(sql, r, item);
    ll_buf_z(sql, " END");
}

static void put_item(const struct ll_view_asked *v, struct ll_buf *sql, const struct ll_resource *r,
                     const struct ll_item *item)
{
    enum ll_view_sight sight = v->sight ? v->sight(v->sight_ctx, r, item) : LL_SIGHT_PLAIN;

    if (!v->data) {
        ll_buf_z(sql, "NULL::");
        ll_shape_type(sql, item->element);
    } else if (sight == LL_SIGHT_MASKED) {
        put_masked(sql, r, item);
    } else if (sight == LL_SIGHT_STAFF && may_be_person(item)) {
        put_staff(sql, r, item);
    } else {
        ll_stored_value(sql, r, item);
    }
    ll_buf_z(sql, " AS ");
    ll_buf_sql_name(sql, ll_str(item->name));
}

/* Each item that the service declares of this resource, once. */
static void put_items(const struct ll_view_asked *v, struct ll_buf *sql, const struct ll_resource *r)
{
    bool any = false;

    for (size_t i = 0; i < r->n_items; i++)
        for (size_t k = 0; k < v->service->n_items; k++) {
            const struct ll_service_item *s = &v->service->items[k];
            if (!s->resource || strcmp(s->resource, r->name) != 0 || strcmp(s->item, r->items[i].name) != 0)
                continue;
            ll_buf_z(sql, any ? ", " : "");
            put_item(v, sql, r, &r->items[i]);
            any = true;
            break;
        }
}

static int put_rows(const struct ll_view_asked *v, struct ll_buf *sql, const struct ll_resource *r,
                    struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *batches = NULL;
    size_t n = 0;
    int rc = arena ? ll_batch_live(v->data, r->name, r->version, -1, NULL, arena, &batches, &n, err)
                   : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_batch_current_sql(v->data, r, batches, n, sql, err);
    ll_arena_free(arena);
    return rc;
}

static int put_condition(const struct ll_view_asked *v, struct ll_buf *sql, const struct ll_resource *r,
                         struct ll_err *err)
{
    struct ll_buf condition = LL_BUF_INIT(CONDITION_MAX);
    int rc = v->rows(v->sight_ctx, r, &condition, err);

    if (rc == LL_OK && condition.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && condition.n) {
        ll_buf_z(sql, " WHERE ");
        ll_buf_str(sql, ll_buf_view(&condition));
    }
    ll_buf_free(&condition);
    return rc;
}

int ll_view_put_sources(const struct ll_view_asked *v, struct ll_buf *sql, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < v->service->n_resources && rc == LL_OK; i++) {
        const struct ll_resource *r = v->names.resource(v->names.ctx, ll_str(v->service->resources[i]));
        if (!r)
            return ll_fail(err, LL_INVALID, "服务 %s 所用的数据资源 %s 已不存在",
                           "service %s is over resource %s, which is no longer there", v->service->name,
                           v->service->resources[i]);
        ll_buf_z(sql, i ? ", " : "WITH ");
        ll_buf_sql_name(sql, ll_str(r->name));
        ll_buf_z(sql, " AS (SELECT ");
        put_items(v, sql, r);
        ll_buf_z(sql, v->data ? " FROM (" : " LIMIT 0");
        if (v->data)
            rc = put_rows(v, sql, r, err);
        ll_buf_z(sql, v->data ? ")" : "");
        if (rc == LL_OK && v->data && v->rows)
            rc = put_condition(v, sql, r, err);
        ll_buf_c(sql, ')');
    }
    return rc == LL_OK && sql->failed ? ll_no_memory(err) : rc;
}

/* --- the text ------------------------------------------------------------------------------------------------------- */

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Where a quoted text, a quoted name or a comment that begins at p ends; p itself when none begins. */
static const char *skip_quoted(const char *p)
{
    const char *end = NULL;

    if (*p == '\'' || *p == '"') {
        end = strchr(p + 1, *p);
        return end ? end + 1 : p + strlen(p);
    }
    if (p[0] == '-' && p[1] == '-')
        return p + strcspn(p, "\n");
    if (p[0] == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        return end ? end + 2 : p + strlen(p);
    }
    return p;
}

/* $name as CAST($name AS type); what is no parameter of the service was refused when the pack was checked. */
static const char *put_parameter(const struct ll_view_asked *v, struct ll_buf *sql, const char *p)
{
    size_t n = 1;

    while (word_char(p[n]))
        n++;
    const struct ll_service_item *it = ll_service_item(v->service, LL_SERVICE_PARAMETER,
                                                       (struct ll_str){p + 1, n - 1});
    const struct ll_element *e = it ? v->names.element(v->names.ctx, ll_str(it->element)) : NULL;
    ll_buf_z(sql, e ? "CAST(" : "");
    ll_buf_add(sql, p, n);
    if (e) {
        ll_buf_z(sql, " AS ");
        ll_shape_type(sql, e);
        ll_buf_c(sql, ')');
    }
    return p + n;
}

void ll_view_put_text(const struct ll_view_asked *v, struct ll_buf *sql)
{
    for (const char *p = v->sql; *p;) {
        const char *end = skip_quoted(p);
        if (end > p)
            ll_buf_add(sql, p, (size_t)(end - p));
        else if (*p == '$') {
            p = put_parameter(v, sql, p);
            continue;
        } else {
            ll_buf_c(sql, *p);
            end = p + 1;
        }
        p = end;
    }
}

void ll_view_put_select(const struct ll_view_asked *v, struct ll_buf *sql)
{
    bool any = false;

    ll_buf_z(sql, " SELECT ");
    for (size_t i = 0; i < v->service->n_items; i++) {
        const struct ll_service_item *it = &v->service->items[i];
        const struct ll_element *e = it->use == LL_SERVICE_OUTPUT
                                         ? v->names.element(v->names.ctx, ll_str(it->element))
                                         : NULL;
        if (!e)
            continue;
        ll_buf_z(sql, any ? ", CAST(" : "CAST(");
        ll_buf_sql_name(sql, ll_str(it->name));
        ll_buf_z(sql, " AS ");
        ll_shape_type(sql, e);
        ll_buf_z(sql, ") AS ");
        ll_buf_sql_name(sql, ll_str(it->name));
        any = true;
    }
    ll_buf_z(sql, " FROM (\n");
    ll_view_put_text(v, sql);
    ll_buf_z(sql, "\n)");
}
