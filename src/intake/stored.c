/* stored.c - see stored.h. */
#include "intake/stored.h"

#include "catalog/segschema.h"
#include "intake/shape.h"

#include <stdio.h>

enum { MAX_EXPRESSION = 4096 };

int ll_stored_wanted(struct ll_data *d, const struct ll_resource *r, bool *ret, struct ll_err *err)
{
    *ret = true;
    return ll_resource_sealed(r) ? LL_OK : ll_vault_knows(ll_data_vault(d), r->name, ret, err);
}

static void put_name(struct ll_buf *sql, const char *prefix, const char *name)
{
    char text[LL_ERR_TEXT];

    snprintf(text, sizeof text, "%s%s", prefix, name);
    ll_buf_sql_name(sql, ll_str(text));
}

/* fn('resource', 'item', */
static void put_call(struct ll_buf *sql, const char *fn, const struct ll_resource *r, const char *item)
{
    ll_buf_printf(sql, "%s(", fn);
    ll_buf_sql(sql, ll_str(r->name));
    ll_buf_z(sql, ", ");
    ll_buf_sql(sql, ll_str(item));
    ll_buf_z(sql, ", ");
}

void ll_stored_text(struct ll_buf *sql, const struct ll_element *e, const char *expression)
{
    switch (e->type) {
    case LL_TYPE_INTEGER:
    case LL_TYPE_DECIMAL:
    case LL_TYPE_DATE:
        ll_buf_printf(sql, "CAST(%s AS VARCHAR)", expression);
        break;
    case LL_TYPE_DATETIME:
        ll_buf_printf(sql, "strftime(%s, '%%Y-%%m-%%dT%%H:%%M:%%S')", expression);
        break;
    case LL_TYPE_BOOLEAN:
        ll_buf_printf(sql, "CAST(CAST(%s AS INTEGER) AS VARCHAR)", expression);
        break;
    default:
        ll_buf_z(sql, expression);
    }
}

static void item_text(struct ll_buf *sql, const struct ll_item *item)
{
    struct ll_buf name = LL_BUF_INIT(MAX_EXPRESSION);

    put_name(&name, "", item->name);
    ll_stored_text(sql, item->element, name.p ? name.p : "");
    ll_buf_free(&name);
}

/* The text of a sealed value. */
static void unsealed(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    put_call(sql, "ll_unseal", r, item->name);
    put_name(sql, LL_SEALED_PREFIX, item->name);
    ll_buf_c(sql, ')');
}

static void sealed(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    put_call(sql, "ll_seal", r, item->name);
    item_text(sql, item);
    ll_buf_c(sql, ')');
}

static void unsealed_as_item(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    ll_buf_z(sql, "CAST(");
    unsealed(sql, r, item);
    ll_buf_z(sql, " AS ");
    ll_shape_type(sql, item->element);
    ll_buf_c(sql, ')');
}

/* The item's text, sealed or not. */
static void any_text(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    ll_buf_z(sql, "COALESCE(");
    item_text(sql, item);
    ll_buf_z(sql, ", ");
    unsealed(sql, r, item);
    ll_buf_c(sql, ')');
}

/* --- into the stored form ------------------------------------------------------------------------------------------ */

static void put_item(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item,
                     enum ll_stored_from from)
{
    const char *prefix = ll_item_sealed(item) ? LL_SEALED_PREFIX : "";

    if (from == LL_FROM_ITEMS && !ll_item_sealed(item)) {
        put_name(sql, "", item->name);
        return;
    }
    if (from == LL_FROM_ANY) {
        ll_buf_z(sql, "COALESCE(");
        put_name(sql, prefix, item->name);
        ll_buf_z(sql, ", ");
    }
    if (ll_item_sealed(item))
        sealed(sql, r, item);
    else
        unsealed_as_item(sql, r, item);
    ll_buf_z(sql, from == LL_FROM_ANY ? ") AS " : " AS ");
    put_name(sql, prefix, item->name);
}

static void put_blind(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item,
                      enum ll_stored_from from)
{
    ll_buf_z(sql, ", ");
    if (from == LL_FROM_ANY) {
        ll_buf_z(sql, "COALESCE(");
        put_name(sql, LL_BLIND_PREFIX, item->name);
        ll_buf_z(sql, ", ");
    }
    put_call(sql, "ll_blind", r, item->name);
    if (from == LL_FROM_ANY)
        any_text(sql, r, item);
    else
        item_text(sql, item);
    ll_buf_z(sql, from == LL_FROM_ANY ? ")) AS " : ") AS ");
    put_name(sql, LL_BLIND_PREFIX, item->name);
}

void ll_stored_key_of(struct ll_buf *sql, const struct ll_resource *r,
                      void (*part)(struct ll_buf *sql, const struct ll_resource *r, size_t i,
                                   const void *ctx),
                      const void *ctx)
{
    put_call(sql, "ll_blind", r, "");
    for (size_t i = 0; i < r->n_key; i++) {
        ll_buf_z(sql, i ? ", " : "");
        part(sql, r, i, ctx);
    }
    ll_buf_c(sql, ')');
}

static void key_part(struct ll_buf *sql, const struct ll_resource *r, size_t i, const void *ctx)
{
    if (*(const enum ll_stored_from *)ctx == LL_FROM_ANY)
        any_text(sql, r, r->key[i]);
    else
        item_text(sql, r->key[i]);
}

void ll_stored_columns(struct ll_buf *sql, const struct ll_resource *r, enum ll_stored_from from)
{
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        put_item(sql, r, &r->items[i], from);
    }
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_item_blind(&r->items[i]))
            put_blind(sql, r, &r->items[i], from);
    if (!ll_key_sealed(r))
        return;
    ll_buf_z(sql, from == LL_FROM_ANY ? ", COALESCE(" LL_KEY_COLUMN ", " : ", ");
    ll_stored_key_of(sql, r, key_part, &from);
    ll_buf_z(sql, from == LL_FROM_ANY ? ") AS " LL_KEY_COLUMN : " AS " LL_KEY_COLUMN);
}

void ll_stored_name(struct ll_buf *sql, const struct ll_item *item)
{
    put_name(sql, ll_item_sealed(item) ? LL_SEALED_PREFIX : "", item->name);
}

void ll_stored_names(struct ll_buf *sql, const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_stored_name(sql, &r->items[i]);
    }
    for (size_t i = 0; i < r->n_items; i++)
        if (ll_item_blind(&r->items[i])) {
            ll_buf_z(sql, ", ");
            put_name(sql, LL_BLIND_PREFIX, r->items[i].name);
        }
    if (ll_key_sealed(r))
        ll_buf_z(sql, ", " LL_KEY_COLUMN);
}

/* --- and back ------------------------------------------------------------------------------------------------------ */

void ll_stored_value(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    if (ll_item_sealed(item))
        unsealed_as_item(sql, r, item);
    else
        put_name(sql, "", item->name);
}

void ll_stored_opened(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    if (ll_item_sealed(item))
        unsealed(sql, r, item);
    else
        put_name(sql, "", item->name);
}

void ll_stored_items(struct ll_buf *sql, const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_stored_value(sql, r, &r->items[i]);
        if (!ll_item_sealed(&r->items[i]))
            continue;
        ll_buf_z(sql, " AS ");
        put_name(sql, "", r->items[i].name);
    }
}

void ll_stored_nulls(struct ll_buf *sql, const struct ll_resource *r, bool wanted)
{
    ll_shape_nulls(sql, r);
    for (size_t i = 0; i < r->n_items && wanted; i++) {
        ll_buf_z(sql, ", NULL::BLOB AS ");
        put_name(sql, LL_SEALED_PREFIX, r->items[i].name);
        ll_buf_z(sql, ", NULL::BLOB AS ");
        put_name(sql, LL_BLIND_PREFIX, r->items[i].name);
    }
    if (wanted)
        ll_buf_z(sql, ", NULL::BLOB AS " LL_KEY_COLUMN);
}

void ll_stored_same(struct ll_buf *sql, const struct ll_item *item)
{
    put_name(sql, ll_item_sealed(item) ? LL_BLIND_PREFIX : "", item->name);
}

void ll_stored_key(struct ll_buf *sql, const struct ll_resource *r)
{
    if (ll_key_sealed(r)) {
        ll_buf_z(sql, LL_KEY_COLUMN);
        return;
    }
    for (size_t i = 0; i < r->n_key; i++) {
        ll_buf_z(sql, i ? ", " : "");
        put_name(sql, "", r->key[i]->name);
    }
}

/* A writer holds a row group for each thread.  Sealed values do not pack, so that a group of the engine's usual number of rows would be
 * too much for a small limit of memory. */
void ll_stored_format(struct ll_buf *sql, const struct ll_resource *r)
{
    enum { GROUP_BYTES = 8 << 20, VALUE_BYTES = 64, VECTOR = 2048, USUAL = 122880 };
    size_t n = 0;

    for (size_t i = 0; i < r->n_items; i++)
        n += ll_item_sealed(&r->items[i]);
    size_t rows = n ? GROUP_BYTES / (n * VALUE_BYTES) / VECTOR * VECTOR : USUAL;
    ll_buf_z(sql, " (FORMAT parquet, COMPRESSION zstd");
    if (rows < USUAL)
        ll_buf_printf(sql, ", ROW_GROUP_SIZE %zu", rows < VECTOR ? (size_t)VECTOR : rows);
    ll_buf_c(sql, ')');
}
