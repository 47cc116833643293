/* viewing.c - see viewing.h. */
#include "share/viewing.h"

#include "base/log.h"
#include "share/gateway.h"
#include "share/record.h"
#include "standard/convert.h"
#include "standard/ident.h"

#include <string.h>

enum { STATEMENT_MAX = 16 << 20, VALUE_MAX = 1000, MASKED_TEXT = 512 };

/* --- parameters ------------------------------------------------------------------------------------------------------ */

struct ordered {
    bool ok;
    ll_i128 v; /* in an order of its own type */
};

static struct ordered order_of(const struct ll_element *e, const char *text)
{
    struct ll_str s = ll_str(text);
    struct ordered o = {.ok = false};
    int64_t i = 0;
    int32_t days = 0;
    bool yes;

    switch (e->type) {
    case LL_TYPE_INTEGER:
        o.ok = ll_cv_integer(s, &i) == LL_CV_OK;
        o.v = i;
        break;
    case LL_TYPE_DECIMAL:
        o.ok = ll_cv_decimal(s, e->scale, &o.v) == LL_CV_OK;
        break;
    case LL_TYPE_DATE:
        o.ok = ll_cv_date(s, &days) == LL_CV_OK;
        o.v = days;
        break;
    case LL_TYPE_DATETIME:
        o.ok = ll_cv_datetime(s, &i) == LL_CV_OK;
        o.v = i;
        break;
    case LL_TYPE_BOOLEAN:
        o.ok = ll_cv_boolean(s, &yes) == LL_CV_OK;
        break;
    default:
        o.ok = s.n > 0 && s.n <= VALUE_MAX;
    }
    return o;
}

/* Text of a JSON value; NULL when it is of another kind. */
static const char *text_of(const json_t *v, struct ll_arena *arena)
{
    if (json_is_string(v))
        return ll_arena_dup(arena, (struct ll_str){json_string_value(v), json_string_length(v)});
    if (json_is_integer(v))
        return ll_arena_printf(arena, "%lld", (long long)json_integer_value(v));
    if (json_is_real(v))
        return ll_arena_printf(arena, "%.17g", json_real_value(v));
    return json_is_boolean(v) ? (json_is_true(v) ? "true" : "false") : NULL;
}

static int check(const struct ll_service_item *it, const struct ll_element *e, const char *text,
                 struct ll_err *err)
{
    struct ordered o = order_of(e, text);

    if (!o.ok || strlen(text) > VALUE_MAX)
        return ll_fail(err, LL_USAGE, "参数 %s（%s）应为 %s", "parameter %s (%s) takes a value of type %s",
                       it->name, it->title, ll_type_name(e->type));
    if ((it->low && o.v < order_of(e, it->low).v) || (it->high && o.v > order_of(e, it->high).v))
        return ll_fail(err, LL_USAGE, "参数 %s（%s）应在 %s 到 %s 之间",
                       "parameter %s (%s) must be from %s to %s", it->name, it->title,
                       it->low ? it->low : "-∞", it->high ? it->high : "∞");
    return LL_OK;
}

static int check_names(const struct ll_service *s, const json_t *given, struct ll_err *err)
{
    const char *name;
    json_t *v;

    json_object_foreach((json_t *)given, name, v)
    {
        if (!ll_service_item(s, LL_SERVICE_PARAMETER, ll_str(name)))
            return ll_fail(err, LL_USAGE, "服务 %s 没有参数 %.64s", "service %s has no parameter %.64s",
                           s->name, name);
    }
    return LL_OK;
}

int ll_view_params(const struct ll_service *s, const struct ll_view_names *names, const json_t *given,
                   size_t more, struct ll_arena *arena, struct ll_lake_param **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct ll_lake_param *list = ll_arena_array(arena, s->n_items + more + 1, sizeof *list);
    int rc = list ? check_names(s, given, err) : ll_no_memory(err);
    size_t n = 0;

    for (size_t i = 0; i < s->n_items && rc == LL_OK; i++) {
        const struct ll_service_item *it = &s->items[i];
        const json_t *v = given ? json_object_get(given, it->name) : NULL;
        if (it->use != LL_SERVICE_PARAMETER)
            continue;
        const struct ll_element *e = names->element(names->ctx, ll_str(it->element));
        const char *text = v && !json_is_null(v) ? text_of(v, arena) : it->fallback;
        if (!e)
            rc = ll_fail(err, LL_INTERNAL, "没有数据元 %s", "there is no element %s", it->element);
        else if (v && !json_is_null(v) && !text)
            rc = ll_fail(err, LL_USAGE, "参数 %s 应为文本、数或真假",
                         "parameter %s takes a text, a number or a boolean", it->name);
        else if (!text && it->required)
            rc = ll_fail(err, LL_USAGE, "缺少参数 %s（%s）", "parameter %s (%s) is missing", it->name,
                         it->title);
        else if (text)
            rc = check(it, e, text, err);
        list[n++] = (struct ll_lake_param){it->name, ll_str(text)};
    }
    *ret = list;
    *ret_n = n;
    return rc;
}

/* --- running --------------------------------------------------------------------------------------------------------- */

int ll_view_of(const struct ll_catalog *cat, const struct ll_service *s, const struct ll_view **ret,
               struct ll_err *err)
{
    *ret = s->view ? ll_catalog_view(cat, ll_str(s->view)) : NULL;
    return *ret ? LL_OK : ll_fail(err, LL_NOTFOUND, "服务 %s 没有视图", "service %s has no view", s->name);
}

static int run(const struct ll_view_run *v, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(STATEMENT_MAX);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc = ll_view_put_sources(&v->asked, &sql, err);

    ll_buf_printf(&sql, " %s", v->before);
    ll_view_put_select(&v->asked, &sql);
    ll_buf_z(&sql, v->after);
    if (rc == LL_OK && sql.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_data_lake(v->asked.data, &lake, err)) == LL_OK)
        rc = ll_lake_connect(lake, &c, err);
    struct ll_lake_query q = {sql.p, v->params, v->n_params, v->until_us};
    if (rc == LL_OK)
        rc = ll_lake_query(c, &q, fn, ctx, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

int ll_view_run(const struct ll_view_run *v, ll_lake_fn *fn, void *ctx, struct ll_err *err)
{
    int rc = ll_data_view_begin(v->asked.data, err);

    if (rc < 0)
        return rc;
    rc = run(v, fn, ctx, err);
    ll_data_view_end(v->asked.data);
    return rc;
}

/* --- values ---------------------------------------------------------------------------------------------------------- */

static struct ll_seg_value segment_value(const struct ll_lake_value *v)
{
    if (v->kind == LL_LV_INT)
        return (struct ll_seg_value){.kind = LL_SV_INT, .i = v->i};
    return v->kind == LL_LV_TEXT ? (struct ll_seg_value){.kind = LL_SV_TEXT, .s = v->s}
                                 : (struct ll_seg_value){.kind = LL_SV_NULL};
}

void ll_view_put_value(const struct ll_catalog *cat, const struct ll_service_item *it,
                       const struct ll_lake_value *v, bool hidden, bool disputed, struct ll_json *j)
{
    const struct ll_element *e = ll_catalog_element(cat, ll_str(it->element));
    const struct ll_item item = {.name = it->name,
                                 .element = e,
                                 .codes = e && e->code_table ? ll_catalog_codeset(cat, ll_str(e->code_table))
                                                             : NULL};
    struct ll_seg_value s = segment_value(v);
    char masked[MASKED_TEXT];
    enum ll_value_state state = hidden                 ? LL_VALUE_MASKED
                                : s.kind == LL_SV_NULL ? LL_VALUE_ABSENT
                                : disputed             ? LL_VALUE_DISPUTED
                                                       : LL_VALUE_PRESENT;

    ll_json_obj(j);
    ll_json_kz(j, "status", ll_value_state_word(state));
    if (e && s.kind != LL_SV_NULL && !hidden) {
        ll_json_key(j, "value");
        ll_record_put_value(&item, s, j);
    } else if (hidden &&
               s.kind == LL_SV_TEXT) { /* masked already where it comes from an item; a computed one here */
        ll_json_ks(j, "value", it->resource ? s.s : ll_str(ll_mask(s.s, masked, sizeof masked)));
    }
    ll_json_end_obj(j);
}
