/* history.c - see history.h.  Files are sorted by key, so a look-up reads the few row groups whose range holds it. */
#include "intake/history.h"

#include "base/clock.h"
#include "base/log.h"
#include "intake/shape.h"
#include "intake/stored.h"
#include "standard/ident.h"

#include <string.h>

struct writer {
    const struct ll_resource *r;
    const struct ll_batch *batch;
    struct ll_json *j;
    bool versions; /* with the version's own facts */
    bool mask;
    bool found;
};

static void put_value(struct ll_json *j, const struct ll_item *item, const struct ll_lake_value *v, bool mask)
{
    char masked[LL_ID_MAX * 4];
    enum ll_type t = item->element->type;

    ll_json_key(j, item->name);
    if (v->kind == LL_LV_NULL)
        ll_json_null(j);
    else if (v->kind == LL_LV_INT && t == LL_TYPE_BOOLEAN)
        ll_json_bool(j, v->i != 0);
    else if (v->kind == LL_LV_INT)
        ll_json_int(j, v->i);
    else if (t == LL_TYPE_DECIMAL)
        ll_json_raw(j, v->s);
    else if (mask && ll_item_is_person(item, v->s))
        ll_json_z(j, ll_mask(v->s, masked, sizeof masked));
    else
        ll_json_str(j, v->s);
}

/* The items, then ll_row and ll_deleted. */
static int put_version(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct writer *w = ctx;
    char when[LL_TIME_TEXT];

    (void)err;
    w->found = true;
    ll_json_obj(w->j);
    if (w->versions) {
        ll_json_kz(w->j, "batch", w->batch->id);
        ll_json_kz(w->j, "state", w->batch->state);
        ll_json_kz(w->j, "published_at",
                   w->batch->published_at >= 0 ? ll_time_text(w->batch->published_at, when) : NULL);
        ll_json_ki(w->j, "row", row[n - 2].i);
        ll_json_kb(w->j, "deleted", row[n - 1].kind == LL_LV_INT && row[n - 1].i != 0);
        ll_json_key(w->j, "record");
        ll_json_obj(w->j);
    }
    for (size_t i = 0; i < w->r->n_items; i++)
        put_value(w->j, &w->r->items[i], &row[i], w->mask);
    if (w->versions)
        ll_json_end_obj(w->j);
    ll_json_end_obj(w->j);
    return LL_OK;
}

/* A text that is no value of the item's type is NULL, and finds nothing. */
static void put_value_of(struct ll_buf *sql, const struct ll_element *e, struct ll_str text)
{
    ll_buf_z(sql, "TRY_CAST(");
    ll_buf_sql(sql, text);
    ll_buf_z(sql, " AS ");
    ll_shape_type(sql, e);
    ll_buf_c(sql, ')');
}

static void put_key_part(struct ll_buf *sql, const struct ll_resource *r, size_t i, const void *key)
{
    const struct ll_str *parts = key;
    struct ll_buf value = LL_BUF_INIT(1 << 20);

    put_value_of(&value, r->key[i]->element, parts[i]);
    ll_stored_text(sql, r->key[i]->element, value.failed ? "NULL" : value.p);
    ll_buf_free(&value);
}

static void put_where(struct ll_buf *sql, const struct ll_resource *r, const struct ll_str *key)
{
    if (ll_key_sealed(r)) {
        ll_buf_z(sql, " WHERE ");
        ll_stored_key(sql, r);
        ll_buf_z(sql, " = ");
        ll_stored_key_of(sql, r, put_key_part, key);
    }
    for (size_t i = 0; i < r->n_key && !ll_key_sealed(r); i++) {
        ll_buf_z(sql, i ? " AND " : " WHERE ");
        ll_buf_sql_name(sql, ll_str(r->key[i]->name));
        ll_buf_z(sql, " = ");
        put_value_of(sql, r->key[i]->element, key[i]);
    }
}

static int key_fits(const struct ll_resource *r, size_t n, struct ll_err *err)
{
    if (n == r->n_key)
        return LL_OK;
    return ll_fail(err, LL_USAGE, "资源 %s 的主键有 %zu 项，给出了 %zu 项",
                   "the key of resource %s has %zu items, %zu were given", r->name, r->n_key, n);
}

/* Runs a query over one connection and frees its text. */
static int run(struct ll_data *d, struct ll_buf *sql, struct writer *w, struct ll_err *err)
{
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc = sql->failed ? ll_no_memory(err) : ll_data_lake(d, &lake, err);

    if (rc == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql->p, put_version, w, err);
    ll_lake_disconnect(c);
    ll_buf_free(sql);
    return rc;
}

static int one_batch(struct ll_data *d, struct writer *w, const struct ll_str *key, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(16 << 20);
    int rc;

    ll_buf_z(&sql, "SELECT ");
    ll_stored_items(&sql, w->r);
    ll_buf_z(&sql, ", ll_row, ll_deleted FROM (");
    if ((rc = ll_batch_versions_sql(d, w->r, w->batch, &sql, err)) < 0) {
        ll_buf_free(&sql);
        return rc;
    }
    ll_buf_z(&sql, ")");
    put_where(&sql, w->r, key);
    return run(d, &sql, w, err);
}

int ll_history_json(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                    bool mask, struct ll_json *j, struct ll_err *err)
{
    struct writer w = {.r = r, .j = j, .versions = true, .mask = mask};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *list = NULL;
    size_t n = 0;
    int64_t total;
    int rc = key_fits(r, n_key, err);

    if (rc == LL_OK)
        rc = arena ? ll_batch_list(d, r->name, 0, 100000, arena, &list, &n, &total, err) : ll_no_memory(err);
    ll_json_arr(j);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        if (list[i].version != (int64_t)r->version)
            continue;
        w.batch = &list[i];
        rc = one_batch(d, &w, key, err);
    }
    ll_json_end_arr(j);
    ll_arena_free(arena);
    return rc;
}

int ll_history_as_of(struct ll_data *d, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                     int64_t as_of_ms, bool mask, struct ll_json *j, struct ll_err *err)
{
    struct writer w = {.r = r, .j = j, .mask = mask};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_buf sql = LL_BUF_INIT(64 << 20);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = key_fits(r, n_key, err);

    if (rc == LL_OK)
        rc = arena ? ll_batch_live(d, r->name, r->version, as_of_ms, NULL, arena, &live, &n, err)
                   : ll_no_memory(err);
    if (rc == LL_OK && n) {
        ll_buf_z(&sql, "SELECT ");
        ll_stored_items(&sql, r);
        ll_buf_z(&sql, ", ll_row, false FROM (");
        if ((rc = ll_batch_current_sql(d, r, live, n, &sql, err)) == LL_OK) {
            ll_buf_z(&sql, ")");
            put_where(&sql, r, key);
            rc = run(d, &sql, &w, err);
        }
    }
    ll_buf_free(&sql);
    ll_arena_free(arena);
    if (rc == LL_OK && !w.found)
        rc = ll_fail(err, LL_NOTFOUND, "资源 %s 在该时刻没有这条记录", "resource %s had no such record then",
                     r->name);
    return rc;
}
