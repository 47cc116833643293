/* record.c - see record.h. */
#include "share/record.h"

#include "base/clock.h"
#include "base/log.h"
#include "standard/ident.h"

#include <stdio.h>
#include <string.h>

/* --- values -------------------------------------------------------------------------------------------------------- */

/* Segments have the resource's items in their order, unless they are of another version of it. */
static int column_of(const struct ll_table *t, const char *item, size_t hint)
{
    if (hint < ll_table_columns(t) && strcmp(ll_table_column_name(t, hint), item) == 0)
        return (int)hint;
    return ll_table_column(t, item);
}

struct ll_seg_value ll_record_value(const struct ll_resource *r, size_t at, struct ll_table *t)
{
    int column = column_of(t, r->items[at].name, at);

    return column < 0 ? (struct ll_seg_value){.kind = LL_SV_NULL} : ll_table_get(t, (size_t)column);
}

void ll_record_put_text(const struct ll_item *item, struct ll_str value, bool mask, struct ll_json *j)
{
    char masked[LL_ID_MAX * 4];

    if (mask && ll_item_is_person(item, value))
        ll_json_z(j, ll_mask(value, masked, sizeof masked));
    else
        ll_json_str(j, value);
}

static void put_code(const struct ll_item *item, struct ll_str value, struct ll_json *j)
{
    const struct ll_code *code = item->codes ? ll_codeset_by_code(item->codes, value) : NULL;

    ll_json_obj(j);
    ll_json_ks(j, "code", value);
    ll_json_key(j, "title");
    if (code)
        ll_json_str(j, code->title);
    else
        ll_json_null(j);
    if (code && code->title_en.n)
        ll_json_ks(j, "title_en", code->title_en);
    ll_json_end_obj(j);
}

/* A decimal's text is a JSON number as it stands: digits, a point with digits on both sides, a sign before. */
static bool is_number(struct ll_str s)
{
    size_t i = s.n && s.p[0] == '-', start = i, point = 0;

    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !point && i > start)
            point = i;
        else if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n > start && point + 1 != s.n &&
           (s.p[start] != '0' || s.n == start + 1 || s.p[start + 1] == '.');
}

static void put_value(const struct ll_item *item, struct ll_seg_value v, bool mask, struct ll_json *j)
{
    if (v.kind == LL_SV_NULL)
        ll_json_null(j);
    else if (v.kind == LL_SV_INT && item->element->type == LL_TYPE_BOOLEAN)
        ll_json_bool(j, v.i != 0);
    else if (v.kind == LL_SV_INT)
        ll_json_int(j, v.i);
    else if (item->element->type == LL_TYPE_CODE)
        put_code(item, v.s, j);
    else if (item->element->type == LL_TYPE_DECIMAL && is_number(v.s))
        ll_json_raw(j, v.s);
    else
        ll_record_put_text(item, v.s, mask, j);
}

void ll_record_put_value(const struct ll_item *item, struct ll_seg_value v, struct ll_json *j)
{
    put_value(item, v, false, j);
}

/* --- records ------------------------------------------------------------------------------------------------------- */

void ll_record_put(const struct ll_resource *r, struct ll_table *t, bool mask, struct ll_json *j)
{
    ll_json_obj(j);
    for (size_t i = 0; i < r->n_items; i++) {
        ll_json_key(j, r->items[i].name);
        put_value(&r->items[i], ll_record_value(r, i, t), mask, j);
    }
    ll_json_end_obj(j);
}

void ll_record_put_items(const struct ll_resource *r, const size_t *at, size_t n, struct ll_table *t,
                         bool mask, struct ll_json *j)
{
    ll_json_obj(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_key(j, r->items[at[i]].name);
        put_value(&r->items[at[i]], ll_record_value(r, at[i], t), mask, j);
    }
    ll_json_end_obj(j);
}

void ll_record_put_key(const struct ll_resource *r, struct ll_table *t, bool mask, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_key; i++) {
        struct ll_seg_value v = ll_record_value(r, (size_t)(r->key[i] - r->items), t);
        char digits[24];
        if (v.kind == LL_SV_INT)
            v.s = (struct ll_str){digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)v.i)};
        ll_record_put_text(r->key[i], v.s, mask, j);
    }
    ll_json_end_arr(j);
}

static void put_envelope(const struct ll_resource *r, struct ll_table *t, bool mask, struct ll_json *j)
{
    char when[LL_TIME_TEXT];
    int64_t published = ll_table_published_at(t);

    ll_json_obj(j);
    ll_json_kz(j, "resource", r->name);
    ll_json_key(j, "key");
    ll_record_put_key(r, t, mask, j);
    ll_json_ki(j, "batch", ll_table_batch(t));
    ll_json_kz(j, "published_at", published ? ll_time_text(published, when) : NULL);
    ll_json_key(j, "record");
    ll_record_put(r, t, mask, j);
    ll_json_end_obj(j);
}

int ll_record_json(struct ll_tables *ts, const struct ll_resource *r, const struct ll_str *key, size_t n_key,
                   bool mask, struct ll_buf *out, struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc = ll_tables_take(ts, r->name, &t, err);

    if (rc == LL_OK && (rc = ll_table_find(t, key, n_key, err)) > 0) {
        struct ll_json j;
        ll_json_init(&j, out);
        put_envelope(r, t, mask, &j);
        if (out->failed)
            rc = ll_fail(err, LL_TOOBIG, "记录超过 %zu 字节", "the record is longer than %zu bytes",
                         out->ceiling);
    }
    ll_tables_give(ts, t);
    return rc;
}
